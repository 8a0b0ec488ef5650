"""The long runs of the search for a recipe: their table and their figure.

One seed and one core each; a run is `results/NAME_history.csv`, with the scores of a
hundred games in `results/NAME_scores.json` where it was scored.
"""

import json
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from benchmarks import results
from benchmarks.report_tables import markdown, score
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import load_history, load_scores
from dqn_tutorial.viewing.plotting import BLACK, COLOURS, GREY, new_figure

OURS = BLACK  # the line of a shipped agent


class LongRun(NamedTuple):
    """A run, what it changes in the preset, and its colour in the figure."""

    name: str
    changed: str
    colour: str | None = None  # None: only in the table


DQN = [
    LongRun("nine_commands_", "nine commands by hand, the former `breakout`", GREY),
    LongRun("one_reward_", "the rate falls evenly", COLOURS[3]),
    LongRun("three_rewards_", "three rewards, the rate falls evenly", COLOURS[4]),
    LongRun("rate_cosine_dqn_", "three rewards, a cosine", COLOURS[1]),
    LongRun("rate_held_", "three rewards, the rate falls at the end", COLOURS[2]),
    LongRun("rate_held_adam_1e-8_", "the same, `adam_epsilon` 1e-8"),
    LongRun("rate_0.001_", "three rewards, rate 0.001, hardly falling"),
    LongRun("rate_0.0005_", "three rewards, rate 0.0005, hardly falling"),
    LongRun("rate_cut_", "the same, 0.00005 from step 1,500,000 on"),
]
C51 = [
    LongRun("beyond_", "C51: the preset `beyond`", COLOURS[0]),
    LongRun("one_reward_later_c51_", "C51, the rate falls evenly", COLOURS[3]),
    LongRun("rate_cosine_c51_", "C51, three rewards, a cosine", COLOURS[1]),
    LongRun("beyond_seed_0/", "C51 from `breakout`, three rewards", COLOURS[2]),
    LongRun("from_breakout_slow_", "the same, rate 0.0001", COLOURS[4]),
    LongRun("from_breakout_five_rewards_", "C51 from `breakout`, five rewards"),
]
SHIPPED = {
    "breakout": "`breakout`: the recipe",
    "beyond": "`beyond`: C51, from the layers of the former `breakout`",
}


def table(_: list[dict], folder: Path) -> str:
    """A row for each run: what it changes, how long it was, how well it plays."""
    lines = []
    for run in (*DQN, *C51):
        path = folder / f"{run.name}scores.json"
        scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        lines.append(_row(run.changed, _history(run, folder), scores))
    for agent, made in SHIPPED.items():
        lines.append(_row(made, load_history(agent), load_scores(agent)))
    header = ["changed", "steps", "training score at the end", "score, 100 games"]
    return markdown(header, lines)


def _row(changed: str, history: History, scores: dict | None) -> list[str]:
    measured = score(scores["agent"]) if scores else "not measured"
    training = f"{history['mean_score_100'][-1]:.1f}"
    return [changed, f"{history['step'][-1]:,.0f}", training, measured]


def _history(run: LongRun, folder: Path) -> History:
    return History.read(folder / f"{run.name}history.csv")


def figure(folder: Path) -> Figure:
    """The training scores over steps, DQN at the left, C51 at the right."""
    fig, panels = new_figure(1, 2, width=9, height=5.4)
    for axes, runs, agent in zip(panels, (DQN, C51), SHIPPED, strict=True):
        curves = [
            (_history(run, folder), run.changed.replace("`", ""), run.colour)
            for run in runs
            if run.colour
        ]
        for history, label, colour in [(load_history(agent), agent, OURS), *curves]:
            axes.plot(history["step"], history["mean_score_100"], color=colour,
                      linewidth=1.4, label=label)  # fmt: skip
        axes.set(xlabel="steps", ylabel="score, mean of the last 100 games")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
        axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(0, -0.15))
    return fig


if __name__ == "__main__":
    drawn = figure(results.RESULTS)
    drawn.savefig(results.RESULTS / "long_runs.png", dpi=150, facecolor="white")
