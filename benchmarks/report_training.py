"""Tables of README.md about the training loop and what comes of it."""

from pathlib import Path

import numpy as np

from benchmarks import curve_plot, results
from benchmarks.profile_training import PARTS
from benchmarks.recipe import TRIED
from benchmarks.report_tables import column, grouped, markdown, score, spread
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import load_history, load_seeds

PONG_UPDATES = 30_000  # between two lines of Pong's table


def profile(rows: list[dict], folder: Path) -> str:
    """Milliseconds and share of each part; the update against the sgemm ceiling."""
    networks = grouped(rows, "network")
    lines = []
    totals = {k: sum(np.median(column(mine, p)) for p in PARTS)
              for k, mine in networks.items()}  # fmt: skip
    for part in PARTS:
        cells = []
        for key, mine in networks.items():
            share = np.median(column(mine, part)) / totals[key]
            cells += [spread(column(mine, part), ".2f"), f"{share:.0%}"]
        lines.append([part, *cells])
    names = {
        "emulation_alone": ("emulation when nothing else runs, ms", ".2f"),
        "steps_per_second": ("steps per second", ",.0f"),
        "keras_adam_steps_per_second": ("the same with Keras' own Adam", ",.0f"),
        "cores_busy": ("cores busy", ".2f"),
        "cpu_ms": ("CPU time of a step of all games, ms", ".2f"),
        "keras_adam_cpu_ms": ("the same with Keras' own Adam", ".2f"),
        "update_ms": ("one update, ms", ".2f"),
        "keras_adam_update_ms": ("the same with Keras' own Adam", ".2f"),
        "update_mflop": ("one update, MFLOP", ",.0f"),
        "update_gflops": ("update, GFLOP/s", ",.0f"),
    }
    for name, (label, form) in names.items():
        values = [spread(column(mine, name), form) for mine in networks.values()]
        lines.append([label, *[cell for value in values for cell in (value, "")]])
    for row in results.read_rows(folder / "sgemm.csv"):
        best = f"{float(row['gflops']):,.0f}"
        label = f"sgemm ceiling, {row['threads']} threads, GFLOP/s"
        label = label.replace("1 threads", "1 thread")
        lines.append([label, *[cell for _ in networks for cell in (best, "")]])
    header = [cell for (name,) in networks for cell in (f"{name}, ms", "share")]
    return markdown(["part", *header], lines)


def recipe(rows: list[dict], _: Path) -> str:
    """What was tried for the recipe: scores, and what an update cost."""
    lines = []
    rows = sorted(rows, key=lambda row: list(TRIED).index(row["tried"]))
    for (tried,), mine in grouped(rows, "tried").items():
        cells = [
            spread(column(mine, name), form)
            for name, form in [
                ("score_at_15000", ".1f"),
                ("updates", ",.0f"),
                ("score", ".1f"),
                ("protocol", ".1f"),
                ("protocol_averaged", ".1f"),
            ]
        ]
        lines.append([tried, *cells, str(len(mine))])
    header = ["score after 15,000 updates", "updates in the time", "score then"]
    header += ["30 games", "30 games, averaged weights", "seeds"]
    return markdown(["changed", *header], lines)


def human_level(history: History) -> tuple[float, int] | None:
    """The minutes and steps after which a run played like a human tester, if it did."""
    row = history.row_of(curve_plot.HUMAN)
    if row is None:
        return None
    return history["wall_seconds"][row] / 60, int(history["step"][row])


def evening(*_) -> str:
    """Each run of the recipe to its end: when it was at human level, and its score."""
    lines = []
    for seed, (history, scores) in load_seeds("breakout").items():
        agent = scores["agent"]
        minutes = history["wall_seconds"] / 60
        human = "not reached"
        if reached := human_level(history):
            human = f"{reached[0]:.1f} ({reached[1]:,})"
        lines.append(
            [str(seed), human,
             f"{minutes[-1]:.0f} ({history['step'][-1]:,})",
             f"{history['mean_score_100'][-1]:.1f}",
             score(agent),
             f"{agent['median']:g}"]
        )  # fmt: skip
    header = [f"minutes (steps) to {curve_plot.HUMAN}", "minutes (steps) in all"]
    header += ["training score at the end", "score, 100 games", "median"]
    return markdown(["seed", *header], lines)


def pong(_: list[dict], folder: Path) -> str:
    """The training score in Pong by updates: three runs, and the shipped agent's."""
    runs = {
        "the preset": History.read(folder / "pong_history.csv"),
        "C51": History.read(folder / "pong_c51_history.csv"),
        "5 rewards, the rate falling sooner": History.read(
            folder / "pong_sooner_history.csv"
        ),
        "5 rewards, shipped": load_history("pong"),
    }
    last = max(history["update"][-1] for history in runs.values())
    lines = []
    for update in range(PONG_UPDATES, last + 1, PONG_UPDATES):
        cells = []
        for history in runs.values():
            row = np.searchsorted(history["update"], update)
            done = row == len(history)
            cells.append("" if done else f"{history['mean_score_100'][row]:.1f}")
        lines.append([f"{update:,}", *cells])
    return markdown(["updates", *runs], lines)


def curves(rows: list[dict], _: Path) -> str:
    """When each reached the human tester's score, and where it ended."""
    lines = []
    for who, seeds in curve_plot.curves(rows).items():
        times = [curve_plot.minutes_to(p, curve_plot.HUMAN) for p in seeds.values()]
        reached = [t for t in times if np.isfinite(t)]
        mine = [row for row in rows if row["who"] == who]
        last = grouped(mine, "seed").values()
        lines.append(
            [curve_plot.LABELS[who], f"{len(reached)} of {len(times)}",
             spread(reached, ".0f") if reached else "never",
             spread([points[-1, 1] for points in seeds.values()], ".1f"),
             spread([float(group[-1]["step"]) for group in last]),
             spread([points[-1, 0] for points in seeds.values()], ".0f")]
        )  # fmt: skip
    header = ["who", f"seeds that reached {curve_plot.HUMAN}", "after minutes"]
    return markdown([*header, "score at the end", "steps", "minutes"], lines)
