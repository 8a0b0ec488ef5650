"""What students hand in to the checks of notebook 04, right and wrong."""

import functools

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_04 import checks as checks

FIT, PACKED = 70_861, 2_122_015  # 4,000,000,000 / 56,448 and / 1,885, rounded down

HOW_MANY_FIT = Tried(
    checks.check_04_how_many_fit,
    right=[(FIT, PACKED), (70_861.0, "2122015"), (np.int64(FIT), np.int32(PACKED))],
    wrong=[
        ((141_723, PACKED), "The next state is stored too"),  # one stack, 28,224
        ((566_893, PACKED), "a state has four"),  # one frame, 7,056
        ((283_446, PACKED), "each of the two states has four"),  # two frames
        ((113_378, PACKED), "That is for five frames"),
        ((76_087, PACKED), "number 1. You took 4 x 1024^3"),
        ((17_715, PACKED), "not floats"),  # four times 56,448
        ((56_448, PACKED), "the bytes of one"),
        ((70_861.678, PACKED), "number 1. Close"),  # 4,000,000,000 / 56,448
        ((70_862, PACKED), "number 1. Close"),
        ((FIT, 4_000_000_000 / 1_885), "number 2. Close"),
        ((FIT, 2_122_016), "number 2. Close"),
        ((1, PACKED), "number 1. It is the bytes available"),
        ((FIT, 265_251), "one new frame a transition"),  # 8 x 1,885
        ((FIT, 530_503), "one new frame a transition"),  # 4 x 1,885
        ((FIT, 1_061_007), "one new frame, not two"),  # 2 x 1,885
        ((FIT, 566_893), "not packed"),
        ((FIT, 2_278_497), "number 2. You took 4 x 1024^3"),
        ((FIT, 1), "The first is right"),
        (("many", 1), "Expected a number"),
    ],
    secrets=("70861", "70,861", "70862", "2122015", "2,122,015"),
)


def right_stack(frames, first, last):
    stack = np.zeros((4, *frames.shape[1:]), frames.dtype)
    for back in range(min(4, last - first + 1)):
        stack[3 - back] = frames[last - back]
    return stack


def padded(frames, first, last, zeros_last=False):
    found = list(frames[max(first, last - 3) : last + 1].copy())
    zeros = [np.zeros_like(frames[0])] * (4 - len(found))
    return found + zeros if zeros_last else zeros + found


def wipes_the_other_games(frames, first, last):
    stack = right_stack(frames, first, last)
    frames[:first] = 0
    return stack


def without_dtype(frames, first, last):
    stack = np.zeros((4, *frames.shape[1:]))
    stack[:] = right_stack(frames, first, last)
    return stack


def with_bytes(frames, first, last):
    return right_stack(frames, first, last).astype(np.uint8)


def with_floats(frames, first, last):
    return right_stack(frames, first, last).astype(np.float32)


def a_view_where_it_can(frames, first, last):
    if last - first >= 3:
        return frames[last - 3 : last + 1]
    return right_stack(frames, first, last)


def a_turned_view(frames, first, last):
    if last - first >= 3:
        return frames[::-1][-last - 1 : len(frames) - last + 3][::-1]
    return right_stack(frames, first, last)


def views_in_a_list(frames, first, last):
    zeros = np.zeros_like(frames[0])
    return [frames[k] if k >= first else zeros for k in range(last - 3, last + 1)]


stacks = {}


def into_a_global_array(frames, first, last):
    answer = right_stack(frames, first, last)
    stack = stacks.setdefault((answer.shape, answer.dtype), answer)
    stack[:] = answer
    return stack


def marks_what_is_used(frames, first, last):
    stack = right_stack(frames, first, last)
    frames[last] = 0
    return stack


def for_a_size(frames, first, last):
    stack = np.zeros((4, 2, 3), frames.dtype)
    stack.flat = right_stack(frames, first, last).flat
    return stack


