"""What could make an update quicker, tried one thing at a time.

    python -m benchmarks.update_trials [--rounds 3] [--quick] [--fresh]

Each trial is timed in a process of its own, some rounds through all of them, so that a
slow minute of the machine does not fall on one trial. `update_run.py` holds the code.
"""

from typing import NamedTuple

from benchmarks import machine, processes, results
from benchmarks.flops import BREAKOUT_ACTIONS, update_flops
from dqn_tutorial.machine import usable_cores
from dqn_tutorial.networks import ARCHITECTURES
from dqn_tutorial.quiet_tensorflow import TENSORFLOW_THREADS
from dqn_tutorial.viewing.plotting import BLUE, new_figure

KEY = ("round", "network", "trial")
OURS, ALL = "as the package does it", "one for each core"  # threads


class Trial(NamedTuple):
    """One thing that differs from the way the package does it."""

    name: str
    way: str = "plain"
    batch: int = 32
    threads: str = OURS
    onednn: str = "1"
    arithmetic: str = ""  # what oneDNN may multiply in; "" for float32


TRIALS = [
    Trial("as the package does it"),
    Trial("a thread for each core", threads=ALL),
    Trial("without oneDNN", onednn="0"),
    Trial("XLA", way="xla"),
    Trial("XLA, a thread for each core", way="xla", threads=ALL),
    Trial("not compiled", way="eager"),
    Trial("batch of 16", batch=16),
    Trial("batch of 64", batch=64),
    Trial("batch of 128", batch=128),
    Trial("two updates in one call", way="two"),
    Trial("five frames copied, not eight", way="window"),
    Trial("first convolution over blocks", way="space"),
    Trial("Adam in one kernel", way="fused"),
    Trial("products in bfloat16", arithmetic="BF16"),
    Trial("with sampling, in turn", way="sample"),
    Trial("with sampling on another thread", way="prefetch"),
]


def run_trial(network: str, trial: Trial, repeats: int) -> dict:
    """Time one trial; a row of the table, but for its key."""
    busy = machine.busy_percent()
    options = {
        "network": network,
        "way": trial.way,
        "batch": trial.batch,
        "threads": TENSORFLOW_THREADS if trial.threads == OURS else usable_cores(),
        "repeats": repeats,
    }
    environment = {"TF_ENABLE_ONEDNN_OPTS": trial.onednn}
    if trial.arithmetic:
        environment["TF_SET_ONEDNN_FPMATH_MODE"] = trial.arithmetic
    done = processes.run_child("update_run", options, **environment)
    flops = update_flops(network, BREAKOUT_ACTIONS, trial.batch)
    return done | {
        "us_per_transition": 1e3 * done["ms"] / trial.batch,
        "gflops": flops / done["ms"] / 1e6,
        "others_busy_percent": busy,
    }


def draw(rows: list[dict], path) -> None:
    """Microseconds for each transition learned from, one bar a trial."""
    networks = list(dict.fromkeys(row["network"] for row in rows))
    names = list(dict.fromkeys(row["trial"] for row in rows))
    height = 0.26 * len(names) + 1.2
    fig, all_axes = new_figure(1, len(networks), width=10, height=height, sharey=True,
                               squeeze=False)  # fmt: skip
    for axes, network in zip(all_axes[0], networks, strict=True):
        for place, name in enumerate(names):
            mine = [r for r in rows if (r["network"], r["trial"]) == (network, name)]
            if not mine:
                continue
            middle, least, most = results.median_and_spread(
                row["us_per_transition"] for row in mine
            )
            axes.barh(place, middle, color=BLUE)
            axes.plot([least, most], [place, place], color="black", linewidth=1)
            axes.text(most, place, f" {middle:.0f}", va="center", fontsize=8)
        axes.set(title=network, xlabel="microseconds per transition")
        axes.set(yticks=range(len(names)), yticklabels=names)
        axes.margins(x=0.12)
    all_axes[0][0].invert_yaxis()
    results.save_figure(fig, path)


def main(argv: list[str] | None = None) -> None:
    """Measure what is missing, then draw."""
    options = results.parser(__doc__)
    options.add_argument("--rounds", type=int, default=3, help="default 3")
    args = options.parse_args(argv)
    folder = results.folder(args)
    rounds, repeats = (1, 10) if args.quick else (args.rounds, 150)
    processes.take_turn()
    table = results.Table(folder / "update_trials.csv", KEY, args.fresh)
    for number in range(1, rounds + 1):
        for network in ARCHITECTURES:
            for trial in TRIALS:
                key = {"round": number, "network": network, "trial": trial.name}
                if table.has(**key):
                    continue
                row = run_trial(network, trial, repeats)
                table.add(**key, **row)
                print(f"round {number}: {network}, {trial.name}: ", end="")
                print(f"{row['ms']:.1f} ms", flush=True)
    draw(table.rows, folder / "update_trials.png")


if __name__ == "__main__":
    main()
