"""Notebook 06's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_06 import (
    check_06_silent_bug,
    check_06_units,
    check_06_updates_due,
)
from dqn_tutorial.preprocessing import clip_reward


def said(capsys, check, *answers):
    check(*answers)
    return capsys.readouterr().out.strip()


def stub(*_): ...


@pytest.mark.parametrize(
    "check, answers",
    [
        (check_06_units, (None, None, None)),
        (check_06_units, (11_875, ..., 4_000)),
        (check_06_updates_due, (stub,)),
        (check_06_updates_due, (None,)),
        (check_06_silent_bug, (stub,)),
        (check_06_silent_bug, (...,)),
    ],
)
def test_a_stub_is_told_that_it_was_not_attempted(capsys, check, answers):
    assert said(capsys, check, *answers) == NOT_ATTEMPTED


def test_the_expected_units_are_those_of_the_preset():
    laptop = PRESETS["laptop"]
    learning_steps = 100_000 - laptop.learning_starts_steps
    assert learning_steps / laptop.update_period_steps == 11_875
    assert laptop.epsilon_decay_steps * 4 == 200_000
    assert laptop.target_sync_period_updates * laptop.update_period_steps == 4_000


@pytest.mark.parametrize(
    "answers", [(11_875, 200_000, 4_000), (95_000 / 8, np.int64(200_000), 4e3)]
)
def test_right_units_are_accepted(capsys, answers):
    assert said(capsys, check_06_units, *answers).startswith("Right")


@pytest.mark.parametrize(
    "answers, hint",
    [
        ((12_500, 200_000, 4_000), "nothing is learned in the first steps"),
        ((95_000, 200_000, 4_000), "how many updates?"),
        ((11_875, 50_000, 4_000), "a step is four frames"),
        ((11_875, 200_000, 500), "those are updates"),
        ((11_875, 200_000, 16_000), "those are frames"),
        ((11_875, 200_000, 3), "write the unit"),
        (("many", 200_000, 4_000), "a number is wanted"),
    ],
)
def test_wrong_units_are_told_what_they_are(capsys, answers, hint):
    assert hint in said(capsys, check_06_units, *answers)


@pytest.mark.parametrize(
    "function",
    [
        lambda step, n, period: (step + n) // period - step // period,
        lambda step, n, period: sum(
            s % period == 0 for s in range(step + 1, step + n + 1)
        ),
        lambda step, n, period: np.float32((step + n) // period - step // period),
    ],
)
def test_right_counts_of_updates_are_accepted(capsys, function):
    assert said(capsys, check_06_updates_due, function).startswith("Right")


@pytest.mark.parametrize(
    "function, hint",
    [
        (lambda step, n, period: n // period, "which ones does the jump pass?"),
        (lambda step, n, period: n / period, "Half an update"),
        (lambda step, n, period: 1, "which ones does the jump pass?"),
        (lambda step, n, period: int(step % period == 0), "does the jump pass?"),
        (lambda step, n, period: step / 0, "raises ZeroDivisionError"),
        (lambda step, n, period: "two", "a whole number"),
    ],
)
def test_wrong_counts_of_updates_get_a_hint(capsys, function, hint):
    answer = said(capsys, check_06_updates_due, function)
    assert answer.startswith("Not yet") and hint in answer


def remember_with(**changes):
    """The right answer, with some arguments put wrong."""

    def remember(replay, games, result):
        arguments = {
            "actions": result.actions,
            "rewards": clip_reward(result.rewards),
            "terminated": result.terminated,
            "over": result.over,
            "next_frames": result.next_frames,
            "first_frames": games.states[:, -1],
        }
        changed = {name: change(result, games) for name, change in changes.items()}
        replay.add(**arguments | changed)

    return remember


def remember_by_position(replay, games, result):
    rewards = np.clip(result.rewards, -1, 1)
    frames = (result.next_frames, games.states[:, 3])
    replay.add(result.actions, rewards, result.terminated, result.over, *frames)


@pytest.mark.parametrize("function", [remember_with(), remember_by_position])
def test_a_mended_remember_is_accepted(capsys, function):
    assert said(capsys, check_06_silent_bug, function).startswith("Mended")


@pytest.mark.parametrize(
    "function, hint",
    [
        (remember_with(over=lambda r, g: r.terminated), "only a life was lost"),
        (
            remember_with(over=lambda r, g: r.terminated | r.over),
            "every game that ended",
        ),
        (remember_with(terminated=lambda r, g: r.over), "no longer terminates"),
        (remember_with(rewards=lambda r, g: r.rewards), "look at `rewards`"),
        (remember_with(next_frames=lambda r, g: g.states[:, -1]), "`next_frames`"),
        (remember_with(first_frames=lambda r, g: g.states[:, 0]), "`first_frames`"),
        (lambda replay, games, result: replay.add(result), "raises TypeError"),
    ],
)
def test_a_remember_with_a_bug_gets_a_hint(capsys, function, hint):
    answer = said(capsys, check_06_silent_bug, function)
    assert answer.startswith("Not yet") and hint in answer
