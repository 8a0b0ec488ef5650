"""Checks for the exercises of notebook 03; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import (
    NotYet,
    check,
    expect,
    in_its_dtype,
    number,
    several,
)
from dqn_tutorial.lessons.student import Student

PARTS = ["the side", "the parameters"]


def _part(k: int):
    return lambda answer, where, right: number(several(answer, PARTS, where)[k], where)


def _count(side, channels, filters, kernel, stride):
    return (kernel * kernel * channels + 1) * filters


def _places(side, channels, filters, kernel, stride):
    return (side - kernel) // stride + 1


# Each takes n, c, f, k, s: the side of the picture, its channels, the filters, the side
# of the kernel, the stride.
WRONG_SIDES = [
    (lambda n, c, f, k, s: (n - k) // s, "One place is missing: the first one counts "
     "too."),
    (lambda n, c, f, k, s: (n - k) / s + 1, "A filter that does not fit as a whole "
     "does not count."),
    (lambda n, c, f, k, s: round((n - k) / s) + 1, "Round down: a filter that does not "
     "fit does not count."),
    (lambda n, c, f, k, s: -(-n // s), "That is SAME; with VALID the filter stays "
     "inside."),
    (lambda n, c, f, k, s: n - k + 1, "The stride is missing."),
    (lambda *sizes: _places(*sizes) ** 2, "Those are all places of the map; give its "
     "side."),
    (_count, "Those are the parameters; the side comes first."),
]  # fmt: skip
WRONG_COUNTS = [
    (lambda n, c, f, k, s: k * k * c * f, "Each filter has a bias too."),
    (lambda n, c, f, k, s: k * k * c * f + 1, "Not one bias in all, but one for each "
     "filter."),
    (lambda n, c, f, k, s: k * k * c * f + c, "Not a bias for each channel, but one "
     "for each filter."),
    (lambda n, c, f, k, s: (k * k + 1) * f, "A filter is as deep as the picture."),
    (lambda n, c, f, k, s: (k * c + 1) * f, "A kernel has two sides."),
    (lambda n, c, f, k, s: k * k * c + 1, "That is one filter; how many are there?"),
    (lambda *sizes: _count(*sizes) * _places(*sizes) ** 2, "A filter has the same "
     "weights in all places of the picture: count them once."),
]  # fmt: skip


@check
def check_03_conv_cost(conv_cost):
    """Notebook 03: `conv_cost` gives the side and the parameters of a convolution."""
    theirs, rng = Student(conv_cost), np.random.default_rng(0)
    cases = [  # side, channels, filters, kernel, stride; side and parameters by hand
        ((84, 4, 16, 8, 4), (20, 4_112)),  # 8 x 8 x 4 weights and a bias, 16 times
        ((20, 16, 32, 4, 2), (9, 8_224)),
        ((9, 64, 64, 3, 1), (7, 36_928)),
        ((21, 3, 5, 4, 3), (6, 245)),  # two pixels are left over
    ]
    for sizes in rng.integers([20, 1, 1, 1, 1], [90, 9, 33, 9, 6], (20, 5)).tolist():
        side, channels, filters, kernel, stride = sizes
        places = len(range(0, side - kernel + 1, stride))
        cases.append((sizes, (places, filters * (channels * kernel**2 + 1))))
    for k, mistakes in enumerate([WRONG_SIDES, WRONG_COUNTS]):
        theirs.expect(cases, mistakes, PARTS[k], _part(k))
    return "Right, for all the layers we tried, and some of them have a remainder."


@check
def check_03_best_action_share(share):
    """Notebook 03: the best of 18 actions is taken with 1 - 0.2 + 0.2 / 18."""
    where = "the probability"
    given = number(share, where)
    if not 0 <= given <= 1:
        raise NotYet(
            f"{where}. It is between 0 and 1, not {given:g}; not a percentage."
        )
    mistakes = [
        (0.8, "That is without the times when chance picks the best one."),
        (0.2, "That is how often it explores."),
        (0.2 / 18, "That is how often each action that is not the best is taken."),
        (1 / 18, "That would be right if it always explored."),
        (0.2 * 17 / 18, "That is how often the best one is *not* taken."),
        (0.8 + 0.2 / 17, "Chance draws from all 18 actions, the best one too."),
        (0.85, "That would be right for four actions."),
        (0.9 + 0.1 / 18, "That would be right for an ε of 0.1."),
        (0.81, "Close, but rounded too much: give one more place."),
    ]
    otherwise = "Add up two ways to the best action, exploiting and exploring."
    expect(given, 0.8 + 0.2 / 18, mistakes, otherwise, where, atol=6e-4)
    return "Right: exploring finds the best action too, one time in 18."


WRONG_TURNS = [
    (lambda state: state.reshape(84, 84, 4), "Pixels leave their places: `reshape` "
     "never moves an axis."),
    (lambda state: state.T, "Rows and columns are swapped: the wall stands on its "
     "side."),
    (lambda state: np.moveaxis(state[::-1], 0, -1), "The newest frame should be the "
     "last channel, not the first."),
    (lambda state: state[::-1].T, "Two things are wrong at once: rows and columns are "
     "swapped, and so is the order of the frames."),
    (lambda state: np.moveaxis(state[:, ::-1], 0, -1), "The picture is upside down."),
]  # fmt: skip


@check
def check_03_silent_bug(channels_last):
    """Notebook 03: `channels_last` moves the frames behind rows and columns."""
    rng, greys = np.random.default_rng(0), np.array([10, 20, 30, 40], np.uint8)
    plain = greys[:, None, None] * np.ones((84, 84), np.uint8)
    by_hand = np.tile(greys, (84, 84, 1))  # each pixel has the four greys in order
    cases = [((plain,), by_hand)]
    for noise in rng.integers(0, 256, (2, 4, 84, 84), np.uint8):
        cases.append(((noise,), np.stack(list(noise), axis=-1)))
    # A view, as `np.moveaxis` gives it, is what one hands to a network.
    theirs = Student(channels_last, may_be_a_view=True)
    theirs.expect(cases, WRONG_TURNS, read=in_its_dtype)
    return "Fixed: every pixel stays in its place, and the frames come last."
