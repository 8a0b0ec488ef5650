"""Figures of notebook 08, ablations: variants of the agent beside the full one."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.lessons.lesson_08.ablations import TITLES, interval
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
)

COLUMNS = 3  # panels in a row


def plot_curves(runs: dict, label: str, caption: str, alt: str) -> None:
    """Draw each variant in its own panel, over the full agent in grey.

    A thin line is one seed, a thick one the mean of all, a band the interval of the
    mean.

    Args:
        runs: as `sweep_table.read_table` gives them, including "full".
        label: of the vertical axes.
        caption, alt: as in `show`.
    """
    variants = [variant for variant in runs if variant != "full"]
    rows = -(-len(variants) // COLUMNS)
    size = {"width": PAGE_WIDTH, "height": 0.7 + 2.25 * rows}
    fig, grid = new_figure(
        rows, COLUMNS, **size, sharex=True, sharey=True, squeeze=False
    )
    for axes, variant in zip(grid.flat, variants, strict=False):
        _draw_runs(axes, runs["full"], GREY)
        _draw_runs(axes, runs[variant], VERMILION)
        axes.set(title=f"{TITLES[variant]}\n{seeds_in_words(runs[variant])}")
        axes.title.set_fontsize(9)
        axes.xaxis.set_major_locator(MaxNLocator(3, steps=[2.5, 5, 10]))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.tick_params(labelbottom=True)
    for axes in grid.flat[len(variants) :]:
        axes.axis("off")
    fig.supxlabel("steps", fontsize=10)
    fig.supylabel(label, fontsize=10)
    lines = [grid[0, 0].plot([], color=colour)[0] for colour in (VERMILION, GREY)]
    fig.legend(lines, ["the variant", TITLES["full"]], loc="outside upper center",
               ncols=2)  # fmt: skip
    show(fig, caption, alt)


def seeds_in_words(of_variant: dict) -> str:
    """For instance "5 seeds"."""
    return f"{len(of_variant)} seed{'s' if len(of_variant) != 1 else ''}"


def _draw_runs(axes, of_variant: dict, colour: str) -> None:
    runs = list(of_variant.values())
    for run in runs:
        axes.plot(
            run["step"], run["mean_score_100"], color=colour, linewidth=0.7, alpha=0.6
        )
    if len(runs) < 2:
        return
    steps = runs[0]["step"]
    curves = np.array([run["mean_score_100"] for run in runs])  # [S, rows]
    axes.plot(steps, curves.mean(axis=0), color=colour, linewidth=2.2)
    rng = np.random.default_rng(0)
    ends = [interval(column, rng) for column in curves.T]
    if None not in ends:
        low, high = np.transpose(ends)
        axes.fill_between(steps, low, high, color=colour, alpha=0.2, linewidth=0)


def plot_scores(scores: dict, caption: str, alt: str, live: dict | None = None) -> None:
    """Draw the score of each run as a dot, with the mean and its interval.

    Args:
        scores: of each variant, a number for each seed.
        caption, alt: as in `show`.
        live: scores of runs made just now, drawn as crosses.
    """
    fig, axes = new_figure(height=0.9 + 0.42 * len(scores))
    rng = np.random.default_rng(0)
    for k, (variant, theirs) in enumerate(scores.items()):
        if ends := interval(theirs, rng):
            axes.plot(ends, [k, k], color=BLUE, linewidth=7, alpha=0.3)
        label = "mean and interval" if k == 0 else None
        if len(theirs) > 1:
            axes.plot(theirs.mean(), k, "|", color=BLUE, markersize=16, label=label)
        label = "one seed" if k == 0 else None
        axes.plot(theirs, np.full(len(theirs), k), "o", color=BLACK, markersize=4,
                  alpha=0.6, label=label)  # fmt: skip
        crosses = (live or {}).get(variant, [])
        label = "run just now" if k == 0 else None
        if len(crosses):
            axes.plot(crosses, np.full(len(crosses), k), "x", color=VERMILION,
                      markersize=9, markeredgewidth=2, label=label)  # fmt: skip
    titles = [TITLES[variant] for variant in scores]
    axes.set(yticks=range(len(scores)), yticklabels=titles, xlabel="score")
    axes.set_ylim(len(scores) - 0.5, -0.5)
    axes.set_xlim(left=min(0, axes.get_xlim()[0]))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(fig, caption, alt)
