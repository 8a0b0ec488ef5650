"""Variants of the agent, each with one thing taken away, for a sweep to compare.

Most change a setting. What no setting can express is a `Trainer` with another agent, or
one that stores other rewards. Notebook 08 shows what they lose.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.replay import Batch
from dqn_tutorial.runs.trainer import Trainer

LAST_FRAMES = 10  # of each game: all that "no_replay" remembers
POINTS = 100  # for a catch, in "large_rewards"


def newest_frame_only(states: np.ndarray) -> np.ndarray:
    """States whose four frames are all the newest one: (N, 4, 84, 84) uint8."""
    return np.repeat(states[:, -1:], states.shape[1], axis=1)


class OneFrameAgent(DQNAgent):
    """Sees the newest frame four times: the same network, but nothing moves."""

    def q_values(self, states: np.ndarray) -> np.ndarray:
        return super().q_values(newest_frame_only(states))

    def learn(self, batch: Batch) -> tuple[float, float]:
        states = newest_frame_only(batch.states)
        next_states = newest_frame_only(batch.next_states)
        return super().learn(batch._replace(states=states, next_states=next_states))


class OneFrame(Trainer):
    """Trains a `OneFrameAgent`."""

    agent_class = OneFrameAgent


class LargeRewards(Trainer):
    """Learns as if a catch paid 100 points; scores are counted as usual."""

    def __init__(self, config, run_dir, seed):
        super().__init__(config, run_dir, seed)
        add = self.replay.add
        self.replay.add = lambda step: add(step._replace(rewards=POINTS * step.rewards))


class Variant(NamedTuple):
    """The agent with something changed: settings, or what no setting can express."""

    changes: Callable[[DQNConfig], dict]  # given the settings of the full agent
    trainer: type[Trainer] = Trainer


def _no_replay(config: DQNConfig) -> dict:
    """Remember only what has just happened."""
    few = LAST_FRAMES * config.num_envs
    return {"replay_capacity_transitions": few, "learning_starts_steps": few}


def _small_replay(config: DQNConfig) -> dict:
    """Remember no more than there is when learning starts."""
    return {"replay_capacity_transitions": config.learning_starts_steps}


VARIANTS = {
    "full": Variant(lambda config: {}),
    "no_replay": Variant(_no_replay),
    "small_replay": Variant(_small_replay),
    "no_target": Variant(lambda config: {"target_sync_period_updates": 1}),
    "one_frame": Variant(lambda config: {}, OneFrame),
    "no_exploration": Variant(
        lambda config: {"epsilon_start": 0.0, "epsilon_end": 0.0}
    ),
    "no_clipping": Variant(lambda config: {"clip_rewards": False}),
    "large_rewards": Variant(lambda config: {"clip_rewards": False}, LargeRewards),
}
