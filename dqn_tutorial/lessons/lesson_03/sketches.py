"""Figures of notebook 03 for what is worked out by hand: filters, slopes, updates."""

import itertools
import math

import numpy as np
from matplotlib.patches import Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    printed,
    show,
    write_at,
)

SHADES = [BLUE, SKY]  # of neighbours
PAPER = {"fc": "white", "ec": "none", "pad": 1}  # behind words on a line


def plot_convolution(
    picture, kernel, sums, stride, places, caption: str, alt: str
) -> None:
    """Draw a picture, a filter and the sums it gives, each number in its square.

    Args:
        picture, kernel, sums: (H, W), (h, w) and (rows, columns) numbers; more axes
            may follow if their length is 1.
        stride: how far the filter moves on.
        places: (row, column) of some sums. Each is framed, and so is the patch it comes
            from, in the same colour.
        caption, alt: as in `show`.
    """
    parts = {"the picture": picture, "the filter": kernel, "the feature map": sums}
    parts = {title: part.reshape(part.shape[:2]) for title, part in parts.items()}
    widths = [part.shape[1] for part in parts.values()]
    fig, panels = new_figure(1, 3, width=6.6, height=2.7, width_ratios=widths)
    largest = np.abs(picture).max() * np.abs(kernel).sum()  # that a sum can be
    for axes, (title, part) in zip(panels, parts.items(), strict=True):
        rows, columns = part.shape
        edges = np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5
        colours = {"cmap": "PuOr", "vmin": -largest, "vmax": largest}
        axes.pcolormesh(*edges, part, edgecolors=GREY, linewidth=0.5, **colours)
        for row, column in np.ndindex(part.shape):
            number = printed(part[row, column], ".0f")
            write_at(axes, column, row, number, fontsize=12)
        axes.set(title=title, aspect="equal", ylim=(len(picture) - 0.4, -0.6))
        axes.axis("off")
    frames = itertools.cycle([VERMILION, BLUE, GREEN, BLACK])
    for (row, column), colour in zip(places, frames, strict=False):
        _frame(panels[0], row * stride, column * stride, *kernel.shape[:2], colour)
        _frame(panels[2], row, column, 1, 1, colour)
    show(fig, caption, alt)


def _frame(axes, row, column, height, width, colour) -> None:
    inside = 0.04  # so that frames side by side do not cover each other
    corner = (column - 0.5 + inside, row - 0.5 + inside)
    sides = (width - 2 * inside, height - 2 * inside)
    axes.add_patch(Rectangle(corner, *sides, fill=False, ec=colour, lw=3))


