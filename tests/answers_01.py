"""What students hand in to the checks of notebook 01, right and wrong."""

import sys

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_01 import checks as checks
from dqn_tutorial.q_table import q_learning_update

TWO_UPDATES = Tried(
    checks.check_01_two_updates,
    # 0.4 + 0.25 x (0.5 x 0.6 - 0.4) = 0.375; 0.4 + 0.25 x (-1 - 0.4) = 0.05
    right=[(0.375, 0.05), ("0.375", "0.05"), (3 / 8, 1 / 20)],
    wrong=[
        ((0.3, 0.05), "update 1. That is the target"),  # 0.5 x 0.6
        ((-0.1, 0.05), "update 1. That is the TD error"),  # 0.3 - 0.4
        ((-0.025, 0.05), "update 1. That is the change"),  # 0.25 x -0.1
        ((0.45, 0.05), "left out the discount"),  # 0.4 + 0.25 x (0.6 - 0.4)
        ((0.4 + 0.25 * (0.5 * 0.4 / 3 - 0.4), 0.05), "mean of the next"),
        ((0.4 + 0.25 * 0.3, 0.05), "update 1. You have added the target"),
        ((0.38, 0.05), "give one more place"),
        ((7, 0.05), "update 1. The target first"),
        ((0.375, 0.125), "no next state"),  # 0.4 + 0.25 x (-1 + 0.3 - 0.4)
        ((0.375, -1), "update 2. That is the target"),
        ((0.375, -1.4), "update 2. That is the TD error"),
        ((0.375, -0.35), "update 2. That is the change"),
        ((0.375, 0.55), "The reward was -1"),  # 0.4 + 0.25 x (1 - 0.4)
        ((0.375, 0.15), "update 2. You have added the target"),  # 0.4 - 0.25
        ((0.375, 7), "The first is right"),
        (("a lot", 0.05), "update 1. Expected a number, got 'a lot'"),
    ],
    secrets=("0.375", "0.05"),
)


def by_the_formula(rewards, discount):
    return sum(reward * discount**k for k, reward in enumerate(rewards))


def from_behind(rewards, discount):
    total = 0.0
    for reward in reversed(rewards):
        total = reward + discount * total
    return total


def with_numpy(rewards, discount):
    return np.float32(np.power(discount, range(len(rewards))) @ np.array(rewards))


def pops_the_rewards(rewards, discount):
    total = 0.0
    while rewards:
        total = rewards.pop() + discount * total
    return total


def sorts_the_rewards(rewards, discount):
    answer = from_behind(rewards, discount)
    rewards.sort()
    return answer


def keeps_a_list(rewards, discount, seen=[]):  # noqa: B006
    seen.extend(rewards)
    return from_behind(seen, discount)


def returns_too_early(rewards, discount):
    total = 0.0
    for k, reward in enumerate(rewards):
        total += reward * discount**k
        return total


def keeps_the_last_only(rewards, discount):
    for k, reward in enumerate(rewards):
        total = reward * discount**k
    return total


def forgets_to_return(rewards, discount):
    total = sum(reward * discount**k for k, reward in enumerate(rewards))
    print(total)


RETURN = Tried(
    checks.check_01_discounted_return,
    right=[(by_the_formula,), (from_behind,), (with_numpy,)],
    wrong=[
        ((lambda r, d: sum(r),), "nothing is discounted"),
        ((lambda r, d: d * from_behind(r, d),), "its power is 0, not 1"),
        ((lambda r, d: from_behind(r[::-1], d),), "from the wrong end"),
        ((lambda r, d: r[0] + d * sum(r[1:]),), "Expected 8, got 10."),
        ((lambda r, d: sum(r) * d ** (len(r) - 1),), "an earlier one is"),
        ((lambda r, d: sum(r) * d,), "a later one is"),
        ((lambda r, d: sum(r) * d if r[1:] else r[0],), "Expected 8, got 7.5."),
        (
            (lambda r, d: r[0] + sum(x * d * k for k, x in enumerate(r)),),
            "Expected 8, got 14.",
        ),
        ((lambda r, d: sum(x * d * k for k, x in enumerate(r)),), "times k"),
        ((returns_too_early,), "`return` inside the loop"),
        ((keeps_the_last_only,), "the others are lost"),
        ((forgets_to_return,), "returns nothing"),
        ((lambda r, d: [x * d**k for k, x in enumerate(r)],), "Expected one number"),
        ((lambda r, d: "a lot",), "Expected a number"),
        ((1.75,), "expected a function, got 1.75"),
        ((pops_the_rewards,), "changes `rewards`"),
        ((sorts_the_rewards,), "changes `rewards`"),
        ((keeps_a_list,), "gives 3 the first time and 4.5 the second time"),
        ((lambda r, d: round(from_behind(r, d)),), "Expected 2.9, got 3."),
        ((lambda r, d: round(from_behind(r, d), 2),), "Expected -4.797, got -4.8."),
        ((lambda r, d: int(from_behind(r, d)),), "Expected 2.9, got 2."),
        ((lambda r, d: max(from_behind(r, d), 0),), "Expected -4.797, got 0."),
        ((lambda r, d: from_behind(r[:-1], d),), "The last reward is missing"),
        ((lambda r, d: from_behind(r[1:], d),), "([3.0], 0.5). Expected 3, got 0."),
        ((lambda r, d: from_behind(r, 0.5),), "Expected 6, got 2.75."),
        ((lambda r, d: from_behind(r[:3], d),), "Expected -4.797, got -2.61."),
        ((lambda r, d: sys.exit(),), "raises SystemExit"),
    ],
)


