"""Checks for the exercises of notebook 02; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import check, expect, in_its_dtype, number, several
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


PARTS = ["the frame", "the reward"]


def _frame(answer, where: str, right):
    return in_its_dtype(several(answer, PARTS, where)[0], where, right[0])


def _reward(answer, where: str, right):
    return number(several(answer, PARTS, where)[1], where)


def _grey(screens) -> list:
    return [greyscale(screen) for screen in screens]


def _small(screens) -> list:
    return [resize(frame) for frame in _grey(screens)]


def _resized(best, grey=greyscale):
    """A frame that may be wrong: `best` makes one grey screen of the four."""
    return lambda screens, _: resize(best([grey(screen) for screen in screens]))


DIM = "A mean makes what flickers dim."
WRONG_FRAMES = [
    (_resized(lambda grey: grey[3]), "You use the last screen alone: what flickers can "
     "be missing."),
    (_resized(lambda grey: grey[2]), "You use the third screen alone: take the "
     "brighter of two."),
    (_resized(np.maximum.reduce), "The maximum goes over two screens only."),
    (_resized(lambda grey: grey[2] // 2 + grey[3] // 2), DIM),
    (_resized(lambda grey: np.mean(grey[2:], axis=0).astype(np.uint8)), DIM),
    (_resized(lambda grey: np.maximum(*grey[:2])), "Take the last two screens."),
    (lambda screens, _: np.maximum(*_small(screens)[2:]), "The maximum comes before "
     "the resize."),
    (lambda screens, _: resize(greyscale(np.maximum(*screens[2:]))), "The greyscale "
     "comes before the maximum."),
    (_resized(lambda grey: np.maximum(*grey[2:]), lambda s: greyscale(s[:, :, ::-1])),
     "Red and blue are swapped."),
    (_resized(lambda grey: np.maximum(*grey[2:]), lambda s: s.mean(2).astype("u1")),
     "The mean of the three colours is not the greyscale of section 2."),
    (_resized(lambda grey: np.minimum(*grey[2:])), "You take the darker of the two."),
]  # fmt: skip
WRONG_REWARDS = [
    (lambda _, rewards: sum(clip_reward(np.array(rewards))), "Each reward is clipped "
     "by itself: add the four first, then clip once."),
    (lambda _, rewards: sum(rewards), "It is not clipped."),
    (lambda _, rewards: clip_reward(max(rewards)), "That is the largest; add them up."),
    (lambda _, rewards: clip_reward(rewards[-1]), "That is the last frame's; all four "
     "count."),
    (lambda _, rewards: clip_reward(np.mean(rewards)), "That is their mean; add them "
     "up."),
]  # fmt: skip


@check
def check_02_step(function):
    """Notebook 02: four screens and rewards of a step become a frame and a reward."""
    theirs, rng = Student(function), np.random.default_rng(0)
    plain = [np.full((210, 160, 3), grey, np.uint8) for grey in (200, 20, 60, 40)]
    cases = [  # by hand, the brighter of two screens of 60 and of 40 is all 60
        ((plain, [0.0, 0.0, 0.0, 0.0]), (np.full((84, 84), 60, np.uint8), 0)),
    ]
    for rewards, reward in [  # and the sum of four rewards, clipped
        ([0.0, 7.0, 0.0, 0.0], 1),
        ([1.0, 0.0, 1.0, 0.0], 1),
        ([4.0, -1.0, 0.0, 0.0], 1),
        ([0.0, -200.0, 0.0, -1.0], -1),
        ([2.0, 0.0, 0.0, -2.0], 0),
    ]:
        screens = list(rng.integers(0, 256, (4, 210, 160, 3), np.uint8))
        frame = resize(np.maximum(*_grey(screens)[2:]))
        cases.append(((screens, rewards), (frame, reward)))
    theirs.expect(cases, WRONG_FRAMES, "the frame", _frame)
    theirs.expect(cases, WRONG_REWARDS, "the reward", _reward)
    return "Right: that is one step of the emulator, as the learner sees it."


def _state(turn):
    """A state that may be wrong: `turn` makes four frames of all of them."""
    return lambda screens: stack_frames(turn(_small(screens)))


WRONG_STATES = [
    (_state(lambda frames: frames[-1:] * len(frames)), "All four frames are still the "
     "same picture. How many arrays are there for the list to hold?"),
    (lambda screens: stack_frames(_small(screens))[::-1], "The newest frame must come "
     "last."),
    (_state(lambda frames: frames[:4]), "Those are the first four; take the last "
     "four."),
    (_state(lambda frames: frames[:1] * (4 - len(frames)) + frames), "Where there are "
     "fewer than four, the oldest places are zeros."),
    (_state(lambda frames: frames + (4 - len(frames)) * [np.zeros_like(frames[0])]),
     "Zeros come first: they are the oldest."),
]  # fmt: skip


@check
def check_02_silent_bug(function):
    """Notebook 02: `function(screens)` is the state that a list of screens ends in."""
    rng = np.random.default_rng(0)
    noise = list(rng.integers(0, 256, (6, 210, 160, 3), np.uint8))
    plain = [np.full((210, 160, 3), grey, np.uint8) for grey in (10, 20, 30, 40, 50)]
    lists = (plain[:4], plain, plain[:2], noise[:4], noise, noise[:1])
    cases = [((screens,), stack_frames(_small(screens))) for screens in lists]
    Student(function).expect(cases, WRONG_STATES, read=in_its_dtype)
    return "Fixed: four screens, four different frames, oldest first."
