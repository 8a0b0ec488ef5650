"""How sure a score is: the figures of section 3 of notebook 07."""

import numpy as np

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
)


def plot_means(means, intervals: dict, caption: str) -> None:
    """Draw how often each mean was drawn, and intervals below.

    Args:
        means: of many evaluations that might have been.
        intervals: low and high by name; what is outside of the first is grey above.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, (upper, lower) = new_figure(2, 1, height=3.2, sharex=True,
                                     height_ratios=(1.6, 1))  # fmt: skip
    (low, high), *_ = intervals.values()
    step, middle = (high - low) / 40, 40  # bins end where the interval ends
    before = int(np.ceil(max(0, low - np.min(means)) / step))
    after = int(np.ceil(max(0, np.max(means) - high) / step))
    bins = low + step * np.arange(-before, middle + after + 1)
    number = np.arange(len(bins) - 1)
    inside = (number >= before) & (number < before + middle)
    for of_these, colour in [(inside, BLUE), (~inside, GREY)]:
        counts, _ = np.histogram(means, bins)
        upper.bar(bins[:-1], counts * of_these, np.diff(bins), align="edge",
                  color=colour, alpha=0.7)  # fmt: skip
    upper.set(yticks=[], ylabel="how many")
    words = ["A bell of means, its middle blue and its ends grey. Below it, bars:"]
    for k, ((name, (low, high)), colour) in enumerate(
        zip(intervals.items(), COLOURS, strict=False)
    ):
        lower.plot([low, high], [k, k], color=colour, linewidth=8, alpha=0.7)
        for end, side, gap in [(low, "right", -5), (high, "left", 5)]:
            lower.annotate(f"{end:.1f}", (end, k), (gap, 0), ha=side, va="center",
                           textcoords="offset points")  # fmt: skip
        words.append(f"{name}, {low:.1f} to {high:.1f}.")
    lower.set(yticks=range(len(intervals)), yticklabels=list(intervals))
    lower.set(ylim=(len(intervals) - 0.5, -0.5), xlabel="mean score")
    lower.grid(visible=False, axis="y")
    show(fig, caption, " ".join(words))


def plot_misses(intervals: dict, truth: float, caption: str) -> None:
    """Draw many intervals side by side, by the number of games they are made of.

    Args:
        intervals: by number of games, the low and the high ends of many.
        truth: what an interval should hold; those that do not are orange.
        caption: as in `show`; the alt text gives the shares.
    """
    size = {"width": PAGE_WIDTH, "height": 2.8}
    fig, grid = new_figure(1, len(intervals), **size, sharey=True)
    words = ["Upright lines around a level one. Those that miss it are orange:"]
    for axes, (n, (low, high)) in zip(grid, intervals.items(), strict=True):
        order = np.argsort(low + high)
        low, high = low[order], high[order]
        missed = (truth < low) | (truth > high)
        for which, colour in [(~missed, SKY), (missed, VERMILION)]:
            places = np.flatnonzero(which)
            axes.vlines(places, low[which], high[which], color=colour, linewidth=0.4)
        axes.axhline(truth, color=BLACK, linewidth=1)
        axes.set_title(f"of {n} games: {missed.mean():.0%} miss")
        axes.set(xticks=[], xlabel=f"{len(low):,} intervals, sorted")
        axes.set_ylim(bottom=0)
        words.append(f"{missed.mean():.0%} if made of {n} games.")
    grid[0].set(ylabel="score")
    show(fig, caption, " ".join(words))


def plot_widths(sizes, low, high, score: float, differ, caption: str) -> None:
    """Draw where means of n games fall, and how often two of them lie far apart.

    Args:
        sizes: numbers of games.
        low, high: ends of the interval for each of them.
        score: the mean of all games, a level line.
        differ: the share of pairs of means that differ much.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, (left, right) = new_figure(1, 2, width=PAGE_WIDTH, height=3.0)
    places = range(len(sizes))
    left.vlines(places, low, high, color=BLUE, linewidth=8, alpha=0.5)
    left.axhline(score, color=BLACK, linewidth=1)
    left.set(ylabel="mean score", title="95 % of the means; the number is the width")
    left.set_ylim(0, 1.15 * max(high))
    bars = right.bar(places, 100 * np.asarray(differ), 0.6, color=VERMILION)
    right.bar_label(bars, [f"{share:.0%}" for share in differ], padding=2)
    right.set(ylabel="% of pairs", title="two differ by more than 10 %", ylim=(0, 80))
    words = ["Intervals around a level line, and bars. Both shrink with more games."]
    rows = zip(places, sizes, low, high, differ, strict=True)
    for k, n, bottom, top, share in rows:
        left.annotate(f"{top - bottom:.0f}", (k, top), (0, 4), ha="center",
                      textcoords="offset points", color=BLUE)  # fmt: skip
        words.append(f"{n} games: {top - bottom:.0f} wide, {share:.0%} differ.")
    for axes in (left, right):
        axes.set_xticks(places, [str(n) for n in sizes])
        axes.set(xlabel="games")
        axes.grid(visible=False, axis="x")
    show(fig, caption, " ".join(words))
