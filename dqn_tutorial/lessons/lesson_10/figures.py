"""Figures of notebook 10, beyond DQN."""

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.patches import ConnectionPatch
from matplotlib.ticker import EngFormatter

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    VERMILION,
    draw_picture,
    new_figure,
    show,
    write_at,
)

HIGHEST = 0.25  # probability that is drawn; a larger one is cut off, with its number
LEAST = 0.003  # probability that has a colour of its own
LOOKS = [(BLUE, "-"), (VERMILION, "--"), (GREEN, "-")]


def plot_news(values: dict, caption: str, alt: str) -> None:
    """Draw which states know of the reward at the end, copy by copy.

    Args:
        values: by title, (copies, states) floats; 0 is a state that knows nothing.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 2.6}
    fig, panels = new_figure(1, len(values), **size, sharey=True, squeeze=False)
    for axes, (title, table) in zip(panels[0], values.items(), strict=True):
        image = np.where(table > 0, table, np.nan)
        extent = (0.5, table.shape[1] + 0.5, len(table) - 0.5, -0.5)
        axes.imshow(image, "viridis_r", vmin=0, vmax=1, aspect="auto", extent=extent)
        axes.set(title=title, xlabel="state (after the last one: the reward)")
        axes.set(xticks=[1, 5, 10, 15, 20])
        axes.grid(visible=False)
    panels[0, 0].set(ylabel="copies so far")
    show(fig, caption, alt)


def plot_estimates(estimates: dict, caption: str, alt: str) -> None:
    """Draw histograms of estimates whose true value is 0, each with its mean.

    Args:
        estimates: by name, (N,) floats.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(len(estimates), 1, height=3.6, sharex=True, sharey=True)
    bins = np.linspace(-3.5, 3.5, 71)
    for axes, (name, values), colour in zip(
        panels, estimates.items(), (VERMILION, BLUE), strict=True
    ):
        axes.hist(values, bins, color=colour, alpha=0.6)
        axes.axvline(0, color=BLACK, lw=1, ls="--")
        axes.axvline(values.mean(), color=colour, lw=2)
        look = {"xycoords": axes.get_xaxis_transform(), "color": colour}
        words = f"mean {values.mean() + 0.0:.2f}"
        axes.annotate(words, (values.mean() + 0.1, 0.87), **look)
        axes.set_title(name, loc="left")
        axes.set(yticks=[], ylabel="how often", ylim=(0, axes.get_ylim()[1] * 1.2))
    panels[0].annotate(
        "truth", (-0.1, 0.87), xycoords=panels[0].get_xaxis_transform(), ha="right"
    )
    panels[-1].set_xlabel("estimate of the value of the best action")
    show(fig, caption, alt)


def plot_judges(q_online, q_target, caption: str, alt: str) -> None:
    """Draw whose value enters the target: Double DQN's, and the plain maximum.

    Args:
        q_online, q_target: (B, A), the two networks' Q-values of B next states.
        caption, alt: as in `show`.
    """
    size = {"width": 6.0, "height": 0.5 + 0.55 * len(q_online)}
    fig, panels = new_figure(1, 2, **size)
    titles = ["online network: chooses", "target network: judges"]
    chosen, largest = q_online.argmax(axis=1), q_target.argmax(axis=1)
    for axes, table, title in zip(panels, (q_online, q_target), titles, strict=True):
        axes.imshow(table, "Greys", vmin=0, vmax=4 * table.max(), aspect="auto")
        for (row, action), value in np.ndenumerate(table):
            write_at(axes, action, row, f"{value:g}", fontsize=12)
        rows = range(len(table))
        axes.set(title=title, xticks=range(table.shape[1]), yticks=rows)
        axes.set_xlabel("action of the next state")
        axes.set_yticklabels([f"transition {row + 1}" for row in rows])
        axes.grid(visible=False)
    panels[1].set_yticklabels([])
    ring = {"facecolors": "none", "s": 420, "linewidths": 2}
    for row, (best, top) in enumerate(zip(chosen, largest, strict=True)):
        panels[0].scatter(best, row, edgecolors=BLUE, **ring)
        panels[1].scatter(best, row, edgecolors=BLUE, **ring)
        panels[1].scatter(top, row, edgecolors=VERMILION, ls="--", **ring)
        ends = {"shrinkA": 11, "shrinkB": 11, "arrowstyle": "-|>", "color": BLUE}
        fig.add_artist(
            ConnectionPatch((best, row), (best, row), "data", "data", axesA=panels[0],
                            axesB=panels[1], connectionstyle="arc3,rad=-0.15", **ends)
        )  # fmt: skip
    show(fig, caption, alt)


