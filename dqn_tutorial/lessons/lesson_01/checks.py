"""Checks for the exercises of notebook 01; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NotYet, check, expect, number
from dqn_tutorial.lessons.student import Student


@check
def check_01_two_updates(not_over, over):
    """Notebook 01: Q(s, a) = 0.4 after one update by hand, twice.

    Args:
        not_over: the new value when the game goes on, with reward 0 and the next
            state's Q-values 0.1, -0.3 and 0.6; discount 0.5, learning rate 0.25.
        over: the new value when the step ends the game instead, with reward -1.
    """
    first, second = number(not_over, "update 1"), number(over, "update 2")
    mistakes = [
        (0.3, "That is the target. The update goes only part of the way to it."),
        (-0.1, "That is the TD error. A part of it is added to the old value."),
        (-0.025, "That is the change. Add it to the old value, 0.4."),
        (0.45, "You have left out the discount."),
        (0.3167, "You have taken the mean of the next Q-values; take the best one."),
        (0.475, "You have added the target to the old value; subtract the old one."),
        (0.38, "Close, but rounded too much: give one more place."),
    ]  # fmt: skip
    otherwise = "The target first, then the TD error, then part of the error."
    expect(first, 0.375, mistakes, otherwise, "update 1", atol=5e-4)
    mistakes = [
        (0.125, "There is no next state to hope for when the game is over."),
        (-1, "That is the target. The update goes only part of the way to it."),
        (-1.4, "That is the TD error. A part of it is added to the old value."),
        (-0.35, "That is the change. Add it to the old value, 0.4."),
        (0.55, "The reward was -1, not 1."),
        (0.15, "You have added the target to the old value; subtract the old one."),
    ]  # fmt: skip
    otherwise = "The first is right. What is the target where no state follows?"
    expect(second, 0.05, mistakes, otherwise, "update 2", atol=5e-4)
    return "Both are right: you can do what train() does, 45,000 times over."


@check
def check_01_discounted_return(function):
    """Notebook 01: `function(rewards, discount)` is the discounted return."""
    theirs, rng = Student(function), np.random.default_rng(0)
    cases = [  # rewards, discount, the return by hand
        ([3.0], 0.5, 3.0),
        ([5.0, 2.0, 8.0], 0.5, 8.0),  # 5 + 2/2 + 8/4
        ([0.0, 0.0, 8.0], 0.5, 2.0),
        ([1.0, 2.0, 3.0], 1.0, 6.0),
        ([1.0, 2.0, 3.0], 0.0, 1.0),
    ]
    for length in (2, 4, 9):
        rewards, discount = rng.integers(-3, 4, length).astype(float), 0.9
        right = sum(reward * discount**k for k, reward in enumerate(rewards))
        cases.append((rewards.tolist(), discount, right))
    for rewards, discount, right in cases:
        given = number(theirs(rewards, discount), theirs.call)
        mistakes = _wrong_returns(np.array(rewards), discount, right)
        otherwise = "Each later reward is discounted once more than the one before."
        expect(given, right, mistakes, otherwise, theirs.gives(given))
    return "Right, for every list of rewards we tried."


def _wrong_returns(rewards, discount: float, right: float) -> list:
    k = np.arange(len(rewards))
    return [
        (sum(rewards), "That is the sum: nothing is discounted."),
        (discount * right, "The first reward counts in full: its power is 0, not 1."),
        (rewards[::-1] @ discount**k, "You count from the wrong end: the first reward "
         "is discounted least."),
        (discount * sum(rewards), "Every reward is discounted the same; a later one "
         "is discounted more."),
        (discount ** k[-1] * sum(rewards), "Every reward is discounted the same; an "
         "earlier one is discounted less."),
        (rewards @ (discount * k), "It is the discount to the power of k, not the "
         "discount times k."),
        (rewards[0], "That is the first reward. Is `return` inside the loop?"),
        (rewards[-1] * discount ** k[-1], "That is what the last reward adds; the "
         "others are lost on the way."),
    ]  # fmt: skip


@check
def check_01_silent_bug(update):
    """Notebook 01: `update` does to the table what `q_learning_update` does."""
    theirs, rng = Student(update), np.random.default_rng(0)
    q = np.array([[0.4, 0.0], [0.1, 0.6]])
    # by hand: 0.4 + 0.25 x (1 + 0.5 x 0.6 - 0.4), and 0.4 + 0.25 x (-1 - 0.4)
    _check_one_update(theirs, (q, 0, 0, 1.0, 1, False, 0.25, 0.5), 0.625)
    _check_one_update(theirs, (q, 0, 0, -1.0, 1, True, 0.25, 0.5), 0.05)
    for terminated in [False, True] * 5:
        q, reward = rng.uniform(-1, 1, (3, 2)), float(rng.integers(-1, 2))
        target = reward + 0.9 * q[2].max() * (not terminated)
        transition = (q, 0, 1, reward, 2, terminated, 0.5, 0.9)
        _check_one_update(theirs, transition, (q[0, 1] + target) / 2)
    return "Fixed: right after ordinary steps and after the one that ends the game."


def _check_one_update(theirs: Student, transition: tuple, right: float) -> None:
    q, state, action, reward, next_state, terminated, rate, discount = transition
    theirs.change(*transition)
    after = theirs.arguments[0]
    if np.array_equal(after, q):
        raise NotYet(f"{theirs.call} leaves q as it was. Change it in place.")
    if np.argwhere(after != q).tolist() != [[state, action]]:
        raise NotYet(f"{theirs.call} must change q[state, action] and no other cell.")
    old, best, mean = q[state, action], q[next_state].max(), q[next_state].mean()
    future = discount * best * (not terminated)
    wrong_targets = [
        (reward + discount * best, "When the game is over there is no future, and "
         "your target counts one."),
        (reward, "The game goes on, and your target counts no future."),
        (reward + best, "The discount is missing."),
        (reward + discount * q[next_state, action], "You take the next Q-value of the "
         "same action; the best one counts."),
        (reward + discount * mean, "You take the mean of the next Q-values; the best "
         "one counts."),
    ]  # fmt: skip
    mistakes = [(old + rate * (target - old), hint) for target, hint in wrong_targets]
    mistakes += [
        (reward + future, "The learning rate is missing: go only part of the way."),
        (old + rate * (reward + future), "Subtract the old value from the target."),
    ]
    when = "ends the game" if terminated else "does not end the game"
    otherwise = f"It is wrong after a step that {when}. Write down the target first."
    given = number(after[state, action], theirs.call)
    expect(given, right, mistakes, otherwise, theirs.call)
