"""What students hand in to the checks of notebook 10, right and wrong."""

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_10 import checks as checks

BY_HAND = Tried(
    checks.check_10_by_hand,
    right=[(1.75, 1.5, 0.2), ("1.75", np.float64(1.5), 0.2)],
    wrong=[
        ((3, 1.5, 0.2), "one reward"),  # 1 + 0.5 x 4
        ((2, 1.5, 0.2), "two steps later"),
        ((3.25, 1.5, 0.2), "three times"),  # 1.25 + 0.5 x 4
        ((2.25, 1.5, 0.2), "once more"),  # 1.25 + 0.25 x 4
        ((1.25, 1.5, 0.2), "Those are the rewards"),
        ((1.5, 1.5, 0.2), "asks for the best action"),  # 1.25 + 0.125 x 2
        ((9, 1.5, 0.2), "below each other"),
        ((1.75, 4, 0.2), "plain DQN"),  # 1 + 0.5 x 6
        ((1.75, 3.5, 0.2), "its own choice"),  # 1 + 0.5 x 5
        ((1.75, 2, 0.2), "other way round"),  # 1 + 0.5 x 2
        ((1.75, 0.5, 0.2), "the reward is missing"),
        ((1.75, 1, 0.2), "or the reward alone"),
        ((1.75, 3, 0.2), "the last action"),  # 1 + 0.5 x 4
        ((1.75, 9, 0.2), "the other's number"),
        ((1.75, 1.5, 0.8), "nearer atom gets"),
        ((1.75, 1.5, 1), "both get a part"),
        ((1.75, 1.5, 0.5), "Not half each"),
        ((1.75, 1.5, 1.8), "That is the return"),
        ((1.75, 1.5, 0), "one of the two"),
        ((1.75, 1.5, 20), "per cent"),
        ((1.75, 1.5, 9), "from the other atom"),
        (("much", 1.5, 0.2), "Expected a number"),
    ],
    secrets=("1.75",),
)


def dueling(value, advantages):
    return value + (advantages - advantages.mean(axis=1)[:, None])


def dueling_in_a_loop(value, advantages):
    q_values = np.zeros_like(advantages)
    for k, row in enumerate(advantages):
        q_values[k] = value[k, 0] + row - sum(row) / len(row)
    return q_values


def forgets_the_axis(value, advantages):
    return value[0] + advantages[0] - advantages[0].mean()


DUELING = Tried(
    checks.check_10_dueling,
    right=[(dueling,), (dueling_in_a_loop,)],
    wrong=[
        ((lambda v, a: v + a,), "what makes the two unique"),
        ((lambda v, a: v + a - a.max(axis=1, keepdims=True),), "equation 8"),
        ((lambda v, a: v + a - a.mean(axis=0),), "depend on the others"),
        ((lambda v, a: v + a - a.mean(),), "one mean for the whole batch"),
        ((lambda v, a: a - a.mean(axis=1, keepdims=True),), "the state itself worth"),
        ((lambda v, a: v - a + a.mean(axis=1, keepdims=True),), "sign is turned"),
        ((lambda v, a: v + a - a.sum(axis=1, keepdims=True),), "their sum away"),
        ((forgets_the_axis,), "The shape should be (2, 3), not (3,)"),
        ((lambda v, a: v - a.mean(axis=1, keepdims=True),), "not (2, 1)"),
        ((lambda v, a: v + 2 * dueling(0, a),), "Expected "),
    ],
)


def double(rewards, terminated, next_online, next_target, discount):
    best = next_online.argmax(axis=1)
    values = next_target[np.arange(len(best)), best]
    return rewards + discount * np.where(terminated, 0, values)


def double_in_a_loop(rewards, terminated, next_online, next_target, discount):
    targets = rewards.copy()
    for k, over in enumerate(terminated):
        if not over:
            targets[k] += discount * next_target[k, next_online[k].argmax()]
    return targets


def with_a_bug(rewards, terminated, next_online, next_target, discount):
    best = next_target.argmax(axis=1)
    values = next_target[np.arange(len(best)), best]
    return rewards + discount * np.where(terminated, 0, values)


def changed_places(rewards, terminated, next_online, next_target, discount):
    return double(rewards, terminated, next_target, next_online, discount)


def forgets_the_end(rewards, terminated, next_online, next_target, discount):
    return double(rewards, terminated & False, next_online, next_target, discount)


def the_smaller(rewards, terminated, next_online, next_target, discount):
    least = np.minimum(next_online, next_target)
    return double(rewards, terminated, least, least, discount)


def all_against_all(rewards, terminated, next_online, next_target, discount):
    values = next_target[:, next_online.argmax(axis=1)]
    return rewards + discount * np.where(terminated, 0, values)


SILENT_BUG = Tried(
    checks.check_10_silent_bug,
    right=[(double,), (double_in_a_loop,)],
    wrong=[
        ((with_a_bug,), "bug is still there"),
        ((changed_places,), "changed places"),
        ((lambda r, t, o, n, d: double(r, t, o, o, d),), "its own choice"),
        ((forgets_the_end,), "no next state to ask about"),
        ((lambda r, t, o, n, d: double(r, t, o, n, 1.0),), "discount is missing"),
        ((the_smaller,), "the smaller value of each action"),
        ((all_against_all,), "The shape should be (3,), not (3, 3)"),
        ((lambda r, t, o, n, d: r + 0,), "Expected "),
    ],
)

TRIED = [BY_HAND, DUELING, SILENT_BUG]
