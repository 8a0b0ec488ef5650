"""The table of a sweep, as CSV: a row for each row of each run's history.

variant, seed   which run
step, ...       as in `history`, without the columns of times
score           in the last row of a run: the mean of 100 whole games, epsilon 0.05,
                played by its final network (`evaluation`); nan in all other rows
"""

from pathlib import Path

import numpy as np
import pandas as pd

from dqn_tutorial.runs.checkpoints import atomic_write
from dqn_tutorial.runs.history import UNTIMED, History

COLUMNS = ("variant", "seed", *UNTIMED, "score")


def rows_of(variant: str, seed: int, history: History, score: float) -> str:
    """The rows of one run as CSV, without a header."""
    rows = history.to_frame()[list(UNTIMED)].assign(score=np.nan)
    rows.loc[rows.index[-1], "score"] = score
    rows.insert(0, "variant", variant)
    rows.insert(1, "seed", seed)
    return rows.to_csv(index=False, header=False, float_format="%.6g", na_rep="nan")


def write_table(path: Path, parts: list[str]) -> None:
    """Write the rows of some runs as one table, completely or not at all."""
    text = "".join([",".join(COLUMNS) + "\n", *parts])
    atomic_write(path, lambda file: file.write(text.encode()))


def read_table(path: Path | str) -> dict[str, dict[int, dict[str, np.ndarray]]]:
    """The runs by variant and seed, in the table's order: each has columns by name.

    Raises:
        ValueError: its header is not that of a sweep's table.
    """
    table = pd.read_csv(path)
    if tuple(table.columns) != COLUMNS:
        raise ValueError(
            f"{path} is not the table of a sweep: its columns are {list(table.columns)}"
        )
    runs: dict = {}
    for (variant, seed), run in table.groupby(["variant", "seed"], sort=False):
        columns = {name: run[name].to_numpy() for name in COLUMNS[2:]}
        runs.setdefault(variant, {})[seed] = columns
    return runs