def update_with(target, cell=lambda state, action: (state, action)):
    """An update with a `target` of reward, next_q, action, terminated, discount."""

    def update(q, state, action, reward, next_state, terminated, rate, discount):
        where = cell(state, action)
        goal = target(reward, q[next_state], action, terminated, discount)
        q[where] += rate * (goal - q[where])

    return update


def right_target(reward, next_q, action, terminated, discount):
    return reward + discount * next_q.max() * (not terminated)


def step_by_step(q, state, action, reward, next_state, terminated, rate, discount):
    target = reward
    if not terminated:
        target += discount * max(q[next_state])
    q[state][action] = (1 - rate) * q[state][action] + rate * target


def jumps(q, state, action, reward, next_state, terminated, rate, discount):
    next_q = q[next_state]
    q[state, action] = right_target(reward, next_q, action, terminated, discount)


def never_subtracts(q, state, action, reward, next_state, terminated, rate, discount):
    target = right_target(reward, q[next_state], action, terminated, discount)
    q[state, action] += rate * target


def of_a_copy(q, *transition):
    q = q.copy()
    q_learning_update(q, *transition)
    return q


def backwards(q, state, action, reward, next_state, terminated, rate, discount):
    target = right_target(reward, q[next_state], action, terminated, discount)
    q[state, action] -= rate * (target - q[state, action])


def floor_of_target(reward, next_q, action, terminated, discount):
    return max(0, right_target(reward, next_q, action, terminated, discount))


def floor_of_future(reward, next_q, action, terminated, discount):
    return reward + discount * max(0, next_q.max()) * (not terminated)


def ceiling_of_target(reward, next_q, action, terminated, discount):
    return min(1, right_target(reward, next_q, action, terminated, discount))


momentum = []


def remembers_the_last_change(q, state, action, *transition):
    before = q[state, action]
    q_learning_update(q, state, action, *transition)
    change = q[state, action] - before
    q[state, action] += 0.1 * momentum[-1] if momentum else 0
    momentum.append(change)


SILENT_BUG = Tried(
    checks.check_01_silent_bug,
    right=[(q_learning_update,), (step_by_step,), (update_with(right_target),)],
    wrong=[
        # the bug itself
        ((update_with(lambda r, q, a, end, d: r + d * q.max() * end),), "game goes on"),
        ((update_with(lambda r, q, a, end, d: r),), "counts no future"),
        ((update_with(lambda r, q, a, end, d: r + d * q.max()),), "game is over there"),
        (
            (update_with(lambda r, q, a, end, d: r + q.max() * (not end)),),
            "discount is",
        ),
        (
            (update_with(lambda r, q, a, end, d: r + d * q[a] * (not end)),),
            "same action",
        ),
        ((update_with(lambda r, q, a, end, d: r + d * q.mean() * (not end)),), "mean"),
        (
            (update_with(right_target, lambda s, a: s),),
            "Expected [[0.625, 0], [0.1, 0.6]], got [[0.625, 0.325], [0.1, 0.6]]",
        ),
        ((jumps,), "learning rate is missing"),
        ((never_subtracts,), "Subtract the old value"),
        ((of_a_copy,), "Change it in place"),
        ((backwards,), "Expected [[0.625, 0], [0.1, 0.6]], got [[0.175, 0], "),
        ((update_with(floor_of_target),), "got [[0.3, 0], [0.1, 0.6]]"),
        ((update_with(floor_of_future),), "Expected [[0.4, -0.025], [-0.1, "),
        ((update_with(ceiling_of_target),), "Expected [[0.625, 0], [0.1, 0.6]], got"),
        (
            (update_with(lambda r, q, a, end, d: r + d * q.min() * (not end)),),
            "You take the smallest",
        ),
        (
            (update_with(lambda r, q, a, end, d: r * (not end) + d * q.max()),),
            "Expected [[0.05, 0], [0.1, 0.6]], got [[0.375, 0], [0.1, 0.6]]",
        ),
        (
            (update_with(lambda r, q, a, end, d: r + 0.5 * q.max() * (not end)),),
            "q afterwards. Expected [[",
        ),
        ((remembers_the_last_change,), "the second time"),
    ],
    changes=True,
)

TRIED = [TWO_UPDATES, RETURN, SILENT_BUG]
