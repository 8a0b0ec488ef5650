import json

import numpy as np
import pytest

from dqn_tutorial.catch import BALL, PADDLE, Catch, ParallelCatch
from dqn_tutorial.config import PRESETS
from dqn_tutorial.evaluation import Evaluation, RandomAgent, evaluate
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


def test_the_report_holds_every_score_and_the_protocol():
    result = evaluation_of([1.0, 2.0, 6.0])
    data = json.loads(json.dumps(result.to_dict()))
    assert data["scores"] == [1.0, 2.0, 6.0]
    assert (data["mean"], data["median"], data["min"], data["max"]) == (3, 2, 1, 6)
    assert data["epsilon"] == 0.05
    text = result.summary()
    assert "score 3.0" in text and "epsilon 0.05" in text and "FIRE pressed" in text


def test_no_game_at_all_is_refused():
    with pytest.raises(ValueError, match="num_episodes must be at least 1, got 0"):
        evaluate(RandomAgent(3), ParallelCatch(1, 0), CATCH, num_episodes=0)
