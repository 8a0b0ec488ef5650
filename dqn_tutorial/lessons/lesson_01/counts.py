"""Figures of notebook 01 for what is counted: states of Catch, digits of Breakout's."""

import math
from copy import copy

import numpy as np
from matplotlib.patches import Patch, Rectangle

from dqn_tutorial.catch import COLUMNS, ROWS, Catch, state_index
from dqn_tutorial.lessons.lesson_01.figures import start_seeds
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
    write_at,
)

SHADES = [SKY, "#DDDDDD", YELLOW]  # light: numbers stand on them
LINE, PAGE, PAGES = 80, 40, 11  # digits in a line, lines on a page, pages side by side


def search_catch() -> tuple[np.ndarray, np.ndarray]:
    """Try every action in every position of Catch that its five starts lead to.

    Returns:
        Two arrays (250,) bool: which states can be reached, and in which of them the
        game is over.
    """
    reached, over = np.zeros((2, Catch.NUM_STATES), bool)
    positions = []  # in which an action is still to be taken
    for seed in start_seeds(Catch()):
        game = Catch()
        _, info = game.reset(seed=seed)
        reached[info["state"]] = True
        positions.append(game)
    while positions:
        game = positions.pop()
        for action in range(len(Catch.ACTION_MEANINGS)):
            moved = copy(game)
            _, _, terminated, _, info = moved.step(action)
            if not reached[info["state"]]:
                reached[info["state"]], over[info["state"]] = True, terminated
                if not terminated:
                    positions.append(moved)
    return reached, over


def plot_states(kinds: dict, caption: str, alt: str) -> None:
    """Draw the states of Catch, each as a square of the colour of its kind.

    A board is a column of the ball, a square a state with its number. The states in
    which games start are framed; one of no kind stays white.

    Args:
        kinds: for each of three kinds, by its name, which states are of it, (250,)
            bool. The legend counts them.
        caption, alt: as in `show`.
    """
    fig, boards = new_figure(1, COLUMNS, width=PAGE_WIDTH, height=3.7, sharey=True)
    colours = np.full(Catch.NUM_STATES, "white", object)
    for mask, colour in zip(kinds.values(), SHADES, strict=True):
        colours[mask] = colour
    for ball, axes in enumerate(boards):
        for row, paddle in np.ndindex(ROWS, COLUMNS):
            state = state_index(row, ball, paddle)
            _square(axes, row, paddle, fc=colours[state], ec=GREY, lw=0.5)
            write_at(axes, paddle, row, state, fontsize=8)
        _square(axes, 0, COLUMNS // 2, fill=False, ec=VERMILION, lw=2)
        axes.plot(ball, -0.95, "o", color=BLACK, clip_on=False)  # the ball
        axes.set_title(f"ball in column {ball}", pad=18, fontsize=10)
        axes.set(xticks=range(COLUMNS), xlim=(-0.55, COLUMNS - 0.45))
        axes.set(yticks=range(ROWS), ylim=(ROWS - 0.45, -0.55))
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.grid(False)
    boards[0].set_ylabel("ball's row")
    boards[COLUMNS // 2].set_xlabel("paddle's column")
    names = [f"{name}: {np.count_nonzero(mask)}" for name, mask in kinds.items()]
    keys = [Patch(fc=colour, ec=GREY) for colour in SHADES]
    fig.legend(keys, names, loc="outside lower center", ncols=len(names))
    show(fig, caption, alt)


def _square(axes, row: int, column: int, **look) -> None:
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **look))


def plot_digits(digits: int, smaller: dict, caption: str, alt: str) -> None:
    """Draw a number as if it were written out on the pages of a book.

    Args:
        digits: how many it has.
        smaller: the digits of two numbers that fit on a line, the larger first, by what
            is written at each. They are marked on the first line, from its beginning.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.9)
    pages = math.ceil(digits / (LINE * PAGE))
    for page in range(pages):
        x, y = 100 * (page % PAGES), 53 * (page // PAGES)  # of its first digit
        edge = (x - 7, y - 4), LINE + 14, PAGE + 7
        axes.add_patch(Rectangle(*edge, fc="white", ec=GREY, lw=0.7))
        left = digits - LINE * (page * PAGE + np.arange(PAGE))  # when a line begins
        lengths = np.minimum(left[left > 0], LINE)
        lines = y + np.arange(len(lengths))
        axes.hlines(lines, x, x + lengths, color="#AAAAAA", lw=0.8)
    looks = [(-9, BLUE), (-17, VERMILION)]  # the height of its words, its colour
    for (words, count), (height, colour) in zip(smaller.items(), looks, strict=True):
        axes.hlines(0, 0, count, color=colour, lw=1.6)
        axes.plot([count, count], [0, height + 3], color=colour, lw=1)
        write_at(axes, count - 1, height, words, ha="left", color=colour)
    axes.set(xlim=(-10, 100 * PAGES - 8), ylim=(53 * math.ceil(pages / PAGES) - 7, -21))
    axes.axis("off")
    show(fig, caption, alt)
