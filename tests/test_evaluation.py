import json

import numpy as np
import pytest

from dqn_tutorial.catch import BALL, PADDLE, Catch, ParallelCatch
from dqn_tutorial.config import PRESETS
from dqn_tutorial.evaluation import (
    Evaluation,
    RandomAgent,
    bootstrap_means,
    evaluate,
    percentile_interval,
)
from dqn_tutorial.parallel_env import ParallelEnv

CATCH = PRESETS["catch"]


class PerfectCatcher:
    """Reads ball and paddle from the newest frame and walks towards the ball."""

    def act(self, states, epsilon, rng):
        actions = []
        for frame in states[:, -1]:
            ball = np.nonzero(frame == BALL)[1].mean()
            paddle = np.nonzero(frame == PADDLE)[1].mean()
            actions.append(1 + int(np.sign(ball - paddle)))
        return np.array(actions, np.int32)


class CountingGames(ParallelEnv):
    """The game with seed s lasts 30 - s steps and pays s: late ones end first."""

    def start_games(self, mask, seeds):
        if not hasattr(self, "left"):
            self.left = np.zeros(self.num_envs, int)
            self.seed = np.zeros(self.num_envs, int)
        self.left[mask], self.seed[mask] = np.maximum(30 - seeds, 1), seeds
        return np.zeros((self.num_envs, 4, 84, 84), np.uint8)

    def send_actions(self, actions):
        return actions

    def receive(self):
        self.left -= 1
        over = self.left == 0
        rewards = np.where(over, self.seed, 0).astype(np.float32)
        return np.zeros((self.num_envs, 4, 84, 84), np.uint8), rewards, over, over


def evaluation_of(scores):
    n = len(scores)
    return Evaluation(
        "breakout", scores, list(range(n)), [9] * n, 0, 0.05, 30, 0, 10, True
    )


def test_games_that_were_begun_before_are_refused():
    """Their seeds would never come: it would play on for ever."""
    env = CountingGames(3, ["NOOP"], first_seed=0)
    evaluate(RandomAgent(1), env, CATCH, num_episodes=3)
    with pytest.raises(ValueError, match="env has played already"):
        evaluate(RandomAgent(1), env, CATCH, num_episodes=3)


@pytest.mark.parametrize("at_once", [1, 3, 10, 16])
def test_the_games_that_count_are_fixed_before_the_first_move(at_once):
    """Seeds 0 to 9 pay 0 to 9: mean 4.5, however many are played at once."""
    env = CountingGames(at_once, ["NOOP"], first_seed=0)
    result = evaluate(RandomAgent(1), env, CATCH, num_episodes=10)
    assert result.seeds == list(range(10))
    assert result.scores == list(range(10))
    assert result.steps == list(range(30, 20, -1))
    assert (result.mean, result.median) == (4.5, 4.5)


def test_a_perfect_player_of_catch_scores_the_optimum():
    env = ParallelCatch(8, first_seed=100)
    result = evaluate(PerfectCatcher(), env, CATCH, num_episodes=20)
    assert result.mean == Catch.OPTIMAL_SCORE
    assert result.interval() == (1.0, 1.0)
    assert result.seeds == list(range(100, 120))


def test_the_same_seeds_give_the_same_scores_and_other_seeds_others():
    def scores(first_seed, seed=0):
        env = ParallelCatch(4, first_seed)
        return evaluate(RandomAgent(3), env, CATCH, num_episodes=40, seed=seed).scores

    assert scores(0) == scores(0)
    assert scores(0) != scores(1_000)
    assert scores(0) != scores(0, seed=1)


def test_the_random_agent_takes_every_action_equally_often():
    states = np.zeros((3000, 4, 84, 84), np.uint8)
    actions = RandomAgent(3).act(states, 0.0, np.random.default_rng(0))
    assert actions.dtype == np.int32
    counts = np.bincount(actions, minlength=3)
    assert (np.abs(counts - 1000) < 4 * np.sqrt(3000 * 2 / 9)).all()


def test_the_interval_is_that_of_the_normal_approximation_for_many_games():
    scores = np.random.default_rng(1).exponential(50, 400).tolist()
    low, high = evaluation_of(scores).interval()
    half = 1.96 * np.std(scores) / np.sqrt(400)
    assert low == pytest.approx(np.mean(scores) - half, rel=0.03)
    assert high == pytest.approx(np.mean(scores) + half, rel=0.03)


def test_no_game_at_all_is_refused():
    with pytest.raises(ValueError, match="num_episodes must be at least 1, got 0"):
        evaluate(RandomAgent(3), ParallelCatch(1, 0), CATCH, num_episodes=0)


