"""Checks for the exercises of notebook 02; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NotYet, array, check, expect, number, several
from dqn_tutorial.lessons.student import Student
from dqn_tutorial.preprocessing import (
    clip_reward,
    greyscale,
    resize,
    stack_frames,
)


@check
def check_02_state_in_numbers(bytes_of_a_state, actions_a_second):
    """Notebook 02: the bytes of a (4, 84, 84) uint8 state; actions at 60 frames a s."""
    size = number(bytes_of_a_state, "bytes of a state")
    actions = number(actions_a_second, "actions a second")
    mistakes = [
        (7_056, "That is one frame. A state holds four."),
        (112_896, "That counts four bytes a pixel, as for float32; a uint8 takes one."),
        (225_792, "Those are bits: a byte has eight."),
        (84_672, "That counts three colours; a state is grey, and has four frames."),
        (100_800, "That is one screen in colour, before preprocessing."),
        (403_200, "That is four screens in colour, before preprocessing."),
        (172, "You have added the sides; multiply them."),
    ]
    otherwise = "Multiply the three sides; how many bytes is a uint8?"
    expect(size, 28_224, mistakes, otherwise, "bytes of a state")
    mistakes = [
        (60, "That many frames are drawn; an action lasts for four of them."),
        (240, "An action lasts for four frames: fewer actions than frames."),
        (30, "An action lasts for four frames, not for the two that are compared."),
        (3.75, "One four too many: 60 is a number of frames, not of states."),
        (4, "That is how many frames one action lasts."),
    ]
    otherwise = "The bytes are right. How many frames pass in one action?"
    expect(actions, 15, mistakes, otherwise, "actions a second")
    return "Both are right. Keep the first number in mind for notebook 4."


@check
def check_02_step(function):
    """Notebook 02: four screens and rewards of a step become a frame and a reward."""
    theirs, rng = Student(function), np.random.default_rng(0)
    noise = list(rng.integers(0, 256, (4, 210, 160, 3), np.uint8))
    plain = [np.full((210, 160, 3), grey, np.uint8) for grey in (200, 20, 60, 40)]
    # the screens, the rewards of four frames, and the clipped reward, by hand
    for screens, rewards, right in [
        (noise, [0.0, 0.0, 0.0, 0.0], 0),
        (plain, [0.0, 0.0, 0.0, 0.0], 0),
        (noise, [0.0, 7.0, 0.0, 0.0], 1),
        (noise, [1.0, 0.0, 1.0, 0.0], 1),
        (noise, [4.0, -1.0, 0.0, 0.0], 1),
        (noise, [0.0, -200.0, 0.0, -1.0], -1),
    ]:
        answer = theirs(screens, rewards)
        answer = several(answer, ["the frame", "the reward"], theirs.call)
        _check_frame(answer[0], screens, all_60=screens is plain)
        about = f"the frame is right; the reward of {rewards}"
        reward = number(answer[1], about)
        mistakes = [
            (sum(clip_reward(np.array(rewards))), "Each reward is clipped by itself: "
             "add the four first, then clip once."),
            (sum(rewards), "It is not clipped."),
            (clip_reward(max(rewards)), "That is the largest; add them up."),
            (clip_reward(rewards[-1]), "That is the last frame's; all four count."),
            (clip_reward(np.mean(rewards)), "That is their mean; add them up."),
        ]  # fmt: skip
        otherwise = "First add the four rewards of the step, then clip the sum."
        expect(reward, right, mistakes, otherwise, f"{about} is {reward:g}")
    return "Right: that is one step of the emulator, as the learner sees it."


def _check_frame(answer, screens: list, all_60: bool) -> None:
    """By hand, the brighter of two screens of 60 and of 40 is all 60."""
    where = "the frame"
    frame = array(answer, (84, 84), where, np.uint8).astype(int)
    grey = [greyscale(screen) for screen in screens]
    small = [resize(frame) for frame in grey]
    turned = [greyscale(screen[:, :, ::-1]) for screen in screens]
    mistakes = [
        (small[3], "You use the last screen alone: what flickers can be missing."),
        (small[2], "You use the third screen alone: take the brighter of two."),
        (resize(np.maximum.reduce(grey)), "The maximum goes over two screens only."),
        (resize(grey[2] // 2 + grey[3] // 2), "A mean makes what flickers dim."),
        (resize(np.maximum(grey[0], grey[1])), "Take the last two screens."),
        (np.maximum(small[2], small[3]), "The maximum comes before the resize."),
        (resize(greyscale(np.maximum(screens[2], screens[3]))), "The greyscale comes "
         "before the maximum."),
        (resize(np.maximum(turned[2], turned[3])), "Red and blue are swapped."),
        (resize(np.minimum(grey[2], grey[3])), "You take the darker of the two."),
    ]  # fmt: skip
    right = np.full((84, 84), 60) if all_60 else resize(np.maximum(grey[2], grey[3]))
    expect(frame, right, mistakes, "Greyscale, maximum, resize: in this order.", where)


@check
def check_02_silent_bug(function):
    """Notebook 02: `function(screens)` is the state that a list of screens ends in."""
    theirs, rng = Student(function), np.random.default_rng(0)
    noise = list(rng.integers(0, 256, (6, 210, 160, 3), np.uint8))
    plain = [np.full((210, 160, 3), grey, np.uint8) for grey in (10, 20, 30, 40, 50)]
    for screens in (plain[:4], plain, plain[:2], noise[:4], noise, noise[:1]):
        where = f"with {len(screens)} screens"
        state = array(theirs(screens), (4, 84, 84), where, np.uint8).astype(int)
        frames = [resize(greyscale(screen)) for screen in screens]
        if len(screens) > 1 and (state == state[-1]).all():
            raise NotYet(
                f"{where}. All four frames are still the same picture. How many arrays "
                "are there for the list to hold?"
            )
        right = stack_frames(frames)
        mistakes = [
            (right[::-1], "The newest frame must come last."),
            (stack_frames(frames[:4]), "Those are the first four; take the last four."),
            (stack_frames([frames[0]] * (4 - len(frames)) + frames), "Where there are "
             "fewer than four, the oldest places are zeros."),
            (np.roll(right, -max(0, 4 - len(screens)), 0), "Zeros come first: "
             "they are the oldest."),
        ]  # fmt: skip
        otherwise = "Every screen needs a frame of its own; stack_frames does the rest."
        expect(state, right, mistakes, otherwise, where)
    return "Fixed: four screens, four different frames, oldest first."
