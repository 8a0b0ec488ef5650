"""What a run shows while it trains: at the right steps, and no bit of it changes."""

import numpy as np
import pytest
from full_disk import disk_of
from matplotlib.image import imread
from same_run import assert_same_files

from dqn_tutorial.quiet_tensorflow import tf
from dqn_tutorial.runs import checkpoints, shows
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.shows import TAGS, EventFile, draw_curves, record_game
from dqn_tutorial.runs.trainer import Trainer
from tests.test_cli import QUICK


def start(run_dir, config=QUICK) -> Trainer:
    return Trainer.start(config, run_dir, seed=3)


def events(run_dir) -> list:
    """All events of the run's event files, in order."""
    found = []
    for path in sorted((run_dir / "tensorboard").iterdir()):
        for record in tf.data.TFRecordDataset(str(path)):
            found.append(tf.compat.v1.Event.FromString(record.numpy()))
    return found


def scalars(run_dir) -> dict[str, list[tuple[int, float]]]:
    """tag -> (step, value) of each row, in the order written."""
    found = {}
    for event in events(run_dir):
        for value in event.summary.value:
            found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found


def assert_all_rows_are_there_once(run_dir, history):
    written = scalars(run_dir)
    assert written.keys() == TAGS.keys()
    for tag, column in TAGS.items():
        known = np.isfinite(history[column])
        steps, values = np.array(written[tag]).T
        np.testing.assert_array_equal(steps, history["step"][known])
        np.testing.assert_allclose(values, history[column][known], rtol=1e-6)


@pytest.mark.slow
def test_what_is_asked_for_is_called_when_the_steps_pass_a_multiple(tmp_path):
    trainer, steps, names = start(tmp_path / "r"), [], []
    trainer.every(30, lambda t: steps.append(t.step))
    trainer.every(200, lambda t: names.extend(p.name for p in t.run_dir.iterdir()))
    trainer.run(240)
    assert steps == [32, 60, 92, 120, 152, 180, 212, 240]  # four games at once
    assert "checkpoint_000000000200.npz" in names  # saved before anything is shown


@pytest.mark.parametrize("period", [0, -5])
def test_a_period_below_one_step_is_refused(tmp_path, period):
    with pytest.raises(ValueError, match="period_steps must be at least 1"):
        start(tmp_path / "r").every(period, draw_curves)


@pytest.mark.slow
@pytest.mark.parametrize("game", ["catch", "breakout"])
def test_a_run_that_shows_itself_is_the_same_run_to_the_last_bit(
    tmp_path, game, monkeypatch
):
    monkeypatch.setattr(shows, "VIDEO_MAX_STEPS", 60)
    config = QUICK.replace(
        game=game,
        replay_capacity_transitions=1_000,
        max_frames_per_game=400,  # so that games of Breakout end, too
    )
    start(tmp_path / "dark", config).run(600)
    shown = start(tmp_path / "shown", config)
    for show in (draw_curves, record_game, EventFile()):
        shown.every(300, show)
    shown.run(600)
    assert shown.update > 100 and shown.games_finished > 0
    assert_same_files(tmp_path / "dark", tmp_path / "shown")


@pytest.mark.slow
def test_the_curves_are_those_of_the_history_so_far(tmp_path):
    trainer, pictures = start(tmp_path / "r"), []
    trainer.every(200, draw_curves)
    trainer.every(200, lambda t: pictures.append(imread(t.run_dir / "curves.png")))
    trainer.run(400)
    assert (pictures[0] != pictures[1]).any()
    shows.write_curves({"r": trainer.history}, tmp_path / "again.png")
    np.testing.assert_array_equal(imread(tmp_path / "again.png"), pictures[1])


def test_a_full_disk_leaves_the_old_curves(tmp_path):
    trainer = start(tmp_path / "r")
    draw_curves(trainer)  # there is no row yet
    before = (tmp_path / "r" / "curves.png").read_bytes()
    with disk_of(1000), pytest.raises(CheckpointError, match=r"curves\.png.*make room"):
        draw_curves(trainer)
    assert (tmp_path / "r" / "curves.png").read_bytes() == before


@pytest.mark.slow
def test_the_recorded_game_is_one_of_the_agent_at_that_step(tmp_path, monkeypatch):
    played = []
    monkeypatch.setattr(
        shows,
        "record",
        lambda env, agent, path, **options: played.append(
            (path.name, agent.q_values(np.zeros((1, 4, 84, 84), np.uint8)), options)
        ),
    )
    trainer = start(tmp_path / "r")
    trainer.every(200, record_game)
    trainer.run(400)
    (first, q_first, options), (second, q_second, _) = played
    assert (first, second) == ("video_000000000200.mp4", "video_000000000400.mp4")
    assert (q_first != q_second).any()
    assert options["epsilon"] == 0.05 and options["max_steps"] > 0


def test_a_video_that_cannot_be_written_costs_no_step(tmp_path):
    trainer = start(tmp_path / "r")
    trainer.save()  # so that the small disk refuses the video only

    def record_on_a_full_disk(trainer):
        with disk_of(1000):
            record_game(trainer)

    trainer.every(52, record_on_a_full_disk)
    with pytest.raises(OSError, match=r"cannot write .*video_000000000052\.mp4"):
        trainer.run(400)
    assert checkpoints.checkpoint_paths(tmp_path / "r")[0].name.endswith("052.npz")
    assert not list((tmp_path / "r").glob("*.mp4"))
    assert Trainer.resume(tmp_path / "r").step == 52


@pytest.mark.slow
def test_tensorboard_gets_every_row_once_whether_or_not_the_run_is_cut(tmp_path):
    trainer = start(tmp_path / "r")
    trainer.every(100, EventFile())
    trainer.run(300)
    assert_all_rows_are_there_once(tmp_path / "r", trainer.history)
    trainer.run(500)  # a second `run` of one object goes on
    assert_all_rows_are_there_once(tmp_path / "r", trainer.history)
    # A kill: rows 400 and 500 were logged, and the newest checkpoint is that of 300.
    for path in checkpoints.checkpoint_paths(tmp_path / "r")[:2]:
        path.unlink()
    resumed = Trainer.resume(tmp_path / "r")
    assert resumed.step == 300
    resumed.run(400)  # without TensorBoard
    resumed.every(100, EventFile())
    resumed.run(600)
    assert list(resumed.history["step"]) == [100, 200, 300, 400, 500, 600]
    assert_all_rows_are_there_once(tmp_path / "r", resumed.history)


def test_the_times_of_events_are_those_of_the_training(tmp_path):
    trainer = start(tmp_path / "r")
    trainer.every(100, EventFile())
    trainer.run(200)
    times = [event.wall_time for event in events(tmp_path / "r") if event.step]
    assert np.diff(times) == pytest.approx(np.diff(trainer.history["wall_seconds"]))


def test_nan_is_left_out_of_tensorboard(tmp_path):
    trainer = start(tmp_path / "r")
    trainer.config = trainer.config.replace(learning_starts_steps=10_000)
    trainer.every(100, EventFile())
    trainer.run(100)
    assert scalars(tmp_path / "r").keys() == {"score", "epsilon", "steps_per_second"}


def test_a_full_disk_is_told_by_tensorboard_too(tmp_path):
    trainer = start(tmp_path / "r")
    refused = pytest.raises(CheckpointError, match=r"cannot write .*tensorboard")
    with disk_of(10), refused:
        EventFile()(trainer)
