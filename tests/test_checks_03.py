"""Notebook 03's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_03 import (
    check_03_best_action_share,
    check_03_conv_cost,
    check_03_silent_bug,
)


def cost(side, channels, filters, kernel, stride):
    return (side - kernel) // stride + 1, (kernel**2 * channels + 1) * filters


@pytest.mark.parametrize(
    "check, answer",
    [
        (check_03_conv_cost, None),
        (check_03_conv_cost, lambda *sizes: ...),
        (check_03_conv_cost, lambda *sizes: None),
        (check_03_best_action_share, None),
        (check_03_best_action_share, ...),
        (check_03_silent_bug, None),
        (check_03_silent_bug, lambda state: ...),
        (check_03_silent_bug, lambda state: None),
    ],
)
def test_a_stub_is_not_attempted(check, answer, capsys):
    assert check(answer) is None
    assert capsys.readouterr().out == NOT_ATTEMPTED + "\n"


@pytest.mark.parametrize("kind", [tuple, list])
def test_a_right_cost_is_accepted(kind, capsys):
    check_03_conv_cost(lambda *sizes: kind(cost(*sizes)))
    assert capsys.readouterr().out.startswith("Right")


@pytest.mark.parametrize(
    "wrong, hint",
    [
        (lambda n, c, f, k, s: cost(n, c, f, k, s)[0], "two numbers"),
        (lambda n, c, f, k, s: ((n - k) // s, 0), "is 19: one place is missing"),
        (lambda n, c, f, k, s: (-(-n // s), 0), "is 21: that is SAME"),
        (
            # right for the papers' layers, which leave no remainder
            lambda n, c, f, k, s: ((n - k) / s + 1, (k * k * c + 1) * f),
            "does not fit does not count",
        ),
        (lambda n, c, f, k, s: (n, 0), "is 84: where does the filter start"),
        (lambda n, c, f, k, s: (20, k * k * c * f), "are 4096: each filter has a bias"),
        (lambda n, c, f, k, s: (20, k * k * f + f), "are 1040: a filter is as deep"),
        (lambda n, c, f, k, s: (20, k * k * c * f + 1), "are 4097: not one bias in"),
        (lambda n, c, f, k, s: (20, 7), "are 7: what has one filter"),
    ],
)
def test_a_wrong_cost_gets_a_hint(wrong, hint, capsys):
    check_03_conv_cost(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


@pytest.mark.parametrize("right", [0.811, 0.8111, "0.811", 1 - 0.2 + 0.2 / 18])
def test_the_right_share_is_accepted(right, capsys):
    # 1 - 0.2 + 0.2 / 18 = 0.81111...
    check_03_best_action_share(right)
    assert capsys.readouterr().out.startswith("Right")


@pytest.mark.parametrize(
    "wrong, hint",
    [
        (0.8, "chance picks the best"),
        (0.011, "not the best"),
        (0.85, "for four actions"),
        (81.1, "between 0 and 1"),
        (0.5, "two ways"),
        ("often", "got 'often'"),
    ],
)
def test_a_wrong_share_gets_a_hint(wrong, hint, capsys):
    check_03_best_action_share(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


@pytest.mark.parametrize(
    "right",
    [
        lambda state: np.moveaxis(state, 0, -1),
        lambda state: state.transpose(1, 2, 0),
        lambda state: np.dstack(list(state)),
    ],
)
def test_every_way_to_move_the_axis_is_accepted(right, capsys):
    check_03_silent_bug(right)
    assert capsys.readouterr().out.startswith("Mended")


@pytest.mark.parametrize(
    "wrong, hint",
    [
        (lambda state: state, "it is (4, 84, 84)"),
        (lambda state: state.transpose(1, 2, 0) / 255, "have become float64"),
        (lambda state: state.reshape(84, 84, 4), "`reshape` never moves an axis"),
        (lambda state: state.T, "rows and columns are swapped"),
        (lambda state: state[::-1].transpose(1, 2, 0), "the last channel"),
        (lambda state: 255 - state.transpose(1, 2, 0), "draw answer[:, :, 3]"),
    ],
)
def test_a_bug_that_is_left_gets_a_hint(wrong, hint, capsys):
    check_03_silent_bug(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said
