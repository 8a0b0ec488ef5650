"""Checks for the exercises of notebook 05; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import array, check, expect, number, several
from dqn_tutorial.lessons.student import Student


@check
def check_05_frames_between_copies(answer):
    """Notebook 05: emulator frames, of all games, from one target sync to the next.

    Args:
        answer: for 8 games at once, an update every 10 steps (of all games together),
            a target sync every 1,000 updates and 4 frames a step.
    """
    mistakes = [
        (1_000, "That counts updates."),
        (10_000, "That counts steps. Each step is some emulator frames."),
        (4_000, "You took one update for one step; there are more steps than updates."),
        (400, "There are more steps than updates, so multiply by 10."),
        (100, "There are more steps than updates, so multiply by 10."),
        (2_500, "A step is four frames, not a quarter of one."),
        (320_000, "Steps are counted over all 8 games already."),
        (80_000, "Steps are counted over all 8 games already; now turn them into "
         "frames."),
        (5_000, "That is what one game plays. The question is about all of them."),
        (1_250, "Those are the steps of one game; give the frames of all games."),
    ]  # fmt: skip
    where, otherwise = "the frames", "Go from updates to steps, then to frames."
    expect(number(answer, where), 40_000, mistakes, otherwise, where)
    return "Right: from updates to steps, from steps to frames."


def _weights(answer, where: str, right: list) -> np.ndarray:
    """A list of arrays as the numbers in it, one after the other."""
    names = [f"the mix of array {k}" for k in range(len(right))]
    answer = several(answer, names, where)
    mixed = [
        array(one, other.shape, f"{where}, {name}").ravel()
        for one, other, name in zip(answer, right, names, strict=True)
    ]
    return np.concatenate(mixed)


def _mixed(mix):
    """`mix(a, b, tau)` of the weights a of online and b of target, as numbers."""

    def wrong(online, target, tau):
        weights = _weights(online, "", online), _weights(target, "", target)
        return mix(*weights, tau)

    return wrong


WRONG_MIXES = [
    (_mixed(lambda a, b, tau: tau * b + (1 - tau) * a), "The shares are the wrong way "
     "round: tau is the share of online."),
    (_mixed(lambda a, b, tau: tau * a + b), "The two shares must add up to 1."),
    (_mixed(lambda a, b, tau: a + b), "The two shares must add up to 1."),
    (_mixed(lambda a, b, tau: a), "That is a whole copy; only a share tau of it is "
     "wanted."),
    (_mixed(lambda a, b, tau: b), "That is the old target: nothing of online has come "
     "in."),
    (_mixed(lambda a, b, tau: (a + b) / 2), "That is half and half; where is tau?"),
    (_mixed(lambda a, b, tau: tau * a), "The rest of the target is missing."),
    (_mixed(lambda a, b, tau: b - tau * (a - b)), "It goes away from online, not "
     "towards it."),
]  # fmt: skip


@check
def check_05_soft_sync(function):
    """Notebook 05: `function(online, target, tau)` mixes two lists of weights."""
    rng = np.random.default_rng(0)
    online = [np.array([[4.0, 8.0]]), np.array([0.0])]
    target = [np.array([[0.0, 4.0]]), np.array([-4.0])]
    by_hand = [np.array([[1.0, 5.0]]), np.array([-3.0])]
    cases = [((online, target, 0.25), by_hand), ((online, target, 1.0), online)]
    for tau, count in [(0.005, 3), (0.6, 1), (0.3, 2)]:
        shapes = [(3, 2), (2,), (2, 1, 4)][:count]
        a, b = ([rng.normal(size=shape) for shape in shapes] for _ in "ab")
        right = [old + tau * (new - old) for new, old in zip(a, b, strict=True)]
        cases.append(((a, b, tau), right))
    Student(function).expect(cases, WRONG_MIXES, "all weights in a row", _weights)
    return "Right: the target follows slowly, and is never quite the same."


def _errors(
    best, goes_on=np.logical_not, discounted=True, finish=lambda errors, *_: errors
):
    """TD errors that may be wrong.

    Args:
        best: the next values, of the next Q-values and the actions.
        goes_on: where they count, of `terminated`.
        finish: what becomes of the errors, given the chosen and all Q-values.
    """

    def errors(rewards, terminated, next_q, q, actions, discount):
        future = best(next_q, actions) * goes_on(terminated)
        future = future * discount if discounted else future
        return finish(rewards + future - (chosen := _chosen(q, actions)), chosen, q)

    return errors


def _chosen(q, actions):
    return q[np.arange(len(q)), actions]


def _best(next_q, actions):
    return next_q.max(axis=1)


def _ending(finish):
    return _errors(_best, finish=finish)


WRONG_TD_ERRORS = [
    (_errors(lambda q, a: q.max()), "The bug is still there. Give it one transition, "
     "then two: where does the second change the first?"),
    (_ending(lambda errors, chosen, q: -errors), "The sign is wrong: it is the target "
     "minus Q(s, a)."),
    (_errors(_best, np.ones_like), "It hopes for a future after the end."),
    (_errors(_best, np.array), "It looks into the future after the end, and nowhere "
     "else."),
    (_ending(lambda errors, chosen, q: errors + chosen - q.max(axis=1)), "That "
     "compares with the best action, not with the one that was taken."),
    (_errors(_best, discounted=False), "The discount is missing."),
    (_errors(_chosen), "The next value is that of the same action; the best one "
     "counts."),
    (_errors(lambda q, a: q.mean(axis=1)), "The next value is a mean; the best one "
     "counts."),
    (_ending(lambda errors, chosen, q: errors + chosen), "Those are the targets. "
     "Subtract what was expected."),
    (_ending(lambda errors, chosen, q: errors**2), "Those are squared: that is for the "
     "loss."),
]  # fmt: skip


@check
def check_05_silent_bug(function):
    """Notebook 05: `function` gives the TD error of each transition.

    Args:
        function: takes rewards, terminated, next_q_values, q_values, actions, discount.
    """
    rng = np.random.default_rng(0)
    next_q = np.array([[0.0, 2, 1], [4, 0, 0], [9, 9, 9], [-2, -1, -3]])
    q = np.array([[1.0, 2, 3], [0.5, 5, 2], [0, -0.5, 1], [7, 1, 0]])
    rewards, actions = np.array([0.0, 1, -1, 0]), np.array([2, 0, 1, 1])
    by_hand = np.array([0 + 1 - 3, 1 + 2 - 0.5, -1 - -0.5, 0 - 0.5 - 1])
    cases = [((rewards, np.arange(4) == 2, next_q, q, actions, 0.5), by_hand)]
    for size in (1, 2, 7):
        terminated, actions = rng.random(size) < 0.3, rng.integers(0, 4, size)
        next_q, q = rng.normal(size=(2, size, 4)).round(2)
        rewards, right = rng.integers(-1, 2, size).astype(float), np.zeros(size)
        for i in range(size):
            future = 0 if terminated[i] else 0.9 * max(next_q[i])
            right[i] = rewards[i] + future - q[i, actions[i]]
        cases.append(((rewards, terminated, next_q, q, actions, 0.9), right))
    Student(function).expect(cases, WRONG_TD_ERRORS)
    return "Right: each transition has its own target."
