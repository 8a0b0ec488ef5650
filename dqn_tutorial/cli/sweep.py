"""`sweep`: train variants of the agent with several seeds, into one table."""

import functools
import importlib.util
import os
from pathlib import Path

from dqn_tutorial.cli.options import (
    add_settings,
    check_place,
    positive,
    progress_bar,
    run_seed,
    wanted_config,
)


def add_parser(commands) -> None:
    """The options of `sweep`."""
    parser = commands.add_parser(
        "sweep", help="train variants of the agent with several seeds, into one table"
    )
    add_settings(parser, "the full agent")
    parser.add_argument(
        "--variants",
        nargs="+",
        metavar="NAME",
        help="which ones (default: all); dqn_tutorial/runs/variants.py lists them",
    )
    parser.add_argument(
        "--seeds",
        nargs="+",
        type=run_seed,
        default=[0],
        metavar="SEED",
        help="train each variant with each of these (default 0)",
    )
    parser.add_argument(
        "--steps", required=True, type=positive, help="how many steps to train each run"
    )
    parser.add_argument(
        "--runs-dir",
        required=True,
        type=Path,
        help="folder of the runs, with a folder for each in it; the same command "
        "resumes what is there",
    )
    parser.add_argument(
        "--table",
        required=True,
        type=Path,
        help="the CSV to write whenever a run ends; the settings of the full agent "
        "are written beside it, as JSON",
    )
    engine = parser.add_mutually_exclusive_group()
    engine.add_argument(
        "--one-by-one",
        action="store_true",
        help="one run after the other, even if Ray is installed; with Ray there are as "
        "many at once as there are cores",
    )
    engine.add_argument("--address", help="address of a Ray cluster to join")


def run(args) -> int:
    # One thread per run: the other cores have other runs, and sums are added up in the
    # same order wherever a run is made.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    from dqn_tutorial.runs import sweep as sweeps
    from dqn_tutorial.runs.variants import VARIANTS

    check_place(args.table, ".csv")
    ray_is_here = importlib.util.find_spec("ray") is not None
    if args.address and not ray_is_here:
        raise ValueError('--address needs Ray: pip install "dqn-tutorial[cluster]"')
    names = list(dict.fromkeys(args.variants or VARIANTS))
    if unknown := [name for name in names if name not in VARIANTS]:
        known = ", ".join(VARIANTS)
        raise ValueError(f"no variant {', '.join(unknown)}; choose from {known}")
    config = wanted_config(args, args.game)
    jobs = sweeps.make_jobs(
        {name: VARIANTS[name] for name in names},
        dict.fromkeys(args.seeds),
        config,
        args.steps,
        args.runs_dir,
    )
    if args.table.exists() and not any(job.rows.exists() for job in jobs):
        raise FileExistsError(
            f"{args.table} exists, but no run of it is in {args.runs_dir}: choose "
            "another table, or the folder of its runs"
        )
    args.table.with_suffix(".json").write_text(
        config.to_json() + "\n", encoding="utf-8"
    )
    try:
        if ray_is_here and not args.one_by_one:
            executor = functools.partial(sweeps.with_ray, address=args.address)
            sweeps.sweep(jobs, args.table, executor)
        else:
            total = args.steps * sum(not job.rows.exists() for job in jobs)
            with progress_bar(total=total, unit="step") as bar:
                executor = functools.partial(sweeps.one_by_one, progress=bar)
                sweeps.sweep(jobs, args.table, executor)
    except sweeps.Stopped as stopped:
        print(f"{stopped}; the same command resumes it")
        return 130
    return 0
