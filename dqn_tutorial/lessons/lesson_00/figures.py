"""What notebook 00 shows: stages of training, strips of games, the series."""

import csv
import json
from pathlib import Path

import numpy as np
from IPython.display import display

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.runs.pretrained import load_pretrained, stages
from dqn_tutorial.viewing.plotting import (
    COLOURS,
    GREY,
    PAGE_WIDTH,
    new_figure,
    show,
    show_frames,
)

MARKERS = "osD^vPX"  # stages are told apart without colour, too
HOURS, MINUTES = ("hours", 3600), ("minutes", 60)


def load_stages(name: str) -> dict[int, DQNAgent]:
    """Load a shipped agent and its stages, by their steps.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    loaded = [load_pretrained(stage) for stage in stages(name)]
    steps = [origin.rpartition("step ")[2] for _, _, origin in loaded]
    return {
        int(step.replace(",", "")): agent
        for step, (agent, _, _) in zip(steps, loaded, strict=True)
    }


def show_strips(recordings: dict, caption: str, alt: str, *, across="time") -> None:
    """Show the filmstrips of several players, each frame under its player and score.

    Args:
        recordings: from `record_together`, by the player's name.
        caption, alt: as in `show`.
        across: "time" gives each player a row; "players" gives each a column, and
            leaves out the first moment, which is the same for all.
    """
    rows = [
        [
            (frame, f"{name}: {score:g}")
            for frame, score in zip(game.filmstrip, game.strip_scores, strict=True)
        ]
        for name, game in recordings.items()
    ]
    if across == "players":
        rows = list(zip(*rows, strict=True))[1:]
    frames, titles = zip(*[cell for row in rows for cell in row], strict=True)
    show_frames(frames, titles, caption, alt, columns=len(rows[0]))


def plot_stages(history, scores: dict[int, float], caption: str, alt: str) -> None:
    """Draw a training curve with its stages, beside the score of one game of each.

    Args:
        history: columns by name, as `dqn_tutorial.runs.history.History` gives them.
        scores: of one game of each stage, by the step at which it was kept.
        caption, alt: as in `show`.
    """
    fig, (curve, bars) = new_figure(
        1, 2, width=PAGE_WIDTH, height=3.0, width_ratios=[3, 2]
    )
    unit, seconds = HOURS if history["wall_seconds"][-1] > 7200 else MINUTES
    times, heights = history["wall_seconds"] / seconds, history["mean_score_100"]
    curve.plot(times, heights, color=GREY)
    for k, (step, score) in enumerate(scores.items()):
        x, y = (np.interp([step], history["step"], c) for c in (times, heights))
        name, look = f"{step:,} steps", {"marker": MARKERS[k], "markersize": 9}
        look |= {"color": COLOURS[k], "linestyle": "", "clip_on": False, "zorder": 3}
        curve.plot(x, y, **look, label=name)
        bar = bars.bar(f"{step / 1e6:.3g}", score, color=COLOURS[k])
        bars.bar_label(bar, fmt="{:g}")
    curve.set(xlabel=f"{unit} of training", ylabel="score, mean of 100 games")
    curve.set_title("while training: many games")
    curve.set_ylim(bottom=0)
    curve.legend()
    bars.set_title("in the video: one game each")
    bars.set(xlabel="millions of steps of training", ylabel="score")
    bars.margins(y=0.12)
    bars.grid(False, axis="x")
    show(fig, caption, alt)


def show_series(table: Path | str) -> None:
    """Show the notebooks with their questions, and what running each takes.

    Args:
        table: CSV with the columns notebook, minutes, peak_ram_gb and machine, beside
            the notebooks.

    Raises:
        ValueError: the table has no rows, or names a notebook that does not exist.
    """
    with Path(table).open(newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise ValueError(f"table must have a row per notebook, but {table} has none")
    lines = ["| notebook | question | minutes | RAM, GB |", "| --- | --- | --: | --: |"]
    for row in rows:
        title, question = _title_and_question(Path(table).parent / row["notebook"])
        link = f"[{title}]({row['notebook']})"
        cells = [link, question, row["minutes"], row["peak_ram_gb"]]
        lines.append(f"| {' | '.join(cells)} |")
    machines = list(dict.fromkeys(row["machine"] for row in rows))
    text = "\n".join([*lines, "", f"*Measured on: {'; '.join(machines)}.*"])
    display({"text/markdown": text, "text/plain": text}, raw=True)


def _title_and_question(notebook: Path) -> tuple[str, str]:
    """The first heading of a notebook, and the line in italics below it."""
    if not notebook.exists():
        raise ValueError(f"table names {notebook.name}, which does not exist")
    source = "".join(json.loads(notebook.read_text())["cells"][0]["source"])
    heading, question, *_ = [line for line in source.splitlines() if line]
    return heading.removeprefix("# "), question.strip("*")
