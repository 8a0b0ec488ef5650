"""Figures of notebooks 04 and 04b, experience replay.

The frames in rows of slots are numbers: the tens tell the game and choose the colour,
and 0 is a black frame, from before the game.
"""

from functools import partial

import numpy as np
from matplotlib import colormaps
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
# Rows of slots.
SLOT, HEIGHT = 0.94, 0.7  # width and height of a slot; the next one begins at 1
PALE = "#EEEEEE"
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
            axes.text(
                column, row, f"{share:.0%}", color=colour, ha="center", va="center"
            )
        numbers = range(len(shares))
        axes.set(title=title, xlabel="asked: ball in column", xticks=numbers)
        axes.set(yticks=numbers, yticklabels=[n + 1 for n in numbers])
        axes.grid(False)
    panels[0, 0].set_ylabel("fifths of the training done")
    show(fig, caption, alt)


def plot_copies(frame: int, caption: str, alt: str) -> None:
    """Draw the transitions that hold a frame, and the frame in each place.

    Args:
        frame: its number; a state ends in the frame that has the transition's number.
        caption, alt: as in `show`.
    """
    transitions = range(frame - 1, frame + 4)
    fig, axes = _row_of_slots(height=2.3)
    for row, number in enumerate(transitions):
        for left, last in ((2, number), (6.6, number + 1)):
            for slot, held in enumerate(range(last - 3, last + 1)):
                colour = YELLOW if held == frame else PALE
                _draw_slot(axes, left + slot, -row, held, colour)
        axes.text(1.8, HEIGHT / 2 - row, f"step {number}", ha="right", va="center")
    for left, words in ((4, "state"), (8.6, "next state")):
        axes.text(left, 0.95, words, ha="center", weight="bold")
    axes.set(xlim=(0, 12), ylim=(0.9 - len(transitions), 1.5))
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


def plot_stack(slots: list, last: int, true: list, caption: str, alt: str, head=None):
    """Draw a row of slots with the stack built from it, and the true stack beside it.

    Args:
        slots: the frames in slot order.
        last: the slot that the stack ends in.
        true: its four frames, as the agent met them.
        caption, alt: as in `show`.
        head: the slot that is written next, if an arrow should point to it.
    """
    fig, axes = _row_of_slots(height=1.25)
    for slot, frame in enumerate(slots):
        _draw_slot(axes, slot, 0, frame, _colour(frame), f"slot {slot}")
    box = {"fc": "none", "ec": VERMILION, "lw": 2.5}
    axes.add_patch(Rectangle((last - 3.05, -0.05), 4.04, HEIGHT + 0.1, **box))
    for place, frame in enumerate(true):
        _draw_slot(axes, 8 + place, 0, frame, _colour(frame))
    axes.text(10, 0.95, "the true stack", ha="center")
    if head is not None:
        _point_at(axes, head, "written next")
    axes.set(xlim=(-0.2, 12.2), ylim=(-0.4, 1.6))
    show(fig, caption, alt)


def plot_ages(slots: list, ages: list, caption: str, alt: str) -> None:
    """Draw a ring before its slot 0 is overwritten: how far each stack reaches back.

    Args:
        slots: the frames in slot order.
        ages: of each slot, the frames of its game before it, 0 to 3.
        caption, alt: as in `show`.
    """
    fig, axes = _row_of_slots(height=2.0)
    for slot, (frame, age) in enumerate(zip(slots, ages, strict=True)):
        words = f"slot {slot}\nage {age}"
        _draw_slot(axes, slot, 0, frame, _colour(frame), words)
        colour = VERMILION if age and age == slot else GREY
        start, end = (slot + SLOT / 2, -0.7), (slot - age + SLOT / 2, -0.7)
        arrow = {"arrowstyle": "-|>", "color": colour, "lw": 1.6}
        arrow["connectionstyle"] = "arc3,rad=-0.3"
        if age:
            axes.annotate("", end, start, arrowprops=arrow)
    _point_at(axes, 0, "written next")
    axes.set(xlim=(-0.3, 8), ylim=(-1.9, 1.6))
    show(fig, caption, alt)


def plot_windows(windows: dict, caption: str, alt: str, *, one_game=False) -> None:
    """Draw transitions, five frames each: the state's four, then the one that came.

    Args:
        windows: five numbers of frames each, by the name of the transition.
        caption, alt: as in `show`.
        one_game: colour by number, the newest darkest, and not by game.
    """
    fig, axes = _row_of_slots(height=0.42 + 0.31 * len(windows))
    numbers = [n for window in windows.values() for n in window]
    for row, (name, window) in enumerate(windows.items()):
        for place, frame in enumerate(window):
            age = (frame - min(numbers)) / max(max(numbers) - min(numbers), 1)
            colour = colormaps["Blues"](0.1 + 0.6 * age)
            colour = colour if one_game else _colour(frame)
            _draw_slot(axes, place + 0.3 * (place == 4), -row, frame, colour)
        axes.text(-0.25, HEIGHT / 2 - row, name, ha="right", va="center")
    for left, words in ((2, "state"), (4.8, "next frame")):
        axes.text(left, 0.95, words, ha="center", weight="bold")
    axes.set(xlim=(-3, 9.4), ylim=(0.9 - len(windows), 1.5))
    show(fig, caption, alt)


def _row_of_slots(height: float):
    fig, axes = new_figure(width=PAGE_WIDTH, height=height)
    axes.axis("off")
    return fig, axes


def _colour(frame: int) -> str:
    return [YELLOW, SKY][frame // 10 % 2] if frame else BLACK


def _draw_slot(axes, left, bottom, frame: int, colour, words: str = "") -> None:
    look = {"fc": colour, "ec": GREY, "lw": 0.8}
    axes.add_patch(Rectangle((left, bottom), SLOT, HEIGHT, **look))
    ink = "white" if colour == BLACK else BLACK
    middle = left + SLOT / 2
    write_at(axes, middle, bottom + HEIGHT / 2, frame, color=ink)
    axes.text(middle, bottom - 0.1, words, ha="center", va="top", fontsize=8)


def _point_at(axes, slot: int, words: str) -> None:
    place, at = slot + SLOT / 2, {"ha": "center", "va": "bottom", "fontsize": 8}
    arrow = {"arrowstyle": "-|>", "color": BLACK}
    tip, tail = (place, HEIGHT + 0.08), (place, HEIGHT + 0.45)
    axes.annotate(words, tip, tail, arrowprops=arrow, **at)
