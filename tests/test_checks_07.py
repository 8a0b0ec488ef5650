"""What the checks of notebook 07 stand on, by hand; they are in test_checks.py."""

import numpy as np
import pytest
from answers_07 import play

from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.lessons.lesson_07.checks import UnevenGames


def test_the_expected_values_are_sums_of_discounted_bricks():
    weights = 0.95 ** np.arange(10_000)
    assert weights.sum() == pytest.approx(20)  # a reward of 1 in every step
    # V at each of the 8 places between two bricks: the next comes in 0 to 7 steps.
    values = [weights[first::8].sum() for first in range(8)]
    assert np.mean(values) == pytest.approx(2.5)
    values = [weights[first::50].sum() for first in range(50)]
    assert 12 / np.mean(values) == pytest.approx(30)


def test_uneven_games_score_what_they_last():
    games = UnevenGames(2, [3, 1, 2], first_seed=5)
    scores = play(games, RandomAgent(2), lambda finished: 8 in finished)
    # place 1: 5 until step 3, then 8 until 6; place 2: 6 until 1, 7 until 3, 9, 10
    assert scores == {6: 1, 5: 3, 7: 2, 9: 1, 8: 3, 10: 2}
    assert list(scores)[:2] == [6, 5]  # the short one ends first
