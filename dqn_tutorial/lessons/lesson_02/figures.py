"""Figures of notebook 02, preprocessing."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from dqn_tutorial.lessons.rival import (
    FLIGHT_ROWS,
    PADDLE_ROWS,
    load_rival_scores,
    middle_of_red,
)
from dqn_tutorial.runs.pretrained import load_scores
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    VERMILION,
    draw_picture,
    new_figure,
    show,
    show_frames,
    write_at,
    write_beside,
)

Window = tuple[int, int, int]  # a square part of a picture: top row, left column, side

ABOVE = {"score": 51, "lives": 103, "players": 135}  # of a screen: its columns
BESIDE = {  # place on the screen, its right edge first: column, row
    "six rows of bricks": (152, 75),
    "ball": (61, 142.5),
    "paddle: rows 189 to 192": (115, 190.5),
}


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


def plot_screen(screen, caption: str, alt: str) -> None:
    """Draw a screen of Breakout with the names of its parts.

    Args:
        screen: (210, 160, 3) uint8, in the game's 20th frame.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=5.6, height=4.4)
    draw_picture(axes, screen, GREY, 0)
    axes.set_anchor("W")  # leaves the right side to the names
    for name, column in ABOVE.items():
        axes.text(column, -4, name, ha="center", va="bottom", fontsize=9)
    for name, place in BESIDE.items():
        line = {"arrowstyle": "-", "color": ORANGE, "shrinkA": 0, "shrinkB": 2}
        words = {"va": "center", "annotation_clip": False, "fontsize": 9}
        axes.annotate(name, place, (167, place[1]), arrowprops=line, **words)
    show(fig, caption, alt)


def plot_greys(pictures, rows, caption: str, alt: str) -> None:
    """Draw the bricks and the ball, with the grey of each row of bricks in it.

    Args:
        pictures: dict from a title to a screen, (210, 160) or (210, 160, 3) uint8.
        rows: a row of the screen in each row of bricks.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(pictures), width=PAGE_WIDTH, height=2.9)
    window = top, left, _ = 52, 30, 98
    for axes, (title, picture) in zip(panels, pictures.items(), strict=True):
        draw_picture(axes, cut(picture, window), GREY)
        axes.set_title(title)
        for row in rows if picture.ndim == 2 else []:
            grey = picture[row, 80]
            colour = BLACK if grey > 118 else "white"
            place = 80 - left, row + 0.6 - top
            write_at(axes, *place, grey, fontsize=8, color=colour)
    show(fig, caption, alt)


def paint_changes(before, after) -> tuple[np.ndarray, int]:
    """Paint the pixels that differ orange.

    Args:
        before, after: (H, W) uint8; they stay as they are.

    Returns:
        `after` as (H, W, 3) uint8, painted; and how many pixels differ.
    """
    picture, differ = np.stack([after] * 3, axis=-1), before != after
    picture[differ] = np.round(255 * np.array(to_rgb(ORANGE)))
    return picture, int(differ.sum())


def plot_changes(crops, before, after, caption: str, alt: str) -> None:
    """Draw what each crop keeps of a screen, and which of its pixels have changed.

    Args:
        crops: dict from a title to a function of a grey screen.
        before, after: the screen at two moments, (210, 160) uint8.
        caption, alt: as in `show`.
    """
    painted = [paint_changes(crop(before), crop(after)) for crop in crops.values()]
    titles = [
        f"{title}: {count} pixels"
        for title, (_, count) in zip(crops, painted, strict=True)
    ]
    frames = [picture for picture, _ in painted]
    show_frames(frames, titles, caption, alt, height=2.3)


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
            edge, width, alpha = (BLUE, 2, 1.0) if seen else (GREY, 0, 0.35)
            draw_picture(inset, cut(screen, window), edge, width, alpha=alpha)
            if seen:
                line = {"arrowstyle": "->", "color": BLUE}
                axes.annotate("", (middle, 3.95), (left + 0.45, 4.95), arrowprops=line)
        inset = axes.inset_axes([4 * k + 0.5, 0.75, 3.0, 3.1], transform=axes.transData)
        draw_picture(inset, frame, GREY)
    axes.text(8, 0.15, "one state: four frames of 84×84, oldest first", ha="center")
    show(fig, caption, alt)


def plot_pixels(parts, caption: str, alt: str) -> None:
    """Draw small parts of grey pictures with the number of each pixel in it.

    Args:
        parts: dict from a title to (H, W) uint8.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(parts), width=3 * len(parts), height=2.5)
    for axes, (title, part) in zip(panels, parts.items(), strict=True):
        draw_picture(axes, part, GREY, vmax=150)
        for row, column in np.ndindex(part.shape):
            colour = BLACK if part[row, column] > 75 else "white"
            write_at(axes, column, row, part[row, column], color=colour, fontsize=11)
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
        draw_picture(whole, frame, GREY)
        whole.set_title(title)
        edge = {"fill": False, "ec": ORANGE, "lw": 1.5}
        whole.add_patch(Rectangle((left - 0.5, top - 0.5), side, side, **edge))
        draw_picture(part, cut(frame, window), ORANGE, 1.5, vmax=150)
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
        draw_picture(axes, cut(state.max(axis=0), window), ORANGE, 1.5, vmax=150)
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


