"""Figures of notebook 03, the convolutional Q-network."""

import itertools
import math

import numpy as np
from matplotlib.patches import Rectangle

from dqn_tutorial.lessons.rival import PADDLE_ROWS, middle_of_red
from dqn_tutorial.runs.pretrained import load_agent, stages
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    draw_picture,
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
    size = {"width": PAGE_WIDTH, "height": 2.45 * len(networks)}
    fig, rows = new_figure(len(networks), 1, **size, squeeze=False)
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


def shipped_filters(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the first layer's weights of an agent before and after its training.

    Args:
        name: of an agent that comes with the package.

    Returns:
        Two (8, 8, 4, 16) kernels, rows and columns first, frames oldest first.
    """
    first, last = stages(name)[0], stages(name)[-1]
    agents = [load_agent(stage)[0] for stage in (first, last)]
    before, after = (agent.online.get_layer("conv1") for agent in agents)
    return before.get_weights()[0], after.get_weights()[0]


def plot_parameters(networks, caption: str, alt: str) -> None:
    """Draw how many parameters each layer of some networks has.

    Args:
        networks: dict from a name to a dict from a layer to its parameters.
        caption, alt: as in `show`.
    """
    largest = max(max(counts.values()) for counts in networks.values())
    size = {"width": PAGE_WIDTH, "height": 2.2}
    fig, panels = new_figure(1, len(networks), **size, squeeze=False)
    for axes, (name, counts) in zip(panels[0], networks.items(), strict=True):
        total = sum(counts.values())
        axes.barh(list(counts), list(counts.values()), color=BLUE)
        for row, count in enumerate(counts.values()):
            inside = count > largest / 2
            axes.annotate(
                f"{count:,} = {count / total:.1%}",
                (count, row),
                (-4 if inside else 4, 0),
                textcoords="offset points",
                ha="right" if inside else "left",
                va="center",
                fontsize=9,
                color="white" if inside else BLACK,
            )
        axes.set(title=f"{name}: {total:,}", xlim=(0, 1.05 * largest), xticks=[])
        axes.tick_params(length=0)
        axes.spines["bottom"].set_visible(False)
        axes.grid(False)
        axes.invert_yaxis()
    show(fig, caption, alt)


def plot_filters(layers, caption: str, alt: str) -> None:
    """Draw all filters of first layers: a column for each filter, a row for each frame.

    Args:
        layers: dict from a label to a kernel (h, w, frames, filters), frames oldest
            first. Each layer has a range of colours of its own, symmetric about 0. At
            the right of a row stands the share of all squared weight that lies in it.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(
        len(layers), 1, width=PAGE_WIDTH, height=2.35 * len(layers), squeeze=False
    )
    for axes, (label, kernel) in zip(panels[:, 0], layers.items(), strict=True):
        h, w, frames, filters = kernel.shape
        sheet = np.full((frames * (h + 1) - 1, filters * (w + 1) - 1), np.nan)
        for frame, k in np.ndindex(frames, filters):
            top, left = (frames - 1 - frame) * (h + 1), k * (w + 1)
            sheet[top : top + h, left : left + w] = kernel[:, :, frame, k]
        largest = np.nanquantile(np.abs(sheet), 0.99)  # one weight may stand out
        axes.imshow(sheet, "PuOr", vmin=-largest, vmax=largest, interpolation="nearest")
        axes.set_xticks(np.arange(filters) * (w + 1) + (w - 1) / 2, range(filters))
        middles = np.arange(frames) * (h + 1) + (h - 1) / 2
        axes.set_yticks(middles, frames_ago(frames)[::-1])
        squares = (kernel**2).sum(axis=(0, 1, 3))[::-1]
        for middle, share in zip(middles, squares / squares.sum(), strict=True):
            place = (sheet.shape[1] + 1, middle)
            axes.text(*place, f"{share:.0%}", va="center", fontsize=9, weight="bold")
        axes.tick_params(length=0, labelsize=9)
        axes.spines[:].set_visible(False)
        axes.grid(False)
        axes.set_title(label)
    panels[-1, 0].set_xlabel("filter")
    show(fig, caption, alt)


def plot_paddle(games, caption: str, alt: str) -> None:
    """Draw where the paddle was in each step of some games, and which steps paid.

    Args:
        games: dict from a label to (screens, rewards) of each step.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(
        len(games), 1, height=1.35 * len(games) + 0.5, sharex=True, squeeze=False
    )
    for axes, (label, (screens, rewards)) in zip(
        panels[:, 0], games.items(), strict=True
    ):
        paddle = [middle_of_red(screen[PADDLE_ROWS]) for screen in screens]
        columns = np.array(paddle, float)  # None, no paddle, becomes NaN
        steps, paid = np.arange(len(columns)), np.asarray(rewards) > 0
        axes.plot(steps, columns, color=BLUE)
        axes.plot(steps[paid], columns[paid], "*", color=VERMILION, markersize=13)
        axes.set_yticks([8, 152], ["left wall", "right wall"])
        axes.set(ylim=(0, 160), title=f"{label}: score {sum(rewards):.0f}")
    panels[-1, 0].set_xlabel("steps")
    show(fig, caption, alt)


def plot_choices(counted, names, epsilon: float, caption: str, alt: str) -> None:
    """Draw how often ε-greedy takes each action, computed and counted.

    Args:
        counted: (A,) shares of the choices; the largest belongs to the best action.
        names: of the actions.
        epsilon: how often the action is drawn at random.
        caption, alt: as in `show`.
    """
    chance = np.full(len(counted), epsilon / len(counted))
    purpose = np.where(counted == counted.max(), 1 - epsilon, 0)
    fig, axes = new_figure(height=2.3)
    explore = f"explore: ε/{len(counted)}"
    axes.barh(names, chance, color=ORANGE, label=explore)
    axes.barh(names, purpose, left=chance, color=SKY, label="exploit: 1 − ε")
    axes.plot(counted, names, "o", color=BLACK, label="counted")
    for row, share in enumerate(counted):
        axes.annotate(
            f"{share:.1%}",
            (share, row),
            (8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set(xlabel="share of all choices", xlim=(0, 1))
    axes.grid(visible=False, axis="y")
    axes.invert_yaxis()
    axes.legend(loc="upper right")
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


def plot_motion(filters, caption: str, alt: str, *, marks=()) -> None:
    """Draw filters, a square for each frame, and beside each the map that it makes.

    Args:
        filters: dict from a label to a kernel (h, w, frames), frames oldest first, and
            its sums (rows, columns). The colours of each reach to its own largest.
        caption, alt: as in `show`.
        marks: names for places in the maps: (text, place of the text, place it points
            at or None), a place being (column, row).
    """
    frames = next(iter(filters.values()))[0].shape[2]
    fig, rows = new_figure(
        len(filters),
        frames + 1,
        width=PAGE_WIDTH,
        height=2.75 * len(filters),
        width_ratios=[1] * frames + [2.8],
        squeeze=False,
    )
    for panels, (label, (kernel, sums)) in zip(rows, filters.items(), strict=True):
        limit = np.abs(kernel).max()
        for frame, axes in enumerate(panels[:-1]):
            _draw_signed(axes, kernel[:, :, frame], limit, frames_ago(frames)[frame])
        image = _draw_signed(panels[-1], sums, np.abs(sums).max(), "its feature map")
        panels[0].set_ylabel(label)
        for text, place, target in marks:
            line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.8}
            panels[-1].annotate(
                text,
                target or place,
                place,
                arrowprops=line if target else None,
                ha="center",
                va="center",
                fontsize=7.5,
                color=BLACK,
            )
        bar = fig.colorbar(image, ax=panels, ticks=[*image.get_clim(), 0], pad=0.02)
        bar.ax.set_yticklabels(["−", "+", "0"])
    show(fig, caption, alt)


def _draw_signed(axes, numbers, limit, title):
    colours = {"cmap": "PuOr", "vmin": -limit, "vmax": limit}
    axes.set_title(title, fontsize=9, pad=4)
    return draw_picture(axes, numbers, GREY, **colours)


def frames_ago(frames: int) -> list[str]:
    """Names of the frames of a state, oldest first."""
    ago = [f"{n} steps ago" for n in range(frames - 1, 1, -1)]
    return [*ago, "1 step ago", "now"]


def cosines(a, b) -> np.ndarray:
    """How alike pairs of filters are: 1 the same pattern, 0 none, −1 the negative.

    Args:
        a, b: (h, w, filters) numbers.

    Returns:
        (filters,) from -1 to 1.
    """
    product = (a * b).sum(axis=(0, 1))
    return product / np.sqrt((a * a).sum(axis=(0, 1)) * (b * b).sum(axis=(0, 1)))
