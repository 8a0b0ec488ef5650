"""Tabular Q-learning against hand arithmetic and the exact solution of Catch."""

import gymnasium as gym
import numpy as np
import pytest

from dqn_tutorial.catch import Catch
from dqn_tutorial.q_table import greedy_policy, play, q_learning_update, train

SETTINGS = {
    "learning_rate": 0.2,
    "discount": 0.99,
    "epsilon_start": 1.0,
    "epsilon_end": 0.05,
}
SEED_OF_BALL_COLUMN = {0: 11, 1: 21, 2: 1, 3: 4, 4: 0}


def exact_q(discount):
    """Q* of Catch by reasoning, not by learning; NaN where no game can come.

    After an action in row r, 8 - r moves are left: the game is won if the ball is no
    further away than that, and its reward is discounted once for each of them.
    """
    q = np.full((10, 5, 5, 3), np.nan)
    for row in range(9):
        for ball in range(5):
            for paddle in range(max(0, 2 - row), min(4, 2 + row) + 1):
                for action in range(3):
                    moved = min(max(paddle + action - 1, 0), 4)
                    won = abs(ball - moved) <= 8 - row
                    q[row, ball, paddle, action] = discount ** (8 - row) * (
                        1 if won else -1
                    )
    return q.reshape(250, 3)


class OneStep(gym.Env):
    """One state, one step, reward 1; the game then ends as it is told to."""

    NUM_STATES = 2
    action_space = gym.spaces.Discrete(2)

    def __init__(self, terminated, truncated):
        self.ending = terminated, truncated

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {"state": 0}

    def step(self, action):
        return 0, 1.0, *self.ending, {"state": 0}


def test_one_update_worked_by_hand():
    q = np.array([[0.5, 0.2], [1.0, 2.0]])
    td_error = q_learning_update(q, 0, 1, 1.0, 1, False, 0.1, 0.9)
    # target 1 + 0.9 x 2 = 2.8; TD error 2.8 - 0.2 = 2.6; new value 0.2 + 0.26
    assert td_error == pytest.approx(2.6)
    assert q == pytest.approx(np.array([[0.5, 0.46], [1.0, 2.0]]))


def test_nothing_is_expected_after_the_end():
    q = np.array([[0.5, 0.2], [1.0, 2.0]])
    td_error = q_learning_update(q, 0, 0, -1.0, 1, True, 0.5, 0.9)
    # target -1; TD error -1.5; new value 0.5 - 0.75
    assert td_error == pytest.approx(-1.5)
    assert q == pytest.approx(np.array([[-0.25, 0.2], [1.0, 2.0]]))


def test_the_target_is_taken_before_the_cell_changes():
    q = np.array([[1.0, 0.0]])
    q_learning_update(q, 0, 0, 0.0, 0, False, 1.0, 0.5)
    assert q[0, 0] == 0.5  # 0 + 0.5 x 1.0


