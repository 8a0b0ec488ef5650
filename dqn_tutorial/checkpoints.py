"""Files that survive a crash: arrays written aside, then renamed into place.

A checkpoint is one `.npz` file, plain arrays and one JSON text. There is no pickle and
no code in it, so opening one runs nothing; networks are built in code and their shapes
are compared before a weight is set.

    run_dir/config.json                      the settings
    run_dir/history.csv                      what the run measured
    run_dir/checkpoint_000000050000.npz      all it takes to go on (the last few)
    run_dir/best.npz                         the network of the best training score
"""

import contextlib
import json
import os
import zipfile
from pathlib import Path

import numpy as np

KEEP = 3
META = "meta"


class CheckpointError(Exception):
    """A checkpoint cannot be written or read; the message says what to do."""


def write_arrays(path: Path, arrays: dict[str, np.ndarray], meta: dict) -> None:
    """Write arrays and JSON-able `meta` so that `path` is always whole: old or new.

    Raises:
        CheckpointError: the disk is full or refuses; the old file is untouched.
    """
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            np.savez(file, **{META: np.array(json.dumps(meta))}, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise CheckpointError(
            f"cannot write {path}: {error.strerror or error}. Checkpoints written "
            "before are intact: make room, then go on with --resume"
        ) from error


def read_arrays(path: Path, prefix: str = "") -> tuple[dict[str, np.ndarray], dict]:
    """Read what `write_arrays` wrote: the arrays whose names begin with `prefix`, meta.

    Raises:
        CheckpointError: not there, truncated, damaged, or not a checkpoint.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            meta = json.loads(str(file[META]))
            names = [n for n in file.files if n.startswith(prefix) and n != META]
            return {name: file[name] for name in names}, meta
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no file {path}") from error
    except (
        OSError,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
    ) as error:
        raise CheckpointError(
            f"{path} is not a whole checkpoint (truncated, damaged, or another kind of "
            "file): delete it and resume from the one before"
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can (POSIX)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checkpoint_path(run_dir: Path, step: int) -> Path:
    """Where the checkpoint of a step is kept; names sort in order of steps."""
    return run_dir / f"checkpoint_{step:012d}.npz"


def checkpoint_paths(run_dir: Path) -> list[Path]:
    """The run's checkpoints, newest first."""
    return sorted(run_dir.glob("checkpoint_*.npz"), reverse=True)


def save(run_dir: Path, step: int, arrays: dict, meta: dict) -> Path:
    """Write a checkpoint, then delete all but the last few."""
    path = checkpoint_path(run_dir, step)
    write_arrays(path, arrays, meta)
    for old in checkpoint_paths(run_dir)[KEEP:]:
        old.unlink()
    return path


def load_latest(run_dir: Path, prefix: str = "") -> tuple[dict, dict, list[str]]:
    """Read the newest whole checkpoint: the arrays whose names begin with `prefix`.

    Returns:
        Arrays, meta, and one line for each newer file that could not be read.

    Raises:
        CheckpointError: there is none, or none of them is whole.
    """
    paths = checkpoint_paths(run_dir)
    if not paths:
        raise CheckpointError(
            f"{run_dir} holds no checkpoint to resume from: start without --resume"
        )
    problems = []
    for path in paths:
        try:
            arrays, meta = read_arrays(path, prefix)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        if problems:
            problems.append(f"going on from {path.name}, the one before")
        return arrays, meta, problems
    raise CheckpointError("\n".join([*problems, "no whole checkpoint is left"]))


def variable_arrays(variables: list, name: str) -> dict[str, np.ndarray]:
    """Any list of Keras variables as `name/0`, `name/1`, ..."""
    return {f"{name}/{i}": v.numpy() for i, v in enumerate(variables)}


def assign_variables(variables: list, arrays: dict, name: str) -> None:
    """Set variables from `name/0`, `name/1`, ..., all or none.

    Raises:
        CheckpointError: another number of arrays, or a shape that does not fit.
    """
    found = [key for key in arrays if key.startswith(name + "/")]
    if len(found) != len(variables):
        raise CheckpointError(
            f"the file holds {len(found)} arrays of {name!r}, this one has "
            f"{len(variables)}: was it saved with another network?"
        )
    values = [arrays[f"{name}/{i}"] for i in range(len(variables))]
    for i, (variable, value) in enumerate(zip(variables, values, strict=True)):
        if tuple(variable.shape) != value.shape:
            raise CheckpointError(
                f"{name}/{i} has shape {value.shape} in the file and "
                f"{tuple(variable.shape)} here: was it saved with another network or "
                "another game?"
            )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
