"""Whether two runs are the same to the last bit, by what they left on disk."""

from pathlib import Path

import numpy as np

from dqn_tutorial.runs.checkpoints import read_arrays
from dqn_tutorial.runs.history import COLUMNS, TIMES, UNTIMED, History


def untimed(history: History) -> np.ndarray:
    """The rows of a history without the columns that are times."""
    return np.array([history[column] for column in UNTIMED]).T


def assert_same_arrays(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def contents(path: Path) -> tuple[dict, dict]:
    """Arrays and meta of a checkpoint or network, without what is a time."""
    arrays, meta = read_arrays(path)
    meta.pop("wall_seconds", None)
    if "last_row" in meta:
        meta["last_row"] = meta["last_row"][0]  # a step; the other is a time
    if "history/rows" in arrays:
        arrays["history/rows"][:, [COLUMNS.index(column) for column in TIMES]] = 0
    return arrays, meta


def assert_same_file(one: Path, other: Path) -> None:
    """Two checkpoints, or two networks, hold the same but for times.

    A checkpoint holds all there is of a run: weights, target, optimizer, counters,
    generators, replay buffer, games, history.
    """
    (arrays, meta), (other_arrays, other_meta) = contents(one), contents(other)
    assert meta == other_meta
    assert_same_arrays(arrays, other_arrays)


def assert_same_files(one: Path, other: Path) -> None:
    """Two run folders hold the same files, and the same in them but for times."""
    names = [{path.name for path in run.glob("*.npz")} for run in (one, other)]
    assert names[0] == names[1]
    for path in one.glob("*.npz"):
        assert_same_file(path, other / path.name)
    histories = [History.read(run / "history.csv") for run in (one, other)]
    np.testing.assert_array_equal(*map(untimed, histories))
