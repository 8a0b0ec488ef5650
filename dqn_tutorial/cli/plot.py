"""`plot`: draw the learning curves of runs."""

from pathlib import Path

from dqn_tutorial.cli.options import check_place


def add_parser(commands) -> None:
    """The options of `plot`."""
    parser = commands.add_parser("plot", help="draw the curves of one or several runs")
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="a run folder, or the name of an agent that comes with the package",
    )
    parser.add_argument(
        "--x",
        choices=["steps", "updates", "minutes"],
        default="steps",
        help="what the curves are drawn over (default steps)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("curves.png"),
        help="the png to write (default curves.png)",
    )


def run(args) -> int:
    from dqn_tutorial.runs.shows import write_curves

    check_place(args.out, ".png")
    histories = {name: find_history(name) for name in args.runs}
    labels = short_names(list(histories))
    write_curves(dict(zip(labels, histories.values(), strict=True)), args.out, args.x)
    print(f"drawn in {args.out}: {', '.join(labels)}")
    return 0


def find_history(where: str):
    """The history of a run folder, or of a shipped agent; ./breakout is a folder.

    Raises:
        ValueError: there is no such run, or its history cannot be read.
    """
    from dqn_tutorial.runs.history import History
    from dqn_tutorial.runs.pretrained import load_history, shipped_agents

    if where in shipped_agents():
        return load_history(where)
    if not Path(where).is_dir():
        raise ValueError(
            f"{where} is neither a run folder nor an agent that comes with the package "
            f"({', '.join(shipped_agents())})"
        )
    path = Path(where) / "history.csv"
    if not path.exists():
        raise ValueError(f"{where} holds no history.csv: no run has logged there yet")
    return History.read(path)


def short_names(runs: list[str]) -> list[str]:
    """Label runs by their folders' names, or as they were given if two are the same."""
    names = [Path(run).resolve().name for run in runs]
    return [
        run if names.count(name) > 1 else name
        for run, name in zip(runs, names, strict=True)
    ]
