"""Notebook 01's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.catch import Catch
from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_01 import (
    check_01_discounted_return,
    check_01_silent_bug,
    check_01_two_updates,
)
from dqn_tutorial.q_table import q_learning_update, train


def discounted_return(rewards, discount):
    total = 0.0
    for reward in reversed(rewards):
        total = reward + discount * total
    return total


def update_with(future, spill=False):
    """An update whose expectation of the future is `future(best_next, terminated)`."""

    def update(
        q, state, action, reward, next_state, terminated, learning_rate, discount
    ):
        target = reward + discount * future(q[next_state].max(), terminated)
        cell = state if spill else (state, action)
        q[cell] += learning_rate * (target - q[cell])

    return update


@pytest.mark.parametrize(
    "check, answers",
    [
        (check_01_two_updates, (None, None)),
        (check_01_two_updates, (0.375, ...)),
        (check_01_discounted_return, (None,)),
        (check_01_discounted_return, (lambda rewards, discount: None,)),
        (check_01_discounted_return, (lambda rewards, discount: ...,)),
        (check_01_silent_bug, (...,)),
        (check_01_silent_bug, (lambda q, *transition: None,)),
        (check_01_silent_bug, (lambda q, *transition: ...,)),
    ],
)
def test_a_stub_is_not_attempted(check, answers, capsys):
    assert check(*answers) is None
    assert capsys.readouterr().out == NOT_ATTEMPTED + "\n"


@pytest.mark.parametrize("right", [(0.375, 0.05), ("0.375", 0.05), (3 / 8, 1 / 20)])
def test_two_right_updates_are_accepted(right, capsys):
    # 0.4 + 0.25 x (0.5 x 0.6 - 0.4) = 0.375; 0.4 + 0.25 x (-1 - 0.4) = 0.05
    check_01_two_updates(*right)
    assert capsys.readouterr().out.startswith("Both are right")


@pytest.mark.parametrize(
    "not_over, over, hint",
    [
        (0.3, 0.05, "That is the target"),  # 0.5 x 0.6
        (-0.025, 0.05, "That is the change"),  # 0.25 x (0.3 - 0.4)
        (0.45, 0.05, "left out the discount"),  # 0.4 + 0.25 x (0.6 - 0.4)
        (0.4 + 0.25 * (0.5 * 0.4 / 3 - 0.4), 0.05, "takes the best"),  # mean 0.4 / 3
        (0.4 + 0.25 * 0.3, 0.05, "subtract the old value"),
        (7, 0.05, "Target, then TD error"),
        (0.375, 0.125, "no next state to hope for"),  # 0.4 + 0.25 x (-1 + 0.3 - 0.4)
        ("a lot", 0.05, "must be numbers"),
    ],
)
def test_a_wrong_update_is_told_what_it_did(not_over, over, hint, capsys):
    check_01_two_updates(not_over, over)
    said = capsys.readouterr().out
    assert hint in said and "0.375" not in said and "0.05" not in said


def test_a_right_discounted_return_is_accepted(capsys):
    check_01_discounted_return(discounted_return)
    assert capsys.readouterr().out.startswith("Right")


@pytest.mark.parametrize(
    "wrong, hint",
    [
        (lambda r, d: sum(r), "discounted once more"),
        (lambda r, d: d * discounted_return(r, d), "not discounted at all"),
        (lambda r, d: discounted_return(r[::-1], d), "discounted once more"),
        (lambda r, d: sum(r) * d ** (len(r) - 1), "discounted once more"),
        (lambda r, d: "a lot", "must not be None"),
    ],
)
def test_a_wrong_discounted_return_is_told_kindly(wrong, hint, capsys):
    check_01_discounted_return(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


@pytest.mark.parametrize(
    "right",
    [
        q_learning_update,
        update_with(lambda best, terminated: best * (not terminated)),
    ],
)
def test_a_mended_update_is_accepted(right, capsys):
    check_01_silent_bug(right)
    assert capsys.readouterr().out.startswith("Mended")


@pytest.mark.parametrize(
    "wrong, hint",
    [
        (update_with(lambda best, end: best * end), "does not end the game"),
        (update_with(lambda best, end: best), "a step that ends the game"),
        (update_with(lambda best, end: 0.0), "does not end the game"),
        (update_with(lambda b, end: b * (not end), spill=True), "no other cell"),
    ],
)
def test_a_broken_update_is_told_which_step_is_wrong(wrong, hint, capsys):
    check_01_silent_bug(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


def test_the_notebook_is_right_that_catch_hides_a_forgotten_terminated():
    settings = {"learning_rate": 0.5, "discount": 0.9}
    fading = {"epsilon_start": 1.0, "epsilon_end": 0.05}
    tables = [
        train(Catch(), 1000, rng=rng, **settings, **fading, update=update)[0]
        for rng, update in [
            (np.random.default_rng(0), q_learning_update),
            (np.random.default_rng(0), update_with(lambda best, end: best)),
        ]
    ]
    assert np.allclose(*tables)
