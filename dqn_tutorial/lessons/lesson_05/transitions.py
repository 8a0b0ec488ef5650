"""A figure of notebook 05: transitions, and what stands between them and the next."""

from matplotlib.patches import Circle, Rectangle

from dqn_tutorial.lessons.lesson_05.figures import SIGN_COLOURS
from dqn_tutorial.viewing.plotting import (
    BLACK,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    printed,
    show,
    write_at,
)

FIRST, WORDS, WALL, NEXT = 2.0, 2.8, 4.3, 5.7  # from left to right, in inches


def plot_transitions(
    names, rewards, terminated, truncated, next_q, caption: str, alt: str
) -> None:
    """Draw the reward of each transition, and an arrow to what may follow.

    Args:
        names: (B,) words.
        rewards: (B,).
        terminated, truncated: (B,) bool. Where a game has terminated the arrow ends in
            a wall; where it was truncated the arrow is dashed, below a clock.
        next_q: (B, A) Q-values of the next state; the best of each row is bold.
        caption, alt: as in `show`.
    """
    height = 0.8 * len(names) + 0.3
    fig, axes = new_figure(width=PAGE_WIDTH, height=height)
    rows = zip(names, rewards, terminated, truncated, next_q, strict=True)
    for row, (name, reward, ended, cut, values) in enumerate(rows):
        y = 0.8 * row
        write_at(axes, 0.1, y, name, ha="left", fontweight="bold")
        _cell(axes, FIRST, y, reward, fc=SIGN_COLOURS[(reward > 0) - (reward < 0)])
        _draw_way(axes, y, ended, cut)
        for k, value in enumerate(values):
            weight = "bold" if value == max(values) else "normal"
            _cell(axes, NEXT + 0.75 * k, y, value, weight)
    middle = NEXT + 0.75 * (len(values) - 1) / 2
    for x, words in [(FIRST, "reward"), (middle, "Q-values of the next state")]:
        write_at(axes, x, -0.5, words, color=GREY)
    axes.set(xlim=(0, PAGE_WIDTH), ylim=(height - 0.65, -0.65), aspect="equal")
    axes.axis("off")
    show(fig, caption, alt)


def _cell(axes, x: float, y: float, number: float, weight="normal", fc="white"):
    axes.add_patch(Rectangle((x - 0.3, y - 0.22), 0.6, 0.44, fc=fc, ec=GREY))
    write_at(axes, x, y, printed(number), fontweight=weight)


def _draw_way(axes, y: float, ended: bool, cut: bool) -> None:
    end = WALL if ended else NEXT - 0.4
    look = {"arrowstyle": "->", "lw": 1.4, "ls": "--" if cut else "-"}
    axes.annotate("", (end, y), (FIRST + 0.4, y), arrowprops=look)
    words = {"ha": "left", "fontsize": 9}
    if ended:
        write_at(axes, WORDS, y - 0.18, "terminated", **words)
        wall = {"fc": "white", "ec": VERMILION, "hatch": "/////", "lw": 1.4}
        axes.add_patch(Rectangle((WALL, y - 0.32), 0.16, 0.64, **wall))
    if cut:
        write_at(axes, WORDS, y - 0.18, "truncated: time is up", **words)
        x, y = WORDS - 0.22, y - 0.22
        axes.add_patch(Circle((x, y), 0.14, fc="white", ec=BLACK, lw=1.4))
        axes.plot([x, x, x + 0.07], [y - 0.1, y, y], color=BLACK, lw=1.2)  # hands
