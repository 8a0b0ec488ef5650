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


def slots_to_draw(head, num_slots):
    """By trying: the five frames of a transition must have come one after another."""
    came = {(head + k) % num_slots: k for k in range(num_slots)}  # oldest: 0
    found = []
    for slot in range(num_slots):
        window = [came[(slot + k) % num_slots] for k in range(-3, 2)]
        if window == list(range(window[0], window[0] + 5)):
            found.append(slot)
    return found


def test_the_slots_to_draw_are_known_by_hand():
    # Head 3 of 10: 3 holds the oldest frame, 2 the newest; 6 needs 3..6 and then 7.
    assert slots_to_draw(3, 10) == [0, 1, 6, 7, 8, 9]
    assert slots_to_draw(2, 6) == [0, 5]


@pytest.mark.parametrize("kind", [list, tuple, set, np.array, reversed])
def test_the_right_slots_are_accepted_in_any_order_and_form(kind, capsys):
    def right(head, num_slots):
        slots = kind(slots_to_draw(head, num_slots))
        return list(slots) if kind is reversed else slots

    check_04_silent_bug(right)
    assert capsys.readouterr().out.startswith("Right")


def test_the_right_slots_are_accepted_counted_from_the_head(capsys):
    check_04_silent_bug(lambda head, n: (head + np.arange(3, n - 1)) % n)
    assert capsys.readouterr().out.startswith("Right")


def without(*offsets):
    """All slots but those, counted from the head."""
    return lambda head, n: [s for s in range(n) if (s - head) % n not in offsets]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda head, n: [s for s in range(n) if s != head], "bug is still there"),
        (lambda head, n: range(n), "slot 2 has the newest frame"),
        (lambda head, n: [(head + k) % n for k in range(3, n)], "slot 2 has the new"),
        (lambda head, n: [(head + k) % n for k in range(n - 1)], "ends in slot 3 goes"),
        (lambda head, n: [(head + k) % n for k in range(2, n - 1)], "slot 5 goes back"),
        (lambda head, n: [(head + k) % n for k in range(4, n - 1)], "slot 6 is left"),
        (lambda head, n: list(range(head + 3, head + n - 1)), "after the last slot"),
        (lambda head, n: [k - 1 for k in range(n)], "after the last slot"),
        (lambda head, n: 2 * slots_to_draw(head, n), "twice"),
        (lambda head, n: [], "slot 6 is left out"),
        # Right for head 3 and wrong at the ring's end, where slot 0 comes after slot 9.
        (
            lambda head, n: [s for s in range(n) if not -1 <= s - head < 3],
            "with head 0",
        ),
    ],
)
def test_wrong_slots_get_the_hint_for_their_mistake(wrong, hint, capsys):
    check_04_silent_bug(wrong)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


@pytest.mark.parametrize("given", [(), (0,), (0, 1), (0, 1, 2), (9,), (0, 1, 2, 9, 5)])
def test_only_the_four_slots_around_the_write_head_are_left_out(given, capsys):
    check_04_silent_bug(without(*given))
    assert capsys.readouterr().out.startswith("Not yet")
