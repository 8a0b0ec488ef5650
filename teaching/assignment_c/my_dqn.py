"""Assignment C: DQN from a blank page, until it plays Catch. About 60 lines are yours.

    python teaching/assignment_c/my_dqn.py
    python -m pytest teaching/assignment_c/rubric.py

You may use NumPy, TensorFlow with Keras, and the game, `dqn_tutorial.catch.Catch`.
Nothing else of the package. Keep the names below, because the rubric calls them.
"""

import numpy as np

from dqn_tutorial.catch import Catch  # noqa: F401 (you will need it)
from dqn_tutorial.quiet_tensorflow import keras, tf  # noqa: F401


def board(frame: np.ndarray) -> np.ndarray:
    """One pixel of each of Catch's 10x5 cells: (84, 84) uint8 -> (10, 5) uint8.

    The ball always falls, so one frame says where it goes: no stack is needed here.
    """
    return frame[6:86:8, 26:66:8]


def make_network():
    """A Keras network: boards (B, 10, 5) uint8 -> Q-values (B, 3) float32."""
    raise NotImplementedError


def sync(online, target) -> None:
    """Copy the online network's weights into the target network."""
    raise NotImplementedError


def epsilon(step: int) -> float:
    """The probability of a random action in a step, counted from 0."""
    raise NotImplementedError


def targets(rewards, terminated, next_q, discount) -> np.ndarray:
    """TD targets (B,) from rewards (B,), terminated (B,) bool, next_q (B, 3)."""
    raise NotImplementedError


class Replay:
    """A replay buffer: the newest `capacity` transitions, and no other."""

    def __init__(self, capacity: int):
        raise NotImplementedError

    def add(self, state, action, reward, next_state, terminated) -> None:
        """Remember one transition; the states are boards (10, 5) uint8."""
        raise NotImplementedError

    def sample(self, batch_size: int, rng: np.random.Generator) -> tuple:
        """Draw at random: states, actions, rewards, next_states, terminated.

        Shapes (B, 10, 5), (B,), (B,), (B, 10, 5), (B,).
        """
        raise NotImplementedError


def learn(online, target, optimizer, batch: tuple, discount: float) -> float:
    """One gradient step of the online network on a batch of `Replay`; its loss."""
    raise NotImplementedError


def train(num_steps: int, seed: int):
    """Play and learn for `num_steps` steps of Catch; the online network."""
    raise NotImplementedError


if __name__ == "__main__":
    network = train(num_steps=4_000, seed=0)
    print(network.count_params(), "weights")
