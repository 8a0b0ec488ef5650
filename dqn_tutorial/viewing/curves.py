"""The learning curves of one or several runs: one figure, four panels.

The score says whether the agent learns, the loss and the Q-values say how, and the
speed says when it will be done. Notebook 06 explains how to read them.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from dqn_tutorial.viewing.plotting import COLOURS, PAGE_WIDTH, new_figure

CURVES_DPI = 150  # pixels per inch: 1,200 across, for a screen
LINES = ["-", "--", ":"]  # with more runs than colours, the next kind of line

PANELS = {  # column of a history: what a reader calls it
    "mean_score_100": "score, mean of the last 100 games",
    "loss": "loss",
    "mean_q": "mean of the largest Q-values",
    "steps_per_second": "steps per second",
}
X_AXES = {  # name: column of a history, and how many of its units make one
    "steps": ("step", 1),
    "updates": ("update", 1),
    "minutes": ("wall_seconds", 60),
}


def curves_figure(runs: dict, x: str = "steps") -> Figure:
    """Draw the curves of runs, each in its colour.

    Args:
        runs: label -> columns by name, as `dqn_tutorial.runs.history.History` gives
            them. A history may be empty, and NaN leaves a gap.
        x: what the curves are drawn over, one of `X_AXES`. Minutes are those of the
            training, without pauses.

    Raises:
        ValueError: no run, or another `x`.
    """
    if not runs:
        raise ValueError("runs must hold at least one run, got none")
    if x not in X_AXES:
        raise ValueError(f"x must be one of {', '.join(X_AXES)}, got {x!r}")
    fig, grid = new_figure(2, 2, width=PAGE_WIDTH, height=5.2, sharex=True)
    for axes, (column, title) in zip(grid.flat, PANELS.items(), strict=True):
        for k, history in enumerate(runs.values()):
            _draw_curve(axes, history, x, column, k)
        axes.set_title(title, loc="left")
        if column == "loss" and _is_wide(runs):
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for axes in grid[1]:
        axes.set_xlabel(x)
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        if x != "minutes":
            axes.xaxis.set_major_formatter(EngFormatter(sep=""))  # 500k, 1M
    _add_legend(fig, grid[0, 0].lines, list(runs))
    return fig


def _draw_curve(axes, history, x: str, column: str, k: int) -> None:
    """Draw one column of run number `k`; a single value becomes a dot."""
    of_x, units = X_AXES[x]
    values = history[column]
    axes.plot(
        history[of_x] / units,
        values,
        color=COLOURS[k % len(COLOURS)],
        linestyle=LINES[k // len(COLOURS) % len(LINES)],
        linewidth=1.4,
        marker="o" if np.isfinite(values).sum() == 1 else "",
    )


def _is_wide(runs: dict) -> bool:
    """Whether the losses span more than a factor of 100, as C51's beside DQN's do."""
    losses = np.concatenate([history["loss"] for history in runs.values()])
    losses = losses[losses > 0]
    return len(losses) > 0 and losses.max() > 100 * losses.min()


def _add_legend(fig: Figure, lines, labels: list[str]) -> None:
    """Name the runs above the panels; labels are shown as they are, "$" included."""
    widest = max(map(len, labels))
    columns = max(1, min(len(labels), 90 // (widest + 8)))  # 90 letters on a line
    legend = fig.legend(loc="outside upper left", ncols=columns, handles=lines,
                        labels=["run"] * len(labels))  # fmt: skip
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_parse_math(False)  # a folder's name is no formula
        text.set_text(label)