def test_the_means_are_of_ten_thousand_resamples():
    means = bootstrap_means([1.0, 2.0, 4.0], np.random.default_rng(0))
    assert means.shape == (10_000,)
    assert set(np.round(3 * means).tolist()) <= set(range(3, 13))


def test_an_interval_leaves_out_as_much_on_either_side():
    values = np.arange(101.0)
    assert percentile_interval(values) == pytest.approx((2.5, 97.5))


class Witness:
    """Does nothing, and notes with what it was asked to choose."""

    def __init__(self):
        self.epsilons, self.draws = set(), []

    def act(self, states, epsilon, rng):
        self.epsilons.add(epsilon)
        self.draws.append(rng.random())
        return np.zeros(len(states), np.int32)


def test_what_is_not_said_is_the_protocol_of_the_papers():
    """A hundred games, epsilon 0.05, and random actions from seed 0."""
    agent, env = Witness(), CountingGames(20, ["NOOP"], first_seed=0)
    result = evaluate(agent, env, CATCH)
    assert result.seeds == list(range(100)) and len(result.scores) == 100
    assert agent.epsilons == {0.05} and result.epsilon == 0.05
    expected = np.random.default_rng(0)
    assert agent.draws == [expected.random() for _ in agent.draws]


def test_one_game_can_be_evaluated():
    env = CountingGames(4, ["NOOP"], first_seed=3)
    result = evaluate(RandomAgent(1), env, CATCH, num_episodes=1)
    assert (result.seeds, result.scores, result.steps) == ([3], [3.0], [27])


class Bar:
    """Stands for a progress bar."""

    def __init__(self):
        self.updates = []

    def update(self, count):
        self.updates.append(count)


@pytest.mark.parametrize("at_once", [1, 4, 16])
def test_progress_counts_each_game_that_counts_once(at_once):
    bar, env = Bar(), CountingGames(at_once, ["NOOP"], first_seed=0)
    evaluate(RandomAgent(1), env, CATCH, num_episodes=10, progress=bar)
    assert sum(bar.updates) == 10 and min(bar.updates) > 0


BREAKOUT = PRESETS["laptop"].replace(
    noop_max_frames=7, sticky_action_probability=0.25, max_frames_per_game=4_000
)


class CutOff(CountingGames):
    """Every game is cut off at its end, but those with even seeds."""

    def receive(self):
        states, rewards, _, over = super().receive()
        return states, rewards, over & (self.seed % 2 == 0), over


def test_the_report_tells_the_rules_that_the_games_were_made_by():
    env = CutOff(4, ["NOOP", "FIRE"], first_seed=0)
    result = evaluate(RandomAgent(2), env, BREAKOUT, num_episodes=9, epsilon=0.01)
    assert json.loads(json.dumps(result.to_dict())) == {
        "game": "breakout",
        "scores": [*range(9)],
        "seeds": [*range(9)],
        "steps": [*range(30, 21, -1)],
        "truncated_games": 4,
        "epsilon": 0.01,
        "noop_max_frames": 7,
        "sticky_action_probability": 0.25,
        "max_frames_per_game": 4_000,
        "automatic_fire": True,
        "mean": 4.0,
        "interval_95": list(result.interval()),
        "median": 4.0,
        "min": 0.0,
        "max": 8.0,
    }
    low, high = result.interval()
    assert result.summary() == (
        f"breakout: score 4.0 (95 % interval {low:.1f} to {high:.1f}), "
        "min 0, median 4, max 8\n"
        "  9 whole games, distinct seeds from 0, epsilon 0.01, up to 7 no-op frames,\n"
        "  sticky actions 0.25, FIRE pressed at the start and after a lost life, "
        "4,000 frames at most (4 games cut there)"
    )


@pytest.mark.parametrize(
    "buttons, automatic, pressed",
    [(["NOOP", "FIRE"], False, False), (["NOOP", "UP"], True, False)],
)
def test_fire_is_reported_only_where_it_was_pressed(buttons, automatic, pressed):
    env = CountingGames(2, buttons, first_seed=0)
    config = BREAKOUT.replace(automatic_fire=automatic)
    result = evaluate(RandomAgent(2), env, config, num_episodes=2)
    assert result.automatic_fire is pressed
    assert "no FIRE pressed for the agent" in result.summary()


def test_the_report_of_catch_tells_none_of_ataris_rules():
    env = CountingGames(2, ["NOOP"], first_seed=5)
    result = evaluate(RandomAgent(1), env, CATCH, num_episodes=2)
    assert result.summary().splitlines()[1] == (
        "  2 whole games, distinct seeds from 5, epsilon 0.05"
    )
