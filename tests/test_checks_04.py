"""Notebook 04's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_04 import (
    check_04_how_many_fit,
    check_04_silent_bug,
    check_04_stack,
)


def stub(*arguments): ...


@pytest.mark.parametrize(
    ("check", "answers"),
    [
        (check_04_how_many_fit, (None, None)),
        (check_04_how_many_fit, (70_861, ...)),
        (check_04_stack, (None,)),
        (check_04_stack, (stub,)),
        (check_04_silent_bug, (...,)),
        (check_04_silent_bug, (stub,)),
    ],
)
def test_a_stub_is_not_attempted(check, answers, capsys):
    assert check(*answers) is None
    assert capsys.readouterr().out == NOT_ATTEMPTED + "\n"


@pytest.mark.parametrize(
    # 4,000,000,000 / 56,448 = 70,861.7 and 4,000,000,000 / 1,866 = 2,143,622.7
    "answers",
    [(70_861, 2_143_622), (70_861.7, 2_143_623), (np.int64(70_862), "2143622")],
)
def test_the_right_numbers_are_accepted_rounded_either_way(answers, capsys):
    check_04_how_many_fit(*answers)
    assert capsys.readouterr().out.startswith("Both are right")


@pytest.mark.parametrize(
    ("first", "second", "hint"),
    [
        (141_723, 2_143_622, "The next state is stored too"),  # one stack, 28,224
        (566_893, 2_143_622, "a state has four"),  # one frame, 7,056
        (283_446, 2_143_622, "each of the two states has four"),  # two frames
        (76_087, 2_143_622, "4 GB here is 4 billion"),  # 4 x 1024^3 bytes
        (17_715, 2_143_622, "not floats"),  # four times 56,448
        (1, 2_143_622, "The first number is not right yet"),
        (70_861, 267_952, "one new frame a transition"),  # 8 x 1,866
        (70_861, 1, "The first is right, the second not yet"),
        ("many", 1, "must be numbers"),
    ],
)
def test_wrong_numbers_get_the_hint_for_their_mistake(first, second, hint, capsys):
    check_04_how_many_fit(first, second)
    said = capsys.readouterr().out
    assert hint in said
    assert "70,861" not in said and "70861" not in said


def right_stack(frames, first, last):
    stack = np.zeros((4, *frames.shape[1:]), frames.dtype)
    for back in range(min(4, last - first + 1)):
        stack[3 - back] = frames[last - back]
    return stack


def test_a_right_stack_is_accepted(capsys):
    check_04_stack(right_stack)
    assert capsys.readouterr().out.startswith("Right")


def padded(frames, first, last, zeros_last=False):
    found = list(frames[max(first, last - 3) : last + 1])
    zeros = [np.zeros_like(frames[0])] * (4 - len(found))
    return found + zeros if zeros_last else zeros + found


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda f, first, last: f[last - 3 : last + 1], "must be zeros"),
        (lambda f, first, last: right_stack(f, first, last)[::-1], "newest first"),
        (lambda f, first, last: f[[max(first, last - k) for k in (3, 2, 1, 0)]], "zer"),
        (lambda f, first, last: f[max(first, last - 3) : last + 1], "shape"),
        (lambda f, first, last: right_stack(f, first, last + 1), "one frame too far"),
        (lambda f, first, last: right_stack(f, first, last - 1), "itself is missing"),
        (lambda f, first, last: padded(f, first, last, True), "zeros stand first"),
        (lambda f, first, last: f[0], "shape"),
    ],
)
def test_a_wrong_stack_gets_the_hint_for_its_mistake(wrong, hint, capsys):
    check_04_stack(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


def mended(memory, stack, frame):
    stack[:-1] = stack[1:]
    stack[-1] = frame
    memory.append(stack.copy())


def broken(memory, stack, frame):
    stack[:-1] = stack[1:]
    stack[-1] = frame
    memory.append(stack)


def sliced(memory, stack, frame):
    broken([], stack, frame)
    memory.append(stack[:])


def copied_too_early(memory, stack, frame):
    memory.append(stack.copy())
    broken([], stack, frame)


def own_stack(memory, stack, frame):
    memory.append(np.concatenate([stack[1:], np.full((1, 1, 1), frame, np.uint8)]))


def forgetful(memory, stack, frame):
    broken([], stack, frame)


def unmoved(memory, stack, frame):
    stack[-1] = frame
    memory.append(stack.copy())


def newest_first(memory, stack, frame):
    broken([], stack, frame)
    memory.append(stack[::-1].copy())


def test_the_mended_memory_is_accepted(capsys):
    check_04_silent_bug(mended)
    assert capsys.readouterr().out.startswith("Mended")


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (broken, "still the caller's array"),
        (sliced, "a slice of it is too"),
        (copied_too_early, "before the new frame is in it"),
        (own_stack, "Change it in place"),
        (unmoved, "was not moved up"),
        (forgetful, "the memory holds 0 stacks"),
        (newest_first, "the first three stacks are [[1, 0, 0, 0], [2, 1, 0, 0]"),
    ],
)
def test_a_wrong_memory_gets_the_hint_for_its_mistake(wrong, hint, capsys):
    check_04_silent_bug(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said