STACK = Tried(
    checks.check_04_stack,
    right=[(right_stack,), (padded,)],
    wrong=[
        ((lambda f, first, last: f[np.arange(last - 3, last + 1)],), "must be zeros"),
        ((lambda f, first, last: right_stack(f, first, last)[::-1],), "newest first"),
        (
            (lambda f, first, last: f[[max(first, last - k) for k in (3, 2, 1, 0)]],),
            "more than once",
        ),
        (
            (lambda f, first, last: f[max(first, last - 3) : last + 1].copy(),),
            "should be (4, 2, 3), not (3, 2, 3).",
        ),
        (
            (lambda f, first, last: right_stack(f, first, last + 1),),
            "one frame too far",
        ),
        (
            (lambda f, first, last: right_stack(f, first, last - 1),),
            "itself is missing",
        ),
        ((lambda f, first, last: padded(f, first, last, True),), "zeros come first"),
        ((lambda f, first, last: right_stack(f, first + 1, last),), "slot `first`"),
        ((lambda f, first, last: f[0].copy(),), "should be (4, 2, 3), not (2, 3)"),
        ((lambda f, first, last: f[:4].copy(),), "In place [0, 0, 0] 3 was expected"),
        ((with_bytes,), "The dtype should be float32, not uint8"),
        ((with_floats,), "The dtype should be uint8, not float32"),
        ((a_view_where_it_can,), "gives a part of `frames` itself"),
        ((a_turned_view,), "gives a part of `frames` itself"),
        ((views_in_a_list,), "gives a part of `frames` itself"),
        ((into_a_global_array,), "gives what an earlier call gave"),
        ((marks_what_is_used,), "changes `frames`"),
        ((for_a_size,), "should be (4, 3, 2), not (4, 2, 3)"),
        ((lambda f, first, last: right_stack(f, 0, last),), "0 was expected, and 6"),
        ((without_dtype,), "should be uint8, not float64"),
        ((wipes_the_other_games,), "changes `frames`"),
    ],
    wants_bytes=True,
)


def slots_to_draw(head, num_slots):
    """By trying: the five frames of a transition must have come one after another."""
    came = {(head + k) % num_slots: k for k in range(num_slots)}  # oldest: 0
    found = []
    for slot in range(num_slots):
        window = [came[(slot + k) % num_slots] for k in range(-3, 2)]
        if window == list(range(window[0], window[0] + 5)):
            found.append(slot)
    return found


the_slots = []


def into_a_global_list(head, num_slots):
    the_slots[:] = slots_to_draw(head, num_slots)
    return the_slots


def adds_to_a_list(head, num_slots, found=[]):  # noqa: B006
    found += slots_to_draw(head, num_slots)
    return found


def breaks_off(head, num_slots):
    yield from slots_to_draw(head, num_slots)
    yield 1 / 0


SILENT_BUG = Tried(
    checks.check_04_silent_bug,
    right=[
        (slots_to_draw,),
        (lambda head, n: (head + np.arange(3, n - 1)) % n,),
        (lambda head, n: set(slots_to_draw(head, n)),),
        (lambda head, n: (slot for slot in slots_to_draw(head, n)),),
        (lambda head, n: [s for s in range(n) if 3 <= (s - head) % n < n - 1],),
    ],
    wrong=[
        ((lambda head, n: [s for s in range(n) if s != head],), "bug is still there"),
        ((lambda head, n: range(n),), "Slot 2 has the newest frame"),
        (
            (lambda head, n: [(head + k) % n for k in range(3, n)],),
            "Slot 2 has the new",
        ),
        (
            (lambda head, n: [(head + k) % n for k in range(n - 1)],),
            "in slot 3 goes back",
        ),
        (
            (lambda head, n: [(head + k) % n for k in range(2, n - 1)],),
            "slot 5 goes back",
        ),
        (
            (lambda head, n: [(head + k) % n for k in range(4, n - 1)],),
            "Slot 6 is left",
        ),
        (
            (lambda head, n: list(range(head + 3, head + n - 1)),),
            "no slot 10: slot 9",
        ),
        (
            (lambda head, n: [k - 1 for k in range(n)],),
            "no slot -1: slot 9 is",
        ),
        ((lambda head, n: 2 * slots_to_draw(head, n),), "twice"),
        ((lambda head, n: [],), "Slot 6 is left out"),
        (
            (lambda head, n: np.isin(range(n), slots_to_draw(head, n)),),
            "True and False",
        ),
        ((lambda head, n: len(slots_to_draw(head, n)),), "Expected a list of numbers"),
        ((lambda head, n: [s for s in slots_to_draw(head, n) if s],), "Slot 0 is left"),
        ((lambda head, n: [s for s in slots_to_draw(head, 10) if s < n],), "Slot "),
        ((functools.cache(slots_to_draw),), "gives what an earlier call gave"),
        ((into_a_global_list,), "gives what an earlier call gave"),
        ((adds_to_a_list,), "gives what an earlier call gave"),
        ((breaks_off,), "raises ZeroDivisionError"),
        # Right for head 3 and wrong at the ring's end, where slot 0 comes after slot 9.
        (
            (lambda head, n: [s for s in range(n) if not -1 <= s - head < 3],),
            "(0, 10).",
        ),
    ],
)

TRIED = [HOW_MANY_FIT, STACK, SILENT_BUG]
