"""The museum's riddles: six runs without a name, one bug let loose, all symptoms.

Glossary
    exhibit    (game, bug) of `museum_runs`
    symptoms   a sign for each curve: how a bug's runs end beside the right ones
    kind       loud, quiet or silent: in which curves a bug shows
"""

from collections.abc import Callable

import numpy as np

from dqn_tutorial import learning
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.lessons.lesson_09 import museum_runs
from dqn_tutorial.lessons.lesson_09.bugs import BUGS
from dqn_tutorial.lessons.lesson_09.museum import why_it_fails
from dqn_tutorial.lessons.lesson_09.museum_runs import NONE

MEASURED = {  # what is drawn of every run
    "mean_score_100": "score in training,\n100 games",
    "score": "score,\n50 fresh games",
    "mean_q": "mean of the\nlargest Q-values",
    "loss": "loss",
}
NUMBERS = {  # the number of each bug's exhibit
    "paddle": 1,
    "scaled_twice": 3,
    "stack": 4,
    "terminal": 5,
    "truncation": 6,
    "relu": 7,
    "never_synced": 8,
    "clipped_loss": 9,
    "broadcast": 10,
    "steps_twice": 11,
    "epsilon": 12,
    "n_step": 14,
}
CASES = {
    "A": ("catch", "clipped_loss"),
    "B": ("catch", "steps_twice"),
    "C": ("long_catch", "terminal"),
    "D": ("catch", "scaled_twice"),
    "E": ("catch", "epsilon"),
    "F": ("catch", "never_synced"),
}
COMPLAINTS = {  # what the patients say
    "A": "It thinks that it plays well.",
    "B": "It learns. But so slowly!",
    "C": "It wins every game. I only came for a check-up.",
    "D": "All night, and nothing at all.",
    "E": "I was about to throw it away.",
    "F": "What do you want? Look at that loss!",
}
KINDS = ["loud", "quiet", "silent"]
NAMES = {  # of exhibits in the table of symptoms
    ("catch", "paddle"): "lost paddle",
    ("catch", "scaled_twice"): "divided twice",
    ("catch", "broadcast"): "all against all",
    ("catch", "relu"): "no number below zero",
    ("catch", "never_synced"): "copy of itself",
    ("catch", "clipped_loss"): "deaf to bad news",
    ("catch", "steps_twice"): "every step twice",
    ("catch", "epsilon"): "four times as long",
    ("long_catch", "terminal"): "life after the end",
    ("three_rewards", "n_step"): "rewards of the next game",
    ("ball_after_ball", "truncation"): "clock that kills",
    ("catch", "stack"): "memory, on Catch",
    ("ball_and_bomb", "stack"): "memory, on ball and bomb",
}


def kinds_of(runs: dict, exhibit: tuple[str, str], name: str) -> dict:
    """The runs of an exhibit under this name, after the right ones on its game."""
    game, _ = exhibit
    return {"right": runs[game, NONE], name: runs[exhibit]}


def exhibit_name(exhibit: tuple[str, str]) -> str:
    """Number and name of an exhibit, as the table of symptoms has them."""
    return f"{NUMBERS[exhibit[1]]}. {NAMES[exhibit]}"


def count_right(guesses: dict[str, int | None]) -> None:
    """Say how many of the cases are guessed right, but not which."""
    if None in guesses.values():
        print("Not attempted yet: a guess in the cell above is still None.")
        return
    right = [guesses[case] == NUMBERS[bug] for case, (_, bug) in CASES.items()]
    print(f"{sum(right)} of {len(right)} are right.")


def symptoms(runs: dict) -> dict[str, list[str]]:
    """By name of the exhibit, a sign for each column of `MEASURED`; loud ones first.

    "↑" or "↓" if each of its runs ends above, or below, each of the right ones; "=" if
    the two overlap. Five and five runs of the same program are separated so by luck in
    2 of 252 cases.
    """
    found = {}
    for exhibit, name in NAMES.items():
        kinds = kinds_of(runs, exhibit, name).values()
        signs = [_sign(*(_ends(kind, column) for kind in kinds)) for column in MEASURED]
        found[exhibit_name(exhibit)] = signs
    return dict(sorted(found.items(), key=lambda row: KINDS.index(kind_of(row[1]))))


def kind_of(signs: list[str]) -> str:
    """The kind of a bug with these symptoms, in the order of `MEASURED`.

    "loud" if the score in training shows it, "quiet" if only another curve does,
    "silent" if none does.
    """
    shows = [sign != "=" for sign in signs]
    return "loud" if shows[0] else "quiet" if any(shows) else "silent"


def _ends(runs: dict, column: str) -> np.ndarray:
    return np.array([run[column][-1] for run in runs.values()])


def _sign(right: np.ndarray, wrong: np.ndarray) -> str:
    if wrong.min() > right.max():
        return "↑"
    return "↓" if wrong.max() < right.min() else "="


# One is loose


def let_loose(seed: int) -> str:
    """A bug drawn at random, among those that a test of the notebook can catch."""
    suspects = [bug for bug in BUGS if bug != "paddle"]  # its test is of Breakout
    return suspects[np.random.default_rng(seed).integers(len(suspects))]


def run_with(bug: str, total_steps: int) -> dict[int, dict]:
    """Train on Catch with this bug built in, now: a run like those of `load_runs`."""
    rows = museum_runs.run("catch", bug, seed=0, total_steps=total_steps)
    return {0: {name: np.array([row[name] for row in rows]) for name in rows[0]}}


def both(bug: str) -> tuple[Callable, Callable]:
    """A bug, and the right code in whose place it stands."""
    with museum_runs.built_in("catch", bug):
        wrong = _as_it_is_now(bug)
    return wrong, _as_it_is_now(bug)


def hunt(bug: str, tests: dict[str, Callable]) -> None:
    """Run the notebook's tests on a package that has this bug, and print who passes.

    Args:
        bug: a name in `BUGS`.
        tests: by name of the bug that each should catch.
    """
    with museum_runs.built_in("catch", bug):
        for place, test in tests.items():
            failure = why_it_fails(test, _as_it_is_now(place))
            if failure is None:
                print(f"passes  {test.__name__}")
            else:
                print(f"FAILS   {test.__name__}\n        {failure}")


def _as_it_is_now(bug: str) -> Callable:
    """What stands in the package where this bug would be, as its test wants it."""
    if bug == "stack":
        return ParallelCatch
    if bug == "clipped_loss":
        return learning.TD_LOSSES["huber"]
    owner, name, _ = BUGS[bug]
    return getattr(owner, name)
