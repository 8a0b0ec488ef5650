"""Figures of notebook 09, the museum of bugs."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.viewing.plotting import BLUE, PAGE_WIDTH, VERMILION, new_figure, show

LOOKS = [(BLUE, "-"), (VERMILION, "--")]  # for the first and second kind of run
PANELS = {
    "mean_score_100": "score in training,\nmean of 100 games",
    "score": "score,\n50 fresh games",
    "mean_q": "mean of the\nlargest Q-values",
}


def plot_exhibit(kinds: dict, caption: str, panels: dict | None = None) -> None:
    """Draw two kinds of run side by side: each run thin, the mean of the seeds thick.

    The alt text gives the means at three places, so it cannot contradict the curves.

    Args:
        kinds: runs by what to call them, the correct ones first; see `museum`.
        caption: as in `show`.
        panels: by name of the column, what its axis says; None for the usual three.
    """
    panels = PANELS if panels is None else panels
    size = {"width": PAGE_WIDTH, "height": 2.6}
    fig, grid = new_figure(1, len(panels), squeeze=False, **size)
    for axes, (column, label) in zip(grid[0], panels.items(), strict=True):
        for (name, runs), (colour, dash) in zip(kinds.items(), LOOKS, strict=False):
            steps, curves = _curves(runs, column)
            steps = steps / 1000
            axes.plot(steps, curves.T, dash, color=colour, alpha=0.35, linewidth=0.9)
            axes.plot(steps, curves.mean(axis=0), dash, color=colour, label=name)
        axes.set(xlabel="thousand steps", ylabel=label, xlim=(0, None))
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    lines = [line for line in grid[0, 0].lines if not line.get_label().startswith("_")]
    fig.legend(lines, list(kinds), loc="outside upper center", ncols=len(kinds))
    show(fig, caption, in_words(kinds, panels))


def in_words(kinds: dict, panels: dict) -> str:
    """The curves for those who cannot see them: their means at three places."""
    steps, _ = _curves(next(iter(kinds.values())), "step")
    places = [1, len(steps) // 2 - 1, len(steps) - 1]
    when = [f"{steps[k]:,.0f}" for k in places]
    words = [f"{len(panels)} panels. At steps {when[0]}, {when[1]} and {when[2]}."]
    for column, label in panels.items():
        for name, runs in kinds.items():
            means = _curves(runs, column)[1].mean(axis=0)
            values = ", ".join(f"{means[k].round(2) + 0.0:.2f}" for k in places)
            words.append(f"{label}, {name}: {values}.")
    return " ".join(words)


def _curves(runs: dict, column: str) -> tuple[np.ndarray, np.ndarray]:
    """(rows,) steps, and (seeds, rows) values."""
    steps = next(iter(runs.values()))["step"]
    return steps, np.stack([run[column] for run in runs.values()])


def plot_policies(cells, kinds: dict, caption: str, alt: str) -> None:
    """Draw which way a policy of the corridor goes in each cell.

    Args:
        cells: their numbers.
        kinds: by name of the learner, what each cell says of going left and of going
            right: (14, 2), a Q-table.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 2.4}
    fig, panels = new_figure(1, len(kinds), squeeze=False, sharey=True, **size)
    for axes, (name, q) in zip(panels[0], kinds.items(), strict=True):
        for action, (colour, marker) in enumerate([(VERMILION, "<"), (BLUE, ">")]):
            axes.plot(cells, q[cells, action], marker, color=colour, linestyle="-")
        axes.set(title=name, xlabel="cell", xticks=list(cells)[::2])
    panels[0, 0].set(ylabel="Q-value")
    fig.legend(
        panels[0, 0].lines,
        ["go left, to the 1", "go right, to the 5"],
        loc="outside upper center",
        ncols=2,
    )
    show(fig, caption, alt)
