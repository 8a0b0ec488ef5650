"""Checks for the exercises of notebook 10; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import check, expect, number
from dqn_tutorial.lessons.student import Student


@check
def check_10_by_hand(three_rewards, double, to_atom_1):
    """Notebook 10, exercise 1: three targets on paper.

    Args:
        three_rewards: rewards 1, 0, 1, then Q-values 4 and 2; the discount is 0.5.
        double: reward 1; online (2, 5, 3), target (6, 1, 4); the discount is 0.5.
        to_atom_1: reward 1, the next return is 1 for certain, discount 0.8, atoms one
            apart: the return is 1.8.
    """
    first = number(three_rewards, "question 1")
    second = number(double, "question 2")
    third = number(to_atom_1, "question 3")
    mistakes = [
        (3, "That is the target with one reward."),
        (2, "The rewards lose worth, too: the third is two steps later."),
        (3.25, "Three steps lie before that state: its value loses worth three times."),
        (2.25, "The value comes after the third reward, so it loses worth once more."),
        (1.25, "Those are the rewards; the value of the state after them is missing."),
        (1.5, "The target asks for the best action in the state after the rewards."),
    ]
    otherwise = "Write the terms below each other: 1, 0.5, 0.25, and then the value's."
    expect(first, 1.75, mistakes, otherwise, "question 1")
    mistakes = [
        (4, "That is plain DQN: the target network chooses and judges."),
        (3.5, "There the online network judges its own choice."),
        (2, "That is the other way round: the target network has chosen."),
        (0.5, "That is the value of the next state; the reward is missing."),
        (1, "That is what the target network says of the choice, or the reward alone."),
        (3, "That is the target of the last action; which one is chosen, and by whom?"),
    ]
    otherwise = "First the place of the largest online value, then the other's number."
    expect(second, 1.5, mistakes, otherwise, "question 2")
    mistakes = [
        (0.8, "That is what the nearer atom gets."),
        (1, "The return lies between two atoms, so both get a part."),
        (0.5, "Not half each: the nearer one gets more."),
        (1.8, "That is the return. How far is it from each of its two neighbours?"),
        (0, "The return lies between two atoms, and this is one of the two."),
        (20, "Right in per cent; give it as a share of 1."),
    ]
    otherwise = "Where does the return land, and how far is it from the other atom?"
    expect(third, 0.2, mistakes, otherwise, "question 3")
    return "All three are right: this is what the three programs compute."


def _dueling(value, advantages):
    return value + advantages - advantages.mean(axis=1, keepdims=True)


WRONG_DUELS = [
    (lambda v, a: v + a, "Those are V + A. Whatever is added to V could be taken from "
     "A again: what makes the two unique?"),
    (lambda v, a: v + a - a.max(axis=1, keepdims=True), "That takes the largest "
     "advantage away, the paper's equation 8. Take their mean."),
    (lambda v, a: v + a - a.mean(axis=0, keepdims=True), "That is the mean over the "
     "batch: each state would depend on the others. Take it over the actions."),
    (lambda v, a: v + a - a.mean(), "That is one mean for the whole batch. Each state "
     "has its own."),
    (lambda v, a: a - a.mean(axis=1, keepdims=True), "Those are the advantages; what "
     "is the state itself worth?"),
    (lambda v, a: v - a + a.mean(axis=1, keepdims=True), "The sign is turned: a good "
     "action gets a low Q-value."),
    (lambda v, a: v + a - a.sum(axis=1, keepdims=True), "That takes their sum away, "
     "not their mean."),
]  # fmt: skip


@check
def check_10_dueling(function):
    """Notebook 10, exercise 2: `function(value, advantages)` gives Q-values (B, A)."""
    rng = np.random.default_rng(0)
    value, advantages = np.array([[2.0], [-1.0]]), np.array([[1.0, 2, 6], [0, 3, 0]])
    cases = [((value, advantages), [[0.0, 1.0, 5.0], [-2.0, 1.0, -2.0]])]  # by hand
    for states, actions in rng.integers(2, 8, (8, 2)):
        value = rng.normal(size=(states, 1)).astype(np.float32)
        advantages = rng.normal(size=(states, actions)).astype(np.float32)
        cases.append(((value, advantages), _dueling(value, advantages)))
    Student(function).expect(cases, WRONG_DUELS, part="Q")
    return "Right. The mean of each row is V, so V and A cannot be mixed up."


def _targets(rewards, terminated, judged, discount):
    return rewards + discount * np.where(terminated, 0, judged)


def _at(q_values, actions):
    return q_values[np.arange(len(actions)), actions]


WRONG_DOUBLES = [
    (lambda r, t, online, target, d: _targets(r, t, target.max(axis=1), d), "The bug "
     "is still there: the target network chooses and judges, which is plain DQN."),
    (lambda r, t, online, target, d: _targets(
        r, t, _at(online, target.argmax(axis=1)), d
     ), "The two have changed places: here the target network chooses."),
    (lambda r, t, online, target, d: _targets(r, t, online.max(axis=1), d), "The "
     "online network judges its own choice, so it believes its own luck."),
    (lambda r, t, online, target, d: r + d * _at(target, online.argmax(axis=1)),
     "A terminal transition has no next state to ask about."),
    (lambda r, t, online, target, d: _targets(
        r, t, _at(target, online.argmax(axis=1)), 1
     ), "The discount is missing."),
    (lambda r, t, online, target, d: _targets(r, t, np.minimum(online, target).max(
        axis=1
     ), d), "That takes the smaller value of each action. Double asks one network for "
     "the place, the other for the value there."),
]  # fmt: skip


@check
def check_10_silent_bug(function):
    """Notebook 10, exercise 3: the targets of Double DQN, with arrays.

    Args:
        function: takes rewards (B,), terminated (B,), next Q-values of the online and
            of the target network (B, A), and the discount; gives the targets (B,).
    """
    rng = np.random.default_rng(0)
    cases = []
    for states in [3, 5, 8, 4, 6]:
        rewards = rng.integers(-1, 2, states).astype(np.float32)
        terminated = np.arange(states) % 3 == 1
        online, target = rng.normal(1, 2, (2, states, 4)).astype(np.float32)
        discount = float(rng.choice([0.5, 0.9]))
        right = _targets(
            rewards, terminated, _at(target, online.argmax(axis=1)), discount
        )
        arguments = (rewards, terminated, online, target, discount)
        cases.append((arguments, right))
    Student(function).expect(cases, WRONG_DOUBLES)
    return "Right: the online network chooses, the target network judges."
