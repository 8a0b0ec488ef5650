"""The table of a sweep, as CSV: a row for each row of each run's history.

variant, seed   which run
step, ...       as in `history`, without its columns that are times
score           in the last row of a run: the mean of 100 whole games, epsilon 0.05,
                played by the network it ended with (`evaluation`); nan above it
"""

import csv
import io
from pathlib import Path

import numpy as np

from dqn_tutorial.runs.checkpoints import atomic_write
from dqn_tutorial.runs.history import COUNTS, History

OF_HISTORY = ("step", "update", "epsilon", "loss", "mean_q", "games", "mean_score_100")
COLUMNS = ("variant", "seed", *OF_HISTORY, "score")


def rows_of(variant: str, seed: int, history: History, score: float) -> str:
    """The rows of one run, without a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = {name: history[name] for name in OF_HISTORY}
    columns["score"] = np.array([np.nan] * (len(history) - 1) + [score])
    for k in range(len(history)):
        values = [
            column[k] if name in COUNTS else f"{column[k]:.6g}"
            for name, column in columns.items()
        ]
        writer.writerow([variant, seed, *values])
    return text.getvalue()


def write_table(path: Path, parts: list[str]) -> None:
    """Write the rows of some runs as one table, whole or not at all."""
    text = "".join([",".join(COLUMNS) + "\n", *parts])
    atomic_write(path, lambda file: file.write(text.encode()))


def read_table(path: Path | str) -> dict[str, dict[int, dict[str, np.ndarray]]]:
    """The runs of a table by variant and seed, in its order: columns by name.

    Raises:
        ValueError: its first line does not name our columns.
    """
    rows: dict = {}
    with Path(path).open(newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise ValueError(
                f"{path} is not the table of a sweep: its columns are {header}"
            )
        for variant, seed, *values in reader:
            of_variant = rows.setdefault(variant, {})
            of_variant.setdefault(int(seed), []).append([float(v) for v in values])
    return {
        variant: {
            seed: dict(zip(COLUMNS[2:], np.transpose(of_run), strict=True))
            for seed, of_run in of_variant.items()
        }
        for variant, of_variant in rows.items()
    }
