"""What a run measured: one row every `log_period_steps` steps, kept as CSV.

step              agent steps so far, all games together
update            gradient steps so far
epsilon           of the exploration at that step
loss              mean over the updates since the row before
mean_q            mean over those updates of the batch's mean of max_a Q(s, a)
games             whole games finished so far
mean_score_100    mean unclipped score of the last 100 games, while exploring
steps_per_second  since the row before
wall_seconds      since the run began, not counting pauses
"""

from pathlib import Path

import numpy as np
import pandas as pd

from dqn_tutorial.runs.checkpoints import atomic_write

COLUMNS = (
    "step",
    "update",
    "epsilon",
    "loss",
    "mean_q",
    "games",
    "mean_score_100",
    "steps_per_second",
    "wall_seconds",
)
COUNTS = ("step", "update", "games")
TIMES = ("steps_per_second", "wall_seconds")  # all else is the same when run again
UNTIMED = tuple(column for column in COLUMNS if column not in TIMES)


class History:
    """Rows of measurements; `history["loss"]` is that column as an array."""

    def __init__(self):
        self._rows: list[list[float]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, column: str) -> np.ndarray:
        """One column, (rows,) float64; counts are int64.

        Raises:
            KeyError: no such column.
        """
        if column not in COLUMNS:
            raise KeyError(f"no column {column!r}; there are {', '.join(COLUMNS)}")
        i = COLUMNS.index(column)
        dtype = np.int64 if column in COUNTS else np.float64
        return np.array([row[i] for row in self._rows], dtype)

    def to_frame(self) -> pd.DataFrame:
        """All rows as a pandas DataFrame, a column for each of `COLUMNS`."""
        return pd.DataFrame({column: self[column] for column in COLUMNS})

    def row_of(self, score: float) -> int | None:
        """The first row whose training score is at least this; None: there is none."""
        reached = self["mean_score_100"] >= score
        return int(np.argmax(reached)) if reached.any() else None

    def append(self, **values: float) -> None:
        """Add one row; every column must be given."""
        self._rows.append([float(values.pop(column)) for column in COLUMNS])
        if values:
            raise KeyError(f"no column {', '.join(values)}")

    def write(self, path: Path) -> None:
        """Write all rows as CSV, completely or not at all.

        Raises:
            CheckpointError: the disk is full or fails; the old file is untouched.
        """
        text = self.to_frame().to_csv(index=False, float_format="%.6g", na_rep="nan")
        atomic_write(path, lambda file: file.write(text.encode()))

    @classmethod
    def read(cls, path: Path | str) -> "History":
        """Read a history.csv.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is empty, or not a history; the message names it.
        """
        try:
            frame = pd.read_csv(path)
            if tuple(frame.columns) != COLUMNS:
                raise ValueError(f"its columns are {list(frame.columns)}")
            rows = frame.to_numpy(np.float64).tolist()
        except pd.errors.EmptyDataError:
            raise ValueError(f"{path} is empty: it has not even a header") from None
        except ValueError as error:  # pandas' own errors are ValueErrors, too
            raise ValueError(f"{path} is not a history: {error}") from error
        history = cls()
        history._rows = rows
        return history

    def snapshot(self) -> dict[str, np.ndarray]:
        """All rows as one array, for a checkpoint."""
        rows = np.array(self._rows, np.float64).reshape(-1, len(COLUMNS))
        return {"rows": rows}

    def restore(self, snapshot: dict[str, np.ndarray]) -> None:
        """Become the history a `snapshot` was taken of."""
        self._rows = snapshot["rows"].tolist()
