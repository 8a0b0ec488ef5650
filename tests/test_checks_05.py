"""Notebook 05's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_05 import (
    check_05_frames_between_copies,
    check_05_silent_bug,
    check_05_soft_sync,
)


def td_errors(rewards, terminated, next_q, q, actions, discount):
    errors = []
    for i, action in enumerate(actions):
        future = 0.0 if terminated[i] else discount * max(next_q[i])
        errors.append(rewards[i] + future - q[i][action])
    return np.array(errors)


def said(check, answer, capsys):
    assert check(answer) is None
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    return text


@pytest.mark.parametrize(
    "check, answer",
    [
        (check_05_frames_between_copies, None),
        (check_05_frames_between_copies, ...),
        (check_05_soft_sync, None),
        (check_05_soft_sync, lambda online, target, tau: None),
        (check_05_soft_sync, lambda online, target, tau: ...),
        (check_05_silent_bug, None),
        (check_05_silent_bug, lambda *arguments: None),
        (check_05_silent_bug, lambda *arguments: ...),
    ],
)
def test_a_stub_is_not_attempted(check, answer, capsys):
    assert said(check, answer, capsys) == NOT_ATTEMPTED + "\n"


@pytest.mark.parametrize("answer", [40_000, 40_000.0, "40000", np.int64(40_000)])
def test_the_right_number_of_frames_is_accepted(answer, capsys):
    # 1,000 updates x 10 steps each x 4 frames each
    assert said(check_05_frames_between_copies, answer, capsys).startswith("Right")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (1_000, "counts updates"),
        (10_000, "counts steps"),
        (4_000, "one update for one step"),
        (400, "more steps than updates"),
        (320_000, "over all 8 games already"),
        (5_000, "what one game plays"),
        (7, "from updates to steps"),
        ("many", "must be a number"),
    ],
)
def test_a_wrong_number_of_frames_gets_its_hint(answer, hint, capsys):
    text = said(check_05_frames_between_copies, answer, capsys)
    assert hint in text and not text.startswith("Right")
    assert "40" not in text.replace("400", "")  # the answer is not given away


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_right_soft_sync_is_accepted(kind, capsys):
    def soft_sync(online, target, tau):
        pairs = zip(online, target, strict=True)
        return kind(tau * a + (1 - tau) * b for a, b in pairs)

    assert said(check_05_soft_sync, soft_sync, capsys).startswith("Right")


def in_place(online, target, tau):
    for a, b in zip(online, target, strict=True):
        b += tau * (a - b)
    return target


@pytest.mark.parametrize(
    ("mix", "hint"),
    [
        (lambda a, b, tau: (1 - tau) * a + tau * b, "wrong way round"),
        (lambda a, b, tau: a + b, "add up to 1"),
        (lambda a, b, tau: a, "whole copy"),
        (lambda a, b, tau: b, "a share tau of online"),
        (lambda a, b, tau: 1.0, "a share tau of online"),
    ],
)
def test_a_wrong_soft_sync_gets_its_hint(mix, hint, capsys):
    def soft_sync(online, target, tau):
        return [mix(a, b, tau) for a, b in zip(online, target, strict=True)]

    text = said(check_05_soft_sync, soft_sync, capsys)
    assert hint in text and not text.startswith("Right")


def test_a_soft_sync_of_another_form_gets_its_hint(capsys):
    assert "changes the arrays" in said(check_05_soft_sync, in_place, capsys)
    first = said(check_05_soft_sync, lambda online, target, tau: online[0], capsys)
    assert "return a list with one array" in first


def test_the_right_td_errors_are_accepted(capsys):
    assert said(check_05_silent_bug, td_errors, capsys).startswith("Right")


def with_bug(what):
    """TD errors with one thing wrong."""

    def wrong(rewards, terminated, next_q, q, actions, discount):
        best = next_q.max() if what == "max of all" else next_q.max(axis=1)
        going_on = 1.0 if what == "no end" else 1.0 - terminated
        discount = 1.0 if what == "no discount" else discount
        chosen = q[np.arange(len(q)), actions]
        if what == "best action":
            chosen = q.max(axis=1)
        if what == "column":
            chosen = chosen[:, None]
        errors = rewards + discount * best * going_on - chosen
        return {"sign": -errors, "other": errors + 1}.get(what, errors)

    return wrong


@pytest.mark.parametrize(
    ("what", "hint"),
    [
        ("max of all", "The bug is still there"),
        ("sign", "sign is turned"),
        ("no end", "future after the end"),
        ("best action", "not with the one that was taken"),
        ("no discount", "discount is missing"),
        ("column", "shape (4, 4)"),
        ("other", "one transition by hand"),
    ],
)
def test_wrong_td_errors_get_their_hint(what, hint, capsys):
    text = said(check_05_silent_bug, with_bug(what), capsys)
    assert hint in text and not text.startswith("Right")
