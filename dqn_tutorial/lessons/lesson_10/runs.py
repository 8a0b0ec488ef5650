"""What stored runs of Breakout show of an ingredient, and what they do not.

A run is one training with one seed. Two networks may differ because of the ingredient,
or because two runs differ anyway, so the unit of every test here is the run, never the
game.

Glossary
    pair    two runs with one seed and one setting, without C51 and with it
"""

import json
from math import comb
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from dqn_tutorial.config import DQNConfig
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import load_made, load_scores, load_seeds

# What was tried without C51, and the same with it. In all pairs but the last the runs
# of C51 also have the larger epsilon of Adam that its paper used.
C51_PAIRS = {
    "base": "C51",
    "5 rewards": "C51, 5 rewards",
    "rate 0.00025": "C51, rate 0.00025",
    "Adam's epsilon 1e-8": "C51, Adam's epsilon 1e-8",
}


class Run(NamedTuple):
    """One training of an agent."""

    history: History
    score: float  # mean of the whole games that were stored for it


def load_search(path: Path | str, column: str) -> dict[str, dict[int, float]]:
    """One column of the search for a recipe: a number by what was tried and by seed."""
    table = pd.read_csv(path)
    return {
        tried: dict(zip(rows["seed"], rows[column], strict=True))
        for tried, rows in table.groupby("tried", sort=False)
    }


def load_run(stored: Path | str) -> Run:
    """One run, from its history and from what `evaluate --json` wrote.

    Args:
        stored: what stands before `history.csv` and `scores.json` in their paths.
    """
    history = History.read(f"{stored}history.csv")
    text = Path(f"{stored}scores.json").read_text(encoding="utf-8")
    return Run(history, json.loads(text)["agent"]["mean"])


def load_runs(agent: str) -> dict[int, Run]:
    """The runs from which a shipped agent was chosen, by seed."""
    return {
        seed: Run(history, scores["agent"]["mean"])
        for seed, (history, scores) in load_seeds(agent).items()
    }


def how_made(agent: str) -> str:
    """The targets and the ε of a shipped agent's training, and its score by two ε."""
    settings = json.dumps(load_made(agent)["settings_at_the_end"])
    config = DQNConfig.from_json(settings)
    scores = [load_scores(agent, way)["agent"] for way in ("standard", "epsilon_0.01")]
    measured = [f"{one['mean']:.0f} (ε = {one['epsilon']:g})" for one in scores]
    return (
        f"{agent}: {config.n_steps}-step targets, ε = {config.epsilon_end:g} at the "
        f"end; scores {', '.join(measured)}"
    )


def smallest_p(seeds: int) -> float:
    """The least two-sided p of a permutation test with so many seeds of each kind.

    Runs are dealt to the two kinds in every way. The clearest case is that all of one
    kind beat all of the other: one way, and its mirror image.
    """
    return 2 / comb(2 * seeds, seeds)


def welch_interval(some, others) -> tuple[float, float]:
    """The 95 % interval of the difference of two means, `some` less `others` (Welch).

    Args:
        some, others: a number for each run, at least two each; their spreads may
            differ.
    """
    if not np.ptp(some) and not np.ptp(others):  # no spread, and no test
        difference = float(np.mean(some) - np.mean(others))
        return difference, difference
    test = stats.ttest_ind(some, others, equal_var=False)
    low, high = test.confidence_interval(0.95)
    return float(low), float(high)


def sentence(name: str, scores: dict) -> str:
    """What the runs of one agent show against another's, in one sentence.

    Args:
        name: of the agent that is compared, a key of `scores`.
        scores: by agent, a number for each run; the one compared with comes first.
    """
    other, theirs = next(iter(scores.items()))
    some = scores[name]
    said = f"{name} {np.mean(some):.1f}, {other} {np.mean(theirs):.1f}"
    if min(len(some), len(theirs)) < 2:
        return f"{said}: not shown, with {len(some)} and {len(theirs)} runs."
    low, high = welch_interval(some, theirs)
    shown = "shown" if low > 0 or high < 0 else "not shown"
    return f"{said}: {shown}, the difference is {low:.1f} to {high:.1f}."
