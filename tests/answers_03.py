"""What students hand in to the checks of notebook 03, right and wrong."""

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_03 import checks as checks


def cost(side, channels, filters, kernel, stride):
    return (side - kernel) // stride + 1, (kernel**2 * channels + 1) * filters


def cost_by_walking(side, channels, filters, kernel, stride):
    places, start = 0, 0
    while start + kernel <= side:
        places, start = places + 1, start + stride
    weights = np.zeros((kernel, kernel, channels, filters)).size
    return [places, weights + filters]


def side_of(function):
    return lambda n, c, f, k, s: (function(n, k, s), cost(n, c, f, k, s)[1])


def parameters_of(function):
    return lambda n, c, f, k, s: (cost(n, c, f, k, s)[0], function(c, f, k))


CONV_COST = Tried(
    checks.check_03_conv_cost,
    right=[(cost,), (cost_by_walking,), (lambda *sizes: np.array(cost(*sizes)),)],
    wrong=[
        ((lambda *sizes: cost(*sizes)[0],), "Return 2 things"),
        ((lambda *z: ("many", 4112),), "the side. Expected a number, got 'many'"),
        ((lambda *z: (cost(*z)[0], "many"),), "the parameters. Expected a number"),
        ((side_of(lambda n, k, s: (n - k) // s),), "is 19. One place is missing"),
        ((side_of(lambda n, k, s: -(-n // s)),), "is 21. That is SAME"),
        # right for the papers' layers, which leave no remainder
        ((side_of(lambda n, k, s: (n - k) / s + 1),), "does not fit as a whole"),
        ((side_of(lambda n, k, s: round((n - k) / s) + 1),), "Round down"),
        ((side_of(lambda n, k, s: n - k + 1),), "is 77. The stride is missing"),
        ((side_of(lambda n, k, s: ((n - k) // s + 1) ** 2),), "give its side"),
        ((side_of(lambda n, k, s: n),), "the side. Expected 20, got 84."),
        ((lambda *z: cost(*z)[::-1],), "Those are the parameters; the side comes"),
        ((lambda *z: (float(cost(*z)[1]), 20),), "Those are the parameters"),
        ((lambda *z: (20, 4112),), "the side. Expected 9, got 20."),
        ((side_of(lambda n, k, s: (n + 2 - k) // s + 1),), "Expected 9, got 10."),
        ((side_of(lambda n, k, s: max(7, cost(n, 1, 1, k, s)[0])),), "got 7."),
        (
            (parameters_of(lambda c, f, k: k * k * c * f),),
            "is 4096. Each filter",
        ),
        ((parameters_of(lambda c, f, k: k * k * c * f + 1),), "Not one bias in all"),
        ((parameters_of(lambda c, f, k: k * k * c * f + c),), "each channel"),
        ((parameters_of(lambda c, f, k: k * k * f + f),), "as deep as the picture"),
        ((parameters_of(lambda c, f, k: k * c * f + f),), "two sides"),
        ((parameters_of(lambda c, f, k: k * k * c + 1),), "That is one filter"),
        (
            (lambda *z: (cost(*z)[0], cost(*z)[0] ** 2 * cost(*z)[1]),),
            "count them once",
        ),
        (
            (parameters_of(lambda c, f, k: 7),),
            "the parameters. Expected 4112, got 7.",
        ),
    ],
)

BEST_ACTION_SHARE = Tried(
    checks.check_03_best_action_share,
    # 0.8 + 0.2 / 18 = 0.81111...
    right=[(1 - 0.2 + 0.2 / 18,), (0.811,), ("0.8111",)],
    wrong=[
        ((0.8,), "chance picks the best"),
        ((0.2,), "how often it explores"),
        ((0.0111,), "not the best is taken"),
        ((0.0556,), "always explored"),
        ((0.1889,), "*not* taken"),
        ((0.8118,), "from all 18 actions"),
        ((0.85,), "for four actions"),
        ((0.9056,), "an ε of 0.1"),
        ((0.81,), "give one more place"),
        ((81.1,), "between 0 and 1, not 81.1"),
        ((0.5,), "two ways"),
        (("often",), "got 'often'"),
    ],
    secrets=("0.811", "0.8111"),
)

turned = np.zeros((84, 84, 4), np.uint8)


def into_a_global_array(state):
    turned[:] = np.moveaxis(state, 0, -1)
    return turned


def paints_the_state(state):
    answer = np.moveaxis(state, 0, -1).copy()
    state[:] = 0
    return answer


SILENT_BUG = Tried(
    checks.check_03_silent_bug,
    right=[
        (lambda state: np.moveaxis(state, 0, -1),),
        (lambda state: state.transpose(1, 2, 0),),
        (lambda state: np.dstack(list(state)),),
    ],
    wrong=[
        ((lambda state: state,), "not (4, 84, 84)"),
        ((lambda state: np.moveaxis(state, -1, 0),), "not (84, 4, 84)"),
        ((lambda state: state.transpose(1, 2, 0) / 255,), "not float64"),
        ((lambda state: state.reshape(84, 84, 4),), "`reshape` never moves an axis"),
        ((lambda state: state.T,), "Rows and columns are swapped"),
        ((lambda state: state[::-1].transpose(1, 2, 0),), "be the last channel"),
        ((lambda state: state[::-1].T,), "Two things are wrong at once"),
        ((lambda state: state[:, ::-1].transpose(1, 2, 0),), "upside down"),
        ((lambda state: 255 - state.transpose(1, 2, 0),), "28,224 numbers differ. In"),
        ((lambda state: np.moveaxis(state, 0, -1)[:, ::-1],), "numbers differ. In"),
        ((into_a_global_array,), "gives what an earlier call gave"),
        ((paints_the_state,), "changes `state`"),
    ],
    wants_bytes=True,
)

TRIED = [CONV_COST, BEST_ACTION_SHARE, SILENT_BUG]
