"""Players side by side: each plays the very game it would have played alone."""

import imageio_ffmpeg
import numpy as np
import pytest

from dqn_tutorial.config import PRESETS
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.viewing import side_by_side
from dqn_tutorial.viewing.side_by_side import film_together, play_together
from dqn_tutorial.viewing.video import Moment, record

CONFIG = PRESETS["laptop"]


class Idle:
    """Presses nothing; FIRE is pressed for it, so it loses its five lives soon."""

    def act(self, states, epsilon, rng):
        return np.zeros(len(states), np.int32)


def frames_of(path) -> np.ndarray:
    reader = imageio_ffmpeg.read_frames(str(path))
    width, height = next(reader)["size"]
    return np.array([np.frombuffer(f, np.uint8) for f in reader]).reshape(
        -1, height, width, 3
    )


@pytest.mark.slow
def test_each_player_plays_as_it_does_alone(tmp_path):
    players = {"chance": RandomAgent(4), "idle": Idle()}
    games = play_together(players, CONFIG, seed=3)
    together = film_together(games, tmp_path / "both.mp4", max_steps=5_000)
    for name, agent in players.items():
        alone = record(make_single_env(CONFIG), agent, tmp_path / "one.mp4", seed=3)
        assert together[name].score == alone.score
        assert together[name].steps == alone.steps
        assert together[name].game_over
        np.testing.assert_array_equal(together[name].filmstrip[-1], alone.filmstrip[-1])
    assert together["chance"].steps != together["idle"].steps


def test_the_video_holds_every_player_with_two_frames_a_step(tmp_path):
    path = tmp_path / "x.mp4"
    players = {"a": RandomAgent(4), "b": RandomAgent(4), "idle": Idle()}
    film_together(play_together(players, CONFIG), path, max_steps=8)
    frames = frames_of(path).astype(int)
    assert len(frames) == 18  # the start and 8 steps
    a, b, idle = (frames[-1, 80:500, k * 336 : k * 336 + 320] for k in range(3))
    assert np.abs(a - b).mean() < np.abs(a - idle).mean() / 2  # the same game


def test_one_player_has_the_filmstrip_of_a_recording_of_its_own(tmp_path):
    options = {"max_steps": 100, "strip": 3}
    player, path = RandomAgent(4), tmp_path / "x.mp4"
    games = play_together({"a": player}, CONFIG, seed=1)
    together = film_together(games, path, **options)["a"]
    alone = record(make_single_env(CONFIG), player, path, seed=1, **options)
    np.testing.assert_array_equal(together.filmstrip, alone.filmstrip)
    assert together.strip_scores == alone.strip_scores


def moments(scores):
    """A game whose screens of step k are all k; it is over with the last score."""
    for k, score in enumerate(scores):
        screens = [np.full((2, 2, 3), k, np.uint8)] * 4
        yield Moment(screens, score, k, k == len(scores) - 1)


def test_a_game_that_is_over_stands_still_until_the_last_is_over():
    steps = list(side_by_side._in_step([moments([0, 1]), moments([0, 0, 0, 4])], 10))
    assert [[m.score for m in step] for step in steps] == [
        [0, 0],
        [1, 0],
        [1, 0],
        [1, 4],
    ]
    assert [side_by_side._score(m) for m in steps[1]] == [
        "score 1, game over",
        "score 0",
    ]


def test_max_steps_ends_games_that_are_not_over():
    steps = list(side_by_side._in_step([moments([0, 1, 2, 3])], 2))
    assert [step[0].score for step in steps] == [0, 1, 2]


def test_the_frames_shown_are_evenly_spread_over_the_four_of_a_step():
    def shown(moment, frames_per_step):
        return [
            side_by_side._screen(moment, k, frames_per_step)
            for k in range(frames_per_step)
        ]

    step = Moment(["1st", "2nd", "3rd", "4th"], 0, 5, False)
    assert shown(step, 2) == ["2nd", "4th"] and shown(step, 1) == ["4th"]
    assert shown(step._replace(game_over=True), 2) == ["4th", "4th"]
    assert shown(Moment(["first"], 0, 0, False), 2) == ["first", "first"]


@pytest.mark.slow
def test_filmstrips_show_the_same_moments_with_the_score_at_each(tmp_path):
    players = {"a": RandomAgent(4), "b": RandomAgent(4)}
    games = play_together(players, CONFIG, seed=3)
    strips = film_together(games, tmp_path / "x.mp4", max_steps=200, strip=5)
    a, b = strips["a"], strips["b"]
    np.testing.assert_array_equal(a.filmstrip, b.filmstrip)
    assert len(a.filmstrip) == len(a.strip_scores) == 5
    assert a.strip_scores[0] == 0 and a.strip_scores[-1] == a.score > 0
    assert a.strip_scores == sorted(a.strip_scores)


def test_a_filmstrip_ends_where_its_game_does(tmp_path):
    games = {"short": moments([0, 1, 2]), "long": moments([0, 0, 0, 0, 0, 5])}
    strips = film_together(games, tmp_path / "x.mp4", strip=3)
    assert strips["short"].strip_scores == [0, 1, 2]
    assert strips["long"].strip_scores == [0, 0, 5]


@pytest.mark.parametrize(
    ("games", "options", "fault"),
    [
        ({}, {}, "games must name one game or more, got none"),
        ({"a": moments([0])}, {"frames_per_step": 3}, "must be 1 or 2, got 3"),
    ],
)
def test_what_cannot_be_filmed_is_refused(tmp_path, games, options, fault):
    with pytest.raises(ValueError, match=fault):
        film_together(games, tmp_path / "x.mp4", **options)
