"""Figures of notebook 05, the target network."""

import numpy as np
from matplotlib.ticker import MultipleLocator

from dqn_tutorial.viewing.plotting import (
    BLUE,
    COLOURS,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
    write_beside,
)

BOARD = (slice(None), slice(18, 66))  # the part of a frame that Catch fills


def plot_losses(errors, curves: dict, caption: str, alt: str) -> None:
    """Draw losses side by side with their gradients, over the TD error.

    Args:
        errors: (E,), in rising order.
        curves: for each loss, by its name, its values and its gradients, (E,) each.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, 2, height=2.8)
    for (name, lines), dash in zip(curves.items(), ["-", "--", ":"], strict=False):
        for axes, line in zip(panels, lines, strict=True):
            axes.plot(errors, line, dash, label=name)
    panels[0].set(xlabel="TD error", ylabel="loss", title="What is measured")
    panels[1].set(xlabel="TD error", ylabel="gradient", title="What pulls")
    panels[0].legend()
    show(fig, caption, alt)


def plot_lift(states, before, after, trained: int, caption: str, alt: str) -> None:
    """Draw how the Q-value of each state moved while one of them was trained.

    Args:
        states: (S, 4, 84, 84), of Catch; the newest frame of each is drawn below.
        before, after: (S,) Q-values.
        trained: which of the states was trained.
        caption, alt: as in `show`.
    """
    fig, (axes, boards) = new_figure(
        2, 1, width=PAGE_WIDTH, height=4, height_ratios=[2.2, 1]
    )
    colours = [VERMILION if k == trained else BLUE for k in range(len(states))]
    _draw_moves(axes, before, after, colours)
    words = "the only one trained"
    axes.text(trained, after[trained] + 0.06, words, color=VERMILION, ha="right")
    axes.set(ylabel="Q-value of STAY", xticks=[], ylim=(None, max(after) + 0.2))
    for k, state in enumerate(states):
        extent = (k - 0.33, k + 0.33, 0, 1)
        boards.imshow(state[-1][BOARD], "gray", vmin=0, vmax=255, extent=extent)
    boards.set(ylim=(0, 1), yticks=[], xticks=range(len(states)), aspect="auto")
    boards.set(xlabel="row of the ball")
    boards.grid(False)
    boards.spines[:].set_visible(False)
    for panel in (axes, boards):
        panel.set_xlim(-0.6, len(states) - 0.4)
    show(fig, caption, alt)


def plot_update(state, actions, networks: dict, caption: str, alt: str) -> None:
    """Draw a board and its Q-values before and after an update, network by network.

    Args:
        state: (4, 84, 84), of Catch.
        actions: names of the A actions.
        networks: for each network, by its name, Q-values before and after, (A,) each.
        caption, alt: as in `show`.
    """
    fig, (board, *panels) = new_figure(
        1, 1 + len(networks), width=PAGE_WIDTH, height=3, width_ratios=[1, 2, 2]
    )
    board.imshow(state[-1][BOARD], "gray", vmin=0, vmax=255)
    board.axis("off")
    board.set_title("the board")
    for axes, (name, (before, after)) in zip(panels, networks.items(), strict=True):
        _draw_moves(axes, before, after, COLOURS)
        for k, (old, new) in enumerate(zip(before, after, strict=True)):
            words = dict.fromkeys(f"{q:.2f}".replace("-", "−") for q in (old, new))
            axes.text(k + 0.12, new, " to ".join(words), va="center", fontsize=9)
        axes.set(title=f"{name} network", xticks=range(len(actions)))
        axes.set(xticklabels=actions, xlim=(-0.4, len(actions) + 0.5))
        axes.sharey(panels[0])
        axes.yaxis.set_major_locator(MultipleLocator(0.05))
    panels[0].set_ylabel("Q-value")
    show(fig, caption, alt)


def _draw_moves(axes, before, after, colours) -> None:
    """Each number as a ring, where it was, and a dot, where it is."""
    pairs = zip(before, after, colours, strict=False)
    for k, (old, new, colour) in enumerate(pairs):
        axes.plot([k, k], [old, new], color=colour, linewidth=1.2)
        axes.plot(k, old, "o", mfc="white", mec=colour, markersize=7)
        axes.plot(k, new, "o", color=colour, markersize=7)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)


def plot_pursuits(
    runs: dict, true_values: dict, caption: str, alt: str, copies: dict | None = None
) -> None:
    """Draw the course of Q-values, run beside run, each with its own scale.

    Args:
        runs: for each run, by its title, what moved in it: (U,) values after each of U
            updates, by its name, which is written at the end of the line.
        true_values: what each name should arrive at (dashed); a name may be missing.
        caption, alt: as in `show`.
        copies: for a run, by its title, the updates after which the target network
            was copied (drawn dotted).
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=2.9, squeeze=False)
    for axes, (title, lines) in zip(panels[0], runs.items(), strict=True):
        for update in (copies or {}).get(title, []):
            axes.axvline(update, color=GREY, linestyle=":", linewidth=1.2)
        for (name, values), colour in zip(lines.items(), COLOURS, strict=False):
            axes.plot(np.arange(1, len(values) + 1), values, color=colour)
            if name in true_values:
                true = true_values[name]
                shared = list(true_values.values()).count(true) > 1
                look = {"color": GREY if shared else colour, "linestyle": "--"}
                axes.axhline(true, linewidth=1, **look)
        axes.set(title=title, xlabel="updates")
        ends = zip(lines.items(), COLOURS, strict=False)
        labels = [(v[-1], f"{name}: {v[-1]:.3g}", c) for (name, v), c in ends]
        write_beside(axes, labels)
    panels[0, 0].set_ylabel("Q-value")
    show(fig, caption, alt)
