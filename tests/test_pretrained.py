"""The agents that come with the package: they load, play, and are what is said."""

import numpy as np
import pytest

from dqn_tutorial.checkpoints import CheckpointError
from dqn_tutorial.evaluation import RandomAgent, evaluate
from dqn_tutorial.pretrained import (
    load_agent,
    load_history,
    load_scores,
    shipped_names,
)
from dqn_tutorial.training import make_games


@pytest.fixture(scope="module", params=shipped_names())
def name(request):
    return request.param


def test_there_is_an_agent_that_plays_breakout():
    assert "breakout" in shipped_names()


def test_the_scores_are_those_of_a_hundred_games_and_add_up(name):
    scores = load_scores(name)
    for player in ("agent", "random"):
        assert len(scores[player]["scores"]) == len(set(scores[player]["seeds"])) == 100
        assert scores[player]["mean"] == pytest.approx(
            np.mean(scores[player]["scores"])
        )
        low, high = scores[player]["interval_95"]
        assert low < scores[player]["mean"] < high
    assert scores["agent"]["epsilon"] == 0.05
    assert scores["agent"]["game"] == load_agent(name)[1].game


def test_the_scores_were_measured_on_the_network_that_is_shipped(name):
    assert load_scores(name)["origin"] == load_agent(name)[2]


def test_the_history_reaches_the_step_of_the_network_to_within_a_row(name):
    _, config, origin = load_agent(name)
    step = int(origin.split("step ")[1].replace(",", ""))
    assert load_history(name)["step"][-1] > step - config.log_period_steps


@pytest.mark.slow
def test_the_agent_plays_about_as_well_as_its_stored_scores_say(name):
    """Eight of the stored games again: far above random, near the stored mean.

    Not equal: on another processor the last bits of a Q-value may differ, and with
    them a choice, and with it the rest of a game.
    """
    agent, config, _ = load_agent(name)
    games = make_games(config, 8, first_seed=0)
    again = evaluate(agent, games, config, num_games=8)
    stored = np.array(load_scores(name)["agent"]["scores"])
    standard_error = stored.std() / np.sqrt(8)
    assert abs(again.mean - stored.mean()) < 5 * standard_error
    chance = evaluate(
        RandomAgent(games.num_actions),
        make_games(config, 8, first_seed=0),
        config,
        num_games=8,
        epsilon=1.0,
    )
    assert again.mean > 5 * chance.mean


@pytest.mark.parametrize("load", [load_agent, load_history, load_scores])
def test_an_agent_that_is_not_shipped_is_refused_with_the_names_of_those_that_are(load):
    with pytest.raises(CheckpointError, match="breakout"):
        load("brekout")
