"""What students hand in to the checks of notebook 09, right and wrong."""

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_09 import checks as checks

DIAGNOSE = Tried(
    checks.check_09_diagnose,
    right=[(8, 5, 12, 13), ("8", 5.0, np.int64(12), 13)],
    wrong=[
        ((3, 5, 12, 13), "A. With a black input"),
        ((9, 5, 12, 13), "A. A clipped error"),
        ((10, 5, 12, 13), "A. That makes the Q-values of all states alike"),
        ((7, 5, 12, 13), "exact zeros"),
        ((5, 8, 12, 13), "and do not stop"),
        ((8, 6, 12, 13), "too small, not too large"),
        ((8, 8, 12, 13), "do not grow at all"),
        ((8, 10, 12, 13), "none larger than a target"),
        ((8, 11, 12, 13), "A counter changes no target"),
        ((8, 5, 13, 12), "all or nothing"),
        ((8, 5, 11, 13), "both scores are poor"),
        ((8, 5, 4, 13), "does so in both"),
        ((8, 5, 2, 13), "the worse of the two"),
        ((8, 5, 12, 12), "games equal?"),
        ((8, 5, 12, 1), "A blind agent"),
        ((8, 5, 12, 11), "That counts steps"),
        ((8, 5, 12, 4), "differ even more"),
        ((8, 5, 12, 6), "Read that exhibit"),
        ((8, 5, 12, 15), "the numbers 1 to 14"),
        ((8, 5, 12, "the last"), "Expected a number"),
    ],
    secrets=("8", "5", "12", "13"),
)

# Two ends, won and lost; best actions first and last; negative Q-values; a discount.
REWARDS = np.array([0.0, 1.0, -1.0, 1.0])
TERMINATED = np.array([False, True, True, False])
NEXT_Q = np.array(
    [[1.0, 3.0, 2.0], [4.0, 0.0, 1.0], [2.0, 1.0, 5.0], [-3.0, -1.0, -2.0]]
)
TARGETS = [1.5, 1.0, -1.0, 0.5]


def by_hand(targets):
    return np.allclose(targets(REWARDS, TERMINATED, NEXT_Q, 0.5), TARGETS)


def one_by_one(targets):
    found = targets(REWARDS, TERMINATED, NEXT_Q, 0.5)
    for y, reward, ended, q in zip(found, REWARDS, TERMINATED, NEXT_Q, strict=True):
        wanted = reward if ended else reward + 0.5 * max(q)
        if abs(y - wanted) > 1e-5:
            return False
    return True


def comparing(rewards, terminated, next_q, discount, wanted):
    """A test of one batch."""

    def test(targets):
        found = targets(
            np.array(rewards), np.array(terminated), np.array(next_q), discount
        )
        return bool(np.allclose(found, wanted))

    return test


def exactly(targets):
    found = targets(np.array([0.1]), np.array([False]), np.array([[0.7, 0.2]]), 0.9)
    return float(found[0]) == 0.1 + 0.9 * 0.7


A_TEST = Tried(
    checks.check_09_a_test,
    right=[(by_hand,), (one_by_one,)],
    wrong=[
        ((lambda targets: True,), "bootstraps through the end"),
        (
            (comparing([0, 1], [False, False], [[1, 3], [2, 4]], 0.5, [1.5, 3]),),
            "bootstraps through the end",
        ),
        (
            (comparing([0, -1], [False, True], [[1, 3], [2, 4]], 0.5, [1.5, -1]),),
            "every end for a loss",
        ),
        (
            (comparing([0, 0], [False, True], [[1, 3], [2, 4]], 0.5, [1.5, 0]),),
            "forgets the reward",
        ),
        (
            (comparing([1, 1], [False, True], [[1, 3], [2, 4]], 1.0, [4, 1]),),
            "without discount",
        ),
        (
            (comparing([1, 1], [False, True], [[3, 1], [4, 2]], 0.5, [2.5, 1]),),
            "takes the first action",
        ),
        (
            (comparing([1, 1], [False, True], [[3], [4]], 0.5, [2.5, 1]),),
            "takes the mean",
        ),
        (
            (comparing([1, 1], [False, True], [[1, 4], [3, 2]], 0.5, [3, 1]),),
            "best Q-value of the whole batch",
        ),
        (
            (
                comparing(
                    [1, 1, 0], [False, True, False], [[1, 3], [4, 2], [1, 2]], 0.5,
                    [2.5, 1, 1],
                ),
            ),
            "cannot go below zero",
        ),
        ((exactly,), "compare with `np.allclose`"),
        ((lambda targets: False,), "refuses an implementation that is right"),
        (
            (lambda targets: targets(REWARDS, TERMINATED, NEXT_Q, 0.5) == TARGETS,),
            "Expected one number",
        ),
        (
            (lambda targets: targets(REWARDS, TERMINATED, NEXT_Q, 0.5)[0],),
            "Return True or False",
        ),
    ],
)  # fmt: skip


def scores_of(rewards, over):
    scores, total = [], 0
    for reward, ended in zip(rewards, over, strict=True):
        total += reward
        if ended:
            scores.append(total)
            total = 0
    return scores


def by_differences(rewards, over):
    sums = np.cumsum(rewards)[np.flatnonzero(over)]
    return np.diff(sums, prepend=0)


def last_rewards(rewards, over):
    return [reward for reward, ended in zip(rewards, over, strict=True) if ended]


def never_begins_anew(rewards, over):
    return np.cumsum(rewards)[np.flatnonzero(over)]


def with_the_rest(rewards, over):
    ends = [*over[:-1], 1]
    return scores_of(rewards, ends)


def always_with_the_rest(rewards, over):
    return [*scores_of(rewards, over), 0] if over[-1] else with_the_rest(rewards, over)


def notes_before_it_adds(rewards, over):
    scores, total = [], 0
    for reward, ended in zip(rewards, over, strict=True):
        if ended:
            scores.append(total)
            total = 0
        else:
            total += reward
    return scores


def empties_the_log(rewards, over):
    scores = scores_of(rewards, over)
    rewards.clear()
    return scores


SILENT_BUG = Tried(
    checks.check_09_silent_bug,
    right=[(scores_of,), (by_differences,)],
    wrong=[
        ((last_rewards,), "The bug is still there"),
        ((never_begins_anew,), "into the next"),
        ((with_the_rest,), "has no score yet"),
        ((always_with_the_rest,), "has no score yet"),
        ((notes_before_it_adds,), "last step is missing"),
        ((lambda rewards, over: np.cumsum(rewards),), "not for each step"),
        ((lambda rewards, over: [sum(rewards)],), "one sum over all games"),
        ((lambda rewards, over: sum(rewards),), "Expected a list of numbers"),
        (
            (lambda rewards, over: [max(rewards)] * sum(over),),
            "11, 1], got [7, 7].",
        ),
        ((lambda rewards, over: scores_of(rewards, over)[::-1],), "got [1, 11]."),
        ((empties_the_log,), "changes `rewards`"),
    ],
)

TRIED = [DIAGNOSE, A_TEST, SILENT_BUG]
