"""Figures of notebook 07, evaluation: scores, and how they are counted."""

import numpy as np

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
    write_at,
    write_beside,
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


def plot_lives(games: list, caption: str, alt: str) -> None:
    """Draw each game as a bar that is cut after each step in which a life ended.

    Args:
        games: the points of each step, and whether a life ended in it: two (T,) arrays
            for each game.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=0.8 + 0.5 * len(games))
    for k, (points, life_ended) in enumerate(games):
        after = np.cumsum(points)
        ends = after[np.asarray(life_ended)]
        starts = np.concatenate([[0], ends[:-1]])
        shades = [(BLUE, SKY)[i % 2] for i in range(len(ends))]
        axes.barh([k] * len(ends), ends - starts, 0.6, starts, color=shades,
                  edgecolor="white")  # fmt: skip
        axes.text(after[-1], k, f" {after[-1]:g}", va="center")
    names = [f"game {k + 1}" for k in range(len(games))]
    axes.set(xlabel="points", yticks=range(len(games)), yticklabels=names)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    show(fig, caption, alt)


def plot_beginnings(kinds: list, caption: str) -> None:
    """Draw a square for each number of no-ops, in one colour for one and the same game.

    Args:
        kinds: of each different game, the numbers of no-ops that lead to it.
        caption: as in `show`; the alt text names them.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.9)
    words = [f"A row of squares in {len(kinds)} colours, one for each game."]
    for letter, alike, colour in zip("ABCDEFGH", kinds, COLOURS, strict=False):
        axes.bar(alike, 1, 0.92, color=colour)
        for noops in alike:
            write_at(axes, noops, 0.5, letter, color="white", fontweight="bold")
        words.append(f"{letter}: {', '.join(map(str, alike))}.")
    last = max(map(max, kinds))
    axes.set(
        xlabel="no-ops before the first action", yticks=[], xlim=(-0.6, last + 0.6)
    )
    axes.set_xticks(range(0, last + 1, 2))
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    show(fig, caption, " ".join(words))


def plot_ways(ways: dict, caption: str) -> None:
    """Draw what several ways to count make of the same games, side by side.

    Args:
        ways: by name, a number for each game.
        caption: as in `show`; the alt text gives the numbers.
    """
    size = {"width": PAGE_WIDTH, "height": 2.2}
    fig, grid = new_figure(1, len(ways), **size, sharex=True, sharey=True)
    words = [f"{len(ways)} panels with a bar for each game."]
    for axes, (name, counted), colour in zip(grid, ways.items(), COLOURS, strict=False):
        bars = axes.barh(range(len(counted)), counted, 0.7, color=colour)
        axes.bar_label(bars, [f"{n:.3g}" for n in counted], padding=3)
        axes.set_title(name)
        axes.set(xlabel="points", yticks=[])
        axes.margins(x=0.25)
        axes.grid(visible=False, axis="y")
        words.append(f"{name}: {', '.join(f'{n:.3g}' for n in counted)}.")
    grid[0].set(ylabel="game")
    grid[0].invert_yaxis()
    show(fig, caption, " ".join(words))


def plot_luckiest(chosen_by, again: float, truth: float, caption: str) -> None:
    """Draw one draw of several equal agents, and what the best reaches on fresh games.

    Args:
        chosen_by: (N,) the mean score of each on the games by which the best is chosen.
        again: the mean score of the best on fresh games.
        truth: what each of them is worth, a level line.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.8)
    best, highest = np.argmax(chosen_by), np.max(chosen_by)
    axes.axhline(truth, color=BLACK, linewidth=1)
    axes.plot(chosen_by, "o", color=GREY, markersize=5)
    axes.plot(best, highest, "o", mfc="none", mec=VERMILION, mew=2, markersize=13)
    axes.plot(best, again, "D", color=BLUE)
    arrow = {"arrowstyle": "->", "color": BLUE, "lw": 1.8, "shrinkA": 8, "shrinkB": 5}
    axes.annotate("", (best, again), (best, highest), arrowprops=arrow)
    axes.set(xticks=[], xlabel=f"{len(chosen_by)} equally good agents, in random order")
    axes.set(ylabel="mean score")
    names = [(highest, "the best", VERMILION), (truth, "the truth", BLACK),
             (again, "on fresh games", BLUE)]  # fmt: skip
    write_beside(axes, [(y, f"{name}: {y:.0f}", colour) for y, name, colour in names])
    words = (
        f"{len(chosen_by)} dots around a line at {truth:.1f}. The highest is ringed: "
        f"{highest:.1f}. An arrow leads from it to {again:.1f}, on fresh games."
    )
    show(fig, caption, words)


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
