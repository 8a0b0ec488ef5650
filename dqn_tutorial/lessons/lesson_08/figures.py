"""Figures of notebook 08, ablations: variants of the agent beside the full one."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from scipy import stats

from dqn_tutorial.lessons.lesson_08.ablations import MAY_BE_WRONG, TITLES
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    YELLOW,
    new_figure,
    printed,
    show,
    write_at,
)

PALE = "#DDDDDD"


def plot_pairs(pairs, intervals, caption: str, alt: str) -> None:
    """Draw the scores of pairs of equal agents, and beside each pair its interval.

    Args:
        pairs: (P, 2, S) scores from the standard normal distribution, whose curve
            stands behind them. Full dots are one agent, hollow ones the other.
        intervals: (P, 2) ends, orange and called a false alarm where 0 is left out.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 1.0 + 0.42 * len(pairs)}
    fig, (left, right) = new_figure(1, 2, **size, sharey=True)
    bottom, x = len(pairs) - 0.4, np.linspace(-3.4, 3.4, 200)
    bell = stats.norm.pdf(x) / stats.norm.pdf(0)
    left.fill_between(x, bottom - len(pairs) * bell, bottom, color=PALE)
    lanes = ((-0.17, BLACK), (0.17, "white"))  # the first agent above the other
    for row, pair in enumerate(pairs):
        for scores, (down, inside) in zip(pair, lanes, strict=True):
            height = np.full(len(scores), row + down)
            left.plot(scores, height, "o", color=BLACK, mfc=inside, ms=6)
    for row in np.flatnonzero(_draw_intervals(right, intervals, width=2)):
        middle = intervals[row].mean()
        write_at(right, middle, row - 0.3, "false alarm", color=VERMILION)
    left.set(title="scores: ● one agent, ○ the other", xlabel="score", yticks=[])
    left.set_ylim(bottom, -0.6)
    right.set(title="95 % interval", xlabel="difference of the two means")
    show(fig, caption, alt)


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
        wrong = _draw_intervals(axes, ends, width=1)
        axes.set(title=f"{method}\n{wrong.sum()} of {len(ends)} false alarms")
        axes.set(xlabel="difference of the two means", yticks=[])
    panels[0].set(ylabel="a line: a pair of equal agents")
    show(fig, caption, alt)


def _draw_intervals(axes, ends, width) -> np.ndarray:
    """Draw (N, 2) ends as level lines, and return which of them leave 0 out: (N,)."""
    wrong = (ends[:, 0] > 0) | (ends[:, 1] < 0)
    calm, alarm = (BLUE, ~wrong, width), (VERMILION, wrong, 2.2 * width)
    for colour, which, thick in (calm, alarm):
        axes.hlines(np.flatnonzero(which), *ends[which].T, colour, linewidth=thick)
    axes.axvline(0, color=BLACK, linewidth=1)
    return wrong


def plot_tables(ps: dict, caption: str, alt: str, drawn: int = 100) -> None:
    """Draw tables of tests between equal agents, with their false alarms.

    Args:
        ps: by the name of a p, (tables, tests) of them; a panel for each. A test is a
            square, orange where its p is an alarm, and a table with an alarm has a
            frame.
        caption, alt: as in `show`.
        drawn: so many tables are drawn; the share in the title is that of all.
    """
    fig, panels = new_figure(1, len(ps), width=PAGE_WIDTH, height=3.5)
    columns = 5
    rows = -(-drawn // columns)
    for axes, (name, of_tables) in zip(panels, ps.items(), strict=True):
        alarms = of_tables < MAY_BE_WRONG
        tests = alarms.shape[1]
        for k, alarm in enumerate(alarms[:drawn]):
            left, top = k // rows * (tests + 1.5), k % rows * 1.4
            squares = [(left + test + 0.05, 0.9) for test in range(tests)]
            colours = [VERMILION if one else PALE for one in alarm]
            axes.broken_barh(squares, (top + 0.05, 0.9), facecolors=colours)
            if alarm.any():
                frame = {"fill": False, "ec": BLACK, "lw": 1.2}
                axes.add_patch(Rectangle((left, top), tests, 1, **frame))
        share = 100 * alarms.any(axis=1).mean()
        axes.set(title=f"{name}\na false alarm in {share:.0f} % of the tables")
        axes.set(xlim=(-0.5, columns * (tests + 1.5) - 1), ylim=(1.4 * rows, -0.4))
        axes.axis("off")
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


def plot_deals(full, variant, deals: int, rng, caption: str, alt: str) -> None:
    """Draw two groups of scores, and how far apart their means are after a shuffle.

    Args:
        full, variant: (F,) and (V,) scores. Each keeps the colour of its own agent.
        deals: number of shuffles below the groups as they were.
        rng: a `np.random.Generator`.
        caption, alt: as in `show`.
    """
    heap, n = np.concatenate([full, variant]), len(full)
    orders = [np.arange(len(heap)), *(rng.permutation(len(heap)) for _ in range(deals))]
    bottom, real = len(orders) - 0.4, full.mean() - variant.mean()
    size = {"width": PAGE_WIDTH, "height": 1.0 + 0.38 * len(orders)}
    fig, (tiles, means) = new_figure(1, 2, **size, sharey=True, width_ratios=(3, 2))
    for row, order in enumerate(orders):
        _draw_tiles(tiles, row, heap[order], order < n, n)
        apart = heap[order[:n]].mean() - heap[order[n:]].mean()
        counts = abs(apart) >= abs(real) - 1e-9  # another order rounds otherwise
        colour, thick = (VERMILION, 7) if counts else (GREY, 3)
        means.plot([0, apart], [row, row], color=colour, linewidth=thick)
    write_at(tiles, (n - 1) / 2, -0.8, '"full"')
    write_at(tiles, (n + len(heap)) / 2 + 0.3, -0.8, '"variant"')
    names = ["as it was", *(f"shuffle {k + 1}" for k in range(deals))]
    tiles.set(xlim=(-0.6, len(heap) + 0.4), ylim=(bottom, -1.2), xticks=[])
    tiles.set_yticks(range(len(orders)), names)
    marks = [-real, 0, real]
    means.vlines(marks, -0.6, bottom, BLACK, ["--", "-", "--"], linewidth=1)
    means.set_xticks(marks, [printed(mark, ".2g") for mark in marks])
    means.set(xlabel="difference of the two means")
    means.margins(x=0.08)
    for axes, spines in ((tiles, slice(None)), (means, "left")):
        axes.spines[spines].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
    show(fig, caption, alt)


def _draw_tiles(axes, row, scores, of_full, n) -> None:
    """Draw scores in a row, with a gap after the first n; blue are the full agent's."""
    for place, (score, blue) in enumerate(zip(scores, of_full, strict=True)):
        x = place + 0.8 * (place >= n)
        back, ink = (BLUE, "white") if blue else (YELLOW, BLACK)
        axes.add_patch(Rectangle((x - 0.46, row - 0.4), 0.92, 0.8, fc=back))
        write_at(axes, x, row, printed(score, ".2f"), color=ink, fontsize=9)
