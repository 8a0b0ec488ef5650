"""Files that survive a crash: arrays written aside, then renamed into place.

A checkpoint is one `.npz` file, plain arrays and one JSON text. It holds no pickle and
no code, so opening one runs nothing; networks are built in code and their shapes are
compared before a weight is set.

    run_dir/config.json                      the settings, for people to read
    run_dir/history.csv                      what the run measured
    run_dir/curves.png                       its curves, drawn by the command `train`
    run_dir/checkpoint_000000050000.npz      all it takes to resume (the last few)
    run_dir/best.npz                         the network of the best training score
    run_dir/stage_000000250000.npz           the network at some steps, kept for good
    run_dir/video_000000250000.mp4           a game at some steps (--video-every)
    run_dir/tensorboard/                     the history for TensorBoard (--tensorboard)

Disk space: while a checkpoint is being written there are `KEEP` + 1 of them, never
more; while a new best is being written, the old one is still there. What a killed
process left behind is deleted before the next checkpoint is written. On Breakout with
the preset "laptop" and its replay buffer full, a checkpoint takes 235 MB (`ls -l` of
such a run) and a network 2.7 MB: 1 GB for 5 million steps. Frames of the hungriest game
are five times as large: 4 GB.
"""

import contextlib
import errno
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
from filelock import FileLock, Timeout

KEEP = 3
META = "meta"
LOCK = ".lock"  # in a run's folder while it trains; a killed process may leave it
T = TypeVar("T")


class CheckpointError(Exception):
    """A checkpoint cannot be written or read; the message says what to do."""


class DamagedError(CheckpointError):
    """The file exists but is not a complete checkpoint."""


@contextlib.contextmanager
def run_lock(run_dir: Path):
    """Keep a second trainer out of a folder while this one writes there.

    The system releases the lock when the process ends, however it ends. Where the disk
    has no locks, as some network disks, a line on stderr says so, and nothing is kept
    out.

    Raises:
        CheckpointError: another trainer is at work there, or the folder cannot be
            written.
    """
    path = run_dir / LOCK
    lock = FileLock(path, fallback_to_soft=False)  # a soft one outlives its process
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise CheckpointError(
            f"another process is training in {run_dir}: wait for it, or stop it there "
            "with Ctrl-C, which saves"
        ) from None
    except PermissionError as error:
        raise CheckpointError(f"cannot write into {run_dir}: {error}") from error
    except (OSError, NotImplementedError):
        print(
            f"note: the disk of {run_dir} has no locks, so take care that nothing else "
            "trains in this folder",
            file=sys.stderr,
        )
    try:
        yield
    finally:
        if lock.is_locked:
            # While it is still held: whoever has just opened this file finds that it
            # has no name any more, and does not take it for the lock. On Windows an
            # open file keeps its name, and release() deletes it.
            with contextlib.suppress(OSError):
                path.unlink()
            lock.release()


