"""Recorded games of Breakout, and what code reads from a screen."""

import json

import numpy as np
import pytest

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.lessons.lesson_07.breakout import (
    RecordedGame,
    ball_is_behind_wall,
    load_recorded_games,
    points_of,
    screens_of,
    watch_recorded,
)
from dqn_tutorial.lessons.lesson_07.checks import UnevenGames
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.pretrained import SHIPPED, load_agent, load_scores
from tools import record_games
from tools.record_games import Recorder, noops_before


@pytest.fixture(scope="module")
def recorded():
    return load_recorded_games("breakout")


def test_the_recorded_games_are_of_the_agent_that_is_shipped():
    stored = json.loads((SHIPPED / "breakout_games.json").read_text("utf-8"))
    assert stored["origin"] == load_agent("breakout")[2]


def test_the_recorded_games_are_the_worst_the_best_and_three_between(recorded):
    scores = load_scores("breakout")["agent"]
    of_seed = dict(zip(scores["seeds"], scores["scores"], strict=True))
    found = [game.score for game in recorded]
    assert found == [of_seed[game.seed] for game in recorded]
    ordered = sorted(scores["scores"])
    assert found == [ordered[k] for k in (0, 25, 50, 74, 99)]


@pytest.mark.slow
def test_a_recorded_game_played_again_has_its_score_and_its_lives(recorded):
    """The shortest; notebook 07 plays them all, and shows their scores."""
    game = recorded[0]
    points, ends = points_of(game)
    assert (len(points), points.sum()) == (len(game.actions), game.score)
    assert ends.sum() == 5 and ends[-1]


@pytest.mark.slow
def test_the_shipped_agent_would_mostly_press_the_same_buttons(recorded):
    """95 % of the actions were its own, and a quarter of the random ones as well."""
    agent, _, _ = load_agent("breakout")
    game = recorded[0]
    greedy = agent.q_values(watch_recorded(game).states).argmax(axis=1)
    assert np.mean(greedy == game.actions) > 0.9


def test_games_that_were_not_recorded_are_refused():
    with pytest.raises(CheckpointError, match="no recorded games of 'brekout'"):
        load_recorded_games("brekout")


def play_at_random(noops, steps):
    env, rng = SingleAtari("breakout"), np.random.default_rng(0)
    env.reset(options={"noops": noops})
    rows = []
    for _ in range(steps):
        screen = env.render()
        state, reward, over, _, info = env.step(int(rng.integers(4)))
        rows.append((screen, state, reward, info["life_lost"] or over, info["action"]))
        if over:
            break
    return rows


def test_a_replay_shows_what_was_there_before_each_action():
    screens, states, rewards, ends, actions = zip(*play_at_random(7, 300), strict=True)
    game = RecordedGame(seed=0, score=sum(rewards), noops=7, actions=list(actions))
    points, life_ended = points_of(game)
    assert points.tolist() == list(rewards) and life_ended.tolist() == list(ends)
    steps = [7, 3, *range(20, len(actions))]
    for step, screen in zip(steps, screens_of(game, steps), strict=True):
        assert np.array_equal(screen, screens[step])
    seen = watch_recorded(game).states
    assert np.array_equal(seen[1:], states[:-1])  # before the action: one later
    assert not seen[0, :3].any()


@pytest.mark.slow
def test_the_number_of_no_ops_is_found_by_trying(monkeypatch):
    *_, rewards, _, actions = zip(*play_at_random(7, 10_000), strict=True)
    game = noops_before(3, sum(rewards), list(actions))
    assert (game.seed, game.score, game.actions) == (3, sum(rewards), list(actions))
    assert game.noops == 3  # as good as 7: only the remainder by four counts
    monkeypatch.setattr(record_games, "MOST_NOOPS", 3)
    with pytest.raises(SystemExit, match="game 3: no number of no-ops"):
        noops_before(3, sum(rewards) + 1, list(actions))


def test_a_recorder_keeps_the_actions_of_each_game_by_its_seed():
    recorder = Recorder(UnevenGames(2, [3, 1, 2], first_seed=5))
    assert recorder.is_fresh  # as `evaluate` asks
    recorder.reset()
    for first in (0, 1, 0):
        recorder.step(np.array([first, 1]))
    # place 1: game 5, three steps; place 2: game 6, one step, then game 7, two
    assert recorder.actions == {5: [0, 1, 0], 6: [1], 7: [1, 1]}


def wall_screen():
    screen = np.zeros((210, 160, 3), np.uint8)
    screen[57:93, 8:152] = (200, 72, 72)
    screen[17:196, :8] = screen[17:196, 152:] = screen[17:32] = 142  # the border
    return screen


def test_the_ball_behind_the_wall_is_seen_and_below_it_is_not():
    screen = wall_screen()
    assert not ball_is_behind_wall(screen)
    screen[120:124, 80:82] = (200, 72, 72)
    assert not ball_is_behind_wall(screen)
    screen[40:44, 80:82] = (200, 72, 72)
    assert ball_is_behind_wall(screen)
