"""Games for notebook 09 that reveal a bug which Catch hides.

Each is Catch with one thing changed, except the corridor, which is a game for a table.
"""

import gymnasium as gym
import numpy as np

from dqn_tutorial.catch import ROWS, ParallelCatch

BALLS = 2  # in a game of `ParallelBallAfterBall`, until somebody stops it
LATE_STEPS = 3  # until the ball of `ParallelLateBall` lands; the paddle may need two
PRIZES = {0: 1.0, 13: 5.0}  # of the corridor's two ends


class ParallelLateBall(ParallelCatch):
    """Catch whose ball starts low: it lands after three steps, not after nine."""

    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        return self._lower_balls(super().start_games(mask, seeds), mask)

    def _lower_balls(self, states: np.ndarray, mask: np.ndarray) -> np.ndarray:
        for g in np.flatnonzero(mask):
            self.envs[g].ball_row = ROWS - 1 - LATE_STEPS
            states[g, -1] = self.envs[g].frame()
        return states


class ParallelBallAndBomb(ParallelLateBall):
    """A late ball to catch, then a bomb to dodge that looks the same; then it is over.

    Catching the ball and dodging the bomb pay +1 each, the opposite -1. Only the older
    frames tell which of the two is falling: before the ball there is nothing.
    """

    def __init__(self, num_envs: int, first_seed: int = 0):
        super().__init__(num_envs, first_seed)
        self._is_bomb = np.zeros(num_envs, bool)

    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        self._is_bomb[mask] = False
        return super().start_games(mask, seeds)

    def receive(self):
        states, rewards, landed, _ = super().receive()
        game_over = landed & self._is_bomb
        rewards[game_over] *= -1
        next_is_bomb = landed & ~game_over
        for g in np.flatnonzero(next_is_bomb):
            self.envs[g].reset()
        self._is_bomb |= next_is_bomb
        return (
            self._lower_balls(states, next_is_bomb),
            rewards,
            game_over,
            game_over.copy(),
        )


class ParallelBallAfterBall(ParallelCatch):
    """Catch without an end: each ball is followed by another.

    Somebody stops each game after two balls: it is truncated, never terminated.
    """

    def __init__(self, num_envs: int, first_seed: int = 0):
        super().__init__(num_envs, first_seed)
        self._landed = np.zeros(num_envs, np.int64)

    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        self._landed[mask] = 0
        return super().start_games(mask, seeds)

    def receive(self):
        states, rewards, landed, _ = super().receive()
        for g in np.flatnonzero(landed):  # the next ball, in truncated games, too
            states[g, -1], _ = self.envs[g].reset()
        self._landed += landed
        return states, rewards, np.zeros_like(landed), landed & (self._landed == BALLS)


class Corridor(gym.Env):
    """Twelve cells in a row, a prize of 1 at the left end and of 5 at the right one.

    A game starts in any of the cells. Each step goes one cell to the left (0) or to the
    right (1). Either end terminates it; after `limit` steps it is truncated.
    """

    NUM_STATES = 14
    CELLS = range(1, 13)

    def __init__(self, limit: int):
        self.limit = limit
        self.observation_space = gym.spaces.Discrete(self.NUM_STATES)
        self.action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: dict | None = None):
        """Begin a game; `seed` chooses the cell. Returns (cell, info)."""
        super().reset(seed=seed)
        self._cell = int(self.np_random.integers(self.CELLS.start, self.CELLS.stop))
        self._steps = 0
        return self._cell, {"state": self._cell}

    def step(self, action: int):
        """Go one cell: (cell, reward, terminated, truncated, info)."""
        self._cell += 1 if action else -1
        self._steps += 1
        terminated = self._cell in PRIZES
        truncated = not terminated and self._steps >= self.limit
        reward = PRIZES.get(self._cell, 0.0)
        return self._cell, reward, terminated, truncated, {"state": self._cell}


class CorridorWithDone(Corridor):
    """The corridor as old programs see it: one flag, `done`, for both ways to end."""

    def step(self, action: int):
        cell, reward, terminated, truncated, info = super().step(action)
        done = terminated or truncated
        return cell, reward, done, False, info
