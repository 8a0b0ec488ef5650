"""Checks for the exercises of notebook 04; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank


def check_04_how_many_fit(pairs_of_stacks, packed_frames) -> None:
    """Notebook 04: how many transitions fit into 4,000,000,000 bytes.

    Args:
        pairs_of_stacks: if one is a state and a next state of 4 x 84 x 84 bytes each.
        packed_frames: if one is a packed frame of 1,866 bytes.
    """
    if is_blank(pairs_of_stacks) or is_blank(packed_frames):
        print(NOT_ATTEMPTED)
        return
    first, second = as_number(pairs_of_stacks), as_number(packed_frames)
    room, stack = 4_000_000_000, 4 * 84 * 84
    mistakes = {  # what a wrong way of counting arrives at
        room // stack: "That counts the state alone. The next state is stored too.",
        room
        // (84 * 84): "That is for one frame; a state has four, and there are two.",
        room // (2 * 84 * 84): "That is two frames; each of the two states has four.",
        4 * 2**30 // (2 * stack): "You took 4 x 1024^3 bytes; 4 GB here is 4 billion.",
        room // (8 * stack): "Pixels are bytes here (uint8), not floats of 4 bytes.",
    }
    if first is None or second is None:
        print("Both answers must be numbers.")
    elif abs(first - room // (2 * stack)) > 1:
        known = [text for value, text in mistakes.items() if abs(first - value) <= 1]
        hint = known[0] if known else "Bytes there are, divided by the bytes of one."
        print(f"The first number is not right yet. {hint}")
    elif abs(second - room // 1866) > 1:
        hint = (
            "Each frame is stored only once: one new frame a transition."
            if abs(second - room // (8 * 1866)) <= 1
            or abs(second - room // (4 * 1866)) <= 1
            else "Bytes there are, divided by the bytes of one."
        )
        print(f"The first is right, the second not yet. {hint}")
    else:
        print("Both are right: thirty times as many fit, even in a busy game.")


def check_04_stack(function) -> None:
    """Notebook 04: `function(frames, first, last)` is the stack that ends in `last`."""
    # Pictures of 1, 2, 3, ...: a number names its frame. Games begin in slots 0, 6, 9.
    frames = np.arange(1, 13, dtype=np.uint8)[:, None, None] * np.ones((2, 3), np.uint8)
    if is_blank(function) or is_blank(function(frames.copy(), 0, 5)):
        print(NOT_ATTEMPTED)
        return
    cases = [  # first, last, the four frames by hand
        (0, 5, [3, 4, 5, 6], "in the middle of a game"),
        (0, 3, [1, 2, 3, 4], "where a game is just four frames old"),
        (6, 8, [0, 7, 8, 9], "where a game is three frames old"),
        (9, 9, [0, 0, 0, 10], "at the first frame of a game"),
        (0, 0, [0, 0, 0, 1], "at the first frame of all"),
    ]
    for first, last, expected, where in cases:
        answer = np.asarray(function(frames.copy(), first, last))
        if answer.shape != (4, 2, 3):
            print(
                f"Not yet: {where} the shape is {answer.shape}, it must be (4, 2, 3). "
                "A stack has four frames even where the game has fewer."
            )
            return
        got = answer[:, 0, 0].tolist()
        if got == expected and np.array_equal(answer[:, -1, -1], expected):
            continue
        hint = "Which four slots should it take?"
        if got == expected[::-1]:
            hint = "Those are the right frames, newest first; the oldest comes first."
        elif 0 in expected and 0 not in got:
            hint = "Frames from before the game must be zeros."
        elif got == [*expected[1:], frames[(last + 1) % 12, 0, 0]]:
            hint = "It goes one frame too far: `last` is the newest one."
        elif got[1:] == expected[:-1] or (0 not in expected and last + 1 not in got):
            hint = "Frame `last` itself is missing: the end of a slice is left out."
        elif sorted(got) == sorted(expected):
            hint = "The zeros stand first: they are the oldest."
        print(f"Not yet: {where} it gives the frames {got}. {hint}")
        return
    print("Right in every place we tried, and nothing crosses the start of a game.")


def check_04_silent_bug(function) -> None:
    """Notebook 04: `function(head, num_slots)`: the slots of a full ring to draw from.

    Args:
        function: of the slot that is written next and the size of the ring; it gives
            the slots whose stack and next frame are all there, in any order. The ring
            holds the frames of one long game.
    """
    for head, num_slots in [(3, 10), (0, 10), (9, 10), (6, 12), (2, 6)]:
        if is_blank(function) or is_blank(answer := function(head, num_slots)):
            print(NOT_ATTEMPTED)
            return
        slots = list(answer) if isinstance(answer, set) else np.ravel(answer).tolist()
        if hint := _wrong_slots(slots, head, num_slots):
            print(f"Not yet: with head {head} in a ring of {num_slots}, {hint}")
            return
    print("Right: every slot that may be drawn, and none that may not.")


def _wrong_slots(slots: list, head: int, num_slots: int) -> str | None:
    """What is wrong with these slots, in words; None if nothing is."""
    offsets = [(slot - head) % num_slots for slot in slots]  # 0: the oldest frame
    missing = sorted(set(range(3, num_slots - 1)) - set(offsets))
    if any(slot not in range(num_slots) for slot in slots):
        return "you give a slot that is not there: after the last slot comes slot 0."
    if len(set(slots)) < len(slots):
        return "you give a slot twice."
    if sorted(offsets) == list(range(1, num_slots)):
        return "the bug is still there: only the head itself is left out."
    if num_slots - 1 in offsets:
        newest = (head - 1) % num_slots
        return f"slot {newest} has the newest frame: its next one has not come yet."
    if crossing := [offset for offset in offsets if offset < 3]:
        slot = (head + crossing[0]) % num_slots
        return f"the stack that ends in slot {slot} goes back across the write head."
    if missing:
        slot = (head + missing[0]) % num_slots
        return f"slot {slot} is left out, and all its five frames are there."
    return None
