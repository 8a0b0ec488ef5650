"""Figures of notebooks 04 and 04b, experience replay; rows of slots are in `rows`."""

from functools import partial

import numpy as np
from matplotlib.patches import Polygon, Rectangle, Wedge

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

_write = partial(write_at, fontsize=9)

GAME_COLOURS = [SKY, YELLOW]  # by turns, so that one sees where a game ends
# The picture of replay, in tenths of an inch.
REPLAY_SIZE = (80, 40)
RING, INNER, OUTER, LIFT = (29, 15.5), 8.5, 12.5, 1.9  # LIFT: of slots drawn
INCOMING = (2, 32.8, 6.4)  # left, bottom, side of the newest frames
BATCH, BATCH_COLUMNS, BATCH_CELL = (48, 2.5), 4, 3.9  # left, bottom
LONG_RUN = 6  # pixels; the length of a shorter run has no room
MILLION = 1_000_000


def plot_replay(frames, games, held, drawn, caption: str, alt: str) -> None:
    """Draw experience replay: frames run into a ring, some are drawn, a network learns.

    Args:
        frames: (T, 84, 84) uint8, of T steps.
        games: (T,) which game each step is of.
        held: numbers of the steps that the ring holds, oldest first; the slot of step
            t is t modulo the length of the ring.
        drawn: numbers of the steps in the batch, among those held.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=REPLAY_SIZE[0] / 10, height=REPLAY_SIZE[1] / 10)
    fig.set_layout_engine("none")
    axes.set_position((0, 0, 1, 1))
    axes.axis("off")
    angles = 90 - 360 * np.arange(len(held) + 1) / len(held)  # clockwise from the top
    for step in held:
        slot, lift = step % len(held), LIFT * (step in drawn)
        look = {"fc": GAME_COLOURS[games[step] % 2], "ec": GREY, "lw": 0.4}
        look |= {"ec": VERMILION, "lw": 1.2, "zorder": 3} if lift else {}
        ends = angles[slot + 1], angles[slot]
        axes.add_patch(Wedge(RING, OUTER + lift, *ends, width=OUTER - INNER, **look))
    _draw_incoming(axes, frames[held[-4:]], angles[(held[-1] + 1) % len(held)])
    _draw_batch(axes, frames[drawn])
    _write(axes, *RING, f"replay buffer:\na ring of\n{len(held)} slots")
    _draw_network(axes)
    axes.set(xlim=(0, REPLAY_SIZE[0]), ylim=(0, REPLAY_SIZE[1]))
    show(fig, caption, alt)


def _draw_incoming(axes, newest, head: float) -> None:
    left, bottom, side = INCOMING
    for k, frame in enumerate(newest):
        _draw_frame(axes, frame, left + k * (side + 0.4), bottom, side)
    right, look = left + len(newest) * (side + 0.4), {"ha": "left"}
    _write(axes, left, bottom - 1.4, "the game, step by step", **look)
    words = "the newest\ntakes the place\nof the oldest"
    _write(axes, right + 0.8, bottom + 3.4, words, **look)
    direction = np.array([np.cos(np.radians(head)), np.sin(np.radians(head))])
    tip = RING + direction * (OUTER + 0.2)
    _draw_arrow(axes, (right - side / 2, bottom - 0.2), tip)


def _draw_batch(axes, frames) -> None:
    left, bottom = BATCH
    rows = -(-len(frames) // BATCH_COLUMNS)
    for k, frame in enumerate(frames):
        row, column = divmod(k, BATCH_COLUMNS)
        y = bottom + (rows - 1 - row) * BATCH_CELL
        _draw_frame(axes, frame, left + column * BATCH_CELL, y, BATCH_CELL - 0.4)
    middle = bottom + rows * BATCH_CELL / 2
    _draw_arrow(axes, (RING[0] + OUTER + LIFT + 0.6, RING[1]), (left - 0.8, middle))
    width = BATCH_COLUMNS * BATCH_CELL
    words = f"a batch: {len(frames)} drawn at random"
    _write(axes, left + width / 2, bottom + rows * BATCH_CELL + 0.9, words)


def _draw_network(axes) -> None:
    left, middle = BATCH[0] + BATCH_COLUMNS * BATCH_CELL + 3.6, 17.5
    corners = [(0, 7), (7, 3.5), (7, -3.5), (0, -7)]
    shape = [(left + x, middle + y) for x, y in corners]
    axes.add_patch(Polygon(shape, fc=BLUE, ec=BLUE))
    _write(axes, left + 3.5, middle, "Q-\nnetwork", color="white", weight="bold")
    _draw_arrow(axes, (left - 3.4, middle), (left - 0.4, middle))
    _write(axes, left + 3.5, middle - 9.3, "one update")


def _draw_frame(axes, frame, left, bottom, side) -> None:
    extent = (left, left + side, bottom, bottom + side)
    axes.imshow(frame, "gray", vmin=0, vmax=255, extent=extent, interpolation="nearest")


def _draw_arrow(axes, start, end) -> None:
    arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1.6}
    axes.annotate("", end, start, arrowprops=arrow)


def plot_likeness(batches: dict, caption: str, alt: str) -> None:
    """Draw how alike the frames of a batch are, each with each, batch beside batch.

    Args:
        batches: for each batch, by its title, (B, B) correlations, -1..1.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(batches), width=PAGE_WIDTH, height=3.6)
    for axes, (title, pairs) in zip(panels, batches.items(), strict=True):
        image = axes.imshow(pairs, "PuOr", vmin=-1, vmax=1, interpolation="nearest")
        axes.set(title=title, xlabel="frame of the batch")
        axes.grid(False)
    panels[0].set_ylabel("frame of the batch")
    fig.colorbar(image, ax=panels, label="correlation", shrink=0.8)
    show(fig, caption, alt)