def plot_places(filters, caption: str, alt: str) -> None:
    """Draw where a filter starts along a row of pixels, one row for each filter.

    Args:
        filters: (side, kernel, stride) of each, in pixels; pixels that no place covers
            are hatched.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 1.15 * len(filters)}
    fig, rows = new_figure(len(filters), 1, **size, sharex=True, squeeze=False)
    for axes, (side, kernel, stride) in zip(rows[:, 0], filters, strict=True):
        starts = range(0, side - kernel + 1, stride)
        lanes = math.ceil(kernel / stride)  # so that no bar lies upon another
        for k, start in enumerate(starts):
            where = [(start + 0.2, kernel - 0.4)]
            axes.broken_barh(where, (1 + k % lanes, 0.8), color=SHADES[k % 2])
        seen = starts[-1] + kernel
        axes.add_patch(Rectangle((0, 0), side, 0.8, fc="white", ec=BLACK))
        words = f"{side} pixels: {len(starts)} places"
        if side > seen:
            never = {"fc": "white", "ec": VERMILION, "hatch": "////"}
            axes.add_patch(Rectangle((seen, 0), side - seen, 0.8, **never))
            words += f", {side - seen} never seen"
        axes.set_title(words, loc="left")
        axes.set(xlim=(-0.5, max(f[0] for f in filters) + 0.5), ylim=(-0.1, lanes + 1))
        axes.set(yticks=[], xticks=[starts[0], starts[1], starts[2], starts[-1], side])
        axes.spines[:].set_visible(False)
        axes.grid(False)
    show(fig, caption, alt)


def plot_descent(walk, x, caption: str, alt: str) -> None:
    """Draw how one weight walks down the valley of its loss.

    Args:
        walk: (weight, loss, slope) of each point, in order. The loss must be a
            parabola, as half a squared error is.
        x: what the weight is multiplied by; the answers stand on top.
        caption, alt: as in `show`.
    """
    weights, losses, slopes = np.transpose(walk)
    bend = (slopes[1] - slopes[0]) / (weights[1] - weights[0])
    bottom = weights[0] - slopes[0] / bend
    low = losses[0] - slopes[0] ** 2 / (2 * bend)
    reach = 1.15 * abs(weights[0] - bottom)
    fig, axes = new_figure(width=6.0, height=3.0)
    across = np.linspace(bottom - reach, bottom + reach, 200)
    axes.plot(across, low + bend * (across - bottom) ** 2 / 2, color=GREY, zorder=1)
    near = weights[0] + np.array([-0.1, 0.3]) * reach
    axes.plot(near, losses[0] + slopes[0] * (near - weights[0]), "--", color=VERMILION)
    foot = near[1], losses[0] + slopes[0] * (near[1] - weights[0])
    beside = {"textcoords": "offset points", "fontsize": 9}
    axes.annotate("the first slope", foot, (-6, 0), ha="right", **beside)
    axes.plot(weights, losses, "o", color=BLUE)
    for k, place in enumerate(zip(weights, losses, strict=True)):
        axes.annotate(f"{k}", place, (4, 5), **beside)
    axes.set(xlabel="the weight w", ylabel="half the squared error")
    answers = axes.secondary_xaxis("top", (lambda w: w * x, lambda answer: answer / x))
    answers.set_xlabel("the answer, w·x")
    show(fig, caption, alt)


def plot_paths(paths, caption: str, alt: str) -> None:
    """Draw the paths from one weight to the answer of a small network.

    Args:
        paths: (weight, ReLU's slope, weight) along each; 0 as the slope cuts the path.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.6)
    first, answer, middle = (1.2, 0), (5.4, 0), 3.3
    heights = np.linspace(1, -1, len(paths))
    for (before, relu, after), height in zip(paths, heights, strict=True):
        look = {"color": BLUE if relu else GREY, "linestyle": "-" if relu else ":"}
        unit = (middle, height)
        for start, end, weight in [(first, unit, before), (unit, answer, after)]:
            axes.plot(*zip(start, end, strict=True), linewidth=2, zorder=1, **look)
            half = np.mean([start, end], axis=0)
            colours = {"bbox": PAPER, "color": look["color"]}
            write_at(axes, *half, f"× {printed(weight)}", **colours)
        _unit(axes, *unit, f"× {relu:g}", look["color"])
        product = printed(before * relu * after)
        words = f"{printed(before)} · {relu:g} · {printed(after)} = {product}"
        write_at(axes, 6.1, height, words, ha="left", color=look["color"])
    axes.plot([0, first[0]], [0, 0], linewidth=4, color=VERMILION, zorder=1)
    write_at(axes, 0.5, 0.22, "the weight", color=VERMILION)
    for place, words in [(first, "unit"), (answer, "answer")]:
        _unit(axes, *place, words, BLACK)
    axes.set(xlim=(-0.1, 8), ylim=(-1.35, 1.35))
    axes.axis("off")
    show(fig, caption, alt)


def _unit(axes, x: float, y: float, words: str, colour: str) -> None:
    axes.plot(x, y, "o", markersize=40, mfc="white", mec=colour, zorder=2)
    write_at(axes, x, y, words, color=colour, fontsize=9)


def plot_walks(walks, targets, caption: str, alt: str) -> None:
    """Draw what outputs say after each update, and what they were told to say.

    Args:
        walks: dict from a label to T outputs.
        targets: (T,) what they should have been.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.8)
    updates = np.arange(len(targets))
    axes.step(updates, targets, ":", where="post", color=GREY, label="target")
    dashes = itertools.cycle(["-", "--"])
    for (label, outputs), dash in zip(walks.items(), dashes, strict=False):
        axes.plot(updates, outputs, dash, label=label)
    axes.set(xlabel="updates", ylabel="output")
    axes.legend(loc="upper left")
    show(fig, caption, alt)
