"""Steps per second and peak RAM of our training beside two other DQNs.

    python -m benchmarks.throughput [--rounds 3] [--quick] [--fresh]

`throughput_cases.py` says what work it is. Every run is a fresh process; ours and the
peers', Stable-Baselines3's and CleanRL's, take turns, round after round. Before that,
short trials of Stable-Baselines3 choose what is quickest for the peers: how many
threads of PyTorch and, for several games, whether they run in its own process or in one
each. Interrupted, it goes on where it was.
"""

from benchmarks import machine, processes, results
from benchmarks.throughput_cases import (
    FULL,
    QUICK,
    TRIAL,
    Case,
    Sizes,
    all_cases,
    cleanrl_options,
    our_options,
    sb3_options,
)
from dqn_tutorial.machine import usable_cores
from dqn_tutorial.networks import ARCHITECTURES
from dqn_tutorial.viewing.plotting import BLUE, VERMILION, new_figure

PEER_PYTHON = results.ROOT / ".venv-peers" / "bin" / "python"
TRIAL_KEY = ("network", "games", "subprocesses", "threads")
KEY = ("round", "who", "network", "games", "variant")


def run_peer(module: str, options: dict) -> dict:
    """Run a peer in the peers' own environment.

    Raises:
        FileNotFoundError: there is no such environment.
    """
    if not PEER_PYTHON.exists():
        raise FileNotFoundError(".venv-peers is missing: make .venv-peers/ready")
    return processes.run_child(module, options, str(PEER_PYTHON))


def try_peer(table: results.Table, sizes: Sizes, threads: set[int]) -> None:
    """Measure shortly what is quickest for the peer."""
    ways = [(1, False), (8, False), (8, True)]  # games, each in a process of its own
    for network in ARCHITECTURES:
        for games, subprocesses in ways:
            for number in sorted(threads):
                values = (network, games, subprocesses, number)
                key = dict(zip(TRIAL_KEY, values, strict=True))
                if table.has(**key):
                    continue
                print(f"a trial for the peer: {key}", flush=True)
                case = Case("sb3", network, games)
                options = sb3_options(case, sizes, number, subprocesses)
                done = run_peer("peer_sb3", options)
                table.add(**key, steps_per_second=done["steps_per_second"])


def best_for_peer(trials: list[dict], case: Case) -> tuple[int, bool]:
    """Threads and subprocesses of the quickest trial for a case."""
    fitting = [
        row
        for row in trials
        if (row["network"], int(row["games"])) == (case.network, case.games)
    ]
    best = max(fitting, key=lambda row: float(row["steps_per_second"]))
    return int(best["threads"]), best["subprocesses"] == "True"


def run_case(case: Case, sizes: Sizes, trials: list[dict]) -> dict:
    """Measure one case once; one row of the table, but for its key."""
    busy = machine.busy_percent()
    if case.who == "ours":
        done = processes.run_child("our_run", our_options(case, sizes))
    else:
        threads, subprocesses = best_for_peer(trials, case)
        if case.who == "sb3":
            options = sb3_options(case, sizes, threads, subprocesses)
        else:
            options = cleanrl_options(case, sizes, threads)
        done = run_peer(f"peer_{case.who}", options)
    names = ("steps_per_second", "steps", "updates", "seconds", "peak_ram_mb")
    names += ("transitions", "replay_mb", "threads")
    row = {name: done[name] for name in names}
    versions = done.get("versions", "")
    return row | {"others_busy_percent": busy, "peer_versions": versions}


def draw(rows: list[dict], path) -> None:
    """Steps per second and peak RAM of each case, median with least and most."""
    groups: dict[str, list[dict]] = {}
    for row in rows:
        label = f"{row['network']}, {row['games']} games, {row['variant']}"
        label = label.replace(", 1 games", ", 1 game").replace(", like for like", "")
        groups.setdefault(f"{row['who']}: {label}", []).append(row)
    labels = list(groups)
    fig, both = new_figure(1, 2, width=10, height=0.32 * len(labels) + 1.4, sharey=True)
    names = {"steps_per_second": "steps per second", "peak_ram_mb": "peak RAM, MB"}
    for axes, (column, name) in zip(both, names.items(), strict=True):
        for place, label in enumerate(labels):
            middle, least, most = results.median_and_spread(
                row[column] for row in groups[label]
            )
            colour = BLUE if label.startswith("ours") else VERMILION
            axes.barh(
                place, middle, color=colour, hatch=None if colour == BLUE else "//"
            )
            axes.plot([least, most], [place, place], color="black", linewidth=1)
            axes.text(most, place, f" {middle:,.0f}", va="center", fontsize=8)
        axes.set(xlabel=name, yticks=range(len(labels)), yticklabels=labels)
        axes.margins(x=0.12)
        axes.invert_yaxis() if axes is both[0] else None
    results.save_figure(fig, path)


def main(argv: list[str] | None = None) -> None:
    """Measure what is missing, then draw."""
    options = results.parser(__doc__)
    options.add_argument("--rounds", type=int, default=3, help="default 3")
    args = options.parse_args(argv)
    folder, sizes = results.folder(args), QUICK if args.quick else FULL
    processes.take_turn()
    trials = results.Table(folder / "throughput_trials.csv", TRIAL_KEY, args.fresh)
    table = results.Table(folder / "throughput.csv", KEY, args.fresh)
    if args.quick:
        try_peer(trials, QUICK, {1})
    else:
        try_peer(trials, TRIAL, {1, usable_cores()})
    for number in range(1, 1 + (1 if args.quick else args.rounds)):
        for case in all_cases():
            if table.has(round=number, **case._asdict()):
                continue
            print(f"round {number}: {' '.join(map(str, case))}", flush=True)
            row = run_case(case, sizes, trials.rows)
            table.add(round=number, **case._asdict(), **row)
            print(f"    {row['steps_per_second']:.0f} steps/s, ", end="")
            print(f"{row['peak_ram_mb']:,.0f} MB", flush=True)
    draw(table.rows, folder / "throughput.png")


if __name__ == "__main__":
    main()
