"""Figures of notebook 02, preprocessing."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from dqn_tutorial.runs.pretrained import load_scores
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
)

Window = tuple[int, int, int]  # a square part of a picture: top row, left column, side


def cut(picture, window: Window) -> np.ndarray:
    """Cut a square out of a picture, (H, W) or (H, W, 3)."""
    top, left, side = window
    return picture[top : top + side, left : left + side]


def ball_place(frame) -> tuple[float, float]:
    """Find the ball between the bricks and the paddle of an 84×84 frame of Breakout.

    Args:
        frame: (84, 84) uint8 with the ball in flight below the bricks.

    Returns:
        Its row and column, the mean of its pixels weighted by their brightness.
    """
    grey = np.zeros(frame.shape)
    grey[38:75, 5:78] = frame[38:75, 5:78]  # without bricks, walls and paddle
    rows, columns = np.indices(frame.shape)
    return tuple(float((grey * at).sum() / grey.sum()) for at in (rows, columns))


def plot_frame_timeline(steps, window: Window, caption: str, alt: str) -> None:
    """Draw which of the emulator's frames reach the network: four steps, one state.

    Args:
        steps: four of (name of the action, its four colour screens, the 84×84 frame
            that was made of them).
        window: the part of the screens that is drawn.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.5)
    axes.set(xlim=(0, 16), ylim=(0, 7))
    axes.axis("off")
    for k, (action, screens, frame) in enumerate(steps):
        middle = 4 * k + 1.97
        axes.plot([4 * k + 0.06, 4 * k + 3.88], [6.15] * 2, color=VERMILION)
        axes.text(middle, 6.35, f"{action}, held for 4 frames", ha="center")
        for place, screen in enumerate(screens):
            seen = place >= 2  # the last two frames of a step
            left = 4 * k + 0.06 + 0.97 * place
            inset = axes.inset_axes([left, 5.0, 0.91, 1.0], transform=axes.transData)
            _bare(inset, cut(screen, window), BLUE if seen else GREY, 2 if seen else 0)
            inset.images[0].set_alpha(1.0 if seen else 0.35)
            if seen:
                line = {"arrowstyle": "->", "color": BLUE}
                axes.annotate("", (middle, 3.95), (left + 0.45, 4.95), arrowprops=line)
        inset = axes.inset_axes([4 * k + 0.5, 0.75, 3.0, 3.1], transform=axes.transData)
        _bare(inset, frame, GREY, 0.5)
    axes.text(8, 0.15, "one state: four frames of 84×84, oldest first", ha="center")
    show(fig, caption, alt)


def _bare(axes, picture, edge: str, width: float, brightest: int = 255) -> None:
    """Draw a picture pixel by pixel, with nothing around it but an edge."""
    axes.imshow(picture, "gray", vmin=0, vmax=brightest, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set(visible=width > 0, color=edge, linewidth=width)


def plot_pixels(parts, caption: str, alt: str) -> None:
    """Draw small parts of grey pictures with the number of each pixel in it.

    Args:
        parts: dict from a title to (H, W) uint8.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(parts), width=3 * len(parts), height=2.5)
    for axes, (title, part) in zip(panels, parts.items(), strict=True):
        _bare(axes, part, GREY, 0.5, brightest=150)
        for row, column in np.ndindex(part.shape):
            colour = BLACK if part[row, column] > 75 else "white"
            text = {"ha": "center", "va": "center", "color": colour}
            axes.text(column, row, part[row, column], fontsize=11, **text)
        axes.set_title(title)
    show(fig, caption, alt)


def plot_moments(moments, window: Window, caption: str, alt: str) -> None:
    """Draw frames, each beside an enlarged part of it.

    Args:
        moments: dict from a title to an (84, 84) uint8 frame.
        window: the part, framed in the whole.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, 2 * len(moments), width=PAGE_WIDTH, height=2.4)
    top, left, side = window
    for k, (title, frame) in enumerate(moments.items()):
        whole, part = panels[2 * k : 2 * k + 2]
        _bare(whole, frame, GREY, 0.5)
        whole.set_title(title)
        edge = {"fill": False, "ec": ORANGE, "lw": 1.5}
        whole.add_patch(Rectangle((left - 0.5, top - 0.5), side, side, **edge))
        _bare(part, cut(frame, window), ORANGE, 1.5, brightest=150)
        part.set_title("enlarged")
    show(fig, caption, alt)


def plot_ball_paths(moments, window: Window, caption: str, alt: str) -> None:
    """Lay the four frames of a state over each other, with an arrow along the ball.

    Args:
        moments: dict from a title to a (4, 84, 84) uint8 state, oldest frame first.
        window: the part that is drawn.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(moments), width=6.4, height=3.2, squeeze=False)
    top, left, _ = window
    for axes, (title, state) in zip(panels[0], moments.items(), strict=True):
        _bare(axes, cut(state.max(axis=0), window), ORANGE, 1.5, brightest=150)
        places = np.array([ball_place(frame) for frame in state]) - (top, left)
        for ago, (row, column) in zip((3, 2, 1, 0), places, strict=True):
            said = f"{ago} ago" if ago else "now"
            style = {"color": "white", "fontsize": 9, "va": "center"}
            axes.text(column - 1.8, row, said, ha="right", **style)
        start, end = ((column + 1.8, row) for row, column in places[[0, -1]])
        line = {"arrowstyle": "-|>", "color": ORANGE, "lw": 2}
        axes.annotate("", end, start, arrowprops=line)
        axes.set_title(title)
    show(fig, caption, alt)


def mean_scores(name: str) -> dict[str, float]:
    """The mean scores of random play and of a shipped agent, by who played."""
    stored = load_scores(name)
    players = {"random play": "random", "our agent": "agent"}
    return {who: stored[key]["mean"] for who, key in players.items()}


def plot_scores(scores, caption: str, alt: str) -> None:
    """Draw scores as bars from the top, each with its number.

    Args:
        scores: dict from a player to a score.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=0.45 * len(scores) + 0.7)
    bars = axes.barh(list(scores), list(scores.values()), color=BLUE, height=0.6)
    axes.bar_label(bars, [f"{score:.3g}" for score in scores.values()], padding=4)
    axes.set(xlabel="score: points in a whole game of Breakout")
    axes.invert_yaxis()
    axes.grid(False, axis="y")
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