def plot_moments(screens, distributions, atoms, titles, caption: str, alt: str) -> None:
    """Draw what a C51 agent expects at some moments of a game.

    Args:
        screens: (210, 160, 3) uint8 each.
        distributions: for each moment, (Z,) probabilities of the best action's returns.
        atoms: (Z,), the returns.
        titles: one for each moment.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 4.2, "height_ratios": [1.05, 1]}
    fig, grid = new_figure(2, len(screens), **size)
    for k, (screen, p) in enumerate(zip(screens, distributions, strict=True)):
        picture, axes = grid[0, k], grid[1, k]
        draw_picture(picture, screen[25:200], aspect="auto")
        picture.set(title=titles[k])
        picture.set_box_aspect(175 / 160 * 0.75)
        axes.bar(atoms, p, width=atoms[1] - atoms[0], color=BLUE)
        for atom in np.flatnonzero(p > HIGHEST):
            look = {"color": BLUE, "bbox": {"fc": "white", "ec": "none", "pad": 1}}
            words = f"{p[atom]:.2f} ↑"
            axes.annotate(words, (atoms[atom] + 0.9, 0.92 * HIGHEST), **look)
        mean = p @ atoms
        axes.axvline(mean, color=VERMILION, lw=1.6, ls="--")
        side = 1 if mean < 5 else -1
        look = {"ha": "left" if side > 0 else "right", "color": VERMILION}
        axes.annotate(f"Q = {mean:.1f}", (mean + 0.3 * side, 0.8 * HIGHEST), **look)
        axes.set(xlim=(-1.5, 10.4), ylim=(0, HIGHEST), xlabel="return")
        axes.set(xticks=range(0, 11, 2))
    grid[1, 0].set_ylabel("probability")
    for axes in grid[1, 1:]:
        axes.set_yticklabels([])
    show(fig, caption, alt)


def plot_projection(atoms, before, returns, after, caption: str, alt: str) -> None:
    """Draw one transition's projection: from the next state's atoms to the targets.

    Args:
        atoms: (Z,).
        before: (Z,) probabilities of the next state's best action.
        returns: (Z,) where each of the atoms lands, clipped.
        after: (Z,) probabilities of the target.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 4.6}
    fig, panels = new_figure(3, 1, **size, sharex=True, sharey=True)
    gap = atoms[1] - atoms[0]
    titles = ["1. The next state's returns", "2. Shrunk by γ, moved by the reward",
              "3. Shared between the two atoms beside them: the target"]  # fmt: skip
    colours = [BLUE, ORANGE, GREEN, VERMILION, GREY]
    shares = np.maximum(1 - np.abs(returns - atoms[:, None]) / gap, 0) * before
    bottom = np.zeros(len(atoms))
    for k, colour in enumerate(colours[: len(atoms)]):
        panels[0].bar(atoms[k], before[k], 0.12 * gap, color=colour)
        panels[1].bar(returns[k], before[k], 0.12 * gap, color=colour)
        panels[2].bar(atoms, shares[:, k], 0.12 * gap, bottom, color=colour)
        bottom += shares[:, k]
        if before[k]:
            write_at(panels[0], atoms[k], before[k] + 0.07, f"{before[k]:.2f}")
            write_at(panels[1], returns[k], before[k] + 0.07, f"{returns[k]:.1f}")
    for atom, share in zip(atoms, after, strict=True):
        write_at(panels[2], atom, share + 0.07, f"{share:.2f}")
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title, loc="left")
        axes.set(ylim=(0, 0.85), ylabel="probability", xticks=atoms)
        axes.grid(visible=False, axis="y")
    panels[-1].set_xlabel("return; the lines are the atoms")
    show(fig, caption, alt)


def plot_river(steps, distributions, atoms, ends, caption: str, alt: str) -> None:
    """Draw a stretch of a game as a river: each column is one state's distribution.

    The colours are logarithmic, so that a wide hump is seen beside a spike.

    Args:
        steps: (T,) of the game.
        distributions: (T, Z) probabilities of the best action's returns.
        atoms: (Z,).
        ends: the steps of the stretch in which a life ended.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.2)
    half = (atoms[1] - atoms[0]) / 2
    image = axes.imshow(
        np.maximum(distributions.T, LEAST), "Blues", aspect="auto", origin="lower",
        interpolation="nearest", norm=LogNorm(LEAST, 1),
        extent=(steps[0] - 0.5, steps[-1] + 0.5, atoms[0] - half, atoms[-1] + half),
    )  # fmt: skip
    axes.plot(steps, distributions @ atoms, color=VERMILION, label="Q, the mean")
    for end in ends:
        axes.axvline(end, color=GREY, ls="--", lw=1.2)
        look = {"xycoords": axes.get_xaxis_transform(), "color": BLACK, "fontsize": 9}
        axes.annotate("a life ends", (end, 0.93), (-4, 0), ha="right",
                      textcoords="offset points", **look)  # fmt: skip
    bar = fig.colorbar(image, ax=axes, pad=0.01, ticks=[0.01, 0.1, 1], format="{x:g}")
    bar.set_label("probability")
    axes.grid(visible=False)
    axes.set(xlabel="step of the game", ylabel="return", ylim=(-1, 10.2))
    axes.legend(loc="upper right")
    show(fig, caption, alt)


def plot_search(scores: dict, marked: str, caption: str, alt: str) -> None:
    """Draw what was tried as rows of dots, a dot for each seed.

    Args:
        scores: by what was tried, a score by seed.
        marked: the row that the others are compared with.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.8 + 0.32 * len(scores))
    for row, (name, of_seed) in enumerate(scores.items()):
        colour = VERMILION if name == marked else BLUE
        values = list(of_seed.values())
        axes.plot(values, [row] * len(values), "o", color=colour, ms=7)
    axes.axvline(np.mean(list(scores[marked].values())), color=VERMILION, ls="--", lw=1)
    names = [f"{name}  ({len(of_seed)})" for name, of_seed in scores.items()]
    axes.set(yticks=range(len(scores)), yticklabels=names)
    axes.set_xlabel("score in training after 15,000 updates")
    axes.set(ylim=(len(scores) - 0.5, -0.5))
    axes.set_xlim(left=0)
    show(fig, caption, alt)


