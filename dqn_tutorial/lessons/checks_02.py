"""Checks for the exercises of notebook 02; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank, near
from dqn_tutorial.preprocessing import (
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)


def check_02_state_in_numbers(bytes_of_a_state, actions_a_second) -> None:
    """Notebook 02: the bytes of a (4, 84, 84) uint8 state; actions at 60 frames a s."""
    if is_blank(bytes_of_a_state) or is_blank(actions_a_second):
        print(NOT_ATTEMPTED)
        return
    size, actions = as_number(bytes_of_a_state), as_number(actions_a_second)
    sizes = {
        7_056: "That is one frame. A state holds four.",
        112_896: "That counts four bytes a pixel, as for float32; a uint8 takes one.",
        100_800: "That is one screen in colour, before preprocessing.",
        403_200: "That is four screens in colour, before preprocessing.",
    }
    rates = {
        60: "That many frames are drawn; an action lasts for four of them.",
        240: "An action lasts for four frames, so there are fewer actions than frames.",
        4: "That is how many frames one action lasts.",
    }
    if size is None or actions is None:
        print("Both answers must be numbers, like 100.")
    elif not near(size, 28_224):
        hint = sizes.get(size, "Multiply the three sides; how many bytes is a uint8?")
        print(f"The bytes are not right yet. {hint}")
    elif not near(actions, 15):
        hint = rates.get(actions, "How many frames pass in one action?")
        print(f"The bytes are right, the actions not yet. {hint}")
    else:
        print("Both are right. Keep the first number in mind for notebook 4.")


def _frame_mistakes(screens) -> list[tuple[np.ndarray, str]]:
    """Frames that a wrong order or choice of steps arrives at, each with its hint."""
    grey = [greyscale(screen) for screen in screens]
    small = [resize(frame) for frame in grey]
    return [
        (small[-1], "You use the last screen alone, so what flickers can be missing."),
        (resize(np.maximum.reduce(grey)), "The maximum goes over two screens only."),
        (resize(grey[2] // 2 + grey[3] // 2), "A mean makes what flickers dim."),
        (resize(np.maximum(grey[0], grey[1])), "Take the last two screens."),
        (np.maximum(small[2], small[3]), "The maximum comes before the resize."),
    ]


def check_02_step(function) -> None:
    """Notebook 02: four screens and rewards of a step become a frame and a reward."""
    screens = list(np.random.default_rng(0).integers(0, 256, (4, 210, 160, 3), "u1"))
    answer = None if is_blank(function) else function(screens, [0.0, 0.0, 0.0, 0.0])
    if is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    if not isinstance(answer, tuple) or len(answer) != 2:
        print("Not yet: return two things, the frame and the reward.")
        return
    right = resize(max_over_two_frames(greyscale(screens[2]), greyscale(screens[3])))
    frame = np.asarray(answer[0])
    if frame.shape != right.shape:
        print(f"Not yet: the frame must have shape (84, 84), yours has {frame.shape}.")
        return
    if not np.array_equal(frame, right):
        known = [
            hint for wrong, hint in _frame_mistakes(screens) if (frame == wrong).all()
        ]
        hint = known[0] if known else "Greyscale, maximum, resize: in this order."
        print(f"Not yet: the frame differs from ours. {hint}")
        return
    # rewards of four frames, and the clipped reward of the step, by hand
    for rewards, expected in [
        ([0.0, 7.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 1.0, 0.0], 1.0),
        ([4.0, -1.0, 0.0, 0.0], 1.0),
        ([0.0, -200.0, 0.0, 0.0], -1.0),
    ]:
        reward = as_number(function(screens, rewards)[1])
        if reward is None or not near(reward, expected):
            print(
                f"The frame is right, the reward not yet: rewards {rewards} must not "
                f"give {reward}. First all four rewards of the step, then the clip."
            )
            return
    print("Right: that is one step of the emulator, as the learner sees it.")


def check_02_silent_bug(function) -> None:
    """Notebook 02: `function(screens)` is the state that a list of screens ends in."""
    screens = list(np.random.default_rng(0).integers(0, 256, (6, 210, 160, 3), "u1"))
    answer = None if is_blank(function) else function(screens[:4])
    if is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    for shown in (screens[:4], screens, screens[:2]):
        right = stack_frames([resize(greyscale(screen)) for screen in shown])
        state = np.asarray(function(shown))
        if np.array_equal(state, right):
            continue
        if state.shape != right.shape:
            hint = f"The state must have shape (4, 84, 84), yours has {state.shape}."
        elif (state == state[-1]).all():
            hint = "All four frames are still the same picture. What is in the list?"
        elif np.array_equal(state[::-1], right):
            hint = "The newest frame must come last."
        else:
            hint = (
                "Every screen needs a frame of its own; let stack_frames do the rest."
            )
        print(f"Not yet, with {len(shown)} screens. {hint}")
        return
    print("Mended: four screens, four different frames, oldest first.")
