"""Checks for the exercises of notebook 01; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import check, expect, number
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
    otherwise = "The first is right. The same three steps, now at the game's end."
    expect(second, 0.05, mistakes, otherwise, "update 2", atol=5e-4)
    return "Both are right: you can do what training does, update after update."


def _return(rewards, discount: float):
    return rewards @ discount ** np.arange(len(rewards))


def _wrong_return(formula):
    """`formula(rewards, k, discount)`, of arrays, as a function of a list."""

    def wrong(rewards, discount):
        return formula(np.array(rewards), np.arange(len(rewards)), discount)

    return wrong


WRONG_RETURNS = [
    (_wrong_return(formula), hint)
    for formula, hint in [
        (lambda r, k, d: sum(r), "That is the sum: nothing is discounted."),
        (lambda r, k, d: d * _return(r, d), "The first reward counts in full: its "
         "power is 0, not 1."),
        (lambda r, k, d: _return(r[::-1], d), "You count from the wrong end: the first "
         "reward is discounted least."),
        (lambda r, k, d: d * sum(r), "Every reward is discounted the same; a later one "
         "is discounted more."),
        (lambda r, k, d: d ** k[-1] * sum(r), "Every reward is discounted the same; an "
         "earlier one is discounted less."),
        (lambda r, k, d: r @ (d * k), "It is the discount to the power of k, not the "
         "discount times k."),
        (lambda r, k, d: r[0], "That is the first reward. Is `return` inside the "
         "loop?"),
        (lambda r, k, d: r[-1] * d ** k[-1], "That is what the last reward adds; the "
         "others are lost on the way."),
        (lambda r, k, d: _return(r[:-1], d), "The last reward is missing."),
    ]
]  # fmt: skip


@check
def check_01_discounted_return(function):
    """Notebook 01: `function(rewards, discount)` is the discounted return."""
    rng = np.random.default_rng(0)
    cases = [  # rewards, discount; the return by hand
        (([3.0], 0.5), 3.0),
        (([5.0, 2.0, 8.0], 0.5), 8.0),  # 5 + 2/2 + 8/4
        (([0.0, 0.0, 8.0], 0.5), 2.0),
        (([1.0, 2.0, 3.0], 1.0), 6.0),
        (([1.0, 2.0, 3.0], 0.0), 1.0),
    ]
    for length in (2, 4, 9):
        rewards = rng.integers(-3, 4, length).astype(float)
        cases.append(((rewards.tolist(), 0.9), _return(rewards, 0.9)))
    Student(function).expect(cases, WRONG_RETURNS)
    return "Right, for every list of rewards we tried."


def _updated(target, learn=lambda old, goal, rate: old + rate * (goal - old)):
    """An update that may be wrong, as a function that gives the table afterwards.

    Args:
        target: of reward, next Q-values, action, and discount times goes-on.
        learn: gives the new value, of the old one, the target and the learning rate.
    """

    def after(q, state, action, reward, next_state, terminated, rate, discount):
        goal = target(reward, q[next_state], action, discount, not terminated)
        q = q.copy()
        q[state, action] = learn(q[state, action], goal, rate)
        return q

    return after


def _target(reward, next_q, action, discount, goes_on):
    return reward + discount * next_q.max() * goes_on


WRONG_UPDATES = [
    (lambda q, *_: q, "It leaves q as it was. Change it in place."),
    (_updated(lambda r, q, a, d, on: r + d * q.max()), "When the game is over there is "
     "no future, and your target counts one."),
    (_updated(lambda r, q, a, d, on: r + d * q.max() * (not on)), "The game goes on, "
     "and your target counts no future."),
    (_updated(lambda r, q, a, d, on: r), "The game goes on, and your target counts no "
     "future."),
    (_updated(lambda r, q, a, d, on: r + q.max() * on), "The discount is missing."),
    (_updated(lambda r, q, a, d, on: r + d * q[a] * on), "You take the next Q-value of "
     "the same action; the best one counts."),
    (_updated(lambda r, q, a, d, on: r + d * q.mean() * on), "You take the mean of the "
     "next Q-values; the best one counts."),
    (_updated(lambda r, q, a, d, on: r + d * q.min() * on), "You take the smallest of "
     "the next Q-values; the best one counts."),
    (_updated(_target, lambda old, goal, rate: goal), "The learning rate is missing: "
     "go only part of the way."),
    (_updated(_target, lambda old, goal, rate: old + rate * goal), "Subtract the old "
     "value from the target."),
]  # fmt: skip


@check
def check_01_silent_bug(update):
    """Notebook 01: `update` does to the table what `q_learning_update` does."""
    rng, right = np.random.default_rng(0), _updated(_target)
    q = np.array([[0.4, 0.0], [0.1, 0.6]])
    low = np.array([[0.4, 0.0], [-0.1, -0.6]])
    # By hand: 0.4 + 0.25 x (1 + 0.5 x 0.6 - 0.4), and 0.4 + 0.25 x (-1 - 0.4).
    cases = [
        ((q, 0, 0, 1.0, 1, False, 0.25, 0.5), np.array([[0.625, 0.0], q[1]])),
        ((q, 0, 0, -1.0, 1, True, 0.25, 0.5), np.array([[0.05, 0.0], q[1]])),
        # Nothing good to come: 0 + 0.5 x (0 + 0.5 x -0.1 - 0).
        ((low, 0, 1, 0.0, 1, False, 0.5, 0.5), np.array([[0.4, -0.025], low[1]])),
    ]
    for terminated in [False, True] * 5:
        q = rng.uniform(-1, 1, (3, 3)) - rng.integers(3)  # all below 0 in some
        reward = float(rng.integers(-1, 2))
        state, action, next_state = rng.integers(3, size=3).tolist()
        transition = (q, state, action, reward, next_state, terminated, 0.5, 0.9)
        cases.append((transition, right(*transition)))
    Student(update, changes=0).expect(cases, WRONG_UPDATES, "q afterwards")
    return "Fixed: right after ordinary steps and after the one that ends the game."
