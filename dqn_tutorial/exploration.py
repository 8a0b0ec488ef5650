"""How often to try something else: a schedule for epsilon, and the choice itself.

Mnih 2013, section 5: epsilon falls linearly from 1 to 0.1 over the first million
frames and stays there. Mnih 2015 says the same, but the program published with it
counts steps. Here it is always steps.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LinearSchedule:
    """A value that goes from `start` to `end` in `decay_steps` steps, then stays.

    Raises:
        ValueError: `decay_steps` is not positive.
    """

    start: float
    end: float
    decay_steps: int

    def __post_init__(self):
        if self.decay_steps <= 0:
            raise ValueError(f"decay_steps must be positive, got {self.decay_steps}")

    def __call__(self, step: int) -> float:
        """The value at `step`; before step 0 it is `start`."""
        done = min(max(step / self.decay_steps, 0.0), 1.0)
        # This form hits both ends exactly; start + done * (end - start) gives
        # 0.09999999999999998 instead of 0.1.
        return (1 - done) * self.start + done * self.end


def epsilon_greedy(
    q_values: np.ndarray, epsilon: float, rng: np.random.Generator
) -> np.ndarray:
    """Choose one action per row: random with probability `epsilon`, else the best.

    The random choice is among all A actions, including the best, so the best is taken
    with probability 1 - epsilon + epsilon / A (Mnih 2013, algorithm 1).

    Args:
        q_values: (N, A) floats.
            If several tie for the largest, the first counts as the best.
        epsilon: in [0, 1].
        rng: draws N coins and N actions at each call, whatever epsilon is, so that
            runs with different epsilons stay in step.

    Returns:
        (N,) int32.

    Raises:
        ValueError: epsilon out of range, or q_values not two-dimensional.
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must be between 0 and 1, got {epsilon}")
    q_values = np.asarray(q_values)
    if q_values.ndim != 2:
        raise ValueError(
            f"q_values must have shape (N, A), got {q_values.shape}; one state's "
            "Q-values need a batch axis: q_values[None]"
        )
    num_envs, num_actions = q_values.shape
    explore = rng.random(num_envs) < epsilon
    random_actions = rng.integers(num_actions, size=num_envs)
    greedy_actions = q_values.argmax(axis=1)
    return np.where(explore, random_actions, greedy_actions).astype(np.int32)
