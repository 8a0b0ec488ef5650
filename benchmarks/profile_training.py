"""Where a second of training goes, and how near an update is to what the cores can do.

    python -m benchmarks.profile_training [--quick] [--fresh]

Each network is trained with the preset "laptop" in a process of its own, with a clock
around each part of the loop. The ceiling is the quickest product of two large float32
matrices (sgemm); the arithmetic of an update is counted in `flops.py`.

    act       choose an action for every game: one forward pass
    send      start the emulators, which then run on threads of their own
    sample    draw batches from the replay buffer, unpack and stack their frames
    update    gradient steps, with the copies to TensorFlow, and target syncs
    wait      for emulators that were not ready when the updates were done
    reset     games that ended begin anew, with a seed; nothing else goes on meanwhile
    remember  pack the new frames, put the transitions into the replay buffer
    rest      the loop itself and its history
"""

from pathlib import Path

from benchmarks import machine, processes, results
from benchmarks.flops import BREAKOUT_ACTIONS, update_flops
from dqn_tutorial.config import PRESETS
from dqn_tutorial.machine import usable_cores
from dqn_tutorial.networks import ARCHITECTURES
from dqn_tutorial.viewing.plotting import COLOURS, GREY, new_figure

PARTS = ("act", "send", "sample", "update", "wait", "reset", "remember", "rest")
FULL = {"fill": 20_000, "warm": 2_000, "steps": 5_000, "windows": 5}
QUICK = {"fill": 500, "warm": 200, "steps": 300, "windows": 2}


def measure_ceiling(table: results.Table) -> None:
    """The sgemm ceiling on one core and on all."""
    for threads in sorted({1, usable_cores()}):
        if not table.has(threads=threads):
            print(f"sgemm, {threads} threads", flush=True)
            done = processes.run_child("profile_run", {"sgemm_threads": threads})
            table.add(threads=threads, gflops=done["gflops"])


def measure_parts(table: results.Table, sizes: dict) -> None:
    """A row for each network and window."""
    batch = PRESETS["laptop"].batch_size
    for network in ARCHITECTURES:
        if table.has(network=network, window=1):
            continue
        print(f"where a second goes: {network}", flush=True)
        busy = machine.busy_percent()
        done = processes.run_child("profile_run", {"network": network, **sizes})
        flops = update_flops(network, BREAKOUT_ACTIONS, batch)
        for number, row in enumerate(done["windows"], start=1):
            gflops = flops / row["update_ms"] / 1e6
            table.add(network=network, window=number, **row, update_mflop=flops / 1e6,
                      update_gflops=gflops, others_busy_percent=busy)  # fmt: skip


def draw(rows: list[dict], path: Path) -> None:
    """One bar for each network, its parts side by side."""
    games = PRESETS["laptop"].num_envs
    fig, axes = new_figure(width=9, height=2.6)
    networks = list(dict.fromkeys(row["network"] for row in rows))
    for place, network in enumerate(networks):
        left = 0.0
        for i, part in enumerate(PARTS):
            cells = [row[part] for row in rows if row["network"] == network]
            middle = max(results.median_and_spread(cells)[0], 0.0)
            colour = [*COLOURS, GREY][i]
            axes.barh(place, middle, left=left, color=colour, edgecolor="white",
                      label=None if place else part)  # fmt: skip
            left += middle
    axes.set(xlabel=f"milliseconds for one step of all {games} games")
    axes.set(yticks=range(len(networks)), yticklabels=networks)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    fig.legend(loc="outside upper center", ncols=len(PARTS), fontsize=8)
    results.save_figure(fig, path)


def main(argv: list[str] | None = None) -> None:
    """Measure what is missing, then draw."""
    args = results.parser(__doc__).parse_args(argv)
    folder = results.folder(args)
    processes.take_turn()
    ceiling = results.Table(folder / "sgemm.csv", ("threads",), args.fresh)
    measure_ceiling(ceiling)
    table = results.Table(folder / "profile.csv", ("network", "window"), args.fresh)
    measure_parts(table, QUICK if args.quick else FULL)
    draw(table.rows, folder / "profile.png")


if __name__ == "__main__":
    main()
