"""Variants of the agent for notebook 08, and what a sweep over them shows.

Each variant is the full agent with one thing taken away; the rest is as it was. Most
are a setting. What no setting can say is a `Trainer` that does one thing otherwise.

Glossary
    runs     {variant: {seed: columns by name}}, as `sweep_table.read_table` gives them
    scores   (S,) the scores of one variant, a number for each seed
    full     the agent with nothing taken away
"""

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.evaluation import bootstrap_means, middle
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import Batch
from dqn_tutorial.runs.sweep import Variant
from dqn_tutorial.runs.trainer import Trainer

LAST_FRAMES = 10  # of each game, what is left where there is no replay
POINTS = 100  # of a catch, where rewards are large
FEWEST_SEEDS = 3  # for an interval; fewer say nothing about the spread


def newest_frame_only(states: np.ndarray) -> np.ndarray:
    """States whose four frames are all the newest one: (N, 4, 84, 84) uint8."""
    return np.repeat(states[:, -1:], states.shape[1], axis=1)


class OneFrameAgent(DQNAgent):
    """Sees the newest frame four times: as large a network, but nothing moves."""

    def q_values(self, states: np.ndarray) -> np.ndarray:
        return super().q_values(newest_frame_only(states))

    def learn(self, batch: Batch) -> tuple[float, float]:
        states = newest_frame_only(batch.states)
        next_states = newest_frame_only(batch.next_states)
        return super().learn(batch._replace(states=states, next_states=next_states))


class OneFrame(Trainer):
    """Trains a `OneFrameAgent`."""

    def __init__(self, config, run_dir, seed):
        super().__init__(config, run_dir, seed)
        self.agent = OneFrameAgent(config, self.games.num_actions, seed)


class LargeRewards(Trainer):
    """Learns as if a game paid a hundred times as much; scores are counted as ever."""

    def _remember(self, step: Step) -> None:
        super()._remember(step._replace(rewards=POINTS * step.rewards))


def _no_replay(config: DQNConfig) -> dict:
    """Remember only what has just been lived through."""
    few = LAST_FRAMES * config.num_games
    return {"replay_capacity_transitions": few, "learning_starts_steps": few}


def _small_replay(config: DQNConfig) -> dict:
    """Remember no more than what is there when learning starts."""
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
TITLES = {
    "full": "the full agent",
    "no_replay": "no replay",
    "small_replay": "replay too small",
    "no_target": "no target network",
    "one_frame": "one frame for four",
    "no_exploration": "no exploration",
    "no_clipping": "rewards not clipped",
    "large_rewards": "rewards of 100, not clipped",
}


def scores_of(runs: dict) -> dict[str, np.ndarray]:
    """The score of each run, one for each seed of each variant."""
    return {
        variant: np.array([columns["score"][-1] for columns in of_variant.values()])
        for variant, of_variant in runs.items()
    }


def interval(
    scores: np.ndarray, rng: np.random.Generator
) -> tuple[float, float] | None:
    """Where the mean of other seeds would probably lie: the 95 % bootstrap interval.

    None with fewer seeds than `FEWEST_SEEDS`. With five it is rather too narrow.
    """
    if len(scores) < FEWEST_SEEDS:
        return None
    return middle(bootstrap_means(scores, rng))


def effect(
    full: np.ndarray, scores: np.ndarray, rng: np.random.Generator
) -> tuple[float, tuple[float, float] | None]:
    """What a variant lost against the full agent, and the 95 % interval of that."""
    lost = float(full.mean() - scores.mean())
    if min(len(full), len(scores)) < FEWEST_SEEDS:
        return lost, None
    return lost, middle(bootstrap_means(full, rng) - bootstrap_means(scores, rng))


def sentence(variant: str, scores: dict, rng: np.random.Generator) -> str:
    """What a variant did to the score, in one sentence.

    Args:
        variant: its name.
        scores: of all variants, "full" among them.
        rng: of the bootstrap.
    """
    full, theirs = scores["full"], scores[variant]
    lost, ends = effect(full, theirs, rng)
    means = f"{TITLES[variant]}: {theirs.mean():.2f} in place of {full.mean():.2f}"
    seeds = f"{len(theirs)} seed{'s' if len(theirs) > 1 else ''}"
    if ends is None:
        return f"{means}, with {seeds}: too few to tell an effect from luck."
    low, high = ends
    rounded = [round(value, 2) + 0.0 for value in (lost, low, high)]  # no "-0.00"
    lies = "the loss is {:.2f} ({:.2f} to {:.2f})".format(*rounded)
    if low > 0:
        return f"{means}: {lies}."
    if high < 0:
        return f"{means}: {lies}, a gain."
    return f"{means}: {lies}, no effect that {seeds} can show."
