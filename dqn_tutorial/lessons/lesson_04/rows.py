"""Figures of notebooks 04 and 04b that are rows of slots: copies, stacks, a ring.

The frames are numbers: the tens tell the game and choose the colour, and 0 is a black
frame, from before the game.
"""

from matplotlib import colormaps
from matplotlib.patches import FancyArrowPatch, Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    YELLOW,
    new_figure,
    show,
    write_at,
)

SLOT, HEIGHT = 0.94, 0.7  # width and height of a slot; the next one begins at 1
PALE = "#EEEEEE"
ROW = 2.85  # from one moment of a ring to the next


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


def plot_ring(moments: dict, caption: str, alt: str) -> None:
    """Draw a ring that overwrites itself, one row for each frame that comes.

    Args:
        moments: the full ring before each frame, by the number of that frame. A stack
            begins as many slots back as the age of its slot says.
        caption, alt: as in `show`.
    """
    fig, axes = _row_of_slots(height=1.4 * len(moments))
    for row, (number, ring) in enumerate(moments.items()):
        bottom, size = -ROW * row, len(ring.frames)
        for slot, (frame, age) in enumerate(zip(ring.frames, ring.ages, strict=True)):
            colour = _colour(frame) if ring.usable[slot] else PALE
            _draw_slot(axes, slot, bottom, frame, colour, f"slot {slot}\nage {age}")
            if ring.usable[slot] and age:
                lost = (slot - age) % size == ring.head
                look = {"color": VERMILION if lost else GREY, "lw": 1.6}
                _draw_reach(axes, slot, age, bottom, size, look)
        _point_at(axes, ring.head, f"{number} comes", bottom)
    axes.set(xlim=(-0.2, size + 0.15), ylim=(1.15 - ROW * len(moments), 1.6))
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


def _point_at(axes, slot: int, words: str, bottom: float = 0.0) -> None:
    place, at = slot + SLOT / 2, {"ha": "center", "va": "bottom", "fontsize": 8}
    arrow = {"arrowstyle": "-|>", "color": BLACK}
    top = bottom + HEIGHT
    tip, tail = (place, top + 0.08), (place, top + 0.45)
    axes.annotate(words, tip, tail, arrowprops=arrow, **at)


def _draw_reach(axes, slot: int, age: int, bottom, size: int, look: dict) -> None:
    """From a slot back to the first of its stack, perhaps across the ring's seam."""
    y = bottom - 0.78
    look = look | {"arrowstyle": "-|>", "mutation_scale": 12, "shrinkA": 0}
    for start in (slot, slot + size) if age > slot else (slot,):
        ends = (start + SLOT / 2, y), (start - age + SLOT / 2, y)
        arrow = FancyArrowPatch(*ends, connectionstyle="arc3,rad=-0.2", **look)
        axes.add_patch(arrow)
        inside = Rectangle((-0.15, y - 2), size + 0.24, 3, transform=axes.transData)
        arrow.set_clip_path(inside)
