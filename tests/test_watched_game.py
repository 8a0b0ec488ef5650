"""A game as its player saw it: what is kept of its moments."""

from itertools import islice, pairwise

import numpy as np
import pytest

from dqn_tutorial.config import PRESETS
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.viewing import watched_game
from dqn_tutorial.viewing.video import Moment, play
from dqn_tutorial.viewing.watched_game import in_batches, watch_game


def moments_of(game, steps):
    env = make_single_env(PRESETS["laptop"].replace(game=game))
    agent = RandomAgent(env.action_space.n)
    return list(islice(play(env, agent, 0.05, seed=3), steps + 1))


@pytest.mark.parametrize("game", ["breakout", "catch"])
def test_what_is_kept_is_what_was_seen_and_pressed(game):
    moments = moments_of(game, 60)
    seen = watch_game(moments)
    assert len(seen) == len(moments) - 1 and seen.first_step == 0
    for t, (before, after) in enumerate(pairwise(moments)):
        np.testing.assert_array_equal(seen.palette[seen.screens[t]], before.screens[-1])
        np.testing.assert_array_equal(seen.states[t], before.state)
        assert seen.actions[t] == after.action
        assert (seen.scores[t], seen.scores[t + 1]) == (before.score, after.score)
        assert seen.lives[t] == before.lives
    assert seen.game_over == moments[-1].game_over == (game == "catch")


def test_a_stretch_of_a_game_begins_where_it_begins():
    moments = moments_of("breakout", 40)
    seen = watch_game(moments[30:])
    assert (seen.first_step, len(seen)) == (30, 10)
    np.testing.assert_array_equal(seen.states[0], moments[30].state)


def test_the_action_kept_is_the_one_executed():
    """FIRE is pressed in the first step, whatever the player chose."""

    class LeftOnly:
        def act(self, states, epsilon, rng):
            return np.array([3])

    env = make_single_env(PRESETS["laptop"])
    seen = watch_game(islice(play(env, LeftOnly(), 0.0, seed=1), 4))
    assert seen.actions.tolist() == [1, 3, 3]


def test_a_life_ends_where_one_is_lost_and_where_the_game_is_over():
    state = np.zeros((4, 84, 84), np.uint8)
    lives = [2, 2, 1, 1]
    moments = [
        Moment([np.zeros((2, 2, 3), np.uint8)], 0.0, k, k == 3, state, left, 0)
        for k, left in enumerate(lives)
    ]
    assert watch_game(moments).life_ended.tolist() == [False, True, True]


def test_moments_that_do_not_follow_each_other_are_refused():
    moments = moments_of("breakout", 30)
    with pytest.raises(ValueError, match="the state before step 30 does not hold"):
        watch_game([*moments[:10], *moments[29:]])


def test_a_single_moment_is_no_game():
    with pytest.raises(ValueError, match="moments must be two or more"):
        watch_game(moments_of("catch", 0))


def test_screens_of_too_many_colours_are_refused():
    screen = np.zeros((1, 257, 3), np.uint8)
    screen[0, :, 0], screen[0, 256, 1] = np.arange(257) % 256, 1
    state = np.zeros((4, 84, 84), np.uint8)
    moments = [Moment([screen], 0.0, k, False, state, action=0) for k in range(2)]
    with pytest.raises(ValueError, match="at most 256 colours"):
        watch_game(moments)


def test_a_network_is_asked_in_batches_of_one_size():
    states = np.arange(300, dtype=np.uint16).astype(np.uint8)[:, None, None, None]
    sizes = []

    def double(batch):
        sizes.append(len(batch))
        return 2.0 * batch[:, 0, 0]

    answers = in_batches(double, states)
    assert sizes == [watched_game.BATCH] * 2
    assert answers[:, 0].tolist() == (2 * (np.arange(300) % 256)).tolist()
