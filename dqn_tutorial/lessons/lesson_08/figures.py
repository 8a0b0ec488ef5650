"""Figures of notebook 08, ablations: variants of the agent beside the full one."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.lessons.lesson_08.ablations import TITLES
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
)


def plot_alarms(intervals: dict, caption: str, alt: str) -> None:
    """Draw the intervals of many pairs of equal agents, those without 0 in orange.

    Args:
        intervals: by the name of a method, (pairs, 2) ends; a panel for each.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(
        1, len(intervals), width=PAGE_WIDTH, height=4.4, sharex=True, sharey=True
    )
    for axes, (method, ends) in zip(panels, intervals.items(), strict=True):
        wrong = (ends[:, 0] > 0) | (ends[:, 1] < 0)
        for colour, which, width in ((BLUE, ~wrong, 1), (VERMILION, wrong, 2.2)):
            axes.hlines(np.flatnonzero(which), *ends[which].T, colour, linewidth=width)
        axes.axvline(0, color=BLACK, linewidth=1)
        axes.set(title=f"{method}\n{wrong.sum()} of {len(ends)} false alarms")
        axes.set(xlabel="difference of the two means", yticks=[])
    panels[0].set(ylabel="a line: a pair of equal agents")
    show(fig, caption, alt)


def plot_losses(
    scores: dict,
    effects: dict,
    random: float,
    caption: str,
    alt: str,
    live: dict | None = None,
) -> None:
    """Draw the points that each run lost against the mean of the full agent.

    A dot is a run (its height has no meaning), the bar below the dots the 95 % interval
    of the points lost, blue where they are shown. In the first row are the full agent's
    own runs.

    Args:
        scores: of each variant, a number for each seed.
        effects: as `effects_of` gives them.
        random: the score of random actions; what those lose is a dashed line.
        caption, alt: as in `show`.
        live: scores of single runs made just now, drawn as crosses.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=1.0 + 0.55 * len(scores))
    mean = scores["full"].mean()
    axes.axvline(0, color=BLACK, linewidth=1)
    axes.axvline(mean - random, color=GREY, linewidth=1.4, linestyle="--")
    axes.text(mean - random, 1.01, "random actions", color=GREY, ha="center",
              va="bottom", transform=axes.get_xaxis_transform())  # fmt: skip
    right = axes.get_yaxis_transform()  # x as a share of the width
    for k, (variant, theirs) in enumerate(scores.items()):
        height = k - 0.15 + 0.3 * (np.arange(len(theirs)) * 0.618 % 1 - 0.5)
        axes.plot(mean - theirs, height, "o", color=BLACK, markersize=4.5, alpha=0.6)
        if variant in (live or {}):
            lost = mean - live[variant]
            axes.plot(lost, k - 0.15, "x", color=VERMILION, ms=9, markeredgewidth=2.5)
        if variant == "full":
            continue
        effect = effects[variant]
        colour = BLUE if effect.shown else GREY
        lane = k + 0.22
        axes.plot([effect.low, effect.high], [lane, lane], color=colour, linewidth=7,
                  alpha=0.45)  # fmt: skip
        axes.plot(effect.lost, lane, "|", color=colour, ms=11, markeredgewidth=2)
        verdict = "shown" if effect.shown else "not shown"
        axes.text(1.01, k, verdict, color=colour, va="center", transform=right)
    titles = [TITLES[variant] for variant in scores]
    axes.set(yticks=range(len(scores)), yticklabels=titles, xlabel="points lost")
    axes.set_ylim(len(scores) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    show(fig, caption, alt)


def plot_curves(runs: dict, label: str, caption: str, alt: str) -> None:
    """Draw each variant in its own panel, over the full agent in grey.

    A thin line is one seed, a thick one the mean of all.

    Args:
        runs: as `sweep_table.read_table` gives them, including "full".
        label: of the vertical axes.
        caption, alt: as in `show`.
    """
    variants = [variant for variant in runs if variant != "full"]
    columns = 2 if len(variants) == 4 else 3  # no hole
    rows = -(-len(variants) // columns)
    size = {"width": PAGE_WIDTH, "height": 0.7 + 2.25 * rows}
    fig, grid = new_figure(
        rows, columns, **size, sharex=True, sharey=True, squeeze=False
    )
    for axes, variant in zip(grid.flat, variants, strict=False):
        _draw_runs(axes, runs["full"], GREY)
        _draw_runs(axes, runs[variant], VERMILION)
        axes.set_title(TITLES[variant], fontsize=10)
        axes.xaxis.set_major_locator(MaxNLocator(3, steps=[2, 2.5, 5, 10]))
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


def _draw_runs(axes, of_variant: dict, colour: str) -> None:
    runs = list(of_variant.values())
    for run in runs:
        axes.plot(
            run["step"], run["mean_score_100"], color=colour, linewidth=0.8, alpha=0.6
        )
    if len(runs) > 1:
        mean = np.mean([run["mean_score_100"] for run in runs], axis=0)
        axes.plot(runs[0]["step"], mean, color=colour, linewidth=2.4)


def plot_mean_q(runs: dict, limit: float, caption: str, alt: str) -> None:
    """Draw the mean Q-value of each run, with the most that anything can be worth.

    The axis of the values is logarithmic: one that runs away leaves the others visible.

    Args:
        runs: as `sweep_table.read_table` gives them; "full" in grey, others in orange.
        limit: a horizontal line.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.4)
    for variant, of_variant in runs.items():
        colour = GREY if variant == "full" else VERMILION
        for run in of_variant.values():
            axes.plot(run["step"], run["mean_q"], color=colour, linewidth=1.6)
        highest = max(of_variant.values(), key=lambda run: np.nanmax(run["mean_q"]))
        k = np.nanargmax(highest["mean_q"])
        side = "left" if k < len(highest["step"]) / 2 else "right"
        axes.annotate(TITLES[variant], (highest["step"][k], highest["mean_q"][k]),
                      (0, 6), ha=side, textcoords="offset points",
                      color=colour)  # fmt: skip
    axes.axhline(limit, color=BLACK, linewidth=1.4, linestyle="--")
    end = max(run["step"][-1] for run in runs["full"].values())
    axes.text(end, limit, f"nothing can be worth more than {limit:g} ",
              ha="right", va="bottom")  # fmt: skip
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set(xlabel="steps", ylabel="mean Q of the batches", xlim=(0, end))
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    show(fig, caption, alt)
