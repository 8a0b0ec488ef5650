"""Checks for the exercises of notebook 03; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank, near


def check_03_conv_cost(conv_cost) -> None:
    """Notebook 03: `conv_cost` gives the side and the parameters of a convolution."""
    if is_blank(conv_cost):
        print(NOT_ATTEMPTED)
        return
    cases = [(84, 4, 16, 8, 4), (20, 16, 32, 4, 2), (9, 64, 64, 3, 1), (21, 3, 5, 4, 3)]
    for side, channels, filters, kernel, stride in cases:
        call = f"conv_cost({side}, {channels}, {filters}, {kernel}, {stride})"
        answer = conv_cost(side, channels, filters, kernel, stride)
        if is_blank(answer):
            print(NOT_ATTEMPTED)
            return
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            print(f"Not yet: {call} should return two numbers: side and parameters.")
            return
        weights = kernel * kernel * channels * filters
        hints = {
            (side - kernel) // stride: "one place is missing: the first one counts too",
            -(-side // stride): "that is SAME; with VALID the filter stays inside",
            (side - kernel) / stride + 1: "a filter that does not fit does not count",
        }
        if answer[0] != (side - kernel) // stride + 1:
            hint = hints.get(answer[0], "where does the filter start, and where last?")
            print(f"Not yet: the side that {call} gives is {answer[0]}: {hint}.")
            return
        hints = {
            weights: "each filter has a bias too",
            kernel * kernel * filters + filters: "a filter is as deep as the picture",
            weights + 1: "not one bias in all, but one for each filter",
        }
        if answer[1] != weights + filters:
            hint = hints.get(answer[1], "what has one filter, and how many are there?")
            print(f"Not yet: the parameters that {call} gives are {answer[1]}: {hint}.")
            return
    print("Right, for four layers, and one of them has a remainder.")


def check_03_best_action_share(share) -> None:
    """Notebook 03: the best of 18 actions is taken with 1 - 0.2 + 0.2 / 18."""
    if is_blank(share):
        print(NOT_ATTEMPTED)
        return
    number = as_number(share)
    if number is None:
        print(f"Not yet: a number is wanted, got {share!r}.")
    elif abs(number - (0.8 + 0.2 / 18)) < 6e-4:
        print("Right: exploring finds the best action too, one time in 18.")
    elif near(number, 0.8):
        print("Not yet: that is without the times when chance picks the best one.")
    elif abs(number - 0.2 / 18) < 6e-4:
        print("Not yet: that is the probability of each action that is not the best.")
    elif abs(number - 0.85) < 6e-4:
        print("Not yet: that would be right for four actions.")
    elif number > 1:
        print("Not yet: a probability is between 0 and 1.")
    else:
        print("Not yet: add up two ways to the best action, to exploit and to explore.")


def check_03_silent_bug(channels_last) -> None:
    """Notebook 03: `channels_last` moves the frames behind rows and columns."""
    if is_blank(channels_last):
        print(NOT_ATTEMPTED)
        return
    state = np.random.default_rng(0).integers(0, 256, (4, 84, 84), dtype=np.uint8)
    right = np.stack(list(state), axis=-1)
    answer = channels_last(state.copy())
    if is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    answer = np.asarray(answer)
    if answer.shape != right.shape:
        print(f"Not yet: the shape should be (84, 84, 4), it is {answer.shape}.")
    elif answer.dtype != np.uint8:
        print(f"Not yet: bytes should stay uint8, they have become {answer.dtype}.")
    elif np.array_equal(answer, right):
        print("Mended: every pixel stays in its place, and the frames come last.")
    elif np.array_equal(answer, state.reshape(84, 84, 4)):
        print("Not yet: pixels leave their places. `reshape` never moves an axis.")
    elif np.array_equal(answer, right.swapaxes(0, 1)):
        print("Not yet: rows and columns are swapped: the wall stands on its side.")
    elif np.array_equal(answer, right[:, :, ::-1]):
        print("Not yet: the newest frame should be the last channel, not the first.")
    else:
        print("Not yet: draw answer[:, :, 3] beside state[3]; they should be equal.")
