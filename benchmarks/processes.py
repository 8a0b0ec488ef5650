"""How a run is started in a process of its own, while no other benchmark runs."""

import json
import os
import subprocess
import sys

from filelock import FileLock, Timeout

from benchmarks import measure
from benchmarks.results import ROOT

LOCK = ROOT / "runs" / "benchmarks.lock"
_held: list = []  # the lock, until this process ends


def take_turn() -> None:
    """Hold the benchmarks' lock until this process ends.

    Raises:
        RuntimeError: another benchmark is running; they would measure each other.
    """
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise RuntimeError(
            "another benchmark is running: wait until it is done"
        ) from None
    _held.append(lock)


def run_child(
    module: str, options: dict, python=sys.executable, *, progress=False, **env
) -> dict:
    """Run one module of this folder in a fresh process; what it reported.

    Args:
        module: such as "our_run"; it takes one argument, the options as JSON.
        python: the Python to run it.
        progress: whether to show what it writes to stderr, as it comes.
        **env: environment variables that differ from ours.

    Raises:
        RuntimeError: the run failed; the end of what it said stands in the message.
    """
    command = [python, "-m", f"benchmarks.{module}", json.dumps(options)]
    failed = f"{module} failed with {options}"
    return measure.reported(output_of(command, failed, progress=progress, **env))


def output_of(command: list, failed: str, *, progress=False, **env) -> str:
    """What a command prints; arguments and errors as in `run_child`.

    Args:
        failed: the first words of the message if it fails.
    """
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=None if progress else subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{failed}:\n{(done.stderr or '')[-2000:]}")
    return done.stdout
