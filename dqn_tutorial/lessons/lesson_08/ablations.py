"""What a sweep over the variants of the agent shows, for notebook 08.

The test is Welch's (1947): it compares two means without asking that both spread alike,
and keeps its promise with three seeds, where a bootstrap does not. Several variants
are several tests, and Holm's correction (1979) keeps the promise for all of them.

Glossary
    runs     {variant: {seed: columns by name}}, as `sweep_table.read_table` gives them
    scores   (S,) the scores of one variant, a number for each seed
    full     the agent with nothing taken away
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from scipy import stats

from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.runs.sweep import make_jobs, one_by_one, sweep
from dqn_tutorial.runs.sweep_table import read_table
from dqn_tutorial.runs.variants import VARIANTS
from dqn_tutorial.viewing.notebook import progress

MAY_BE_WRONG = 0.05  # how often a test may show an effect where there is none

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


class Effect(NamedTuple):
    """What a variant lost against the full agent, with its 95 % interval.

    `p`: how often equal agents would lie at least as far apart, for one of several
    variants that are tested together.
    """

    lost: float
    low: float
    high: float
    p: float

    @property
    def shown(self) -> bool:
        return self.p < MAY_BE_WRONG


def scores_of(runs: dict) -> dict[str, np.ndarray]:
    """The score of each run, one for each seed of each variant."""
    return {
        variant: np.array([columns["score"][-1] for columns in of_variant.values()])
        for variant, of_variant in runs.items()
    }


def effects_of(scores: dict) -> dict[str, Effect]:
    """What each variant lost, by Welch's test, with Holm's correction for their number.

    Args:
        scores: of all variants, including "full"; at least two seeds of each.

    Raises:
        ValueError: a variant with one seed, which says nothing about the spread.
    """
    if few := [variant for variant, theirs in scores.items() if len(theirs) < 2]:
        raise ValueError(
            f"scores must hold at least two seeds of each variant, got one of "
            f"{', '.join(few)}"
        )
    full, variants = scores["full"], [name for name in scores if name != "full"]
    tests = [stats.ttest_ind(full, scores[v], equal_var=False) for v in variants]
    ps = holm([test.pvalue for test in tests])
    return {
        variant: Effect(
            float(full.mean() - scores[variant].mean()),
            *map(float, test.confidence_interval(0.95)),
            float(p),
        )
        for variant, test, p in zip(variants, tests, ps, strict=True)
    }


def holm(ps) -> np.ndarray:
    """p-values that allow for the number of tests: the smallest times all, and so on.

    Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure".
    """
    order = np.argsort(ps)
    steps = np.sort(ps) * np.arange(len(ps), 0, -1)
    corrected = np.empty(len(ps))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return corrected


def report(effects: dict[str, Effect]) -> None:
    """Print for each variant the points lost, their interval, p, and what is shown."""
    for variant, (lost, low, high, p) in effects.items():
        verdict = "shown" if effects[variant].shown else "not shown"
        numbers = f"{lost:6.2f} ({low:6.2f} to {high:6.2f}), p {p:.3f}"
        print(f"{TITLES[variant]:28}{numbers}, {verdict}")


def read_stored(table: Path | str) -> tuple[dict, DQNConfig]:
    """The runs of a sweep's table, and the settings of its full agent from beside it.

    The settings belong to the runs: a preset of the same name may have changed since.
    """
    settings = Path(table).with_suffix(".json").read_text(encoding="utf-8")
    return read_table(table), DQNConfig.from_json(settings)


def train_now(names: list[str], config: DQNConfig, seed: int, steps: int) -> dict:
    """The scores of a sweep over some variants, with one seed, made here and now."""
    with TemporaryDirectory() as folder:
        chosen = {name: VARIANTS[name] for name in names}
        jobs = make_jobs(chosen, [seed], config, steps, folder)
        table = Path(folder) / "table.csv"
        with progress(steps * len(jobs), f"Training on {config.game}") as bar:
            sweep(jobs, table, partial(one_by_one, progress=bar))
        return {name: of[0] for name, of in scores_of(read_table(table)).items()}


def a_moment_of_catch() -> np.ndarray:
    """The state after five steps in which the paddle stays: (1, 4, 84, 84) uint8."""
    env = make_env(PRESETS["catch"], num_envs=1, first_seed=0)
    env.reset()
    for _ in range(5):
        env.step(np.array([1]))
    return env.states
