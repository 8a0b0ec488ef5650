"""Checks for the exercises of notebook 04; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import (
    NotYet,
    check,
    expect,
    in_its_dtype,
    number,
    row,
)
from dqn_tutorial.lessons.student import Student


@check
def check_04_how_many_fit(pairs_of_stacks, packed_frames):
    """Notebook 04: how many transitions fit into 4,000,000,000 bytes.

    Args:
        pairs_of_stacks: if one is a state and a next state of 4 x 84 x 84 bytes each.
        packed_frames: if one is a packed frame of 1,885 bytes.
    """
    room, frame, packed = 4_000_000_000, 84 * 84, 1_885
    first = number(pairs_of_stacks, "number 1")
    second = number(packed_frames, "number 2")
    near = {"atol": 1.0}  # rounded up or down
    whole = "Close. Count only those that fit as a whole: round down."
    otherwise = "It is the bytes available, divided by the bytes of one."
    mistakes = [
        (room / (4 * frame), "That counts the state alone. The next state is stored "
         "too."),
        (room / frame, "That is for one frame; a state has four, and there are two."),
        (room / (2 * frame), "That is two frames; each of the two states has four."),
        (room / (5 * frame), "That is for five frames: it would be right if those in "
         "both stacks were stored once."),
        (4 * 2**30 / (8 * frame), "You took 4 x 1024^3 bytes; 4 GB here is 4 billion."),
        (room / (32 * frame), "Pixels are bytes here (uint8), not floats of 4 bytes."),
        (8 * frame, "Those are the bytes of one."),
    ]  # fmt: skip
    expect(first, room / (8 * frame), mistakes, otherwise, "number 1", **near)
    if first != room // (8 * frame):
        raise NotYet(f"number 1. {whole}")
    mistakes = [
        (room / (8 * packed), "Each frame is stored once: one new frame a transition."),
        (room / (4 * packed), "Each frame is stored once: one new frame a transition."),
        (room / (2 * packed), "The next state brings one new frame, not two."),
        (room / frame, "That is for frames that are not packed."),
        (4 * 2**30 / packed, "You took 4 x 1024^3 bytes; 4 GB here is 4 billion."),
    ]
    otherwise = f"The first is right. {otherwise}"
    expect(second, room / packed, mistakes, otherwise, "number 2", **near)
    if second != room // packed:
        raise NotYet(f"number 2. {whole}")
    return "Both are right: thirty times as many fit, even in a busy game."


def _stack(frames, first: int, last: int) -> np.ndarray:
    found = frames[max(first, last - 3) : last + 1]
    return np.concatenate([np.zeros_like(frames[: 4 - len(found)]), found])


def _slots(last: int) -> np.ndarray:
    return np.arange(last - 3, last + 1)


WRONG_STACKS = [
    (lambda frames, first, last: _stack(frames, first, last)[::-1], "Those are the "
     "right frames, newest first; the oldest comes first."),
    (lambda frames, first, last: frames[_slots(last)], "Frames from before the game "
     "must be zeros."),
    (lambda frames, first, last: frames[np.maximum(_slots(last), first)], "The first "
     "frame is there more than once: zeros stand for what is missing."),
    (lambda frames, first, last: _stack(frames, first, last + 1), "It goes one frame "
     "too far: `last` is the newest one."),
    (lambda frames, first, last: _stack(frames, first, last - 1), "Frame `last` itself "
     "is missing: the end of a slice is left out."),
    (lambda frames, first, last: np.roll(
        _stack(frames, first, last), min(last - first, 3) - 3, axis=0
     ), "The zeros come first: they are the oldest."),
    (lambda frames, first, last: _stack(frames, first + 1, last), "The game's first "
     "frame is missing: it is in slot `first`."),
]  # fmt: skip


@check
def check_04_stack(function):
    """Notebook 04: `function(frames, first, last)` is the stack that ends in `last`."""
    rng = np.random.default_rng(0)
    # Pictures of 1, 2, 3, ...: a number names its frame. Games begin in slots 0, 6, 9.
    numbered = np.arange(1, 13, dtype=np.uint8)[:, None, None] * np.ones((2, 3), "u1")
    cases = [  # frames, first, last; the four frames by hand
        ((numbered, 0, 5), numbered[2:6]),  # in the middle of a game
        ((numbered, 0, 3), numbered[:4]),
        ((numbered, 6, 8), np.array([0 * numbered[0], *numbered[6:9]])),  # three old
        ((numbered, 9, 9), np.array([*(0 * numbered[:3]), numbered[9]])),
        ((numbered, 0, 0), np.array([*(0 * numbered[:3]), numbered[0]])),
    ]
    for first, age in rng.integers(0, [9, 7], (10, 2)).tolist():
        dtype = rng.choice([np.uint8, np.uint16, np.float32])
        frames = rng.integers(1, 256, (16, 3, 2)).astype(dtype)
        arguments = (frames, first, first + age)
        cases.append((arguments, _stack(*arguments)))
    Student(function).expect(cases, WRONG_STACKS, read=in_its_dtype)
    return "Right in every place we tried, and nothing crosses the start of a game."


@check
def check_04_silent_bug(function):
    """Notebook 04: `function(head, num_slots)`: the slots of a full ring to draw from.

    Args:
        function: takes the slot that is written next and the size of the ring; gives
            the slots whose stack and next frame are all there, in any order. The ring
            holds the frames of one long game.
    """
    theirs, rng = Student(function), np.random.default_rng(0)
    cases = [(3, 10), (0, 10), (9, 10), (6, 12), (2, 6)]
    for num_slots in rng.integers(6, 40, 10).tolist():
        cases.append((int(rng.integers(num_slots)), num_slots))
    for head, num_slots in cases:
        slots = row(theirs(head, num_slots), theirs.call)
        if hint := _wrong_slots(slots, head, num_slots):
            raise NotYet(f"{theirs.call}. {hint}")
    return "Right: every slot that may be drawn, and none that may not."


def _wrong_slots(slots: list[float], head: int, num_slots: int) -> str | None:
    """What is wrong with these slots, in words; None if nothing is."""
    offsets = [(slot - head) % num_slots for slot in slots]  # 0: the oldest frame
    missing = sorted(set(range(3, num_slots - 1)) - set(offsets))
    strange = [slot for slot in slots if slot not in range(num_slots)]
    if strange:
        return (
            f"There is no slot {strange[0]:g}: slot {num_slots - 1} is the last, and "
            "after the last slot comes slot 0."
        )
    if len(set(slots)) < len(slots):
        return "You give a slot twice."
    if sorted(offsets) == list(range(1, num_slots)):
        return "The bug is still there: only the head itself is left out."
    if num_slots - 1 in offsets:
        newest = (head - 1) % num_slots
        return f"Slot {newest} has the newest frame: the next one is still to come."
    if crossing := [offset for offset in offsets if offset < 3]:
        slot = (head + crossing[0]) % num_slots
        return f"The stack that ends in slot {slot:g} goes back across the write head."
    if missing:
        slot = (head + missing[0]) % num_slots
        return f"Slot {slot} is left out, although all its five frames are there."
    return None
