"""What students hand in to the checks of notebook 02, right and wrong."""

import cv2
import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_02 import checks as checks
from dqn_tutorial.preprocessing import (
    clip_reward,
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)

IN_NUMBERS = Tried(
    checks.check_02_state_in_numbers,
    right=[(28_224, 15), (4 * 84 * 84, 60 / 4), ("28224", np.int64(15))],
    wrong=[
        ((84 * 84, 15), "one frame. A state holds four"),
        ((4 * 84 * 84 * 4, 15), "as for float32"),
        ((4 * 84 * 84 * 8, 15), "Those are bits"),
        ((3 * 4 * 84 * 84, 15), "three colours"),
        ((210 * 160 * 3, 15), "one screen in colour"),
        ((4 * 210 * 160 * 3, 15), "four screens in colour"),
        ((4 + 84 + 84, 15), "added the sides"),
        ((5, 15), "Multiply the three sides"),
        ((28_224, 60), "an action lasts for four of them"),
        ((28_224, 240), "fewer actions than frames"),
        ((28_224, 30), "the two that are compared"),
        ((28_224, 60 / 16), "One four too many"),
        ((28_224, 4), "how many frames one action lasts"),
        ((28_224, 5), "How many frames pass"),
        (((28, 224), 15), "To Python, 1,000 is two numbers"),
        (("many", 15), "Expected a number"),
    ],
    secrets=("28224", "28,224", "15"),
)


def step(screens, rewards):
    frame = max_over_two_frames(greyscale(screens[2]), greyscale(screens[3]))
    return resize(frame), clip_reward(sum(rewards))


def step_as_a_list(screens, rewards):
    grey = [greyscale(screen) for screen in screens[-2:]]
    return [resize(np.maximum(*grey)), float(np.sign(np.sum(rewards)))]


def frame_of(function):
    return lambda screens, rewards: (function(screens), 0.0)


def reward_of(function):
    return lambda screens, rewards: (step(screens, rewards)[0], function(rewards))


def small(screens):
    return [resize(greyscale(screen)) for screen in screens]


def greys(screens):
    return [greyscale(screen) for screen in screens]


def blue_for_red(screen):
    return cv2.cvtColor(screen, cv2.COLOR_BGR2GRAY)


STEP = Tried(
    checks.check_02_step,
    right=[(step,), (step_as_a_list,)],
    wrong=[
        ((frame_of(lambda s: small(s)[-1]),), "last screen alone"),
        ((frame_of(lambda s: small(s)[2]),), "third screen alone"),
        ((frame_of(lambda s: resize(np.max(greys(s), axis=0))),), "two screens only"),
        ((frame_of(lambda s: resize(np.maximum(*greys(s)[:2]))),), "last two screens"),
        ((frame_of(lambda s: np.maximum(*small(s)[2:])),), "before the resize"),
        (
            (frame_of(lambda s: resize(greys(s)[2] // 2 + greys(s)[3] // 2)),),
            "A mean makes",
        ),
        ((frame_of(lambda s: resize(np.minimum(*greys(s)[2:]))),), "the darker"),
        ((frame_of(lambda s: resize(greyscale(np.maximum(*s[2:])))),), "comes before"),
        (
            (frame_of(lambda s: resize(np.maximum(*map(blue_for_red, s[2:])))),),
            "Red and blue",
        ),
        ((frame_of(lambda s: np.zeros((84, 84), np.uint8)),), "in this order"),
        ((frame_of(lambda s: greyscale(s[-1])),), "not (210, 160)"),
        ((frame_of(lambda s: small(s)[-1] / 255),), "should be uint8, not float64"),
        ((lambda s, r: step(s, r)[0],), "Return 2 things: the frame, the reward"),
        ((reward_of(sum),), "is 7. It is not clipped"),
        ((reward_of(lambda r: sum(np.clip(r, -1, 1))),), "is 2. Each reward"),
        ((reward_of(lambda r: np.clip(r[-1], -1, 1)),), "the last frame's"),
        ((reward_of(lambda r: np.clip(max(r), -1, 1)),), "is 0. That is the largest"),
        ((reward_of(lambda r: np.clip(np.mean(r), -1, 1)),), "That is their mean"),
        ((reward_of(lambda r: abs(np.clip(sum(r), -1, 1))),), "add the four rewards"),
        ((reward_of(lambda r: np.clip(r, -1, 1)),), "Expected one number, got 4"),
    ],
    wants_bytes=True,
)


def with_a_new_frame_each_time(screens):
    frames = []
    for screen in screens:
        frame = np.zeros((84, 84), np.uint8)
        frame[:] = resize(greyscale(screen))
        frames.append(frame)
    return stack_frames(frames)


def with_one_frame(screens, keep=lambda frame: frame):
    frame, frames = np.zeros((84, 84), np.uint8), []
    for screen in screens:
        frame[:] = resize(greyscale(screen))
        frames.append(keep(frame))
    return stack_frames(frames)


def with_the_first_repeated(screens):
    frames = small(screens)
    return np.stack([frames[0]] * (4 - len(frames)) + frames[-4:])


def with_zeros_behind(screens):
    frames = small(screens)[-4:]
    return np.stack(frames + [np.zeros_like(frames[0])] * (4 - len(frames)))


SILENT_BUG = Tried(
    checks.check_02_silent_bug,
    right=[
        (lambda screens: stack_frames(small(screens)),),
        (with_a_new_frame_each_time,),
        (lambda screens: with_one_frame(screens, np.copy),),
    ],
    wrong=[
        ((with_one_frame,), "still the same picture"),
        ((lambda s: with_one_frame(s, lambda frame: frame[:]),), "same picture"),
        ((lambda s: stack_frames(small(s))[::-1],), "must come last"),
        (
            (lambda s: stack_frames(small(s)[:4]),),
            "5 screens. Those are the first",
        ),
        ((with_the_first_repeated,), "the oldest places are zeros"),
        ((with_zeros_behind,), "Zeros come first"),
        ((lambda s: np.stack(small(s)[-4:]),), "should be (4, 84, 84), not (2, 84"),
        ((lambda s: np.stack(small(s), axis=-1),), "not (84, 84, 4)"),
        ((lambda s: stack_frames(small(s)) / 255,), "should be uint8"),
        ((lambda s: 255 - stack_frames(small(s)),), "Every screen needs a frame"),
    ],
    wants_bytes=True,
)

TRIED = [IN_NUMBERS, STEP, SILENT_BUG]
