"""Checks for the exercises of notebook 06; see `checks` for what a check is."""

import inspect
from types import SimpleNamespace

import numpy as np

from dqn_tutorial.games import Step
from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank, near
from dqn_tutorial.replay import ReplayBuffer


def check_06_units(updates, frames, steps) -> None:
    """Notebook 06, exercise 1: the preset "laptop" in updates, frames and steps.

    Args:
        updates: made by a run of 100,000 steps.
        frames: until epsilon has its last value.
        steps: between two syncs of the target network.
    """
    if any(is_blank(value) for value in (updates, frames, steps)):
        print(NOT_ATTEMPTED)
        return
    questions = [
        (
            "1",
            updates,
            11_875,
            {
                12_500: "nothing is learned in the first steps",
                760_000: "you have multiplied; one update comes every 8 steps",
                95_000: "those are the steps in which it learns; how many updates?",
            },
        ),
        (
            "2",
            frames,
            200_000,
            {
                50_000: "those are steps; a step is four frames",
                12_500: "a step is four frames, not a quarter of one",
                220_000: "epsilon begins to fall in step 0, not when learning starts",
            },
        ),
        (
            "3",
            steps,
            4_000,
            {
                500: "those are updates; how many steps pass between two of them?",
                62.5: "an update is less frequent than a step: multiply",
                16_000: "those are frames",
                8_000: "the 16 games have been counted twice",
            },
        ),
    ]
    for name, given, expected, mistakes in questions:
        number = as_number(given)
        if number is None:
            print(f"Not yet, question {name}: a number is wanted, got {given!r}.")
            return
        if not near(number, expected):
            known = [text for wrong, text in mistakes.items() if near(number, wrong)]
            hint = known[0] if known else "write the unit behind every number you use"
            print(f"Not yet, question {name}: {hint}.")
            return
    print("Right, all three: updates, frames and steps are told apart.")


def check_06_updates_due(updates_due) -> None:
    """Notebook 06, exercise 2: multiples of `period` in (step, step + num_games]."""
    if is_blank(updates_due):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    cases = [(0, 16, 8), (0, 4, 8), (4, 4, 8), (16, 16, 8), (3, 1, 4), (10, 5, 7)]
    cases += [tuple(map(int, rng.integers(1, [1000, 33, 33]))) for _ in range(50)]
    for step, num_games, period in cases:
        expected = (step + num_games) // period - step // period
        call = f"updates_due({step}, {num_games}, {period})"
        try:
            given = updates_due(step, num_games, period)
        except Exception as error:
            print(f"Not yet: {call} raises {type(error).__name__}: {error}.")
            return
        if is_blank(given):
            print(NOT_ATTEMPTED)
            return
        number = as_number(given)
        if number is None or number != expected:
            print(f"Not yet: {call} gives {given!r}. {_due_hint(number)}")
            return
    print("Right: no update is lost, and none is made twice.")


def _due_hint(number: float | None) -> str:
    if number is None:
        return "It should be a whole number."
    if number != int(number):
        return "Half an update cannot be made: count whole multiples."
    return "Mark the multiples of the period on a line; which ones does the jump pass?"


class _Spy:
    """Takes the place of a replay buffer and keeps what `add` was told."""

    def __init__(self):
        self.told = None

    def add(self, *args, **kwargs):
        bound = inspect.signature(ReplayBuffer.add).bind(self, *args, **kwargs)
        self.told = bound.arguments


def check_06_silent_bug(remember) -> None:
    """Notebook 06, exercise 3: `over` and `terminated` are told apart.

    Game 0 loses a life, game 1 is over, game 2 is truncated, game 3 goes on.
    """
    if is_blank(remember):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    states = rng.integers(0, 256, (4, 4, 84, 84), dtype=np.uint8)
    step = Step(
        actions=np.array([0, 1, 2, 3], np.int32),
        rewards=np.array([0, 4, 0, 7], np.float32),
        terminated=np.array([True, True, False, False]),
        over=np.array([False, True, True, False]),
        next_frames=rng.integers(0, 256, (4, 84, 84), dtype=np.uint8),
        finished=[],
    )
    spy = _Spy()
    try:
        remember(spy, SimpleNamespace(states=states), step)
    except Exception as error:
        print(f"Not yet: it raises {type(error).__name__}: {error}.")
        return
    if spy.told is None:
        print(NOT_ATTEMPTED)
        return
    print(_verdict(spy.told, step, states))


def _verdict(told: dict, step: Step, states: np.ndarray) -> str:
    over = np.asarray(told["over"])
    if np.array_equal(over, step.terminated):
        return (
            "Not yet: the buffer is still told that a game ended when only a life was "
            "lost, and not told when a game was cut off."
        )
    if not np.array_equal(over, step.over):
        return "Not yet: the buffer should hear of every game that ended, and no other."
    if np.array_equal(told["terminated"], step.over):
        return (
            "Not yet: now a lost life no longer terminates, and a game that was cut "
            "off does."
        )
    wanted = {
        "actions": (step.actions, "store the actions that were executed"),
        "rewards": (np.sign(step.rewards), "rewards are clipped to -1, 0, +1"),
        "terminated": (step.terminated, "`terminated` has changed its meaning"),
        "next_frames": (
            step.next_frames,
            "the next frame is the one the old game ended on, not a new game's first",
        ),
        "first_frames": (states[:, -1], "the first frame is a state's newest one"),
    }
    for name, (expected, hint) in wanted.items():
        if not np.array_equal(np.asarray(told[name]), expected):
            return f"Not yet: `over` is right, but look at `{name}`: {hint}."
    return (
        "Mended. In Catch a game never ends without being terminated, nor the other "
        "way round, so the two arrays are equal there and the bug cannot be seen."
    )
