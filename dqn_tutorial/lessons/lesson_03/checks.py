"""Checks for the exercises of notebook 03; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NotYet, array, check, expect, number, several
from dqn_tutorial.lessons.student import Student


@check
def check_03_conv_cost(conv_cost):
    """Notebook 03: `conv_cost` gives the side and the parameters of a convolution."""
    theirs, rng = Student(conv_cost), np.random.default_rng(0)
    cases = [  # side, channels, filters, kernel, stride; side and parameters by hand
        ((84, 4, 16, 8, 4), 20, 4_112),  # 8 x 8 x 4 weights and a bias, 16 times
        ((20, 16, 32, 4, 2), 9, 8_224),
        ((9, 64, 64, 3, 1), 7, 36_928),
        ((21, 3, 5, 4, 3), 6, 245),  # two pixels are left over
    ]
    for sizes in rng.integers([20, 1, 1, 1, 1], [90, 9, 33, 9, 6], (20, 5)).tolist():
        side, channels, filters, kernel, stride = sizes
        places = len(range(0, side - kernel + 1, stride))
        cases.append((tuple(sizes), places, filters * (channels * kernel**2 + 1)))
    for sizes, places, parameters in cases:
        answer = theirs(*sizes)
        answer = several(answer, ["the side", "the parameters"], theirs.call)
        side = number(answer[0], f"{theirs.call}, the side")
        where = f"{theirs.call} gives the side {side:.6g}"
        otherwise = "Where does the filter start, and what is its last place?"
        expect(side, places, _wrong_sides(*sizes), otherwise, where)
        count = number(answer[1], f"{theirs.call}, the parameters")
        where = f"{theirs.call} gives {count:.10g} parameters"
        otherwise = "What does one filter have, and how many filters are there?"
        mistakes = _wrong_counts(*sizes, places)
        expect(count, parameters, mistakes, otherwise, where)
    return "Right, for all the layers we tried, and some of them have a remainder."


def _wrong_sides(side, channels, filters, kernel, stride) -> list:
    steps = (side - kernel) / stride
    return [
        (int(steps), "One place is missing: the first one counts too."),
        (steps + 1, "A filter that does not fit as a whole does not count."),
        (round(steps + 1), "Round down: a filter that does not fit does not count."),
        (-(-side // stride), "That is SAME; with VALID the filter stays inside."),
        (side - kernel + 1, "The stride is missing."),
        ((int(steps) + 1) ** 2, "Those are all places of the map; give its side."),
    ]


def _wrong_counts(side, channels, filters, kernel, stride, places) -> list:
    weights = kernel * kernel * channels * filters
    return [
        (weights, "Each filter has a bias too."),
        (weights + 1, "Not one bias in all, but one for each filter."),
        (weights + channels, "Not a bias for each channel, but one for each filter."),
        ((kernel * kernel + 1) * filters, "A filter is as deep as the picture."),
        ((kernel * channels + 1) * filters, "A kernel has two sides."),
        (kernel * kernel * channels + 1, "That is one filter; how many are there?"),
        ((weights + filters) * places**2, "A filter has the same weights in all places "
         "of the picture: count them once."),
    ]  # fmt: skip


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


@check
def check_03_silent_bug(channels_last):
    """Notebook 03: `channels_last` moves the frames behind rows and columns."""
    theirs, rng = Student(channels_last), np.random.default_rng(0)
    greys = np.array([10, 20, 30, 40], np.uint8)
    noise = rng.integers(0, 256, (4, 84, 84), np.uint8)
    plain = greys[:, None, None] * np.ones((84, 84), np.uint8)
    by_hand = np.tile(greys, (84, 84, 1))  # each pixel has the four greys in order
    for state, right in [(noise, np.stack(list(noise), axis=-1)), (plain, by_hand)]:
        answer = array(theirs(state), (84, 84, 4), theirs.call, np.uint8).astype(int)
        mistakes = [
            (state.reshape(84, 84, 4), "Pixels leave their places: `reshape` never "
             "moves an axis."),
            (right.swapaxes(0, 1), "Rows and columns are swapped: the wall stands on "
             "its side."),
            (right[:, :, ::-1], "The newest frame should be the last channel, not the "
             "first."),
            (state.T[:, :, ::-1], "Two things are wrong at once: rows and columns are "
             "swapped, and so is the order of the frames."),
            (right[::-1], "The picture is upside down."),
        ]  # fmt: skip
        otherwise = "Draw answer[:, :, 3] beside state[3]; they should be equal."
        expect(answer, right, mistakes, otherwise, theirs.call)
    return "Fixed: every pixel stays in its place, and the frames come last."
