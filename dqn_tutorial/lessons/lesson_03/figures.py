"""Figures of notebook 03, the convolutional Q-network."""

import itertools
import math

import numpy as np
from matplotlib.patches import Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    new_figure,
    show,
)


def plot_networks(networks, caption: str, alt: str) -> None:
    """Draw Keras networks one below the other, from the state to the Q-values.

    What is drawn is read from the layers: sheets for a stack of maps, a bar for a
    vector. Heights are to scale for the sheets, and logarithmic for the bars.

    Args:
        networks: from `build_q_network`.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(
        len(networks), 1, width=PAGE_WIDTH, height=4.9, squeeze=False
    )
    for axes, network in zip(rows[:, 0], networks, strict=True):
        layers = [layer for layer in network.layers if layer.weights]
        frames, height, width = network.input.shape[1:]
        gap = 6.9 / len(layers)  # the picture is 8 wide
        _draw_station(axes, 0.6, (height, width, frames), "state\n4 frames, uint8")
        for k, layer in enumerate(layers, start=1):
            x, shape = 0.6 + k * gap, layer.output.shape[1:]
            _draw_station(axes, x, shape, f"{layer.name}\n{_what_it_does(layer)}")
            axes.annotate(
                "",
                (x - 0.31 * gap, 0),
                (x - 0.46 * gap, 0),
                arrowprops={"arrowstyle": "-|>", "color": GREY},
            )
        axes.set(xlim=(0, 8), ylim=(-1.2, 0.9), xticks=[], yticks=[])
        axes.set_aspect("equal")
        axes.set_title(f"{network.name}: {network.count_params():,} parameters")
        axes.spines[:].set_visible(False)
        axes.grid(False)
    show(fig, caption, alt)


def _what_it_does(layer) -> str:
    activation = {"relu": "ReLU", "linear": "linear"}[layer.activation.__name__]
    if not hasattr(layer, "kernel_size"):
        return f"{layer.units} units\n{activation}"
    (side, _), (stride, _) = layer.kernel_size, layer.strides
    return f"{layer.filters} filters {side}×{side}\nstride {stride}, {activation}"


def _draw_station(axes, x: float, shape: tuple[int, ...], text: str) -> None:
    if len(shape) == 3:
        side, _, maps = shape
        width, drawn = 1.1 * side / 84, min(maps, 8)  # more would blur together
        colour, size = BLUE if maps == 4 else SKY, f"{side}×{side}×{maps}"
        shifts = [0.035 * (k - drawn / 2) for k in reversed(range(drawn))]
        boxes = [(x - width / 2 + d, -width / 2 - d, width, width) for d in shifts]
    else:
        height, colour, size = 0.13 * math.log2(shape[0]), ORANGE, f"{shape[0]}"
        boxes = [(x - 0.06, -height / 2, 0.12, height)]
    for left, bottom, width, height in boxes:
        axes.add_patch(
            Rectangle((left, bottom), width, height, fc=colour, ec="white", lw=0.8)
        )
    axes.text(x, 0.66, size, ha="center", va="bottom", weight="bold")
    axes.text(x, -0.7, text, ha="center", va="top", fontsize=8.5, linespacing=1.25)


def plot_action_shares(shares, names, caption: str, alt: str) -> None:
    """Draw how often each action is chosen: bars side by side.

    Args:
        shares: dict from a label to A shares, each in 0..1.
        names: the A actions.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.6)
    width = 0.8 / len(shares)
    for k, (label, values) in enumerate(shares.items()):
        places = np.arange(len(names)) + (k - (len(shares) - 1) / 2) * width
        bars = axes.bar(places, values, width * 0.94, label=label)
        axes.bar_label(bars, fmt="{:.3f}", fontsize=8, padding=2)
    axes.set(xticks=range(len(names)), xticklabels=names, ylim=(0, 1.1))
    axes.set_ylabel("share of the choices")
    axes.grid(False, axis="x")
    axes.legend()
    show(fig, caption, alt)


def plot_schedules(schedules, last_step: int, caption: str, alt: str) -> None:
    """Draw schedules of epsilon over the steps of a run.

    Args:
        schedules: dict from a label to a schedule, called with a step.
        last_step: where the picture ends.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.8)
    steps = np.linspace(0, last_step, 601)
    dashes = itertools.cycle(["-", "--", ":", "-."])  # told apart without colour
    for (label, schedule), dash in zip(schedules.items(), dashes, strict=False):
        axes.plot(steps / 1000, [schedule(s) for s in steps], dash, label=label)
    axes.set(xlabel="steps, in thousands", ylabel="ε", ylim=(0, 1.05))
    axes.legend()
    show(fig, caption, alt)


def plot_signed(
    pictures, titles, caption: str, alt: str, *, columns=1, size=3.0, marks=()
) -> None:
    """Draw pictures of numbers on both sides of 0, with a colour bar "−, 0, +".

    Args:
        pictures: (H, W) floats each; all share one range, symmetric about 0.
        titles: one for each picture.
        caption, alt: as in `show`.
        columns: pictures in a row.
        size: inches of a picture's side.
        marks: names for places in the pictures: (text, place of the text, place it
            points at or None), a place being (column, row).

    Raises:
        ValueError: not one title for each picture.
    """
    if len(pictures) != len(titles):
        raise ValueError(
            f"titles must hold one for each of the {len(pictures)} pictures, "
            f"got {len(titles)}"
        )
    rows = math.ceil(len(pictures) / columns)
    fig, panels = new_figure(
        rows,
        columns,
        width=columns * size + 0.7,
        height=rows * (size + 0.3),
        squeeze=False,
    )
    largest = max(float(np.abs(picture).max()) for picture in pictures)
    for axes in panels.flat:
        axes.axis("off")
    for axes, picture, title in zip(panels.flat, pictures, titles, strict=False):
        axes.axis("on")
        image = axes.imshow(
            picture, "PuOr", vmin=-largest, vmax=largest, interpolation="nearest"
        )
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, fontsize=9, pad=4)
        axes.spines[:].set(visible=True, color=GREY, linewidth=0.5)
        axes.grid(False)
        for text, place, target in marks:
            line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.8}
            axes.annotate(
                text,
                target or place,
                place,
                arrowprops=line if target else None,
                ha="center",
                va="center",
                fontsize=8,
                color=BLACK,
            )
    bar = fig.colorbar(image, ax=panels, ticks=[-largest, 0, largest])
    bar.ax.set_yticklabels(["−", "0", "+"])
    show(fig, caption, alt)
