"""What notebooks 04 and 04b learn from: steps of a game, and lessons in Catch.

The network here is so small that NumPy is enough, and the notebook stays about memory.
"""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import numpy as np

from dqn_tutorial.atari import ParallelAtari
from dqn_tutorial.catch import draw
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import ReplayBuffer

BALL_COLUMNS, BALL_ROWS, PADDLE_PLACES = 5, 9, 5


class Played(NamedTuple):
    """Some steps of one game after another, as an agent met them."""

    first_frames: np.ndarray  # (1, 84, 84) uint8, what a buffer is reset with
    states: np.ndarray  # (T, 4, 84, 84) uint8, before each step
    steps: list[Step]  # what each step brought
    games: np.ndarray  # (T,) which game each state is of, from 0


def play_randomly(game: str, num_steps: int) -> Played:
    """Play an Atari game with random actions; the same steps each time."""
    env, rng = ParallelAtari(game, num_envs=1, first_seed=4), np.random.default_rng(0)
    first_frames = env.reset()[:, -1].copy()
    states, steps = [], []
    for _ in range(num_steps):
        states.append(env.states[0].copy())
        steps.append(env.step(rng.integers(env.num_actions, size=1)))
    ended = [int(step.game_over[0]) for step in steps]
    games = np.cumsum([0, *ended[:-1]])
    return Played(first_frames, np.array(states), steps, games)


def fill(buffer: ReplayBuffer, played: Played) -> ReplayBuffer:
    """Put all steps into a buffer, each with its number in the place of its reward."""
    buffer.reset(played.first_frames)
    for number, step in enumerate(played.steps):
        buffer.add(step._replace(rewards=[number]))
    return buffer


def likeness(states: np.ndarray) -> np.ndarray:
    """The correlation of the newest frames of each two of T states: (T, T), -1 to 1.

    The mean frame is taken away first: what never moves would make all of them alike.
    """
    moving = states[:, -1].reshape(len(states), -1) / 255
    moving = moving - moving.mean(axis=0)
    moving /= np.linalg.norm(moving, axis=1, keepdims=True)
    return moving @ moving.T


class Lessons(NamedTuple):
    """All boards of Catch with the ball in the air, one lesson for each column of it.

    A lesson is 45 boards in a row: 9 rows of the ball times 5 places of the paddle.
    """

    boards: np.ndarray  # (225, 50), a pixel of each cell, 0 or 1
    moves: np.ndarray  # (225,), the right one: 0 LEFT, 1 STAY, 2 RIGHT
    frames: list[np.ndarray]  # 225 of (84, 84) uint8


def five_lessons() -> Lessons:
    """What the tiny network is taught: to move towards the ball."""
    places = list(np.ndindex(BALL_COLUMNS, BALL_ROWS, PADDLE_PLACES))
    frames = [draw(row, ball, paddle) for ball, row, paddle in places]
    boards = np.array([frame[6:82:8, 26:62:8].ravel() / 255 for frame in frames])
    moves = np.array([np.sign(ball - paddle) + 1 for ball, _, paddle in places])
    return Lessons(boards, moves, frames)


class TinyNetwork:
    """50 pixels in, 64 units, 3 numbers out; learns by plain gradient descent."""

    def __init__(self, seed: int, learning_rate: float = 0.1):
        rng = np.random.default_rng(seed)
        self.first = rng.normal(0, 0.2, (50, 64))
        self.second = rng.normal(0, 0.1, (64, 3))
        self.learning_rate = learning_rate

    def values(self, boards: np.ndarray) -> np.ndarray:
        """Three numbers for each board: (B, 50) -> (B, 3)."""
        self._hidden = np.maximum(boards @ self.first, 0)  # ReLU
        return self._hidden @ self.second

    def learn(self, boards: np.ndarray, moves: np.ndarray) -> None:
        """One step downhill: towards 1 for the right move and 0 for the others."""
        error = self.values(boards) - np.eye(3)[moves]
        back = (error @ self.second.T) * (self._hidden > 0)
        step = self.learning_rate / len(boards)
        self.second -= step * self._hidden.T @ error
        self.first -= step * boards.T @ back


def old_generator(seed: int) -> np.random.RandomState:
    """NumPy's generator of before 2019, which most programs still draw from."""
    return np.random.RandomState(seed)


def seconds(function: Callable[[], object], times: int) -> float:
    """How long a call takes, on the mean of some."""
    start = perf_counter()
    for _ in range(times):
        function()
    return (perf_counter() - start) / times
