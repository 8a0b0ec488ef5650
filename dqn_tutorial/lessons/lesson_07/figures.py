"""Figures of notebook 07, evaluation: scores and training curves."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
)


def plot_scores(players: dict, caption: str, alt: str) -> None:
    """Draw every game as a dot, with the mean, its interval and the median.

    Args:
        players: by name, the stored scores of a player: "scores", "mean",
            "interval_95" and "median", as `load_scores` gives them.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(len(players), 1, height=1.5 * len(players), sharex=True)
    for axes, (name, stored), colour in zip(
        np.ravel(rows), players.items(), COLOURS, strict=False
    ):
        spread = np.arange(len(stored["scores"])) * 0.618 % 1  # any order, no clumps
        axes.plot(stored["scores"], spread, "o", color=colour, alpha=0.5, markersize=5)
        axes.axvspan(*stored["interval_95"], color=ORANGE, alpha=0.4, linewidth=0)
        axes.axvline(stored["mean"], color=BLACK, label="mean, 95 % interval")
        axes.axvline(
            stored["median"], color=BLACK, linestyle=":", linewidth=1.4, label="median"
        )
        axes.set(yticks=[], ylim=(-0.15, 1.15), ylabel=name)
        axes.spines["left"].set_visible(False)
    np.ravel(rows)[-1].set(xlabel="score of a game")
    handles, labels = np.ravel(rows)[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=2)
    show(fig, caption, alt)


def plot_lives(games: list, clipped: list, caption: str, alt: str) -> None:
    """Draw each game as a bar of its lives, with a mark at its clipped score.

    Args:
        games: one list of points for each game, a number for each life.
        clipped: the clipped score of each game.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=0.8 + 0.5 * len(games))
    for k, (lives, mark) in enumerate(zip(games, clipped, strict=True)):
        left = 0.0
        for i, points in enumerate(lives):
            shade = (BLUE, SKY)[i % 2]
            axes.barh(k, points, 0.6, left, color=shade, edgecolor="white")
            left += points
        axes.plot([mark, mark], [k - 0.38, k + 0.38], color=VERMILION, linewidth=3)
        axes.text(left, k, f" {left:g}", va="center")
    names = [f"game {k + 1}" for k in range(len(games))]
    axes.set(xlabel="points", yticks=range(len(games)), yticklabels=names)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    show(fig, caption, alt)


def plot_intervals(sizes, low, high, score, caption: str, alt: str) -> None:
    """Draw where the mean of n games falls, for several n, as a band.

    Args:
        sizes: numbers of games.
        low, high: ends of the band for each of them.
        score: the mean of all games, a horizontal line.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=6.0, height=2.8)
    axes.fill_between(sizes, low, high, color=BLUE, alpha=0.25, linewidth=0)
    axes.plot(sizes, low, color=BLUE)
    axes.plot(sizes, high, color=BLUE)
    axes.axhline(score, color=BLACK, linewidth=1)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set(xlabel="games", ylabel="their mean score")
    axes.set_ylim(bottom=0)
    show(fig, caption, alt)


def plot_best_of(counts, chosen, fresh, truth: float, caption: str) -> None:
    """Draw what the best of several equal agents reports, and reaches on fresh games.

    Args:
        counts: from how many the best was chosen.
        chosen: its mean score on the games by which it was chosen.
        fresh: its mean score on other games.
        truth: the mean score of each of them.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, axes = new_figure(width=6.0, height=2.8)
    axes.axhline(truth, color=BLACK, linewidth=1)
    lines = {"on the games that chose it": (chosen, VERMILION, 8),
             "on fresh games": (fresh, BLUE, -16)}  # fmt: skip
    words = [f"Two curves over the number of agents. The truth is {truth:.1f}."]
    for label, (scores, colour, below) in lines.items():
        axes.plot(counts, scores, "o-", color=colour, label=label)
        for count, score in zip(counts, scores, strict=True):
            axes.annotate(f"{score:.0f}", (count, score), (0, below), ha="center",
                          textcoords="offset points", color=colour)  # fmt: skip
        words.append(f"{label}: {', '.join(f'{score:.1f}' for score in scores)}.")
    axes.set_xscale("log")
    axes.set_xticks(counts, [str(count) for count in counts])
    axes.minorticks_off()
    axes.set(xlabel="equally good agents, of which the best is taken")
    axes.set(ylabel="its score", ylim=(0, 1.2 * max(chosen)))
    axes.legend(loc="lower left")
    show(fig, caption, " ".join(words))


def plot_protocols(protocols: dict, caption: str) -> None:
    """Draw the mean and its interval for each protocol and player.

    Args:
        protocols: by name, the stored scores of the players by name.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, axes = new_figure(height=1.0 + 0.6 * len(protocols))
    words = ["A row for each rule, with a mark and an interval for each player."]
    for k, (name, by_player) in enumerate(protocols.items()):
        styles = zip(by_player.items(), COLOURS, "osD", strict=False)
        for (player, stored), colour, marker in styles:
            mean, (low, high) = stored["mean"], stored["interval_95"]
            axes.plot([low, high], [k, k], color=colour, linewidth=9, alpha=0.4)
            label = player if k == 0 else None
            axes.plot(mean, k, marker, color=colour, label=label, markersize=5)
            axes.annotate(f"{mean:.0f}", (mean, k), (0, 9), ha="center",
                          textcoords="offset points", color=colour)  # fmt: skip
            words.append(f"{name}, {player}: {mean:.1f} ({low:.1f} to {high:.1f}).")
    axes.set(yticks=range(len(protocols)), yticklabels=list(protocols), xlabel="score")
    axes.set_ylim(len(protocols) - 0.5, -0.6)
    axes.set_xlim(left=-5)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(fig, caption, " ".join(words))


def plot_panels(histories: dict, panels: dict, caption: str, alt: str) -> None:
    """Draw columns of training runs against their steps, a panel for each.

    Args:
        histories: by name of the run, its steps and its columns by name.
        panels: by name of the column, what its axis says; two panels in a row.
        caption, alt: as in `show`.
    """
    columns = 2 if len(panels) > 3 else len(panels)
    rows = -(-len(panels) // columns)
    size = {"width": PAGE_WIDTH, "height": 0.6 + 1.75 * rows}
    fig, grid = new_figure(rows, columns, **size, sharex=True, squeeze=False)
    for axes, (column, label) in zip(grid.flat, panels.items(), strict=False):
        for history, style in zip(histories.values(), ("-", "--"), strict=False):
            axes.plot(history["step"], history[column], style)
        axes.set(ylabel=label)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for axes in grid[-1]:
        axes.set(xlabel="steps")
        axes.xaxis.set_major_locator(MaxNLocator(4 if columns == 2 else 2))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    if len(histories) > 1:
        fig.legend(
            grid[0, 0].lines,
            list(histories),
            loc="outside upper center",
            ncols=len(histories),
        )
    show(fig, caption, alt)
