"""Figures of notebook 09, the museum of bugs."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from matplotlib.transforms import offset_copy

from dqn_tutorial.lessons.lesson_07.figures import plot_scores
from dqn_tutorial.lessons.lesson_09.cases import (
    CASES,
    MEASURED,
    kind_of,
    kinds_of,
    symptoms,
)
from dqn_tutorial.lessons.lesson_09.museum_games import Corridor
from dqn_tutorial.viewing.plotting import (
    BLUE,
    FIGURE_DPI,
    GREEN,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
    show_frames,
)

# Of each kind of run: its colour, its line, and the mark at its end.
LOOKS = [(BLUE, "-", "o"), (VERMILION, "--", "^"), (GREEN, ":", "s")]
ARROWS = {"↑": VERMILION, "↓": BLUE, "=": GREY}


def plot_exhibit(kinds: dict, caption: str, panels: dict | None = None) -> None:
    """Show two or three kinds of run together, see `draw_exhibit`.

    The alt text gives the means at three places, so it cannot contradict the curves.

    Args:
        kinds: runs by what to call them, the correct ones first; see `museum`.
        caption: as in `show`.
        panels: by name of the column, its title; None for `MEASURED`.
    """
    panels = MEASURED if panels is None else panels
    show(draw_exhibit(kinds, panels), caption, in_words(kinds, panels))


def draw_exhibit(kinds: dict, panels: dict) -> Figure:
    """A panel for each column: each run thin, the mean of the seeds thick.

    Each run ends in a mark, so that the ends of two kinds can be compared one by one:
    the marks of a kind stand side by side with those of the next. Then comes the number
    that the mean ends with. Losses differ by factors, so theirs is a log scale.
    """
    size = {"width": PAGE_WIDTH, "height": 2.3}
    fig, grid = new_figure(1, len(panels), squeeze=False, **size)
    for axes, (column, title) in zip(grid[0], panels.items(), strict=True):
        ends = []
        for k, (name, runs) in enumerate(kinds.items()):
            colour, dash, mark = LOOKS[k]
            steps, curves = _curves(runs, column)
            steps, mean = steps / 1000, curves.mean(axis=0)
            axes.plot(steps, curves.T, dash, color=colour, alpha=0.35, linewidth=0.9)
            axes.plot(steps, mean, dash, color=colour, label=name)
            look = {"marker": mark, "lw": 0, "alpha": 0.7, "zorder": 3}
            look["transform"] = offset_copy(axes.transData, fig, 5 * k, units="points")
            last = [steps[-1]] * len(curves), curves[:, -1]
            axes.scatter(*last, 11, colour, clip_on=False, **look)
            ends.append((steps[-1], mean[-1], colour))
        axes.set(xlabel="thousand steps", xlim=(0, None))
        if column == "loss":
            _set_log_scale(axes)
            title = f"{title}\n(log scale)"
        axes.set_title(title, fontsize=9)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        _label_the_ends(axes, ends, "{:.3f}" if column == "loss" else "{:z.2f}")
    lines = [line for line in grid[0, 0].lines if not line.get_label().startswith("_")]
    fig.legend(lines, list(kinds), loc="outside upper center", ncols=len(kinds))
    return fig


def _set_log_scale(axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(NullLocator())


def _label_the_ends(axes, ends: list, form: str) -> None:
    """Write each end value beside its line, moved apart where two would touch."""
    scale = axes.yaxis.get_transform()
    low, high = scale.transform(np.array(axes.get_ylim()))
    gap = (high - low) / 8
    ends = sorted(ends, key=lambda end: end[1])
    heights = [float(scale.transform(np.array([value]))[0]) for _, value, _ in ends]
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + gap)
    heights[-1] = min(heights[-1], high)  # not into the title
    for k in reversed(range(len(heights) - 1)):
        heights[k] = min(heights[k], heights[k + 1] - gap)
    look = {"textcoords": "offset points", "fontsize": 9, "va": "center"}
    heights = scale.inverted().transform(np.array(heights))
    beside = 5 * len(ends), 0  # points: right of the marks
    for (x, value, colour), height in zip(ends, heights, strict=True):
        text, place = form.format(value), (x, height)
        axes.annotate(text, place, beside, color=colour, annotation_clip=False, **look)


def in_words(kinds: dict, panels: dict) -> str:
    """The curves for those who cannot see them: their means at three places."""
    steps, _ = _curves(next(iter(kinds.values())), "step")
    places = [1, len(steps) // 2 - 1, len(steps) - 1]
    when = [f"{steps[k]:,.0f}" for k in places]
    words = [f"{len(panels)} panels. At steps {when[0]}, {when[1]} and {when[2]}."]
    for column, label in panels.items():
        form = "z.3f" if column == "loss" else "z.2f"
        for name, runs in kinds.items():
            means = _curves(runs, column)[1].mean(axis=0)
            values = ", ".join(format(means[k], form) for k in places)
            words.append(f"{label}, {name}: {values}.")
    return " ".join(words)


def _curves(runs: dict, column: str) -> tuple[np.ndarray, np.ndarray]:
    """(rows,) steps, and (seeds, rows) values."""
    steps = next(iter(runs.values()))["step"]
    return steps, np.stack([run[column] for run in runs.values()])


def plot_greys(scores: dict) -> None:
    """Show the games of Breakout that were played through each greyscale."""
    plot_scores(
        scores,
        "Games of the same agent through the right greyscale and through the wrong "
        "one, ε = 0.05. Line and band: the mean and its 95 % interval. Dotted: the "
        "median.",
        "Two strips of dots, spread from near 0 to 400. Through the wrong grey more of "
        "them are low, and mean and median lie lower.",
    )


def plot_case(runs: dict, case: str) -> None:
    """Show one of the six cases, "A" to "F", without its name."""
    kinds = kinds_of(runs, CASES[case], f"case {case}")
    plot_exhibit(kinds, f"Case {case}, beside the right code.")


def save_cases(runs: dict, folder: Path | str) -> None:
    """Write the same six pictures into a folder: case_A.png to case_F.png."""
    for case, exhibit in CASES.items():
        fig = draw_exhibit(kinds_of(runs, exhibit, f"case {case}"), MEASURED)
        path = Path(folder) / f"case_{case}.png"
        fig.savefig(path, dpi=FIGURE_DPI, facecolor="white")


def plot_symptoms(runs: dict, caption: str) -> None:
    """Show the table of symptoms: a row for each exhibit, a column for each curve.

    The loud ones stand first, then the quiet ones, then the silent ones.
    """
    rows, titles = symptoms(runs), list(MEASURED.values())
    kinds = [kind_of(signs) for signs in rows.values()]
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.34 * len(rows) + 0.9)
    for y, signs in enumerate(rows.values()):
        for x, sign in enumerate([*signs, kinds[y]]):
            look = {"color": ARROWS.get(sign), "fontsize": 15 if sign in ARROWS else 10}
            axes.text(x, y, sign, va="center", ha="center", **look)
    axes.set(xlim=(-0.5, len(titles) + 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(range(len(titles) + 1), [*titles, "kind"], fontsize=9)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    for y in range(1, len(rows)):
        look = ("#DDDDDD", 0.8) if kinds[y] == kinds[y - 1] else (GREY, 1.6)
        axes.hlines(y - 0.5, *axes.get_xlim(), color=look[0], linewidth=look[1])
    words = [
        f"{name}: {' '.join(signs)}, {kind}."
        for (name, signs), kind in zip(rows.items(), kinds, strict=True)
    ]
    alt = f"A table of arrows. Columns: {'; '.join(titles)}; kind. {' '.join(words)}"
    show(fig, caption, alt)


def plot_first_states(states: dict, caption: str, alt: str) -> None:
    """Show states in rows, each as its four frames, the oldest first.

    Args:
        states: (4, 84, 84) by what to call it.
        caption, alt: as in `show`.
    """
    titles = [t for name in states for t in (f"{name}: oldest", "", "", "newest")]
    frames = np.concatenate(list(states.values()))
    show_frames(frames, titles, caption, alt, columns=4, height=1.3)


def plot_three_rewards(rewards: list, over: list, start: int, caption, alt) -> None:
    """Show steps in a row, where each game ends, and the three that a return adds.

    Args:
        rewards: of each step.
        over: whether a game ended with it.
        start: the step whose return is drawn.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=1.5)
    games = np.cumsum([0, *over[:-1]])
    for step, (reward, game) in enumerate(zip(rewards, games, strict=True)):
        axes.bar(step, 0.8, 0.92, color=[SKY, ORANGE][game % 2])
        axes.text(step, 0.4, reward, ha="center", va="center")
    for wrong, (colour, height) in enumerate([(BLUE, 1.0), (VERMILION, 1.35)]):
        last = start + (2 if wrong else 0)
        axes.plot([start - 0.4, last + 0.4], [height] * 2, color=colour, linewidth=4)
        words = (
            "three rewards, whatever comes" if wrong else "up to the end of the game"
        )
        axes.text(last + 0.55, height, words, color=colour, va="center")
    axes.set(xlabel="step", xticks=range(len(rewards)), yticks=[], ylim=(0, 1.6))
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    show(fig, caption, alt)


def plot_policies(kinds: dict, caption: str, alt: str) -> None:
    """Draw which way a policy of the corridor goes in each cell.

    Args:
        kinds: by name of the learner, what each cell says of going left and of going
            right: (14, 2), a Q-table.
        caption, alt: as in `show`.
    """
    cells = list(Corridor.CELLS)
    size = {"width": PAGE_WIDTH, "height": 2.4}
    fig, panels = new_figure(1, len(kinds), squeeze=False, sharey=True, **size)
    for axes, (name, q) in zip(panels[0], kinds.items(), strict=True):
        for action, (colour, marker) in enumerate([(VERMILION, "<"), (BLUE, ">")]):
            axes.plot(cells, q[cells, action], marker, color=colour, linestyle="-")
        axes.set(title=name, xlabel="cell", xticks=cells[::2])
    panels[0, 0].set(ylabel="Q-value")
    fig.legend(
        panels[0, 0].lines,
        ["go left, to the 1", "go right, to the 5"],
        loc="outside upper center",
        ncols=2,
    )
    show(fig, caption, alt)
