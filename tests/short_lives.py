"""Processes to be killed: a run that trains, and a writer that dies at a chosen call.

The runs come from a server that has imported TensorFlow once (multiprocessing's
"forkserver"): an import for each of fifty lives would take minutes. The server has
computed nothing, and OpenBLAS, the one library that starts threads when it is imported,
is told not to, so that forking it is safe.
"""

import contextlib
import io
import itertools
import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
from histories import history_of

from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.history import COLUMNS, History

PATIENCE_SECONDS = 120


# --- a run that trains ---------------------------------------------------------------


def train(run_dir: Path, config, total_steps: int, reports) -> None:
    """Start the run, or go on with it; report what was saved and every step."""
    from dqn_tutorial import training
    from dqn_tutorial.runs.trainer import Trainer

    try:
        trainer = Trainer.resume(run_dir)
    except checkpoints.CheckpointError:  # killed before the first one was there
        trainer = Trainer.start(config, run_dir, seed=3)
    reports.send(("ready", trainer.step))
    save = trainer.save

    def save_and_report():
        save()
        reports.send(("saved", trainer.step))

    trainer.save, store = save_and_report, training.store

    def store_and_report(run, step):
        store(run, step)
        reports.send(("step", trainer.step + trainer.env.num_envs))

    training.store = store_and_report
    trainer.run(total_steps)


@contextlib.contextmanager
def one_openblas_thread():
    """Processes started now, and theirs, do without OpenBLAS's threads."""
    name = "OPENBLAS_NUM_THREADS"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


class Life:
    """A process that trains, until it is killed; use it in a `with`."""

    def __init__(self, run_dir: Path, config, total_steps: int):
        forks = sys.platform == "linux"
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        context.set_forkserver_preload(["dqn_tutorial.runs.trainer"])
        self._reports, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=train, args=(run_dir, config, total_steps, theirs)
        )
        with one_openblas_thread():
            self._process.start()
        theirs.close()

    def __enter__(self) -> "Life":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()

    def next_report(self) -> tuple[str, int]:
        """What the process has done since the report before, and at which step."""
        if not self._reports.poll(PATIENCE_SECONDS):
            raise TimeoutError("the process that trains says nothing")
        return self._reports.recv()

    def kill(self) -> list[tuple[str, int]]:
        """Kill -9, whatever it is doing; the reports that nobody had asked for."""
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL
        left = []
        with self._reports:
            while self._reports.poll():
                try:
                    left.append(self._reports.recv())
                except EOFError:
                    break
        return left


# --- a writer that dies at a chosen call; NumPy only, so a fork is a matter of moments


def arrays_of(step: int) -> dict[str, np.ndarray]:
    """What the writer saves at a step; larger than the buffer of an open file."""
    rng = np.random.default_rng(step)
    return {"a": rng.random(1_100), "b": rng.integers(9, size=(2, 3))}


def history_until(step: int) -> History:
    """A row for each step from 1 on."""
    return history_of(**dict.fromkeys(COLUMNS, range(1, step + 1)))


def save_step(folder: Path, step: int) -> None:
    """Write all files a run writes."""
    for name in ("best.npz", f"stage_{step:012d}.npz"):
        checkpoints.write_arrays(folder / name, arrays_of(step), {"step": step})
    checkpoints.save(folder, step, arrays_of(step), {"step": step})
    history_until(step).write(folder / "history.csv")


def die_before_call(number: int) -> None:
    """Kill -9 this process before it calls the system for the `number`th time.

    Every call of the posix module counts, and every one of a file's own methods.
    """
    calls = itertools.count(1)

    def before_each_call(_frame, event: str, function) -> None:
        if event != "c_call":
            return
        owner = getattr(function, "__self__", None)
        is_file = isinstance(owner, io.IOBase) or function is io.open
        is_system = getattr(owner, "__name__", None) == "posix"
        if (is_file or is_system) and next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(before_each_call)


def die_at_every_call(folder: Path, step: int) -> int:
    """Copy `folder` as 1, 2, ..., and die in `save_step` of each, one call later.

    Returns:
        How many died; the last copy is that of a writer which came to the end.
    """
    # A kill undoes nothing that was written, synced or not; and syncing takes long.
    os.fsync = os.fstat
    for number in itertools.count(1):
        copy = folder.with_name(str(number))
        shutil.copytree(folder, copy)
        child = os.fork()
        if child == 0:
            die_before_call(number)
            save_step(copy, step)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return number - 1


if __name__ == "__main__":
    print(die_at_every_call(Path(sys.argv[1]), int(sys.argv[2])))
