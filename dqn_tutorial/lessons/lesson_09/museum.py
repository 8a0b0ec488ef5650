"""The museum of notebook 09: stored runs to look at, and tests that catch the bugs.

The runs come from `museum_runs`: trained on Catch with a bug built in.

Glossary
    runs    seed -> column -> array: what was measured of one game with one bug
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pandas as pd

from dqn_tutorial import atari, training
from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import FRAME_SHAPE, PRESETS
from dqn_tutorial.evaluation import bootstrap_means, percentile_interval
from dqn_tutorial.lessons.lesson_07 import breakout
from dqn_tutorial.lessons.lesson_08.ablations import effect
from dqn_tutorial.lessons.lesson_09.museum_runs import EPSILON, EXHIBITS
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.preprocessing import greyscale
from dqn_tutorial.runs import pretrained
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.training import training_loop
from dqn_tutorial.viewing.video import play


def load_runs(path: Path | str) -> dict[tuple[str, str], dict[int, dict]]:
    """The stored measurements: the runs of each (game, bug).

    Raises:
        ValueError: an exhibit is missing.
    """
    runs: dict[tuple[str, str], dict[int, dict]] = {}
    for (game, bug, seed), run in pd.read_csv(path).groupby(["game", "bug", "seed"]):
        columns = {name: run[name].to_numpy() for name in run.columns[3:]}
        runs.setdefault((game, bug), {})[seed] = columns
    if missing := [exhibit for exhibit in EXHIBITS if exhibit not in runs]:
        raise ValueError(f"{path} must have runs of every exhibit, lacks {missing}")
    return {exhibit: runs[exhibit] for exhibit in EXHIBITS}


COMPARED = ("mean_score_100", "score", "mean_q")
FORMS = {"loss": "8.4f", "step": "8,.0f", "games": "8,.0f"}
FORM = "z8.2f"  # for all others; z: no "-0.00"


def compare(kinds: dict, columns=COMPARED) -> None:
    """Print what each run ended with: a line for each column and kind of run.

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
    """Run a test on each implementation, and print the outcome."""
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
        game = SingleAtari("breakout", automatic_fire=False)  # no FIRE, no ball
        game.reset(seed=0, options={"noops": 0})
        for _ in range(12):
            game.step(game.action_meanings.index(meaning))
        screens.append(game.render())
    return screens[0], screens[1]


def stored_as_terminated(store, *, terminated: bool, game_over: bool) -> bool:
    """Whether `store` tells the replay buffer that a step was terminated."""
    run = mock.MagicMock(config=PRESETS["catch"])
    frame = ParallelCatch(1).states[:, -1]
    flags = np.array([terminated]), np.array([game_over])
    store(run, Step(np.array([1]), np.zeros(1), *flags, frame, frame, []))
    return bool(run.replay.add.call_args.args[0].terminated[0])


def steps_counted(store, rounds: int) -> int:
    """What the step counter says after some rounds of training with this `store`."""
    with mock.patch.object(training, "store", store), TemporaryDirectory() as folder:
        trainer = Trainer.start(PRESETS["catch"], Path(folder) / "run")
        for _, _ in zip(range(rounds), training_loop(trainer), strict=False):
            pass
    return trainer.step


def replay_of(rewards: list, over: list) -> NStepReplayBuffer:
    """A replay buffer that adds up three rewards, with a discount of 0.9.

    It holds these steps of black frames: the reward of each, and whether it ends its
    game. In between, the last frame of each game takes a slot.
    """
    replay = NStepReplayBuffer(3, 0.9, capacity_transitions=100)
    black = np.zeros((1, *FRAME_SHAPE), np.uint8)
    replay.reset(black)
    for reward, ends in zip(rewards, over, strict=True):
        flags = np.array([bool(ends)])
        step = Step(np.array([1]), np.array([reward]), flags, flags, black, black, [])
        replay.add(step)
    return replay


# Breakout through the wrong grey


@contextlib.contextmanager
def seen_through(grey) -> Iterator[None]:
    """While open, `SingleAtari` turns its screens to grey by this function."""
    with mock.patch.object(atari, "greyscale", grey):
        yield


def play_breakout(player, grey, seed: int, epsilon: float = EPSILON) -> float:
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
    player, _, _ = pretrained.load_pretrained("breakout")
    game = breakout.load_recorded_games("breakout")[1][0]
    actions = []
    for seen in (greyscale, grey):
        with seen_through(seen):
            states = [moment.state for moment in breakout.replay(game)]
        actions.append(player.q_values(np.array(states)).argmax(axis=1))
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


def print_loss(scores: dict[str, dict]) -> None:
    """Print what the wrong greyscale costs, in points and in percent."""
    for grey, of_grey in scores.items():
        games = len(of_grey["scores"])
        print(f"{grey} grey: mean score {of_grey['mean']:.1f} of {games} games")
    right, wrong = (np.array(scores[grey]["scores"]) for grey in ("right", "wrong"))
    loss, (low, high) = effect(right, wrong, np.random.default_rng(0))
    share = loss / right.mean()
    print(f"loss: {loss:.0f} points, 95 % interval {low:.0f} to {high:.0f}: {share:.0%}")
