"""Notebook 07's checks: right answers pass, wrong ones get a hint, stubs neither."""

import math

import numpy as np
import pytest

from dqn_tutorial.config import PRESETS
from dqn_tutorial.evaluation import RandomAgent, evaluate
from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_07 import (
    UnevenGames,
    check_07_games_needed,
    check_07_silent_bug,
    check_07_values,
)


def said(capsys, check, *answers):
    check(*answers)
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    return text.strip()


def stub(*_): ...


@pytest.mark.parametrize(
    "check, answers",
    [
        (check_07_values, (None, None, None)),
        (check_07_values, (20, ..., 30)),
        (check_07_games_needed, (None,)),
        (check_07_games_needed, (stub,)),
        (check_07_silent_bug, (stub,)),
        (check_07_silent_bug, (...,)),
    ],
)
def test_a_stub_is_told_that_it_was_not_attempted(capsys, check, answers):
    assert said(capsys, check, *answers) == NOT_ATTEMPTED


def test_the_expected_values_are_sums_of_discounted_bricks():
    weights = 0.95 ** np.arange(10_000)
    assert weights.sum() == pytest.approx(20)  # a reward of 1 in every step
    # V at each of the 8 places between two bricks: the next comes in 0 to 7 steps.
    values = [weights[first::8].sum() for first in range(8)]
    assert np.mean(values) == pytest.approx(2.5)
    values = [weights[first::50].sum() for first in range(50)]
    assert 12 / np.mean(values) == pytest.approx(30)


@pytest.mark.parametrize(
    "answers",
    [(20, 2.5, 30), (np.float32(20), "2.5", 12 / (20 / 50)), (19.99, 2.5, 30)],
)
def test_right_values_are_accepted(capsys, answers):
    assert said(capsys, check_07_values, *answers).startswith("Right")


@pytest.mark.parametrize(
    "answers, hint",
    [
        ((1, 2.5, 30), "reward of one step"),
        ((19, 2.5, 30), "begin with 1"),
        ((140, 2.5, 30), "rewards are clipped"),
        ((100, 2.5, 30), "for a discount of 0.99"),
        ((0.95, 2.5, 30), "that is the discount"),
        ((20, 8, 30), "that is how often"),
        ((20, 0.125, 30), "that is the reward of a step"),
        ((20, 12.5, 30), "for a discount of 0.99"),
        ((20, 2.97, 30), "falls in this very step"),
        ((20, 2.07, 30), "just after a brick"),
        ((20, 2.5, 12), "what the network says"),
        ((20, 2.5, 0.4), "that is the right mean"),
        ((20, 2.5, 1 / 30), "the other way round"),
        ((20, 2.5, 11.6), "that is the difference"),
        ((20, 2.5, 6), "for a discount of 0.99"),
        ((20, 2.5, 3), "(1 - discount)"),
        (("many", 2.5, 30), "a number is wanted"),
        ((20, float("nan"), 30), "question 2"),
    ],
)
def test_wrong_values_are_told_what_they_are(capsys, answers, hint):
    answer = said(capsys, check_07_values, *answers)
    assert answer.startswith("Not yet") and hint in answer


def by_search(scores, half_width):
    games = 1
    while 1.96 * np.std(scores) / math.sqrt(games) > half_width:
        games += 1
    return games


@pytest.mark.parametrize(
    "function",
    [
        by_search,
        lambda s, h: math.ceil((1.96 * np.std(s) / h) ** 2),
        lambda s, h: float(np.ceil(1.96**2 * np.var(s, ddof=1) / h**2)),
    ],
)
def test_right_numbers_of_games_are_accepted(capsys, function):
    assert said(capsys, check_07_games_needed, function).startswith("Right")