def test_the_greedy_action_is_the_largest_and_the_first_of_a_tie():
    q = np.array([[0.0, 0.0, 0.0], [-2.0, -1.0, -3.0], [1.0, 2.0, 2.0]])
    assert greedy_policy(q).tolist() == [0, 1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_it_reaches_the_optimal_score_from_every_start(seed):
    rng = np.random.default_rng(seed)
    q, returns = train(Catch(), 1000, rng=rng, **SETTINGS)
    assert q.shape == (250, 3) and q.dtype == np.float64
    assert len(returns) == 1000 and set(returns) == {-1.0, 1.0}
    policy = greedy_policy(q)
    for column, game_seed in SEED_OF_BALL_COLUMN.items():
        start = Catch().reset(seed=game_seed)[1]["state"]
        assert start == column * 5 + 2
        assert play(Catch(), policy, game_seed)[2] == Catch.OPTIMAL_SCORE


def test_with_enough_exploration_it_finds_the_exact_q_values():
    rng = np.random.default_rng(0)
    settings = {"learning_rate": 1, "discount": 0.9}
    always = {"epsilon_start": 1, "epsilon_end": 1}
    q, _ = train(Catch(), 6000, rng=rng, **settings, **always)
    exact = exact_q(0.9)
    reachable = ~np.isnan(exact)
    assert reachable.sum() == (5 * 1 + 5 * 3 + 7 * 25) * 3  # rows 0, 1, 2 to 8
    assert q[reachable] == pytest.approx(exact[reachable])
    assert not q[~reachable].any()


def test_training_repeats_itself_with_the_same_generator_and_only_then():
    def run(seed):
        return train(Catch(), 30, rng=np.random.default_rng(seed), **SETTINGS)

    assert np.array_equal(run(1)[0], run(1)[0]) and run(1)[1] == run(1)[1]
    assert not np.array_equal(run(1)[0], run(2)[0])


def test_another_rule_of_update_can_be_tried():
    seen = []
    rng = np.random.default_rng(0)
    q, _ = train(Catch(), 2, rng=rng, **SETTINGS, update=lambda *a: seen.append(a))
    assert not q.any() and len(seen) == 18
    terminated, learning_rate, discount = seen[8][5:]
    assert terminated is True and (learning_rate, discount) == (0.2, 0.99)


def test_the_games_own_chance_comes_from_the_generator_too():
    class Noted(Catch):
        def reset(self, **options):
            frame, info = super().reset(**options)
            self.starts.append(info["state"])
            return frame, info

    def starts(seed):
        env = Noted()
        env.starts = []
        train(env, 30, rng=np.random.default_rng(seed), **SETTINGS)
        return env.starts

    assert starts(1) == starts(1) != starts(2)


def test_exploration_fades_from_the_first_game_to_the_last():
    class Fork(OneStep):
        """Action 0 pays, so that every 1 after the first was an exploration."""

        def step(self, action):
            chosen.append(action)
            return 0, 1.0 - action, True, False, {"state": 0}

    chosen = []
    train(
        Fork(True, False),
        4000,
        learning_rate=1,
        discount=0.9,
        epsilon_start=1,
        epsilon_end=0,
        rng=np.random.default_rng(0),
    )
    quarters = np.reshape(chosen, (4, 1000)).mean(axis=1)
    # half of the explorations choose 1; epsilon is 7/8, 5/8, 3/8, 1/8 on average
    assert quarters == pytest.approx([7 / 16, 5 / 16, 3 / 16, 1 / 16], abs=0.05)


@pytest.mark.parametrize(
    "ending, value",
    [
        ((True, False), 1.0),  # nothing follows
        ((False, True), 1.5),  # cut off: 0.5 more was still to be expected
    ],
)
def test_a_game_cut_off_still_counts_on_its_future(ending, value):
    q, returns = train(
        OneStep(*ending),
        2,
        learning_rate=1,
        discount=0.5,
        epsilon_start=0,
        epsilon_end=0,
        rng=np.random.default_rng(0),
    )
    assert q.tolist() == [[value, 0.0], [0.0, 0.0]] and returns == [1.0, 1.0]


def test_play_shows_every_frame_and_follows_the_policy():
    frames, actions, score = play(Catch(), np.full(250, 2), seed=11)
    assert len(frames) == 10 and actions == [2] * 9 and score == -1.0
    env = Catch()
    expected = [env.reset(seed=11)[0]] + [env.step(2)[0] for _ in range(9)]
    assert np.array_equal(frames, expected)


def test_a_policy_for_another_game_is_refused():
    with pytest.raises(ValueError, match=r"policy must have shape \(250,\).*\(3,\)"):
        play(Catch(), np.zeros(3, int), seed=0)


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"num_episodes": 0}, "num_episodes must be at least 1, got 0"),
        ({"learning_rate": 0}, "learning_rate must be above 0 .* got 0"),
        ({"learning_rate": 1.5}, "learning_rate must be above 0 .* got 1.5"),
        ({"discount": 1.1}, "discount must be between 0 and 1, got 1.1"),
        ({"epsilon_start": 2}, "epsilon_start must be between 0 and 1, got 2"),
        ({"epsilon_end": -0.1}, "epsilon_end must be between 0 and 1, got -0.1"),
    ],
)
def test_settings_out_of_range_are_named(change, complaint):
    settings = {"num_episodes": 1, **SETTINGS, **change}
    with pytest.raises(ValueError, match=complaint):
        train(Catch(), rng=np.random.default_rng(0), **settings)
