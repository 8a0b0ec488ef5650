"""Catch: the smallest game worth learning, seen as pixels like an Atari game.

A ball falls down a board of 10 rows and 5 columns; a paddle on the bottom row has to be
under it when it arrives. The game is the `Catch` of bsuite (Osband et al. 2020), drawn
into the 84x84 frame a Deep Q-Network gets from Breakout. It has only 250 states, so a
table can solve it too, and one game shows both.

Glossary
    frame   (84, 84) uint8, what the player sees: walls, ball, paddle, on black
    state   integer in 0..249, the same position as one number, for a Q-table
"""

import gymnasium as gym
import numpy as np

from dqn_tutorial.config import FRAME_SHAPE
from dqn_tutorial.parallel_env import ParallelEnv

ROWS, COLUMNS = 10, 5
CELL = 8  # pixels; 10x5 cells are 80x40 pixels, centred on 84x84
TOP, LEFT_EDGE = 2, 22
WALL_THICKNESS = 2
BALL, PADDLE, WALL = 255, 160, 90  # three shades, so no two states look alike


def state_index(ball_row: int, ball_column: int, paddle_column: int) -> int:
    """Number a position: ((ball_row x 5) + ball_column) x 5 + paddle_column, 0..249.

    `np.unravel_index(state, (10, 5, 5))` goes the other way.
    """
    return (ball_row * COLUMNS + ball_column) * COLUMNS + paddle_column


def draw(ball_row: int, ball_column: int, paddle_column: int) -> np.ndarray:
    """Draw a position as a (84, 84) uint8 frame; a caught ball covers the paddle."""
    frame = np.zeros(FRAME_SHAPE, np.uint8)
    bottom, right = TOP + ROWS * CELL, LEFT_EDGE + COLUMNS * CELL
    frame[TOP:bottom, LEFT_EDGE - WALL_THICKNESS : LEFT_EDGE] = WALL
    frame[TOP:bottom, right : right + WALL_THICKNESS] = WALL
    cells = [(ROWS - 1, paddle_column, PADDLE), (ball_row, ball_column, BALL)]
    for row, column, brightness in cells:
        y, x = TOP + row * CELL, LEFT_EDGE + column * CELL
        frame[y : y + CELL, x : x + CELL] = brightness
    return frame


class Catch(gym.Env):
    """Move the paddle under the falling ball.

    The ball starts on the top row, in a column drawn from the seed; the paddle starts
    in the middle. Each step moves the paddle by one column (it stops at the walls) and
    the ball down by one row. The 9th step ends the game: reward +1 if the paddle is
    under the ball, -1 if not; every other reward is 0. Perfect play always wins.

    Observations are frames, (84, 84) uint8; `info["state"]` is the state's number.
    """

    ACTION_MEANINGS = ["LEFT", "STAY", "RIGHT"]
    NUM_STATES = ROWS * COLUMNS * COLUMNS
    OPTIMAL_SCORE = 1.0
    metadata = {"render_modes": ["rgb_array"], "render_fps": 5}

    def __init__(self, render_mode: str | None = None):
        if render_mode not in (None, "rgb_array"):
            raise ValueError(
                f'render_mode must be None or "rgb_array", got {render_mode!r}'
            )
        self.render_mode = render_mode
        self.observation_space = gym.spaces.Box(0, 255, FRAME_SHAPE, np.uint8)
        self.action_space = gym.spaces.Discrete(len(self.ACTION_MEANINGS))
        self._playing = False

    def reset(self, *, seed: int | None = None, options: dict | None = None):
        """Begin a game; `seed` chooses the ball's column. Returns (frame, info)."""
        super().reset(seed=seed)
        self.ball_row = 0
        self.ball_column = int(self.np_random.integers(COLUMNS))
        self.paddle_column = COLUMNS // 2
        self._playing = True
        return self.frame(), self._info()

    def step(self, action: int):
        """Move the paddle, drop the ball: (frame, reward, terminated, False, info).

        Raises:
            ValueError: the action is not 0 (LEFT), 1 (STAY) or 2 (RIGHT).
            RuntimeError: no game is being played.
        """
        if not self.action_space.contains(action):
            raise ValueError(
                f"action must be 0 (LEFT), 1 (STAY) or 2 (RIGHT), got {action!r}"
            )
        if not self._playing:
            raise RuntimeError("no game is being played: call reset() first")
        moved = self.paddle_column + int(action) - 1
        self.paddle_column = min(max(moved, 0), COLUMNS - 1)
        self.ball_row += 1
        terminated = self.ball_row == ROWS - 1
        self._playing = not terminated
        caught = self.ball_column == self.paddle_column
        reward = (1.0 if caught else -1.0) if terminated else 0.0
        return self.frame(), reward, terminated, False, self._info()

    def render(self) -> np.ndarray | None:
        """The frame as (84, 84, 3) uint8, or None without render_mode="rgb_array"."""
        if self.render_mode is None:
            return None
        return np.repeat(self.frame()[:, :, None], 3, axis=2)

    def frame(self) -> np.ndarray:
        return draw(self.ball_row, self.ball_column, self.paddle_column)

    def _info(self) -> dict[str, int]:
        state = state_index(self.ball_row, self.ball_column, self.paddle_column)
        return {"state": state}


class ParallelCatch(ParallelEnv):
    """N games of Catch at once, each a `Catch` with its own seed."""

    def __init__(self, num_envs: int, first_seed: int = 0):
        super().__init__(num_envs, list(Catch.ACTION_MEANINGS), first_seed)
        self.envs = [Catch() for _ in range(num_envs)]

    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        states = self.states.copy()
        states[mask] = 0  # nothing is seen before a game begins
        for g, seed in zip(np.flatnonzero(mask), seeds.tolist(), strict=True):
            states[g, -1], _ = self.envs[g].reset(seed=seed)
        return states

    def send_actions(self, actions: np.ndarray) -> np.ndarray:
        # A game this small is not worth a thread: it is played here and now.
        moves = zip(self.envs, actions.tolist(), strict=True)
        self._results = [game.step(action) for game, action in moves]
        return actions

    def receive(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        frames, rewards, terminated, _, _ = zip(*self._results, strict=True)
        newest = np.stack(frames)[:, None]  # [N, 1, 84, 84]
        states = np.concatenate([self.states[:, 1:], newest], axis=1)
        game_over = np.array(terminated)  # one life: terminated is the end of the game
        return states, np.array(rewards, np.float32), game_over, game_over.copy()
