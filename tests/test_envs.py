"""The games that the settings name, many at once or one to look at."""

import numpy as np
import pytest

from dqn_tutorial import envs
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import PRESETS

CATCH, BREAKOUT = PRESETS["catch"], PRESETS["laptop"]


@pytest.fixture
def made(monkeypatch) -> list:
    """What the classes of the Atari games are called with, and no game is begun."""
    made = []
    for name in ("ParallelAtari", "SingleAtari"):
        monkeypatch.setattr(envs, name, lambda *a, **k: made.append((a, k)) or made)
    return made


@pytest.mark.parametrize("one_game", [False, True])
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("sticky_action_probability", 0.25),
        ("noop_max_frames", 7),
        ("max_frames_per_game", 400),
        ("automatic_fire", False),
    ],
)
def test_games_are_made_as_the_settings_say(made, setting, value, one_game):
    config = BREAKOUT.replace(**{setting: value})
    if one_game:
        assert envs.make_single_env(config) is made
    else:
        assert envs.make_env(config, 4, 9, games_per_seed=50) is made
    ((positional, given),) = made
    assert positional == (("breakout",) if one_game else ("breakout", 4, 9))
    assert given[setting] == value
    if not one_game:  # sticky actions need a seed for each game
        assert given["games_per_seed"] == (1 if "sticky" in setting else 50)


def test_each_game_has_a_seed_of_its_own_unless_said_otherwise(made):
    envs.make_env(BREAKOUT, 4, 9)
    assert made[0][1]["games_per_seed"] == 1


def test_catch_is_made_many_times_or_once_with_the_same_states():
    many, one = envs.make_env(CATCH, 3, 7), envs.make_single_env(CATCH)
    assert type(many) is ParallelCatch
    assert (many.num_envs, many.first_seed) == (3, 7)
    states = many.reset()
    for g in range(3):
        np.testing.assert_array_equal(one.reset(seed=7 + g)[0], states[g])
    np.testing.assert_array_equal(one.render()[..., 0], states[2, -1])
