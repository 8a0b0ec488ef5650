"""Measure what notebook 09 shows: every bug trained on Catch, several seeds each.

    python -m tools.measure_museum catch --seeds 5
    python -m tools.measure_museum breakout --games 100

`catch` trains each exhibit of `museum_runs.EXHIBITS` with the package's own trainer,
two runs at a time, and writes notebooks/data/bug_museum_catch.csv. `breakout` lets the
agent that comes with the package play through the right greyscale and the wrong one,
and writes notebooks/data/bug_museum_breakout.csv. A run is written when it is done;
started again, only what is missing is measured. `--fresh` begins anew.
"""

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from benchmarks.results import read_rows, write_rows
from dqn_tutorial.lessons.lesson_09 import bugs, greys, museum_runs
from dqn_tutorial.preprocessing import greyscale
from dqn_tutorial.runs.pretrained import load_agent

DATA = Path(__file__).parent.parent / "notebooks/data"
GREYS = {"right": greyscale, "wrong": bugs.grey_of_bgr}
FIRST_SEED = 1_000  # of a game of Breakout; the stored scores have 0 to 99


def play(grey: str, seed: int) -> list[dict]:
    """One game of Breakout, as rows of the table."""
    player, _, _ = load_agent("breakout")
    score = greys.play_breakout(player, GREYS[grey], seed)
    return [{"grey": grey, "seed": seed, "score": score}]


def in_order(rows: list[dict], jobs: list[tuple]) -> list[dict]:
    """The rows in the order of the jobs, whichever was done first."""
    place = {tuple(map(str, job)): k for k, job in enumerate(jobs)}
    return sorted(rows, key=lambda row: place.get(job_of(row), len(place)))


def job_of(row: dict) -> tuple:
    """Which job a row is of: what stands before, and with, its seed."""
    names = list(row)[: list(row).index("seed") + 1]
    return tuple(str(row[name]) for name in names)


def rounded(row: dict) -> dict:
    """Its floats with five figures, whole ones without a point."""
    return {
        name: f"{value:.5g}" if isinstance(value, float) else value
        for name, value in row.items()
    }


def measure(path: Path, job, jobs: list[tuple], fresh: bool, workers: int) -> None:
    """Do the jobs that the table lacks, and write each when it is done."""
    rows = [] if fresh else read_rows(path)
    done = {job_of(row) for row in rows}
    todo = [task for task in jobs if tuple(map(str, task)) not in done]
    context = multiprocessing.get_context("spawn")  # TensorFlow does not like forks
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        running = {pool.submit(job, *task): task for task in todo}
        for finished in as_completed(running):
            rows = in_order([*rows, *map(rounded, finished.result())], jobs)
            write_rows(path, rows)
            print(*running[finished], flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["catch", "breakout"])
    parser.add_argument("--seeds", type=int, default=5, help="runs of each exhibit")
    parser.add_argument("--games", type=int, default=100, help="of Breakout, each grey")
    parser.add_argument("--workers", type=int, default=2, help="runs at a time")
    parser.add_argument("--fresh", action="store_true", help="forget what is there")
    parser.add_argument("--into", type=Path, default=DATA, help="folder")
    args = parser.parse_args(arguments)
    path = args.into / f"bug_museum_{args.what}.csv"
    if args.what == "catch":
        seeds = range(args.seeds)
        jobs = [(*exhibit, seed) for seed in seeds for exhibit in museum_runs.EXHIBITS]
        job = museum_runs.run
    else:
        seeds = range(FIRST_SEED, FIRST_SEED + args.games)
        jobs, job = [(grey, seed) for seed in seeds for grey in GREYS], play
    measure(path, job, jobs, args.fresh, args.workers)


if __name__ == "__main__":
    main()
