"""Runs of `learning_curves`: started, gone on with, stopped in time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import results
from benchmarks.curve_settings import peer_options
from benchmarks.throughput import PEER_PYTHON
from dqn_tutorial.runs.history import History


class Run(NamedTuple):
    """One run: who learns, from which seed, in which folder."""

    who: str
    seed: int
    folder: Path

    def rows(self) -> list[tuple[float, int, float]]:
        """Minute, step and score of each row the run has written so far."""
        if self.who != "ours":
            rows = results.read_rows(self.folder / "curve.csv")
            return [(float(m), int(s), float(r)) for m, s, r in map(dict.values, rows)]
        path = self.folder / "history.csv"
        if not path.exists():
            return []
        history = History.read(path)
        columns = history["wall_seconds"] / 60, history["step"]
        return list(zip(*columns, history["mean_score_100"], strict=True))

    def minutes(self) -> float:
        """How many minutes it has trained so far."""
        rows = self.rows()
        return rows[-1][0] if rows else 0.0

    def command(self, minutes: float, threads: int) -> list[str]:
        """What starts it, or goes on with it."""
        if self.who == "ours":
            train = [sys.executable, "-m", "dqn_tutorial", "train"]
            command = [*train, "--run-dir", str(self.folder)]
            if list(self.folder.glob("checkpoint_*")):
                return [*command, "--resume"]
            return [*command, "--preset", "laptop", "--seed", str(self.seed)]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = str(self.folder / "curve.csv")
        options = peer_options(self.who, self.seed, minutes, path, threads)
        text = json.dumps(options)
        return [str(PEER_PYTHON), "-m", "benchmarks.peer_sb3", text]


def start(run: Run, minutes: float, cores: set[int], threads: int):
    """Start a run on some cores, apart from our terminal: Ctrl-C is passed on by us."""
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    with run.folder.with_suffix(".log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(run.command(minutes, threads), cwd=results.ROOT,
                                   stdout=log, stderr=log,
                                   start_new_session=True)  # fmt: skip
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, cores)
    run.folder.with_suffix(".cores").write_text(str(len(cores)), encoding="utf-8")
    return process


def train_all(waiting: list[Run], minutes: float, slots: list[set[int]]) -> None:
    """Train all runs, as many at once as there are slots (sets of cores).

    Raises:
        RuntimeError: a run failed; its log is named.
    """
    running: dict[int, tuple[Run, subprocess.Popen, list]] = {}
    waiting = list(waiting)
    try:
        while waiting or running:
            for place, cores in enumerate(slots):
                if place not in running and waiting:
                    run = waiting.pop(0)
                    print(f"{run.folder.name}, from minute {run.minutes():.0f}",
                          flush=True)  # fmt: skip
                    threads = 1 if len(cores) == 1 else 0
                    process = start(run, minutes, cores, threads)
                    running[place] = run, process, []
            time.sleep(1)
            for place, (run, process, told) in list(running.items()):
                if process.poll() is not None:
                    del running[place]
                    # Ours may make all the steps of its preset before.
                    ended = run.who == "ours" and process.returncode == 0
                    if not (told or ended) and run.minutes() < minutes:
                        raise RuntimeError(f"a run failed: see {run.folder.name}.log")
                elif run.who == "ours" and not told and run.minutes() >= minutes:
                    process.terminate()  # it saves, then ends
                    told.append(True)
    finally:
        for _, process, told in running.values():
            if not told:
                process.terminate()  # Ctrl-C's signal a background job may ignore
        for _, process, _ in running.values():
            process.wait()