def atomic_write(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file so that `path` is always complete: the old one or the new one.

    Args:
        path: of the file.
        write: called with a file open for bytes, which it fills.

    Raises:
        CheckpointError: the disk is full or fails; the old file is untouched.
    """
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        advice = ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            advice = ": make room on the disk"
        elif isinstance(error, PermissionError):  # on Windows, such a program
            advice = ": is it open in another program, or the folder read-only?"
        raise CheckpointError(
            f"cannot write {path}: {error.strerror or error}. What was there before is "
            f"intact{advice}"
        ) from error


def write_arrays(path: Path, arrays: dict[str, np.ndarray], meta: dict) -> None:
    """Write arrays and JSON-able `meta`; see `atomic_write`."""
    named = {META: np.array(json.dumps(meta))} | arrays
    atomic_write(path, lambda file: np.savez(file, **named))


def read_meta(path: Path) -> dict:
    """The meta alone of what `write_arrays` wrote; raises as `read_arrays`."""
    _, meta = read_arrays(path, prefix=META)
    return meta


def read_arrays(path: Path, prefix: str = "") -> tuple[dict[str, np.ndarray], dict]:
    """Read what `write_arrays` wrote: the arrays whose names begin with `prefix`, meta.

    Raises:
        CheckpointError: there is no such file, or it may not be read.
        DamagedError: it is truncated, damaged, or not a checkpoint.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            meta = json.loads(str(file[META]))
            if not isinstance(meta, dict):
                raise ValueError("its meta is not a table")
            names = [n for n in file.files if n.startswith(prefix) and n != META]
            return {name: file[name] for name in names}, meta
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no file {path}") from error
    except PermissionError as error:
        raise CheckpointError(f"you may not read {path}: change that first") from error
    except (
        OSError,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        RuntimeError,  # a flag or version in the zip file's headers makes no sense
        zipfile.BadZipFile,
    ) as error:
        raise DamagedError(
            f"{path} is not a complete checkpoint: it is truncated, damaged, or "
            "another kind of file"
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can (POSIX)."""
    # Windows does not open folders, and some network disks refuse to sync them.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def checkpoint_path(run_dir: Path, step: int) -> Path:
    """Where the checkpoint of a step is kept; names sort by step."""
    return run_dir / f"checkpoint_{step:012d}.npz"


def stage_path(run_dir: Path, step: int) -> Path:
    """Where the network of a step is kept."""
    return run_dir / f"stage_{step:012d}.npz"


def checkpoint_paths(run_dir: Path) -> list[Path]:
    """The run's checkpoints, newest first."""
    return sorted(run_dir.glob("checkpoint_*.npz"), reverse=True)


def save(run_dir: Path, step: int, arrays: dict, meta: dict) -> Path:
    """Write a checkpoint, then delete all but the last few.

    A process killed in here leaves part of a file, or one checkpoint too many; the next
    save begins by deleting that.
    """
    _tidy(run_dir)
    path = checkpoint_path(run_dir, step)
    try:
        write_arrays(path, arrays, meta)
    except CheckpointError as error:
        then = "continue with --resume" if checkpoint_paths(run_dir) else "start again"
        raise CheckpointError(f"{error}, then {then}") from error
    _tidy(run_dir)
    return path


def _tidy(run_dir: Path) -> None:
    """Delete all but the last few checkpoints, and what was never finished."""
    unfinished = [*run_dir.glob("*.npz.part"), *run_dir.glob("video_*.part.mp4")]
    for path in [*checkpoint_paths(run_dir)[KEEP:], *unfinished]:
        path.unlink()


def load_latest_valid(run_dir: Path, use: Callable[[Path], T]) -> tuple[T, list[str]]:
    """Use the newest checkpoint that can be used.

    Args:
        run_dir: folder of the run.
        use: called with the path of each checkpoint, newest first, until it does not
            raise. A CheckpointError, KeyError, TypeError or ValueError means that this
            file is no good.

    Returns:
        What `use` returned, and one line for each newer file that was no good.

    Raises:
        CheckpointError: there is no checkpoint, or none that can be used.
    """
    paths = checkpoint_paths(run_dir)
    if not paths:
        raise CheckpointError(f"{run_dir} holds no checkpoint to resume from")
    problems = []
    for path in paths:
        try:
            result = use(path)
        except (CheckpointError, KeyError, TypeError, ValueError) as error:
            advice = " (delete it)" if isinstance(error, DamagedError) else ""
            problems.append(f"cannot use {path.name}{advice}: {error}")
            continue
        if problems:
            problems.append(f"resuming from {path.name}, the one before")
        return result, problems
    raise CheckpointError("\n".join([*problems, f"no usable checkpoint in {run_dir}"]))


def variable_arrays(variables: list, name: str) -> dict[str, np.ndarray]:
    """Any list of Keras variables as `name/0`, `name/1`, ..."""
    return {f"{name}/{i}": v.numpy() for i, v in enumerate(variables)}


def assign_variables(variables: list, arrays: dict, name: str) -> None:
    """Set variables from `name/0`, `name/1`, ..., all or none.

    Raises:
        CheckpointError: the number of arrays or a shape does not match.
    """
    found = [key for key in arrays if key.startswith(name + "/")]
    if len(found) != len(variables):
        raise CheckpointError(
            f"the file holds {len(found)} arrays of {name!r}, but there should be "
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