def plot_runs(runs: dict, levels: dict, caption: str, alt: str) -> None:
    """Draw the training score of each run, and its score at the end as a dot.

    Beside the dots of an agent stands the mean of its runs.

    Args:
        runs: by agent, a `Run` by seed.
        levels: known scores by name, drawn as dashed lines.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.2)
    for name, score in levels.items():
        axes.axhline(score, color=GREY, linestyle="--", linewidth=1)
        place = {"textcoords": "offset points", "va": "bottom", "ha": "right"}
        at = axes.get_yaxis_transform()
        axes.annotate(f"{name}: {score:.0f}", (1, score), (0, 2), at, **place)
    looks = LOOKS[: len(runs)]
    for (agent, of_seed), (colour, dash) in zip(runs.items(), looks, strict=True):
        for run in of_seed.values():
            steps, curve = run.history["step"], run.history["mean_score_100"]
            axes.plot(steps, curve, dash, color=colour, lw=1.3)
            axes.plot(steps[-1], run.score, "o", color=colour, ms=7, clip_on=False)
        last = max(run.history["step"][-1] for run in of_seed.values())
        mean = np.mean([run.score for run in of_seed.values()])
        runs = "1 run" if len(of_seed) == 1 else f"{len(of_seed)} runs"
        look = {"color": colour, "textcoords": "offset points", "va": "top"}
        axes.annotate(f"{agent}: {mean:.0f} ({runs})", (last, mean), (8, -4), **look)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.set(xlabel="steps of this run", ylabel="score in training\n(dot: 100 games)")
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, axes.get_xlim()[1] * 1.22)
    show(fig, caption, alt)


FIELD = {  # name: when it first came out, height, what it changed, what it builds on
    "n-step": (2014.0, 0.75, "several rewards;\nknown since 1988", []),
    "DQN": (2013.95, 2, "replay,\ntarget network", []),
    "Double": (2015.7, 3.2, "who chooses,\nwho judges", ["DQN"]),
    "Dueling": (2015.9, 2, "value and\nadvantage", ["DQN"]),
    "C51": (2017.5, 0.75, "all returns,\nnot the mean", ["DQN"]),
    "Rainbow": (2017.8, 2, "six additions\nin one",
                ["n-step", "Double", "Dueling", "C51"]),
    "R2D2": (2019.6, 2, "a network\nthat remembers", ["Rainbow"]),
    "MuZero": (2019.9, 0.75, "plans in a model\nthat it learned", []),
    "Agent57": (2020.3, 3.2, "curious: 57 games\nabove human", ["R2D2"]),
    "PQN": (2024.5, 2, "no replay, no\ntarget network", []),
}  # fmt: skip
BUILT_HERE = ("n-step", "DQN", "Double", "Dueling", "C51")
OVER_ALL = 4.15  # the height of the line from DQN to PQN


def plot_field(caption: str, alt: str) -> None:
    """Draw what came after DQN over the years, with arrows from what it builds on."""
    fig, axes = new_figure(width=PAGE_WIDTH, height=4.0)
    boxes = {}
    for name, (year, height, words, _) in FIELD.items():
        edge = BLUE if name in BUILT_HERE else GREY
        box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": edge, "lw": 1.6}
        look = {"fontsize": 8, "linespacing": 1.2, "bbox": box, "zorder": 4}
        boxes[name] = write_at(axes, year, height, f"{name}\n{words}", **look)
    for name, (*place, _, parents) in FIELD.items():
        for parent in parents:
            ends = {"patchA": boxes[parent].get_bbox_patch(), "shrinkA": 0}
            ends |= {"patchB": boxes[name].get_bbox_patch(), "shrinkB": 0}
            arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1} | ends
            axes.annotate("", place, FIELD[parent][:2], arrowprops=arrow, zorder=5)
    (first, bottom, *_), (last, *_) = FIELD["DQN"], FIELD["PQN"]
    axes.plot([first, first, last], [bottom, OVER_ALL, OVER_ALL], color=BLACK, lw=1)
    arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1, "shrinkA": 0, "shrinkB": 17}
    axes.annotate("", (last, bottom), (last, OVER_ALL), arrowprops=arrow)
    axes.set(xlim=(2013.1, 2025.4), ylim=(0.1, 4.4), yticks=[])
    axes.set(xticks=range(2014, 2026, 2), xlabel="year of the first version")
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    show(fig, caption, alt)
