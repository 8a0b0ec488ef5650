"""What a run shows of itself while it trains; none of it changes the training.

Each of these is for `Trainer.every`. The command `train` asks for them; a `Trainer`
made by hand shows nothing unless you ask:

    trainer.every(50_000, draw_curves)
"""

import contextlib
import time
from pathlib import Path

import numpy as np

from dqn_tutorial.config import SCORE_EPSILON
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.quiet_tensorflow import tf
from dqn_tutorial.runs.checkpoints import CheckpointError, atomic_write
from dqn_tutorial.runs.history import History
from dqn_tutorial.viewing.curves import CURVES_DPI, curves_figure
from dqn_tutorial.viewing.video import record

VIDEO_MAX_STEPS = 4_500  # five minutes of Atari: an agent may play one game for hours

TAGS = {  # name in TensorBoard: column of the history
    "score": "mean_score_100",
    "loss": "loss",
    "mean_q": "mean_q",
    "epsilon": "epsilon",
    "steps_per_second": "steps_per_second",
}


def draw_curves(trainer) -> None:
    """Draw the run's curves as they are now into its `curves.png`.

    Raises:
        CheckpointError: the disk is full or fails; the old picture is untouched.
    """
    label = trainer.run_dir.resolve().name
    write_curves({label: trainer.history}, trainer.run_dir / "curves.png")


def write_curves(runs: dict[str, History], path: Path, x: str = "steps") -> None:
    """Draw runs with `viewing.curves.curves_figure`, and write the picture.

    Args:
        runs: label -> history.
        path: of the png.
        x: "steps", "updates" or "minutes".

    Raises:
        CheckpointError: the disk is full or fails; the old file is untouched.
        ValueError: no run, or another `x`.
    """
    fig = curves_figure(runs, x)
    atomic_write(path, lambda file: fig.savefig(file, format="png", dpi=CURVES_DPI))


def record_game(trainer) -> None:
    """Record a game of the agent as it is now: `video_000000050000.mp4` at that step.

    The game and its random actions (5% of all) have a seed of their own, the same each
    time, and nothing in common with the games of the training.

    Raises:
        OSError: the disk is full or fails.
    """
    path = trainer.run_dir / f"video_{trainer.step:012d}.mp4"
    with contextlib.closing(make_single_env(trainer.config)) as env:
        record(
            env, trainer.agent, path, epsilon=SCORE_EPSILON, max_steps=VIDEO_MAX_STEPS
        )


class EventFile:
    """A run's history for TensorBoard, one file in `run_dir/tensorboard`.

    The first call writes the whole history into a new file and deletes older ones, the
    later calls append the rows that are new. So each row is there once, even if a
    killed run was resumed from a step before its last row. Use one object for one run.
    """

    def __init__(self):
        self._file, self._rows = None, 0  # rows written so far
        self._began = 0.0  # when the run would have begun if it had never paused

    def __call__(self, trainer) -> None:
        """Write the rows that are not yet in the file.

        Raises:
            CheckpointError: the disk is full or fails.
        """
        folder = trainer.run_dir / "tensorboard"
        try:
            if self._file is None:
                self._open(folder, trainer.wall_seconds)
            rows = trainer.history.to_frame()[self._rows :]
            for row in rows.to_dict("records"):
                self._file.write(self._event(row).SerializeToString())
            self._file.flush()
        except (OSError, tf.errors.OpError) as error:
            raise CheckpointError(f"cannot write into {folder}: {error}") from error
        self._rows += len(rows)

    def _open(self, folder: Path, wall_seconds: float) -> None:
        folder.mkdir(exist_ok=True)
        for old in folder.glob("events.out.tfevents.*"):
            old.unlink()
        now = time.time()
        self._began = now - wall_seconds
        self._file = tf.io.TFRecordWriter(
            str(folder / f"events.out.tfevents.{now:.0f}")
        )
        header = tf.compat.v1.Event(wall_time=now, file_version="brain.Event:2")
        self._file.write(header.SerializeToString())

    def _event(self, row: dict):
        """One row as an event; TensorBoard's "relative" time is that of training."""
        values = [
            tf.compat.v1.Summary.Value(tag=tag, simple_value=row[column])
            for tag, column in TAGS.items()
            if not np.isnan(row[column])
        ]
        return tf.compat.v1.Event(
            step=int(row["step"]),
            wall_time=self._began + row["wall_seconds"],
            summary=tf.compat.v1.Summary(value=values),
        )