def plot_signals(steps, caption: str, alt: str) -> None:
    """Draw what was true at which step of a game: a lane for each, a mark where it was.

    Args:
        steps: for each step a dict from the name of a lane to a bool. Lanes of numbers
            are drawn as numbers, where they change.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.36 * len(steps[0]) + 0.8)
    for lane, name in enumerate(steps[0]):
        values = [step[name] for step in steps]
        if isinstance(values[0], bool | np.bool_):
            at = np.flatnonzero(values)
            axes.plot(at, [lane] * len(at), "o", color=VERMILION, ms=8)
            continue
        starts = [0, *(np.flatnonzero(np.diff(values)) + 1)]
        for start in starts:
            write_at(axes, start, lane, values[start], color=BLUE, weight="bold")
    axes.set(yticks=range(len(steps[0])), yticklabels=steps[0], xlabel="step")
    axes.set(xlim=(-4, len(steps) + 3), ylim=(len(steps[0]) - 0.5, -0.5))
    show(fig, caption, alt)


def columns_of(screen: np.ndarray) -> list[float]:
    """Where ball and paddle are: two columns of the screen, NaN for a ball not seen.

    Args:
        screen: (210, 160, 3) uint8, red first.
    """
    middles = [middle_of_red(screen[rows]) for rows in (FLIGHT_ROWS, PADDLE_ROWS)]
    return [np.nan if middle is None else middle for middle in middles]


def plot_games(games, caption: str, alt: str) -> None:
    """Lay games over each other: the ball's column at each step, and the paddle's.

    Args:
        games: dict from a title to some (T, 2) games, from `columns_of`.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 3.4, "sharex": True, "sharey": "row"}
    fig, rows = new_figure(2, len(games), **size, squeeze=False)
    for upper, lower, (title, played) in zip(*rows, games.items(), strict=True):
        upper.set_title(title)
        for k, places in enumerate(played):
            for axes, columns in zip((upper, lower), places.T, strict=True):
                axes.plot(columns, color=COLOURS[k % len(COLOURS)], linewidth=1.4)
        lower.set_xlabel("step")
    for axes, what in zip(rows[:, 0], ("ball", "paddle"), strict=True):
        axes.set_ylabel(f"{what}: column")
    show(fig, caption, alt)


def plot_sums(rewards, caption: str, alt: str) -> None:
    """Draw how the rewards of a game add up, each line with its end beside it.

    Args:
        rewards: dict from a name to the reward of each step.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.6)
    labels = []
    for (name, each), colour in zip(rewards.items(), (BLUE, VERMILION), strict=True):
        sums = np.cumsum(each)
        axes.step(np.arange(1, len(sums) + 1), sums, color=colour, where="post")
        labels.append((sums[-1], f"{name}: {sums[-1]:g}", colour))
    axes.set(xlabel="step", ylabel="points so far", xlim=(0, None), ylim=(0, None))
    write_beside(axes, labels)
    show(fig, caption, alt)


def mean_scores(name: str) -> dict[str, float]:
    """The mean scores of the rival, of random play and of a shipped agent, by name."""
    stored = load_scores(name)
    return {
        "the rival, mean of 100": load_rival_scores()["mean"],
        "random play, mean of 100": stored["random"]["mean"],
        "our agent, mean of 100": stored["agent"]["mean"],
    }


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
