"""The museum of notebook 09: stored runs to look at, and tests that catch the bugs.

The runs are those of `museum_runs`: trained on Catch with a bug built in.

Glossary
    runs    seed -> column -> array: what was measured of one game with one bug
"""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np

from dqn_tutorial import atari
from dqn_tutorial.atari import AtariGame
from dqn_tutorial.catch import CatchGames
from dqn_tutorial.config import PRESETS
from dqn_tutorial.evaluation import bootstrap_means, middle
from dqn_tutorial.lessons.lesson_09.museum_runs import EPSILON, EXHIBITS
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.runs.trainer import Trainer


def load_runs(path: Path | str) -> dict[tuple[str, str], dict[int, dict]]:
    """The stored measurements: the runs of each (game, bug).

    Raises:
        ValueError: an exhibit is missing.
    """
    rows: dict[tuple[str, str], dict[int, list]] = {}
    with Path(path).open(newline="") as file:
        for row in csv.DictReader(file):
            of_seeds = rows.setdefault((row.pop("game"), row.pop("bug")), {})
            of_seeds.setdefault(int(row.pop("seed")), []).append(row)
    if missing := [exhibit for exhibit in EXHIBITS if exhibit not in rows]:
        raise ValueError(f"{path} must have runs of every exhibit, not of {missing}")
    return {
        exhibit: {
            seed: {name: np.array([float(r[name]) for r in run]) for name in run[0]}
            for seed, run in sorted(of_seeds.items())
        }
        for exhibit, of_seeds in rows.items()
    }


COMPARED = ("mean_score_100", "score", "mean_q")
FORMS = {"loss": "8.4f", "step": "8,.0f", "games": "8,.0f"}
FORM = "z8.2f"  # of all others; z: no "-0.00"


def compare(kinds: dict, columns=COMPARED) -> None:
    """Print with what each run ended: a line for each column and kind of run.

    Args:
        kinds: runs, by what to call them.
        columns: what to print.
    """
    for column in columns:
        for kind, runs in kinds.items():
            form = FORMS.get(column, FORM)
            ends = (format(run[column][-1], form) for run in runs.values())
            print(f"{column:15} {kind:10}", *ends)


def verdict(test, *implementations) -> None:
    """Run a test on each implementation, and print how it ends."""
    width = max(len(implementation.__name__) for implementation in implementations)
    for implementation in implementations:
        try:
            test(implementation)
        except AssertionError as error:
            outcome = f"fails: {error}"
        else:
            outcome = "passes"
        print(f"{implementation.__name__:{width}}  {outcome}")


# What the tests of the notebook need


def paddle_left_and_right() -> tuple[np.ndarray, np.ndarray]:
    """Two screens of Breakout, (210, 160, 3) uint8, that differ in the paddle only."""
    screens = []
    for meaning in ("LEFT", "RIGHT"):
        game = AtariGame("breakout", automatic_fire=False)  # no FIRE, no ball
        game.reset(seed=0, options={"noops": 0})
        for _ in range(12):
            game.step(game.action_meanings.index(meaning))
        screens.append(game.render())
    return screens[0], screens[1]


def stored_as_terminated(remember, *, terminated: bool, over: bool) -> bool:
    """What a replay buffer is told of a step, by `remember` as a trainer's method."""
    games = CatchGames(1)
    trainer = mock.Mock(config=PRESETS["catch"], games=games, games_finished=0, step=0)
    flags = np.array([terminated]), np.array([over])
    remember(trainer, Step(np.array([1]), np.zeros(1), *flags, games.states[:, -1], []))
    return bool(trainer.replay.add.call_args.args[2][0])


def short_run(remember, rounds: int) -> Trainer:
    """A trainer on Catch with this `_remember`, after some rounds of its loop."""
    patch = mock.patch.object(Trainer, "_remember", remember)
    with patch, TemporaryDirectory() as folder:
        trainer = Trainer.start(PRESETS["catch"], Path(folder) / "run")
        for _ in range(rounds):
            trainer._play_and_learn()
    return trainer


# Breakout through the wrong grey


@contextlib.contextmanager
def seen_through(grey) -> Iterator[None]:
    """While open, `AtariGame` turns its screens to grey by this function."""
    with mock.patch.object(atari, "greyscale", grey):
        yield


def play_breakout(player, grey, seed: int, epsilon: float = EPSILON) -> float:
    """The score of one whole game of Breakout, seen through this greyscale."""
    rng, score, over = np.random.default_rng(seed), 0.0, False
    with seen_through(grey):
        game = AtariGame("breakout")
        state, _ = game.reset(seed=seed)
        while not over:
            action = player.act(state[None], epsilon, rng)[0]
            state, reward, terminated, truncated, _ = game.step(int(action))
            score, over = score + reward, terminated or truncated
    return score


def load_scores(path: Path | str) -> dict[str, dict]:
    """The stored games of Breakout, by greyscale, as `figures_07.plot_scores` wants."""
    scores: dict[str, list[float]] = {}
    with Path(path).open(newline="") as file:
        for row in csv.DictReader(file):
            scores.setdefault(row["grey"], []).append(float(row["score"]))
    return {grey: _described(games) for grey, games in scores.items()}


def _described(scores: list[float]) -> dict:
    means = bootstrap_means(scores, np.random.default_rng(0))
    return {
        "scores": scores,
        "mean": float(np.mean(scores)),
        "median": float(np.median(scores)),
        "interval_95": list(middle(means)),
    }