def plot_lessons(runs: dict, caption: str, alt: str) -> None:
    """Draw what is known after each lesson: one square of numbers for each run.

    Args:
        runs: for each run, by its title, (L, L): after each of L lessons (row), the
            share of right answers in each (column), 0..1.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=3.4, squeeze=False)
    for axes, (title, shares) in zip(panels[0], runs.items(), strict=True):
        axes.imshow(shares, "Blues", vmin=0, vmax=1)
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > 0.5 else BLACK
            write_at(axes, column, row, f"{share:.0%}", color=colour)
        numbers = range(len(shares))
        axes.set(title=title, xlabel="asked: ball in column", xticks=numbers)
        axes.set(yticks=numbers, yticklabels=[n + 1 for n in numbers])
        axes.grid(False)
    panels[0, 0].set_ylabel("fifths of the training done")
    show(fig, caption, alt)


def plot_moves(moves: dict, caption: str, alt: str) -> None:
    """Draw where a network moves the paddle in Catch, one square for each training.

    Args:
        moves: by title, (C, C) for the column of the ball (row) and that of the paddle
            (column): 0 LEFT, 1 STAY, 2 RIGHT. Towards the ball is blue.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 2.0}
    fig, panels = new_figure(1, len(moves), **size, sharey=True, squeeze=False)
    for axes, (title, square) in zip(panels[0], moves.items(), strict=True):
        for (ball, paddle), move in np.ndenumerate(square):
            right = move == np.sign(ball - paddle) + 1
            look = {"color": BLUE if right else VERMILION, "weight": "bold"}
            write_at(axes, paddle, ball, "←•→"[move], fontsize=13, **look)
        columns = range(len(square))
        for column in columns:
            corner = (column - 0.5, column - 0.5)
            axes.add_patch(Rectangle(corner, 1, 1, fc=YELLOW, ec="none", zorder=0))
        limits = (-0.5, len(square) - 0.5)
        axes.set(title=title, xlim=limits, ylim=limits[::-1], aspect="equal")
        axes.set(xticks=columns, yticks=columns, xlabel="paddle")
        axes.grid(visible=False)
    panels[0, 0].set_ylabel("ball")
    show(fig, caption, alt)


def plot_runs(frames: dict, row: int, caption: str, alt: str) -> None:
    """Draw one row of pixels of each frame, cut where its brightness changes.

    Args:
        frames: (84, 84) uint8, by their titles.
        row: the number of the row, which is marked in the frame.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 1.45 * len(frames), "squeeze": False}
    ratios = {"gridspec_kw": {"width_ratios": [1, 4]}}
    fig, rows = new_figure(len(frames), 2, **size, **ratios)
    for (whole, strip), (title, frame) in zip(rows, frames.items(), strict=True):
        whole.imshow(frame, "gray", vmin=0, vmax=255, interpolation="nearest")
        whole.axhline(row, color=VERMILION, lw=1.6)
        edges = np.flatnonzero(np.diff(frame[row])) + 1
        edges = np.array([0, *edges, len(frame[row])])
        look = {"vmin": 0, "vmax": 255, "interpolation": "nearest"}
        pixels, extent = frame[row][None], (0, edges[-1], 0, 1)
        strip.imshow(pixels, "gray", aspect="auto", extent=extent, **look)
        strip.vlines(edges, 0, 1.25, color=VERMILION, lw=1)
        for left, length in zip(edges[:-1], np.diff(edges), strict=True):
            if length >= LONG_RUN:
                strip.text(left + length / 2, 1.3, f"{length}", ha="center", size=9)
        strip.set_title(f"{title}: {len(edges) - 1} runs", loc="left", fontsize=10)
        strip.set(xlim=(-0.3, edges[-1] + 0.3), ylim=(-0.3, 1.6))
        for axes in (whole, strip):
            axes.axis("off")
    show(fig, caption, alt)


def plot_memory(costs: dict, laptop: float, caption: str, alt: str) -> None:
    """Draw memories of a million transitions as areas, each beside a laptop's RAM.

    Args:
        costs: bytes of one transition, by what they are spent on.
        laptop: GB of RAM, drawn as the dashed square.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.9)
    left, gap = 0.0, 1.1
    largest = (max(costs.values()) * MILLION / 1e9) ** 0.5
    for words, size in costs.items():
        gigabytes = size * MILLION / 1e9
        side = gigabytes**0.5
        axes.add_patch(Rectangle((left, 0), side, side, fc=SKY, ec="none"))
        frame = {"fc": "none", "ec": BLACK, "ls": "--", "lw": 1.6}
        axes.add_patch(Rectangle((left, 0), laptop**0.5, laptop**0.5, **frame))
        top = max(side, laptop**0.5) + 0.25
        axes.text(left, top, f"{gigabytes:.1f} GB", weight="bold", fontsize=12)
        words = f"{words}:\n{size:,.0f} bytes"
        axes.text(left, -0.3, words, va="top", linespacing=1.3)
        left += max(side, laptop**0.5) + gap
    words = f"dashed: the RAM of a laptop, {laptop:g} GB"
    axes.text(left - gap, largest, words, ha="right")
    axes.set(xlim=(-0.2, left), ylim=(-2, largest + 1))
    axes.set_aspect("equal")
    axes.axis("off")
    show(fig, caption, alt)
