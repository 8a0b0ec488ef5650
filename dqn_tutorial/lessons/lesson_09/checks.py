"""Checks for the exercises of notebook 09; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NotYet, check, expect, number, row
from dqn_tutorial.lessons.student import Student


@check
def check_09_diagnose(exhibit_a, exhibit_b, exhibit_c, exhibit_d):
    """Notebook 09, exercise 1: which exhibit each of four people has brought."""
    questions = {
        "A": (exhibit_a, 8, [
            (3, "With a black input not even the last step would come out right."),
            (9, "A clipped error makes Q-values too large, the last step's too."),
            (10, "That makes the Q-values of all states alike, the last step's too."),
            (7, "There the Q-values are exact zeros, and the loss is not calm."),
            (5, "There the Q-values grow, and do not stop."),
        ]),
        "B": (exhibit_b, 5, [
            (6, "Truncation taken as the end makes Q-values too small, not too large."),
            (8, "There the Q-values do not grow at all."),
            (10, "That makes Q-values alike, and none larger than a target."),
            (11, "A counter changes no target."),
        ]),
        "C": (exhibit_c, 12, [
            (13, "With one seed, the evaluation would say all or nothing."),
            (11, "There both scores are poor, in training and in fresh games."),
            (4, "An agent that acts on wrong states does so in both."),
            (2, "A wrong grey would make the evaluation the worse of the two."),
        ]),
        "D": (exhibit_d, 13, [
            (12, "That is about training; why are all hundred games equal?"),
            (1, "A blind agent would still not play a hundred equal games."),
            (11, "That counts steps, and no game is equal to another by it."),
            (4, "Then the games would differ even more."),
        ]),
    }  # fmt: skip
    for name, (given, right, mistakes) in questions.items():
        given = number(given, name)
        if given not in range(1, 15):
            raise NotYet(f"{name}. The exhibits have the numbers 1 to 14.")
        otherwise = "Read that exhibit once more."
        expect(given, right, mistakes, otherwise, name)
    return "Right, all four: two agents that are wrong, and two ways of looking."


def _targets(rewards, terminated, next_q_values, discount):
    terminated = np.asarray(terminated, bool)
    best = np.max(np.asarray(next_q_values), axis=1)  # [B, A] -> [B]
    return np.asarray(rewards) + discount * np.where(terminated, 0, best)


def _targets_in_float32(rewards, terminated, next_q_values, discount):
    return _targets(rewards, terminated, next_q_values, discount).astype(np.float32)


def _with(next_value):
    """Targets whose value of the next state is `next_value(next_q_values)`."""

    def targets(rewards, terminated, next_q_values, discount):
        values = next_value(np.asarray(next_q_values))[:, None]
        return _targets(rewards, terminated, values, discount)

    return targets


def _without_end(rewards, terminated, next_q_values, discount):
    never = np.zeros(np.shape(terminated), bool)
    return _targets(rewards, never, next_q_values, discount)


def _lost_at_the_end(rewards, terminated, next_q_values, discount):
    targets = _targets(rewards, terminated, next_q_values, discount)
    return np.where(terminated, -1.0, targets)


def _without_discount(rewards, terminated, next_q_values, discount):
    return _targets(rewards, terminated, next_q_values, 1.0)


def _without_reward(rewards, terminated, next_q_values, discount):
    return _targets(np.zeros(np.shape(rewards)), terminated, next_q_values, discount)


BUGGY = [  # and what a test needs in order not to let it pass
    (_without_end, "one that bootstraps through the end. Is there a transition in your "
     "batch that ended, with a next Q-value that would show?"),
    (_lost_at_the_end, "one that takes every end for a loss. Is there a game in your "
     "batch that was won?"),
    (_without_reward, "one that forgets the reward. Is there a reward in your batch?"),
    (_without_discount, "one without discount. Which discount do you test with?"),
    (_with(lambda q: q.mean(axis=1)), "one that takes the mean of the next Q-values. "
     "How many actions does your batch have?"),
    (_with(lambda q: q[:, 0]), "one that takes the first action for the best one. "
     "Where is the best one in your batch?"),
    (_with(lambda q: np.full(len(q), q.max())), "one that takes the best Q-value of "
     "the whole batch for each transition. How many transitions do you test with?"),
    (_with(lambda q: q.max(axis=1).clip(min=0)), "one that cannot go below zero. Is "
     "there a state in your batch where all Q-values are negative?"),
]  # fmt: skip


@check
def check_09_a_test(function):
    """Notebook 09, exercise 2: `function(targets)` says whether targets are right."""
    theirs = Student(function)
    cases = [(_targets, True, ""), (_targets_in_float32, True, "")]
    cases += [(targets, False, hint) for targets, hint in BUGGY]
    for targets, right, hint in cases:
        said = number(theirs(targets), theirs.call)
        if said not in (False, True):
            raise NotYet(f"{theirs.call}. Return True or False, one for the batch.")
        if said and not right:
            raise NotYet(f"{theirs.call}. Your test lets pass {hint}")
        if right and not said:
            raise NotYet(
                f"{theirs.call}. Your test refuses an implementation that is right. "
                "Work out each target again, and compare with `np.allclose`: float32 "
                "rounds."
            )
    return f"Right: {len(BUGGY)} bugs tried to get past your test, and none did."


def _scores(rewards, over) -> np.ndarray:
    ends = np.flatnonzero(over) + 1
    games = np.split(np.asarray(rewards), ends)[:-1]  # the rest has not ended
    return np.array([game.sum() for game in games], float)


def _ended(over) -> np.ndarray:
    return np.asarray(over, bool)


WRONG_SCORES = [
    (lambda rewards, over: np.array(rewards)[_ended(over)], "The bug is still there: "
     "that is the last reward of each game."),
    (lambda rewards, over: np.cumsum(rewards)[_ended(over)], "The sum goes on from one "
     "game into the next: it must start again."),
    (lambda rewards, over: [*_scores(rewards, over),
                            sum(rewards) - _scores(rewards, over).sum()],
     "The last game is not over, so it has no score yet."),
    (lambda rewards, over: _scores(rewards, [*over[:-1], 1]), "The last game is not "
     "over, so it has no score yet."),
    (lambda rewards, over: _scores(rewards, over) - np.array(rewards)[_ended(over)],
     "The reward of a game's last step is missing."),
    (lambda rewards, over: np.cumsum(rewards), "There is one score for each game, not "
     "for each step."),
    (lambda rewards, over: [sum(rewards)], "That is one sum over all games; each game "
     "has a score of its own."),
]  # fmt: skip


@check
def check_09_silent_bug(function):
    """Notebook 09, exercise 3: `function(rewards, over)` gives each game's score."""
    rng = np.random.default_rng(0)
    cases = [  # by hand
        (([4, 0, 7, 0, 1, 0], [0, 0, 1, 0, 0, 1]), [11, 1]),
        (([0, 0, 1, 0, 0, -1], [0, 0, 1, 0, 0, 1]), [1, -1]),
        (([1, 1, 4, 7, 2], [0, 1, 1, 0, 0]), [2, 4]),
    ]
    for length in (12, 30, 31):
        rewards = rng.choice([0, 0, 1, 4, 7], length).tolist()
        over = (rng.random(length) < 0.25).astype(int).tolist()
        cases.append(((rewards, over), _scores(rewards, over)))
    theirs = Student(function)
    theirs.expect(cases, WRONG_SCORES, read=lambda answer, where, _: row(answer, where))
    return "Right: the sum of each whole game, and a new sum for the next one."
