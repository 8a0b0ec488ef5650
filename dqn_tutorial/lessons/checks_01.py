"""Checks for the exercises of notebook 01; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank, near
from dqn_tutorial.q_table import q_learning_update


def check_01_two_updates(not_over, over) -> None:
    """Notebook 01: Q(s, a) = 0.4 after one update by hand, twice.

    Args:
        not_over: the new value when the game goes on, with reward 0 and the next
            state's Q-values 0.1, -0.3 and 0.6; discount 0.5, learning rate 0.25.
        over: the new value when the step ends the game instead, with reward -1.
    """
    if is_blank(not_over) or is_blank(over):
        print(NOT_ATTEMPTED)
        return
    first, second = as_number(not_over), as_number(over)
    mistakes = {  # what a wrong way of counting arrives at
        0.3: "That is the target. The update goes only a part of the way to it.",
        -0.025: "That is the change. Add it to the old value, 0.4.",
        0.45: "You have left out the discount.",
        0.3167: "That is the mean of the next Q-values at work; it takes the best.",
        0.475: "You have added the discounted best value to the old one; subtract "
        "the old value first.",
    }
    if first is None or second is None:
        print("Both answers must be numbers, like 0.25.")
    elif not near(first, 0.375):
        known = [text for value, text in mistakes.items() if abs(first - value) < 1e-3]
        hint = known[0] if known else "Target, then TD error, then a part of the error."
        print(f"The first update is not right yet. {hint}")
    elif not near(second, 0.05):
        after = "There is no next state to hope for when the game is over."
        print(f"The first update is right, the second not yet. {after}")
    else:
        print("Both are right: you can do what train() does, 45,000 times over.")


def check_01_discounted_return(function) -> None:
    """Notebook 01: `function(rewards, discount)` is the discounted return."""
    if is_blank(function) or is_blank(function([1.0], 0.5)):
        print(NOT_ATTEMPTED)
        return
    # rewards, discount, and the return worked by hand
    cases = [
        ([3.0], 0.5, 3.0, "The first reward is not discounted at all."),
        ([1.0, 1.0, 1.0], 0.5, 1.75, "Each later reward is discounted once more."),
        ([0.0, 0.0, 8.0], 0.5, 2.0, "Each later reward is discounted once more."),
        ([1.0, 2.0, 3.0], 1.0, 6.0, "With discount 1 it is the sum."),
        ([1.0, 2.0, 3.0], 0.0, 1.0, "With discount 0 only the first reward counts."),
    ]
    for rewards, discount, expected, hint in cases:
        value = as_number(function(list(rewards), discount))
        if value is None or not near(value, expected):
            print(
                f"Not yet: for rewards {rewards} and discount {discount} it must not "
                f"be {value}. {hint}"
            )
            return
    print("Right, for every list of rewards we tried.")


def check_01_silent_bug(update) -> None:
    """Notebook 01: `update` does to the table what `q_learning_update` does."""
    if is_blank(update):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    for terminated in [False, True] * 10:
        before = rng.uniform(-1, 1, (3, 2))
        right, theirs = before.copy(), before.copy()
        transition = (0, 1, 1.0, 2, terminated, 0.5, 0.9)
        q_learning_update(right, *transition)
        answer = update(theirs, *transition)
        if is_blank(answer) and np.array_equal(theirs, before):
            print(NOT_ATTEMPTED)
            return
        if np.argwhere(theirs != before).tolist() != [[0, 1]]:
            print("Not yet: it must change q[state, action] and no other cell.")
            return
        if not np.allclose(theirs, right):
            when = "ends the game" if terminated else "does not end the game"
            print(
                f"Not yet: it is wrong after a step that {when}. What is there still "
                f"to win after such a step, and does your target count it?"
            )
            return
    print("Mended: right after ordinary steps and after the one that ends the game.")
