"""What one changed setting does to learning, in short runs of equal minutes.

    python -m benchmarks.levers [--minutes 15] [--seeds 0]
        [--quick] [--fresh] [--collect]

Each run is `train --preset laptop` with the settings below changed, from nothing, on
one core, as many at once as there are cores. Interrupted, each goes on where it was.
"""

import re
import shutil
import signal
import sys
from pathlib import Path

from benchmarks import processes, results
from benchmarks.curve_runs import Run, train_all
from dqn_tutorial.machine import core_numbers
from dqn_tutorial.runs.history import History

LEVERS = {
    "the preset": {},
    "an update every 4 steps": {"update_period_steps": 4},
    "batch of 64, every 16 steps": {"batch_size": 64, "update_period_steps": 16},
    "learning rate 0.0001": {"learning_rate": 1e-4},
    "learning rate 0.0005": {"learning_rate": 5e-4},
    "Adam's epsilon 1e-8": {"adam_epsilon": 1e-8},
    "exploration over 250,000 steps": {"epsilon_decay_steps": 250_000},
    "target sync every 2,000 updates": {"target_sync_period_updates": 2_000},
    "replay of 200,000": {"replay_capacity_transitions": 200_000},
    "8 games at once": {"num_envs": 8},
    "network of 2015": {"network": "dqn2015"},
    "Double DQN": {"double_dqn": True},
    "C51": {"distributional": True},
}
LAST_ROWS = 5  # of the history, whose mean is the score at the end


def outcome(run: Run, minutes: float) -> dict:
    """Steps, updates and score of a run at the minute."""
    history = History.read(run.folder / "history.csv")
    rows = (history["wall_seconds"] <= 60 * minutes).nonzero()[0]
    scores = history["mean_score_100"][rows]
    return {
        "minutes": minutes,
        "steps": int(history["step"][rows[-1]]),
        "updates": int(history["update"][rows[-1]]),
        "score": float(scores[-LAST_ROWS:].mean()),
    }


def run_of(lever: str, seed: int, runs_dir: Path) -> Run:
    """The run of a lever, in a folder of that name."""
    folder = runs_dir / "_".join([*re.findall(r"[\w.-]+", lever), f"seed{seed}"])
    return Run("ours", seed, folder, tuple(LEVERS[lever].items()))


def batches(jobs: list, size: int) -> list[list]:
    """Cut a list into parts of at most `size`."""
    return [jobs[i : i + size] for i in range(0, len(jobs), size)]


def main(argv: list[str] | None = None) -> None:
    """Train what is missing, then write the table."""
    options = results.parser(__doc__)
    options.add_argument("--minutes", type=float, default=15.0)
    options.add_argument("--seeds", type=int, nargs="+", default=[0])
    options.add_argument("--runs-dir", type=Path, default=results.ROOT / "runs/levers")
    options.add_argument(
        "--collect", action="store_true", help="write down what is there, train nothing"
    )
    args = options.parse_args(argv)
    if args.quick:
        args.runs_dir, args.minutes = args.runs_dir / "quick", 0.4
    processes.take_turn()  # with --collect, too: two writers of a table lose rows
    table = results.Table(
        results.folder(args) / "levers.csv", ("lever", "seed"), args.fresh
    )
    if args.fresh and not args.collect:
        shutil.rmtree(args.runs_dir, ignore_errors=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    jobs = [(lever, seed) for seed in args.seeds for lever in LEVERS]
    jobs = [job for job in jobs if not table.has(lever=job[0], seed=job[1])]
    runs = {job: run_of(*job, args.runs_dir) for job in jobs}

    def write(job: tuple[str, int]) -> None:
        row = outcome(runs[job], args.minutes)
        table.add(lever=job[0], seed=job[1], cores=1, **row)

    trained = [job for job in jobs if runs[job].minutes() >= args.minutes]
    for job in trained:
        write(job)
    if args.collect:
        return
    # As many at once as there are cores. All take equally long, and what is done is
    # written down before the next begin.
    cores = core_numbers()
    for at_once in batches([job for job in jobs if job not in trained], len(cores)):
        slots = [{core} for core in cores]
        train_all([runs[job] for job in at_once], args.minutes, slots)
        for job in at_once:
            write(job)


if __name__ == "__main__":
    main()
