"""What is counted before a lost life, on games that lose one when they are told to."""

from types import SimpleNamespace

import numpy as np

from tools.lost_lives import random_actions_before, told


class OwnActionIsZero:
    """Its network says 0; a random action is 1."""

    def act(self, states, epsilon, rng):
        return (rng.random(len(states)) < epsilon).astype(np.int32)


class Games:
    """Two games; a life is lost `delay` steps after an action that is not 0."""

    def __init__(self, delay):
        self.num_envs, self.delay, self.played = 2, delay, []

    def reset(self):
        self.states = np.zeros(2)

    def send(self, actions):
        self.played.append(actions != 0)

    def recv(self):
        lost = np.zeros(2, bool)
        if len(self.played) > self.delay:
            lost = self.played[-1 - self.delay]
        return SimpleNamespace(terminated=lost)


def test_a_random_action_in_the_last_ten_steps_counts_and_an_older_one_does_not():
    always, lives = random_actions_before(OwnActionIsZero(), Games(9), 0.01, 5_000)
    assert always.shape == (10_000,) and 60 < len(lives) < 140
    assert lives.all()
    assert abs(always.mean() - (1 - 0.99**10)) < 0.02
    _, lives = random_actions_before(OwnActionIsZero(), Games(10), 0.01, 5_000)
    assert len(lives) > 60 and lives.mean() < 0.3  # by chance, as at any other step


def test_without_random_actions_there_are_none():
    always, lives = random_actions_before(OwnActionIsZero(), Games(0), 0.0, 50)
    assert not always.any() and len(lives) == 0
    assert told(always, lives) == "no life lost in 100 steps"


def test_what_was_found_is_told_with_both_shares():
    always, lives = np.arange(2_000) < 600, np.array([True, True, True, False])
    assert told(always, lives) == (
        "4 lives lost in 2,000 steps, one in 500; a random action just before 75% of "
        "them, and 30% of all steps"
    )
