"""Breakout through the wrong grey: exhibit 2 of notebook 09."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from dqn_tutorial import atari
from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.config import SCORE_EPSILON
from dqn_tutorial.evaluation import bootstrap_means, percentile_interval
from dqn_tutorial.lessons.lesson_07 import breakout
from dqn_tutorial.lessons.lesson_09.bugs import grey_of_bgr
from dqn_tutorial.preprocessing import greyscale
from dqn_tutorial.runs import pretrained
from dqn_tutorial.viewing.video import play


@contextlib.contextmanager
def seen_through(grey) -> Iterator[None]:
    """While open, `SingleAtari` turns its screens to grey by this function."""
    with mock.patch.object(atari, "greyscale", grey):
        yield


def play_breakout(player, grey, seed: int, epsilon: float = SCORE_EPSILON) -> float:
    """The score of one whole game of Breakout, seen through this greyscale."""
    with seen_through(grey):
        for moment in play(SingleAtari("breakout"), player, epsilon, seed):
            score = moment.score  # the moments hold screens: keep none
    return score


def share_of_other_buttons(grey) -> float:
    """How often the shipped agent presses another button when it sees this greyscale.

    It is shown each moment of a recorded game twice, through the right greyscale and
    through this one, and acts greedily.
    """
    player, _, _ = pretrained.load_agent("breakout")
    game = breakout.load_recorded_games("breakout")[0]
    actions = []
    for seen in (greyscale, grey):
        with seen_through(seen):
            states = breakout.watch_recorded(game).states
        actions.append(player.q_values(states).argmax(axis=1))
    return float(np.mean(actions[0] != actions[1]))


def load_scores(path: Path | str) -> dict[str, dict]:
    """Stored games of Breakout by greyscale, for `lesson_07.figures.plot_scores`.

    Those through the right one are joined by the hundred games of the same agent that
    notebook 07 shows: the same rules, other seeds.
    """
    games = pd.read_csv(path).groupby("grey", sort=False).score
    scores = {grey: of_grey.tolist() for grey, of_grey in games}
    scores["right"] += pretrained.load_scores("breakout")["agent"]["scores"]
    return {grey: _described(of_grey) for grey, of_grey in scores.items()}


def _described(scores: list[float]) -> dict:
    means = bootstrap_means(scores, np.random.default_rng(0))
    return {
        "scores": scores,
        "mean": float(np.mean(scores)),
        "median": float(np.median(scores)),
        "interval_95": list(percentile_interval(means)),
    }


def print_cost(scores: dict[str, dict]) -> None:
    """Print what the wrong greyscale costs, and how often it moves the agent's hand."""
    right, wrong = (np.array(scores[grey]["scores"]) for grey in ("right", "wrong"))
    rng = np.random.default_rng(0)
    losses = bootstrap_means(right, rng) - bootstrap_means(wrong, rng)
    low, high = percentile_interval(losses)
    print(
        f"mean score: {right.mean():.0f} through the right grey, lost: "
        f"{right.mean() - wrong.mean():.0f}, 95 % interval {low:.0f} to {high:.0f}"
    )
    other = share_of_other_buttons(grey_of_bgr)
    print(f"share of the steps with another button, in a recorded game: {other:.1f}")
