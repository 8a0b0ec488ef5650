"""Figures of notebook 07 about the network: what it promised, what it sees."""

import numpy as np
from matplotlib.colors import to_rgb

from dqn_tutorial.viewing.plotting import (
    BLUE,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
)

NO_CHANGE = 0.03  # of V: less than this is not drawn


def plot_values(
    values, returns, life_ends, marks: dict, zooms: list, caption: str, alt: str
) -> None:
    """Draw what the network promised during a game, and what came.

    Args:
        values: V of each step.
        returns: discounted return that followed each step.
        life_ends: steps in which a life ended.
        marks: a step by its letter.
        zooms: stretches to draw larger below, as (first step, last step).
        caption, alt: as in `show`.
    """
    fig, grid = new_figure(2, len(zooms), width=PAGE_WIDTH, height=5.4, squeeze=False)
    for axes in grid[0]:
        axes.remove()
    whole = fig.add_subplot(grid[0, 0].get_gridspec()[0, :])
    stretches = [(0, len(values) - 1), *zooms]
    for axes, (first, last) in zip([whole, *grid[1]], stretches, strict=True):
        steps = np.arange(max(first, 0), min(last + 1, len(values)))
        for end in set(life_ends) & set(steps.tolist()):
            a_life = axes.axvline(end, color=GREY, linewidth=1, linestyle="--")
        (came,) = axes.plot(steps, returns[steps], color=ORANGE, linewidth=1.4)
        (promised,) = axes.plot(steps, values[steps], color=BLUE, linewidth=1.4)
        axes.set(ylabel="clipped, discounted\npoints", xlabel="step of the game")
        axes.margins(x=0.02, y=0.12)
        inside = {name: step for name, step in marks.items() if step in steps}
        for letter, step in inside.items():
            _mark(axes, letter, (step, values[step]))
    fig.legend(
        [promised, came, a_life],
        ["V, promised by the network", "return that came", "a life ends"],
        loc="outside upper center",
        ncols=3,
    )
    show(fig, caption, alt)


def _mark(axes, letter: str, place: tuple) -> None:
    """A dot, and its letter unless that would overlap another one."""
    axes.plot(*place, "o", color=VERMILION, markersize=6)
    apart = np.ptp([axes.get_xlim(), axes.get_ylim()], axis=1) * (0.04, 0.1)
    if any((np.abs(np.subtract(text.xy, place)) < apart).all() for text in axes.texts):
        return
    axes.annotate(
        letter,
        place,
        xytext=(9, 4),
        textcoords="offset points",
        color=VERMILION,
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
    )


def plot_occlusion(frames, maps: dict, titles, caption: str, alt: str) -> None:
    """Draw, over each frame, what hiding a place does to V.

    Args:
        frames: (84, 84) uint8, the newest of each state.
        maps: by name of what hides, one map for each frame: the change of V, (n, n)
            floats, patches evenly spread. Colour follows its logarithm, from 0.03 up.
        titles: one for each frame.
        caption, alt: as in `show`.
    """
    columns = 1 + len(maps)
    size = {"width": 2.3 * columns, "height": 0.3 + 2.45 * len(frames)}
    fig, grid = new_figure(len(frames), columns, **size, squeeze=False)
    for k, (frame, title) in enumerate(zip(frames, titles, strict=True)):
        for axes in grid[k]:
            axes.imshow(frame, "gray", vmin=0, vmax=255, interpolation="nearest")
            axes.grid(visible=False)
            axes.set(xticks=[], yticks=[])
        grid[k, 0].set_title(title, fontsize=9)
        for axes, (name, changes) in zip(grid[k, 1:], maps.items(), strict=True):
            axes.imshow(_colours(changes[k]), interpolation="nearest",
                        extent=(-0.5, 83.5, 83.5, -0.5))  # fmt: skip
            low, high = changes[k].min(), changes[k].max()
            axes.set_title(f"{name}: {low:+.1f} to {high:+.1f}", fontsize=9)
    show(fig, caption, alt)


def _colours(change: np.ndarray) -> np.ndarray:
    """(n, n, 4): orange where V falls, sky blue where it rises, clear where neither.

    Opacity follows the logarithm, so places of large and of small effect both show.
    """
    rgba = np.zeros((*change.shape, 4))
    rgba[..., :3] = np.where((change < 0)[..., None], to_rgb(ORANGE), to_rgb(SKY))
    tenfolds = np.log10(np.maximum(np.abs(change), NO_CHANGE) / NO_CHANGE)
    rgba[..., 3] = np.clip(tenfolds / 2, 0, 0.9)
    return rgba
