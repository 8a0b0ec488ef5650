import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from full_disk import disk_of

from dqn_tutorial.config import PRESETS
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.viewing.video import Filmstrip, Mp4Writer, enlarge, record


def what_ffmpeg_says(path):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stderr


def test_a_video_is_h264_that_every_browser_plays_with_even_sides(tmp_path):
    with Mp4Writer(tmp_path / "x.mp4", 30, enlarge=1) as video:
        for i in range(10):
            video.write(np.full((33, 41, 3), 20 * i, np.uint8))
    says = what_ffmpeg_says(tmp_path / "x.mp4")
    assert "h264" in says and "yuv420p" in says and "40x32" in says and "30 fps" in says


def test_frames_come_back_as_they_were_written(tmp_path):
    """Grey screens of 0, 60, ..., 240 survive compression to within a few levels."""
    with Mp4Writer(tmp_path / "x.mp4", 30) as video:
        for level in range(0, 241, 60):
            video.write(np.full((32, 32, 3), level, np.uint8))
    reader = imageio_ffmpeg.read_frames(str(tmp_path / "x.mp4"))
    assert next(reader)["size"] == (64, 64)
    levels = [np.frombuffer(frame, np.uint8).mean() for frame in reader]
    assert levels == pytest.approx([0, 60, 120, 180, 240], abs=6)


@pytest.mark.parametrize(
    "frame",
    [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 3)), np.zeros((8, 8, 4), np.uint8)],
)
def test_a_frame_that_is_not_rgb_bytes_is_refused(tmp_path, frame):
    with (
        Mp4Writer(tmp_path / "x.mp4", 30) as video,
        pytest.raises(ValueError, match="frame must be"),
    ):
        video.write(frame)


@pytest.mark.parametrize("num_frames", [3, 300])  # refused as it ends, or before
def test_a_full_disk_is_told_and_the_old_video_stays(tmp_path, num_frames):
    path, rng = tmp_path / "x.mp4", np.random.default_rng(0)
    path.write_bytes(b"old")
    with (
        pytest.raises(OSError, match=r"cannot write .*x\.mp4"),
        disk_of(2000),
        Mp4Writer(path, 30) as video,
    ):
        for _ in range(num_frames):
            video.write(rng.integers(0, 256, (84, 84, 3), dtype=np.uint8))
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["x.mp4"]


@pytest.mark.parametrize(
    "game, size", [("catch", (336, 336)), ("breakout", (320, 420))]
)
def test_a_recorded_game_can_be_watched(tmp_path, game, size):
    env = make_single_env(PRESETS["laptop"].replace(game=game))
    agent = RandomAgent(env.action_space.n)
    recording = record(env, agent, tmp_path / "x.mp4", seed=1, max_steps=60, strip=5)
    assert len(recording.filmstrip) == 5
    assert recording.game_over == (game == "catch")
    assert recording.steps == (9 if game == "catch" else 60)
    reader = imageio_ffmpeg.read_frames(str(recording.path))
    assert next(reader)["size"] == size
    shown = len(list(reader))
    assert shown == 1 + recording.steps * (1 if game == "catch" else 2)


def test_a_whole_game_is_recorded_with_its_true_score(tmp_path):
    """The score is that of the same game played without a camera."""
    config = PRESETS["laptop"]
    agent = RandomAgent(4)
    recording = record(make_single_env(config), agent, tmp_path / "x.mp4", seed=3)
    env, rng = make_single_env(config), np.random.default_rng(3)
    state, _ = env.reset(seed=3)
    score, over = 0.0, False
    while not over:
        action = agent.act(state[None], 0.05, rng)[0]
        state, reward, terminated, truncated, _ = env.step(int(action))
        score, over = score + reward, terminated or truncated
    assert recording.game_over and recording.score == score
    assert len(recording.filmstrip) == 6


@pytest.mark.parametrize("seen", [1, 2, 5, 39, 40, 41, 1000, 12_345])
def test_a_filmstrip_is_evenly_spread_over_however_many_moments(seen):
    """From the first to the last; a fortieth of the game is as near as it comes."""
    film = Filmstrip(5)
    for k in range(seen):
        film.add(k)
    ideal = np.linspace(0, seen - 1, min(5, seen))
    assert len(film.chosen()) == min(5, seen)
    assert np.abs(np.array(film.chosen()) - ideal).max() <= max(1, seen / 20)
    assert film.chosen()[0] == 0 and film.chosen()[-1] == seen - 1


def test_an_enlarged_frame_has_each_pixel_several_times():
    frame = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert enlarge(frame, 3).tolist() == np.kron(frame, np.ones((3, 3, 1))).tolist()


def test_the_scores_beside_a_filmstrip_are_those_of_its_moments(tmp_path):
    env = make_single_env(PRESETS["laptop"])
    recording = record(env, RandomAgent(4), tmp_path / "x.mp4", seed=3)
    assert len(recording.strip_scores) == len(recording.filmstrip) == 6
    assert recording.strip_scores[0] == 0
    assert recording.strip_scores[-1] == recording.score > 0
