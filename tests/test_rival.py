"""The rival follows the ball, and its score is the one that the lessons name."""

import json

import numpy as np
import pytest

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.lessons.rival import STORED, follow_the_ball, play_as_rival
from dqn_tutorial.runs.pretrained import load_scores, protocols
from tools.measure_rival import PROTOCOLS, measure


def screen(ball: int | None, paddle: int) -> np.ndarray:
    """A black screen with a ball and a paddle whose left ends are at these columns."""
    made = np.zeros((210, 160, 3), np.uint8)
    made[189:193, paddle : paddle + 16] = (200, 72, 72)
    if ball is not None:
        made[140:144, ball : ball + 2] = (200, 72, 72)
    return made


@pytest.mark.parametrize(
    ("ball", "action"), [(None, 0), (87, 0), (97, 2), (77, 3), (89, 0), (90, 2)]
)
def test_it_moves_the_paddle_below_the_ball_and_rests_when_it_is_there(ball, action):
    assert follow_the_ball(screen(ball, paddle=80)) == action


@pytest.mark.slow
def test_its_score_is_that_of_one_whole_game():
    game = SingleAtari("breakout")
    game.reset(seed=0, options={"noops": 0})
    score, steps, cut = play_as_rival(game)
    assert (score, steps, cut) == (104, 1_614, False)


@pytest.mark.slow
def test_the_stored_games_are_those_that_it_plays():
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert list(stored) == list(PROTOCOLS)
    for name, changes in PROTOCOLS.items():
        again = measure(1, **changes).to_dict()
        for key in ("scores", "steps", "seeds"):
            assert again[key] == stored[name][key][:1]
        rules = ("epsilon", "sticky_action_probability", "automatic_fire")
        assert {k: again[k] for k in rules} == {k: stored[name][k] for k in rules}


def test_the_rival_was_measured_by_the_rules_of_the_agent():
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert set(stored) == set(protocols("breakout"))
    for name, rival in stored.items():
        agent = load_scores("breakout", name)["agent"]
        differ = ("scores", "steps", "truncated_games", "mean", "median", "min", "max")
        rules = set(agent) - {*differ, "interval_95"}
        assert {k: rival[k] for k in rules} == {k: agent[k] for k in rules}
        assert len(rival["scores"]) == 100
        assert rival["mean"] == pytest.approx(np.mean(rival["scores"]))