@pytest.mark.parametrize(
    "function, hint",
    [
        (lambda s, h: (1.96 * np.std(s) / h) ** 2, "round up to whole games"),
        (lambda s, h: int((1.96 * np.std(s) / h) ** 2), "one game short"),
        (lambda s, h: math.ceil(1.96 * np.std(s) / h), "must be squared"),
        (lambda s, h: math.ceil((1.96 * np.std(s) / (h / 2)) ** 2), "for the whole"),
        (lambda s, h: math.ceil((1.96 * np.std(s) / (2 * h)) ** 2), "took twice"),
        (lambda s, h: math.ceil((np.std(s) / h) ** 2), "1.96 is missing"),
        (lambda s, h: math.ceil(1.96 * np.var(s) / h**2), "1.96 must be squared"),
        (lambda s, h: math.ceil(1.96**2 * np.std(s) / h**2), "deviation must be"),
        (lambda s, h: math.ceil((1.96 * np.var(s) / h) ** 2), "variance where"),
        (lambda s, h: 100, "solve for n"),
        (lambda s, h: "many", "One whole number"),
        (lambda s, h: s, "One whole number"),
        (lambda s, h: 1 / 0, "raises ZeroDivisionError"),
    ],
)
def test_wrong_numbers_of_games_get_a_hint(capsys, function, hint):
    answer = said(capsys, check_07_games_needed, function)
    assert answer.startswith("Not yet") and hint in answer


def play(games, agent, enough):
    """All games that end until `enough` says so, by seed, in the order of their end."""
    rng, finished = np.random.default_rng(0), {}
    games.reset()
    while not enough(finished):
        step = games.step(agent.act(games.states, 1.0, rng))
        finished |= {game.seed: game.score for game in step.finished}
    return finished


def first_to_finish(games, agent, num_games):
    scores = play(games, agent, lambda finished: len(finished) >= num_games)
    return list(scores.values())[:num_games]


def by_seed(games, agent, num_games):
    wanted = range(games.first_seed, games.first_seed + num_games)
    scores = play(games, agent, lambda finished: set(wanted) <= set(finished))
    return [scores[seed] for seed in wanted]


def with_the_packages_evaluate(games, agent, num_games):
    config = PRESETS["catch"]
    played = evaluate(agent, games, config, num_games=num_games, epsilon=1.0)
    return np.array(played.scores)


def latest_first(games, agent, num_games):
    return tuple(by_seed(games, agent, num_games)[::-1])


@pytest.mark.parametrize(
    "function", [by_seed, with_the_packages_evaluate, latest_first]
)
def test_a_mended_evaluation_is_accepted(capsys, function):
    assert said(capsys, check_07_silent_bug, function).startswith("Mended")


def longest(games, agent, num_games):
    scores = play(games, agent, lambda finished: len(finished) >= 3 * num_games)
    return sorted(scores.values())[-num_games:]


def for_ever(games, agent, num_games):
    return play(games, agent, lambda finished: False)


@pytest.mark.parametrize(
    "function, hint",
    [
        (first_to_finish, "short games still push out long ones"),
        (longest, "not the scores of the first games by seed"),
        (lambda g, a, n: by_seed(g, a, n + 1), "there are 7 scores"),
        (lambda g, a, n: first_to_finish(g, a, 2 * n)[:n], "short games still"),
        (lambda g, a, n: sum(by_seed(g, a, n)) / n, "a list of scores is wanted"),
        (for_ever, "not come to an end"),
        (lambda g, a, n: g.play(), "raises AttributeError"),
    ],
)
def test_an_evaluation_with_a_bug_gets_a_hint(capsys, function, hint):
    answer = said(capsys, check_07_silent_bug, function)
    assert answer.startswith("Not yet") and hint in answer


def test_uneven_games_score_what_they_last():
    games = UnevenGames(2, [3, 1, 2], first_seed=5)
    scores = play(games, RandomAgent(2), lambda finished: 8 in finished)
    # place 1: 5 until step 3, then 8 until 6; place 2: 6 until 1, 7 until 3, 9, 10
    assert scores == {6: 1, 5: 3, 7: 2, 9: 1, 8: 3, 10: 2}
    assert list(scores)[:2] == [6, 5]  # the short one ends first
