"""Figures of notebooks 04 and 04b, experience replay."""

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
)

GAME_COLOURS = [SKY, YELLOW]  # by turns, so that one sees where a game ends
# The picture of replay, in tenths of an inch.
REPLAY_SIZE = (80, 40)
RING, INNER, OUTER, LIFT = (29, 15.5), 8.5, 12.5, 1.9  # LIFT: of slots drawn
INCOMING = (2, 32.8, 6.4)  # left, bottom, side of the newest frames
BATCH, BATCH_COLUMNS, BATCH_CELL = (48, 2.5), 4, 3.9  # left, bottom


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
    _write(axes, left + 3.5, middle, "Q-net-\nwork", color="white", weight="bold")
    _draw_arrow(axes, (left - 3.4, middle), (left - 0.4, middle))
    _write(axes, left + 3.5, middle - 9.3, "one update")


def _draw_frame(axes, frame, left, bottom, side) -> None:
    extent = (left, left + side, bottom, bottom + side)
    axes.imshow(frame, "gray", vmin=0, vmax=255, extent=extent, interpolation="nearest")


def _draw_arrow(axes, start, end) -> None:
    arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1.6}
    axes.annotate("", end, start, arrowprops=arrow)


def _write(axes, x, y, words: str, **look) -> None:
    axes.text(x, y, words, **{"ha": "center", "va": "center", "fontsize": 9} | look)


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
            axes.text(
                column, row, f"{share:.0%}", color=colour, ha="center", va="center"
            )
        numbers = range(len(shares))
        axes.set(title=title, xlabel="asked: ball in column", xticks=numbers)
        axes.set(yticks=numbers, yticklabels=[n + 1 for n in numbers])
        axes.grid(False)
    panels[0, 0].set_ylabel("fifths of the training done")
    show(fig, caption, alt)


def plot_memory(costs: dict, laptop: float, caption: str, alt: str) -> None:
    """Draw memories as squares of that area, each with a laptop's RAM laid over it.

    Args:
        costs: GB, by what they are spent on.
        laptop: GB of RAM, drawn as the dashed square.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.9)
    left, gap = 0.0, 1.1
    for words, gigabytes in costs.items():
        side = gigabytes**0.5
        axes.add_patch(Rectangle((left, 0), side, side, fc=SKY, ec="none"))
        frame = {"fc": "none", "ec": BLACK, "ls": "--", "lw": 1.6}
        axes.add_patch(Rectangle((left, 0), laptop**0.5, laptop**0.5, **frame))
        top = max(side, laptop**0.5) + 0.25
        axes.text(left, top, f"{gigabytes:.1f} GB", weight="bold", fontsize=12)
        axes.text(left, -0.3, words, va="top", linespacing=1.3)
        left += max(side, laptop**0.5) + gap
    words = f"dashed: the RAM of a laptop, {laptop:g} GB"
    axes.text(left - gap, max(costs.values()) ** 0.5, words, ha="right")
    axes.set(xlim=(-0.2, left), ylim=(-1.5, max(costs.values()) ** 0.5 + 1))
    axes.set_aspect("equal")
    axes.axis("off")
    show(fig, caption, alt)


def plot_rings(rings: dict, caption: str, alt: str) -> None:
    """Draw rings of frames, slot by slot, with the four slots of a stack framed.

    Args:
        rings: for each ring, by its title, the frames' numbers in slot order (the tens
            tell the game, and choose the colour), the slot a stack ends in, and the
            slot that is written next.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(
        len(rings), 1, width=PAGE_WIDTH, height=1.2 * len(rings), squeeze=False
    )
    for axes, (title, (frames, last, head)) in zip(
        rows[:, 0], rings.items(), strict=True
    ):
        for slot, frame in enumerate(frames):
            colour = [YELLOW, SKY][frame // 10 % 2]
            axes.add_patch(Rectangle((slot, 0), 0.94, 0.7, fc=colour, ec=GREY))
            axes.text(slot + 0.47, 0.35, frame, ha="center", va="center")
            axes.text(
                slot + 0.47, -0.1, f"slot {slot}", ha="center", va="top", fontsize=8
            )
        box = Rectangle(
            (last - 3.05, -0.05), 4.04, 0.8, fc="none", ec=VERMILION, lw=2.5
        )
        axes.add_patch(box)
        axes.annotate(
            "written next",
            (head % len(frames), 0.78),
            (head % len(frames), 1.15),
            arrowprops={"arrowstyle": "-|>", "color": BLACK},
            ha="center",
            va="bottom",
            fontsize=8,
        )
        axes.set(xlim=(-0.6, 10), ylim=(-0.35, 1.45))
        axes.text(7.6, 0.35, title, va="center")
        axes.axis("off")
    show(fig, caption, alt)
