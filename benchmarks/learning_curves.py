"""Training score over minutes, ours and Stable-Baselines3's, on one machine.

    python -m benchmarks.learning_curves [--minutes 45] [--seeds 0 1 2] [--cores N]
        [--who ours sb3 sb3_our_settings] [--runs-dir runs/curves] [--quick]
    python -m benchmarks.learning_curves --collect [ours:3:runs/breakout ...]

ours              python -m dqn_tutorial train --preset laptop
sb3               with the settings that RL Baselines3 Zoo publishes for Atari games
sb3_our_settings  with every setting of our preset "laptop" that it has

Runs come one after the other; with `--cores 1` each is kept on one core, and as many
run at once as there are cores. The score is the mean over the last 100 whole games,
unclipped, while the agent explores; minutes are those of the training alone. Started
again, what is complete is left, a run of ours goes on from its checkpoint, and one of
the peer's, which keeps none, begins again. `--collect` only makes the table and the
figure, from runs that are there, also from other folders.
"""

import signal
import sys
from pathlib import Path

from benchmarks import processes, results
from benchmarks.curve_plot import draw
from benchmarks.curve_runs import Run, train_all
from dqn_tutorial.machine import core_numbers, usable_cores

WHO = ("ours", "sb3", "sb3_our_settings")


def collect(table: results.Table, runs: list[Run], minutes: float) -> None:
    """Put the rows of all runs that have any into the table, in place of older ones."""
    found = {(run.who, str(run.seed)): run for run in runs if run.rows()}
    table.rows = [r for r in table.rows if (r["who"], str(r["seed"])) not in found]
    for run in found.values():
        cores = run.folder.with_suffix(".cores")
        used = cores.read_text(encoding="utf-8") if cores.exists() else usable_cores()
        table.rows += [
            {"who": run.who, "seed": run.seed, "cores": used, "minute": f"{minute:.2f}",
             "step": step, "score": f"{score:.4g}"}
            for minute, step, score in run.rows()
            if minute <= minutes + 0.5
        ]  # fmt: skip
    table.rows.sort(key=lambda r: (r["who"], int(r["seed"]), float(r["minute"])))
    if table.rows:
        results.write_rows(table.path, table.rows)


def main(argv: list[str] | None = None) -> None:
    """Train what is missing, then collect and draw."""
    options = results.parser(__doc__)
    options.add_argument("--minutes", type=float, default=45.0)
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options.add_argument("--who", nargs="+", choices=WHO, default=WHO)
    options.add_argument("--cores", type=int, help="for each run; all unless told")
    options.add_argument("--runs-dir", type=Path, default=results.ROOT / "runs/curves")
    options.add_argument("--collect", nargs="*", metavar="WHO:SEED:FOLDER")
    args = options.parse_args(argv)
    if args.quick:
        args.runs_dir, args.minutes, args.seeds = args.runs_dir / "quick", 0.4, [0]
    runs = [Run(who, seed, args.runs_dir / f"{who}_seed{seed}")
            for seed in args.seeds for who in args.who]  # fmt: skip
    if args.collect is None:
        processes.take_turn()
        every = core_numbers()
        width = args.cores or len(every)
        slots = [set(every[i : i + width]) for i in range(0, len(every), width)]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        missing = [run for run in runs if run.minutes() < args.minutes]
        train_all(missing, args.minutes, slots)
    for text in args.collect or []:
        who, seed, folder = text.split(":", 2)
        runs.append(Run(who, int(seed), Path(folder)))
    key = ("who", "seed", "minute")
    table = results.Table(results.folder(args) / "learning_curves.csv", key, args.fresh)
    collect(table, runs, args.minutes)
    draw(table.rows, table.path.with_suffix(".png"))


if __name__ == "__main__":
    main()
