"""What a sweep over the variants of the agent shows, for notebook 08.

Glossary
    runs     {variant: {seed: columns by name}}, as `sweep_table.read_table` gives them
    scores   (S,) the scores of one variant, a number for each seed
    full     the agent with nothing taken away
"""

import numpy as np

from dqn_tutorial.evaluation import bootstrap_means, percentile_interval

FEWEST_SEEDS = 3  # for an interval; fewer say nothing about the spread

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

    None with fewer seeds than `FEWEST_SEEDS`. With five it is somewhat too narrow.
    """
    if len(scores) < FEWEST_SEEDS:
        return None
    return percentile_interval(bootstrap_means(scores, rng))


def effect(
    full: np.ndarray, scores: np.ndarray, rng: np.random.Generator
) -> tuple[float, tuple[float, float] | None]:
    """What a variant lost against the full agent, and its 95 % interval."""
    lost = float(full.mean() - scores.mean())
    if min(len(full), len(scores)) < FEWEST_SEEDS:
        return lost, None
    return lost, percentile_interval(
        bootstrap_means(full, rng) - bootstrap_means(scores, rng)
    )


def sentence(variant: str, scores: dict, rng: np.random.Generator) -> str:
    """What a variant did to the score, in one sentence.

    Args:
        variant: its name.
        scores: of all variants, including "full".
        rng: for the bootstrap.
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
