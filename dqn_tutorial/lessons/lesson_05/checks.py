"""Checks for the exercises of notebook 05; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import (
    NotYet,
    array,
    check,
    expect,
    number,
    same,
    several,
)
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


@check
def check_05_soft_sync(function):
    """Notebook 05: `function(online, target, tau)` mixes two lists of weights."""
    theirs, rng = Student(function), np.random.default_rng(0)
    online = [np.array([[4.0, 8.0]]), np.array([0.0])]
    target = [np.array([[0.0, 4.0]]), np.array([-4.0])]
    by_hand = [np.array([[1.0, 5.0]]), np.array([-3.0])]
    cases = [(online, target, 0.25, by_hand), (online, target, 1.0, online)]
    for tau in (0.005, 0.6):
        a, b = ([rng.normal(size=shape) for shape in ((3, 2), (2,))] for _ in "ab")
        right = [old + tau * (new - old) for new, old in zip(a, b, strict=True)]
        cases.append((a, b, tau, right))
    for online, target, tau, right in cases:
        answer = theirs(online, target, tau)
        if not all(map(_same_arrays, theirs.arguments[:2], (online, target))):
            raise NotYet("it changes the arrays it was given. Return new ones.")
        names = [f"the mix of array {k}" for k in range(len(target))]
        for k, mixed in enumerate(several(answer, names, theirs.call)):
            where = f"tau {tau:g}, {names[k]}"
            mixed = array(mixed, target[k].shape, where)
            mistakes = _wrong_mixes(online[k], target[k], tau)
            otherwise = "It is a share tau of online, and the rest of target."
            expect(mixed, right[k], mistakes, otherwise, where)
    return "Right: the target follows slowly, and is never quite the same."


def _same_arrays(some, others) -> bool:
    return len(some) == len(others) and all(map(same, some, others))


def _wrong_mixes(online, target, tau: float) -> list:
    return [
        (tau * target + (1 - tau) * online, "The shares are the wrong way round: tau "
         "is the share of online."),
        (tau * online + target, "The two shares must add up to 1."),
        (online + target, "The two shares must add up to 1."),
        (online, "That is a whole copy; only a share tau of it is wanted."),
        (target, "That is the old target: nothing of online has come in."),
        ((online + target) / 2, "That is half and half; where is tau?"),
        (tau * online, "The rest of the target is missing."),
        (target - tau * (online - target), "It goes away from online, not towards it."),
    ]  # fmt: skip


@check
def check_05_silent_bug(function):
    """Notebook 05: `function` gives the TD error of each transition.

    Args:
        function: takes rewards, terminated, next_q_values, q_values, actions, discount.
    """
    theirs, rng = Student(function), np.random.default_rng(0)
    next_q = np.array([[0.0, 2, 1], [4, 0, 0], [9, 9, 9], [-2, -1, -3]])
    q = np.array([[1.0, 2, 3], [0.5, 5, 2], [0, -0.5, 1], [7, 1, 0]])
    rewards, actions = np.array([0.0, 1, -1, 0]), np.array([2, 0, 1, 1])
    by_hand = np.array([0 + 1 - 3, 1 + 2 - 0.5, -1 - -0.5, 0 - 0.5 - 1])
    cases = [(rewards, np.arange(4) == 2, next_q, q, actions, 0.5, by_hand)]
    for size in (1, 2, 7):
        terminated, actions = rng.random(size) < 0.3, rng.integers(0, 4, size)
        next_q, q = rng.normal(size=(2, size, 4))
        rewards, right = rng.integers(-1, 2, size).astype(float), np.zeros(size)
        for i in range(size):
            future = 0 if terminated[i] else 0.9 * max(next_q[i])
            right[i] = rewards[i] + future - q[i, actions[i]]
        cases.append((rewards, terminated, next_q, q, actions, 0.9, right))
    for *batch, right in cases:
        where = f"with {len(right)} transitions"
        hint = "Each transition has one error."
        answer = array(theirs(*batch), right.shape, where, None, hint)
        otherwise = "Work out one transition by hand."
        expect(answer, right, _wrong_td_errors(*batch), otherwise, where)
    return "Right: each transition has its own target."


def _wrong_td_errors(rewards, terminated, next_q, q, actions, discount) -> list:
    rows, best, goes_on = np.arange(len(q)), next_q.max(axis=1), ~terminated
    chosen = q[rows, actions]

    def errors(future):
        return rewards + future - chosen

    right = errors(discount * best * goes_on)
    return [
        (errors(discount * next_q.max() * goes_on), "The bug is still there. Give it "
         "one transition, then two: where does the second change the first?"),
        (-right, "The sign is wrong: it is the target minus Q(s, a)."),
        (errors(discount * best), "It hopes for a future after the end."),
        (errors(discount * best * terminated), "It looks into the future after the "
         "end, and nowhere else."),
        (right + chosen - q.max(axis=1), "That compares with the best action, not with "
         "the one that was taken."),
        (errors(best * goes_on), "The discount is missing."),
        (errors(discount * next_q[rows, actions] * goes_on), "The next value is that "
         "of the same action; the best one counts."),
        (errors(discount * next_q.mean(axis=1) * goes_on), "The next value is a mean; "
         "the best one counts."),
        (right + chosen, "Those are the targets. Subtract what was expected."),
        (right**2, "Those are squared: that is for the loss."),
    ]  # fmt: skip
