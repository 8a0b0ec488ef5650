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
        (((28, 224), 15), "got 2 of them, since a comma separates"),
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


def with_interpolation(kind):
    def frame(screens):
        brighter = np.maximum(*greys(screens)[2:])
        return cv2.resize(brighter, (84, 84), interpolation=kind)

    return frame_of(frame)


def mean_grey(screens):
    return resize(np.maximum(*(s.mean(axis=2).astype(np.uint8) for s in screens[2:])))


def mean_of_frames(screens):
    return resize(np.mean(greys(screens)[2:], axis=0).astype(np.uint8))


def paints_the_screens(screens, rewards):
    answer = step(screens, rewards)
    for screen in screens:
        screen[:17] = 0
    return answer


def maximum_in_place(screens, rewards):
    answer = step(screens, rewards)
    np.maximum(screens[2], screens[3], out=screens[3])
    return answer


def empties_the_rewards(screens, rewards):
    total = 0.0
    while rewards:
        total += rewards.pop()
    return step(screens, [total])


def into_one_frame(screens, rewards, frame=np.zeros((84, 84), np.uint8)):  # noqa: B008
    frame[:], reward = step(screens, rewards)
    return frame, reward


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
        (
            (frame_of(lambda s: np.zeros((84, 84), np.uint8)),),
            "7,056 of 7,056 numbers differ. In place [0, 0] 60 was expected, and 0",
        ),
        ((frame_of(lambda s: greyscale(s[-1])),), "not (210, 160)"),
        ((frame_of(lambda s: small(s)[-1] / 255),), "should be uint8, not float64"),
        ((lambda s, r: step(s, r)[0],), "Return 2 things: the frame, the reward"),
        ((reward_of(sum),), "the reward is 7. It is not clipped"),
        ((reward_of(lambda r: sum(np.clip(r, -1, 1))),), "is 2. Each reward"),
        ((reward_of(lambda r: np.clip(r[-1], -1, 1)),), "the last frame's"),
        ((reward_of(lambda r: np.clip(max(r), -1, 1)),), "That is the largest"),
        ((reward_of(lambda r: np.clip(np.mean(r), -1, 1)),), "That is their mean"),
        (
            (reward_of(lambda r: abs(np.clip(sum(r), -1, 1))),),
            "-200.0, 0.0, -1.0]), the reward. Expected -1, got 1.",
        ),
        ((reward_of(lambda r: int(any(r))),), "the reward. Expected -1, got 1."),
        ((reward_of(lambda r: np.sign(r[0] or sum(r))),), "Expected 0, got 1."),
        ((with_interpolation(cv2.INTER_LINEAR),), "numbers differ. In place [0, 0]"),
        ((with_interpolation(cv2.INTER_NEAREST),), "numbers differ. In place [0, 0]"),
        ((with_interpolation(cv2.INTER_CUBIC),), "numbers differ. In place [0, 0]"),
        ((frame_of(mean_grey),), "The mean of the three colours"),
        ((frame_of(lambda s: small(s[..., 1] for s in s)),), "raises ValueError"),
        ((frame_of(mean_of_frames),), "A mean makes"),
        ((frame_of(lambda s: resize(greys(s)[2])[:, ::-1]),), "numbers differ. In"),
        ((lambda s, r: step(s, r)[::-1],), "the frame. The shape should be (84, 84)"),
        ((paints_the_screens,), "changes `screens`"),
        ((maximum_in_place,), "changes `screens`"),
        ((lambda s, r: step([s.pop(), *s][:1] * 2 + s[-2:], r),), "changes `s`"),
        ((empties_the_rewards,), "changes `rewards`"),
        ((into_one_frame,), "gives what an earlier call gave"),
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


the_state = np.zeros((4, 84, 84), np.uint8)
two_states = [np.zeros((4, 84, 84), np.uint8) for _ in range(2)]
old_frames = []


def into_a_global_array(screens):
    the_state[:] = stack_frames(small(screens))
    return the_state


def into_one_of_two_arrays(screens):
    two_states.reverse()
    two_states[0][:] = stack_frames(small(screens))
    return two_states[0]


def pops_the_screens(screens):
    frames = []
    while screens:
        frames.append(resize(greyscale(screens.pop(0))))
    return stack_frames(frames)


def goes_on_with_old_frames(screens):
    old_frames.extend(small(screens))
    return stack_frames(old_frames)


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
            "Those are the first four",
        ),
        ((with_the_first_repeated,), "the oldest places are zeros"),
        ((with_zeros_behind,), "Zeros come first"),
        ((lambda s: np.stack(small(s)[-4:]),), "should be (4, 84, 84), not (2, 84"),
        ((lambda s: np.stack(small(s), axis=-1),), "not (84, 84, 4)"),
        ((lambda s: stack_frames(small(s)) / 255,), "should be uint8"),
        ((lambda s: 255 - stack_frames(small(s)),), "28,224 numbers differ. In place"),
        ((into_a_global_array,), "gives what an earlier call gave"),
        ((into_one_of_two_arrays,), "gives what an earlier call gave"),
        ((pops_the_screens,), "changes `screens`"),
        ((lambda s: [s.append(s[0]), stack_frames(small(s[:-1]))][1],), "changes `s`"),
        ((goes_on_with_old_frames,), "the second time"),
        ((lambda s: stack_frames(small(s)[-3:]),), "28,224 numbers differ"),
        ((lambda s: np.maximum(stack_frames(small(s)), 16),), "numbers differ"),
    ],
    wants_bytes=True,
)

TRIED = [IN_NUMBERS, STEP, SILENT_BUG]
