"""Figures of notebook 04, experience replay."""

import numpy as np
from matplotlib.patches import Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    YELLOW,
    new_figure,
    show,
)


def plot_likeness(lags, likeness, caption: str, alt: str) -> None:
    """Draw how alike frames are, against the steps between them.

    Args:
        lags: steps between the two frames, in rising order.
        likeness: the mean correlation of frames that far apart, -1..1.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.5)
    axes.plot(range(len(lags)), likeness, "o-")
    axes.axhline(0, color=GREY, linewidth=1)
    axes.set(xticks=range(len(lags)), xticklabels=lags, ylim=(-0.1, 1))
    axes.set(xlabel="steps between two frames", ylabel="mean correlation")
    show(fig, caption, alt)


def plot_lessons(runs: dict, caption: str, alt: str) -> None:
    """Draw what is known after each lesson: one square of numbers for each run.

    Args:
        runs: for each run, by its title, (L, L): after each of L lessons (row), the
            share of right answers in each (column), 0..1.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=3.4, squeeze=False)
    for axes, (title, shares) in zip(panels[0], runs.items(), strict=True):
        axes.imshow(shares, "Blues", vmin=0, vmax=1)
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > 0.5 else BLACK
            axes.text(
                column, row, f"{share:.0%}", color=colour, ha="center", va="center"
            )
        numbers = range(len(shares))
        axes.set(title=title, xlabel="asked: ball in column", xticks=numbers)
        axes.set(yticks=numbers, yticklabels=[n + 1 for n in numbers])
        axes.grid(False)
    panels[0, 0].set_ylabel("after lesson")
    show(fig, caption, alt)


def plot_bytes(costs: dict, caption: str, alt: str) -> None:
    """Draw bytes as bars on a logarithmic scale.

    Args:
        costs: bytes by what they are spent on.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.5 + 0.45 * len(costs))
    bars = axes.barh(list(costs), list(costs.values()), color=BLUE, height=0.6)
    axes.bar_label(bars, [f"{value:,.0f}" for value in costs.values()], padding=4)
    axes.set(xscale="log", xlim=(100, 400_000), xlabel="bytes for one transition")
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    show(fig, caption, alt)


def plot_rings(rings: dict, caption: str, alt: str) -> None:
    """Draw rings of frames, slot by slot, with the four slots of a stack framed.

    Args:
        rings: for each ring, by its title, the frames' numbers in slot order (the tens
            tell the game, and choose the colour), the slot a stack ends in, and the
            slot that is written next.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(
        len(rings), 1, width=PAGE_WIDTH, height=1.2 * len(rings), squeeze=False
    )
    for axes, (title, (frames, last, head)) in zip(
        rows[:, 0], rings.items(), strict=True
    ):
        for slot, frame in enumerate(frames):
            colour = [YELLOW, SKY][frame // 10 % 2]
            axes.add_patch(Rectangle((slot, 0), 0.94, 0.7, fc=colour, ec=GREY))
            axes.text(slot + 0.47, 0.35, frame, ha="center", va="center")
            axes.text(
                slot + 0.47, -0.1, f"slot {slot}", ha="center", va="top", fontsize=8
            )
        box = Rectangle(
            (last - 3.05, -0.05), 4.04, 0.8, fc="none", ec=VERMILION, lw=2.5
        )
        axes.add_patch(box)
        axes.annotate(
            "written next",
            (head % len(frames), 0.78),
            (head % len(frames), 1.15),
            arrowprops={"arrowstyle": "-|>", "color": BLACK},
            ha="center",
            va="bottom",
            fontsize=8,
        )
        axes.set(xlim=(-0.6, 10), ylim=(-0.35, 1.45))
        axes.text(7.6, 0.35, title, va="center")
        axes.axis("off")
    show(fig, caption, alt)
