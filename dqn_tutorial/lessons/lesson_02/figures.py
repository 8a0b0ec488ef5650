"""Figures of notebook 02, preprocessing."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
)


def plot_frame_timeline(caption: str, alt: str) -> None:
    """Draw which of the emulator's frames reach the network: 16 frames, one state.

    Args:
        caption, alt: as in `show`.
    """
    centred = {"ha": "center", "va": "center"}
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.5)
    for frame in range(1, 17):
        step, place = divmod(frame - 1, 4)
        seen = place >= 2  # the last two frames of a step
        box = ((frame - 1, 2.2), 0.86, 0.62)
        axes.add_patch(Rectangle(*box, color=BLUE if seen else "#DDDDDD"))
        axes.text(
            frame - 0.57, 2.51, frame, color="white" if seen else BLACK, **centred
        )
        if seen:
            end = {"xytext": (frame - 0.57, 2.2), "xy": (4 * step + 2.93, 1.42)}
            axes.annotate("", **end, arrowprops={"arrowstyle": "->", "color": BLUE})
    for step in range(4):
        left = 4 * step
        axes.plot([left, left + 3.86], [3.05, 3.05], color=VERMILION, clip_on=False)
        axes.text(left + 1.93, 3.32, f"action {step + 1}, four times", **centred)
        box = ((left + 2.2, 0.72), 1.46, 0.66)
        axes.add_patch(Rectangle(*box, color=ORANGE))
        axes.text(left + 2.93, 1.05, "grey, max,\nresize", fontsize=8.5, **centred)
        axes.plot([left + 2.93] * 2, [0.72, 0.3], color=BLACK, linewidth=1)
    axes.plot([2.93, 14.93], [0.3, 0.3], color=BLACK, linewidth=1)
    axes.text(8.93, -0.05, "one state: four frames of 84×84, oldest first", **centred)
    axes.set(xlim=(-0.1, 16), ylim=(-0.3, 3.6))
    axes.axis("off")
    show(fig, caption, alt)


def outline(frame, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    """Draw an orange line around a place in a grey frame, one pixel wide.

    Args:
        frame: (H, W) uint8; it stays as it is.
        rows, columns: the first and the last of the place. The line runs just outside
            it, and is cut off where it would leave the frame.

    Returns:
        (H, W, 3) uint8, in colour.
    """
    picture = np.stack([frame] * 3, axis=-1)
    (top, bottom), (left, right) = rows, columns
    around = np.zeros(frame.shape, bool)
    around[max(top - 1, 0) : bottom + 2, max(left - 1, 0) : right + 2] = True
    around[top : bottom + 1, left : right + 1] = False
    picture[around] = np.round(255 * np.array(to_rgb(ORANGE)))
    return picture
