"""How cost grows: with the games played at once, and with the transitions remembered.

    python -m benchmarks.growth [--rounds 3] [--quick] [--fresh]

Games: the preset "laptop" with 1 to 32 games, steps per second. Transitions: replay
buffers of 10,000 to 1,000,000, each filled with real frames in a process of its own
(`replay_run.py` says how); bytes for each transition, everything counted, and the
time to draw a batch.
"""

from pathlib import Path

from benchmarks import machine, processes, results
from dqn_tutorial.viewing.plotting import BLUE, GREY, VERMILION, new_figure

GAMES = (1, 2, 4, 8, 16, 32)
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
TARGET_BYTES = 600  # for a transition of Breakout, indices and all


def grow_games(table: results.Table, games, rounds: int, sizes: dict) -> None:
    """Steps per second of the preset with more and more games."""
    for number in range(1, rounds + 1):
        for n in games:
            if table.has(round=number, games=n):
                continue
            busy = machine.busy_percent()
            options = {"changes": {"num_envs": n}, **sizes}
            done = processes.run_child("our_run", options)
            print(f"round {number}: {n} games, {done['steps_per_second']:.0f} steps/s",
                  flush=True)  # fmt: skip
            names = ("steps_per_second", "steps", "seconds", "peak_ram_mb")
            row = {name: done[name] for name in names}
            table.add(round=number, games=n, **row, others_busy_percent=busy)


def grow_replay(table: results.Table, transitions, samples: int) -> None:
    """Bytes and sampling time of larger and larger buffers."""
    for size in transitions:
        if table.has(transitions=size):
            continue
        print(f"a replay buffer of {size:,} transitions", flush=True)
        busy = machine.busy_percent()
        done = processes.run_child(
            "replay_run", {"transitions": size, "samples": samples}, progress=True
        )
        table.add(transitions=size, **done, others_busy_percent=busy)


def draw_games(rows: list[dict], path: Path) -> None:
    """Steps per second over the number of games."""
    fig, axes = new_figure(width=6, height=3.2)
    counts = sorted({int(row["games"]) for row in rows})
    spread = [
        results.median_and_spread(
            row["steps_per_second"] for row in rows if int(row["games"]) == n
        )
        for n in counts
    ]
    middles, least, most = zip(*spread, strict=True)
    axes.plot(counts, middles, color=BLUE, marker="o")
    axes.fill_between(counts, least, most, color=BLUE, alpha=0.2, linewidth=0)
    axes.set(xscale="log", xlabel="games played at once", ylabel="steps per second")
    axes.set_xticks(counts, labels=map(str, counts), minor=False)
    axes.minorticks_off()
    axes.set_ylim(0, 1.08 * max(most))
    results.save_figure(fig, path)


def draw_replay(rows: list[dict], path: Path) -> None:
    """Bytes for each transition and milliseconds for a batch, over the size."""
    fig, (left, right) = new_figure(1, 2, width=9, height=3.2)
    rows = sorted(rows, key=lambda row: int(row["transitions"]))
    sizes = [int(row["transitions"]) for row in rows]
    for column, label, colour, marker in (
        ("bytes_per_transition", "counted by the buffer", BLUE, "o"),
        ("resident_bytes_per_transition", "RAM that the process gained", GREY, "s"),
    ):
        values = [float(row[column]) for row in rows]
        left.plot(sizes, values, color=colour, marker=marker, label=label)
    left.axhline(TARGET_BYTES, color=VERMILION, linestyle="--", label="target")
    left.set(xscale="log", xlabel="transitions", ylabel="bytes for each transition")
    left.set_ylim(0, 1.08 * left.get_ylim()[1])
    left.legend(fontsize=8)
    low, middle, high = (
        [float(row[f"sample_ms{end}"]) for row in rows]
        for end in ("_quarter", "", "_three_quarters")
    )
    right.plot(sizes, middle, color=BLUE, marker="o")
    right.fill_between(sizes, low, high, color=BLUE, alpha=0.2, linewidth=0)
    right.set(xscale="log", xlabel="transitions")
    right.set(ylabel="milliseconds for a batch of 32")
    right.set_ylim(0, 1.2 * max(high))
    results.save_figure(fig, path)


def main(argv: list[str] | None = None) -> None:
    """Measure what is missing, then draw."""
    options = results.parser(__doc__)
    options.add_argument(
        "--rounds", type=int, default=3, help="of the games; default 3"
    )
    args = options.parse_args(argv)
    folder = results.folder(args)
    games, sizes, samples = GAMES, SIZES, 500
    stretch = {"fill": 5_000, "warm": 2_000, "steps": 10_000}
    if args.quick:
        games, sizes, samples, args.rounds = (1, 4), (2_000, 5_000), 20, 1
        stretch = {"fill": 300, "warm": 200, "steps": 300}
    processes.take_turn()
    replay = results.Table(folder / "growth_replay.csv", ("transitions",), args.fresh)
    grow_replay(replay, sizes, samples)
    draw_replay(replay.rows, folder / "growth_replay.png")
    table = results.Table(folder / "growth_games.csv", ("round", "games"), args.fresh)
    grow_games(table, games, args.rounds, stretch)
    draw_games(table.rows, folder / "growth_games.png")


if __name__ == "__main__":
    main()
