"""Waiting for what another process does."""

import subprocess
import time
from pathlib import Path

from dqn_tutorial.runs.history import History


def wait_until(true, process: subprocess.Popen, patience_seconds: float):
    """Wait until `true()` is; return it.

    Raises:
        TimeoutError, RuntimeError: it takes too long, or the process has ended.
    """
    deadline = time.monotonic() + patience_seconds
    while not (found := true()):
        if process.poll() is not None:
            raise RuntimeError(f"the process ended before: {process.communicate()}")
        if time.monotonic() > deadline:
            process.kill()
            raise TimeoutError("the process did not get there")
        time.sleep(0.01)
    return found


def has_a_row(run_dir: Path) -> bool:
    """Whether a run has written the first row of its history."""
    path = run_dir / "history.csv"
    return path.exists() and len(History.read(path)) > 0
