"""Figures of notebook 09 for what Q-tables learn: the corridor, and news on its way."""

import numpy as np
from matplotlib.patches import Rectangle

from dqn_tutorial.catch import COLUMNS, ROWS, state_index
from dqn_tutorial.lessons.lesson_09 import texts
from dqn_tutorial.lessons.lesson_09.figures import LOOKS
from dqn_tutorial.lessons.lesson_09.museum_games import PRIZES, Corridor
from dqn_tutorial.lessons.lesson_09.tables import GAME_LENGTH
from dqn_tutorial.q_table import greedy_policy
from dqn_tutorial.viewing.plotting import (
    BLUE,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
    write_at,
)

WAYS = [("←", VERMILION), ("→", BLUE)]  # of each action, to the prize of its colour
HOP = {"arrowstyle": "->", "connectionstyle": "arc3,rad=-0.7", "linewidth": 1.4}
STRIP = 1.5  # heights of a cell from one strip to the next


def plot_corridor(start: int, tables: dict) -> None:
    """Draw the corridor, how far a game gets, and which way tables go in each cell.

    Args:
        start: the cell in which the game that is drawn begins; it goes right.
        tables: Q-tables (14, 2) by name, a strip for each. Below each arrow stands what
            the table expects there from the better action.
    """
    down = STRIP * len(tables)
    size = {"width": PAGE_WIDTH, "height": 0.5 * (2.9 + down)}
    fig, axes = new_figure(**size)
    for cell in (min(PRIZES), *Corridor.CELLS, max(PRIZES)):
        colour = WAYS[cell == max(PRIZES)][1] if cell in PRIZES else "white"
        axes.add_patch(Rectangle((cell - 0.5, -0.5), 1, 1, fc=colour, ec=GREY))
        words = f"+{PRIZES[cell]:g}" if cell in PRIZES else cell
        look = {"color": "white", "weight": "bold"} if cell in PRIZES else {}
        write_at(axes, cell, 0, words, **look)
    end = start + GAME_LENGTH
    for cell in range(start, end):
        axes.annotate("", (cell + 1, 0.5), (cell, 0.5), arrowprops=HOP)
    words = f"a game from cell {start}, cut off after {GAME_LENGTH} steps"
    write_at(axes, (start + end) / 2, 1.35, words)
    for k, (name, q) in enumerate(tables.items(), 1):
        write_at(axes, -0.5, -STRIP * k, name, ha="right", family="monospace")
        policy = greedy_policy(q)
        for cell in Corridor.CELLS:
            arrow, colour = WAYS[policy[cell]]
            write_at(axes, cell, -STRIP * k, arrow, color=colour, fontsize=20)
            value = f"{q[cell].max():.2f}"
            write_at(axes, cell, -STRIP * k - 0.55, value, color=GREY, fontsize=9)
    axes.set(xlim=(-2.7, 13.6), ylim=(-0.9 - down, 1.8), aspect="equal")
    axes.axis("off")
    show(fig, *(texts.POLICIES if tables else texts.CORRIDOR))


def plot_news(tables: dict) -> None:
    """Draw how far back in a game of Catch the news of its end has come.

    Args:
        tables: Q-tables (250, 3) by name, the right one first. Of each is drawn the
            Q-value of the best action while the ball falls straight upon the paddle.
    """
    fig, axes = new_figure(width=0.7 * PAGE_WIDTH, height=2.6)
    steps = np.arange(ROWS - 1, 0, -1)  # before the end
    middle = COLUMNS // 2
    states = state_index(ROWS - 1 - steps, middle, middle)
    for (name, q), (colour, dash, mark) in zip(tables.items(), LOOKS, strict=False):
        best = q[states].max(axis=1)
        axes.plot(steps, best, dash, marker=mark, color=colour, label=name)
    right = next(iter(tables.values()))[states].max(axis=1)
    for x, value in zip(steps, right, strict=True):
        write_at(axes, x, value + 0.1, f"{value:.2f}", color=LOOKS[0][0], fontsize=8)
    axes.set(xlim=(ROWS - 0.5, 0.5), ylim=(-0.05, 1.2), xticks=steps)
    axes.set(xlabel="steps before the end", ylabel="Q-value of the best action")
    fig.legend(loc="outside right upper")
    show(fig, *texts.NEWS)
