"""Figures of notebook 09, the museum of bugs."""

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from matplotlib.transforms import offset_copy

from dqn_tutorial.lessons.lesson_07.figures import plot_scores
from dqn_tutorial.lessons.lesson_09 import texts
from dqn_tutorial.lessons.lesson_09.cases import (
    CASES,
    COMPLAINTS,
    MEASURED,
    exhibit_name,
    kind_of,
    kinds_of,
    symptoms,
)
from dqn_tutorial.quiet_tensorflow import tf
from dqn_tutorial.viewing.plotting import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
    show_frames,
    write_at,
)

# Of each kind of run: its colour, its line, and the mark at its end.
LOOKS = [(BLUE, "-", "o"), (VERMILION, "--", "^"), (GREEN, ":", "s")]
ARROWS = {"↑": VERMILION, "↓": BLUE, "=": GREY}
FORM = "z.2f"  # of an end, if not in `FORMS`; z: no "-0.00"
FORMS = {"loss": ".3f"}


def plot_exhibit(kinds: dict, caption: str, columns=tuple(MEASURED)) -> None:
    """Show two or three kinds of run together, see `draw_panel`.

    The alt text gives the means at three places, so it cannot contradict the curves.

    Args:
        kinds: runs by what to call them, the correct ones first; see `museum`.
        caption: as in `show`.
        columns: of `MEASURED`, what is drawn: a panel for each.
    """
    width = PAGE_WIDTH if len(columns) > 2 else 0.7 * PAGE_WIDTH
    fig, grid = new_figure(1, len(columns), squeeze=False, width=width, height=2.3)
    for axes, column in zip(grid[0], columns, strict=True):
        draw_panel(axes, kinds, column)
        axes.set(xlabel="thousand steps")
        axes.set_title(_title(column), fontsize=9)
    _name_the_kinds(fig, grid[0, 0], list(kinds))
    show(fig, caption, in_words(kinds, columns))


def plot_cases(runs: dict, letters: str) -> None:
    """Show some of the six cases, a row each, without their names."""
    size = {"width": PAGE_WIDTH, "height": 0.8 + 1.7 * len(letters)}
    fig, grid = new_figure(len(letters), len(MEASURED), squeeze=False, **size)
    words = ["A row of four panels each. Where the means end (in brackets: right)."]
    for row, case in zip(grid, letters, strict=True):
        kinds = kinds_of(runs, CASES[case], "the case")
        for axes, column in zip(row, MEASURED, strict=True):
            draw_panel(axes, kinds, column, gap=0.2)
        row[0].set_title(
            f"{case}.  “{COMPLAINTS[case]}”", loc="left", y=1.06, fontsize=10
        )
        words.append(f"{case}: {_ends_in_words(kinds)}.")
    for axes, column in zip(grid[0], MEASURED, strict=True):
        axes.set_title(f"{_title(column)}\n\n", fontsize=9)  # above what A says
    for axes in grid[-1]:
        axes.set(xlabel="thousand steps")
    _name_the_kinds(fig, grid[0, 0], ["right", "the case"])
    show(fig, f"Cases {letters[0]} to {letters[-1]}. {texts.CASES}", " ".join(words))


def draw_panel(axes, kinds: dict, column: str, gap: float = 1 / 8) -> None:
    """Draw one number of the runs: a band that holds them, and the mean of the seeds.

    Each run ends in a mark, so that the ends of two kinds can be compared one by one:
    the marks of a kind stand side by side with those of the next. Then comes the number
    that the mean ends with. Losses differ by factors, so theirs is a log scale.

    Args:
        axes: where to draw.
        kinds: as in `plot_exhibit`.
        column: what to draw.
        gap: least distance of two numbers, as a share of the height.
    """
    ends = []
    for k, runs in enumerate(kinds.values()):
        colour, dash, mark = LOOKS[k]
        steps, curves = _curves(runs, column)
        steps, mean = steps / 1000, curves.mean(axis=0)
        band = curves.min(axis=0), curves.max(axis=0)
        axes.fill_between(steps, *band, color=colour, alpha=0.17, linewidth=0)
        axes.plot(steps, mean, dash, color=colour)
        look = {"marker": mark, "lw": 0, "alpha": 0.7, "zorder": 3}
        beside = offset_copy(axes.transData, axes.figure, 7 * k, units="points")
        last = [steps[-1]] * len(curves), curves[:, -1]
        axes.scatter(*last, 16, colour, clip_on=False, transform=beside, **look)
        ends.append((steps[-1], mean[-1], colour))
    axes.set(xlim=(0, None))
    if column == "loss":
        _set_log_scale(axes)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    _label_the_ends(axes, ends, FORMS.get(column, FORM), gap)


def _title(column: str) -> str:
    return MEASURED[column] + ("\n(log scale)" if column == "loss" else "")


def _name_the_kinds(fig, axes, names: list[str]) -> None:
    fig.legend(axes.lines, names, loc="outside upper center", ncols=len(names))


def _set_log_scale(axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(NullLocator())


def _label_the_ends(axes, ends: list, form: str, gap: float) -> None:
    """Write each end value beside its line, moved apart where two would touch."""
    scale = axes.yaxis.get_transform()
    low, high = scale.transform(np.array(axes.get_ylim()))
    gap *= high - low
    ends = sorted(ends, key=lambda end: end[1])
    heights = [float(scale.transform(np.array([value]))[0]) for _, value, _ in ends]
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + gap)
    heights[-1] = min(heights[-1], high)  # not into the title
    for k in reversed(range(len(heights) - 1)):
        heights[k] = min(heights[k], heights[k + 1] - gap)
    look = {"textcoords": "offset points", "fontsize": 9, "va": "center"}
    heights = scale.inverted().transform(np.array(heights))
    beside = 7 * len(ends), 0  # points: right of the marks
    for (x, value, colour), height in zip(ends, heights, strict=True):
        text, place = format(value, form), (x, height)
        axes.annotate(text, place, beside, color=colour, annotation_clip=False, **look)


def in_words(kinds: dict, columns) -> str:
    """The curves for those who cannot see them: their means at three places."""
    steps, _ = _curves(next(iter(kinds.values())), "step")
    places = [1, len(steps) // 2 - 1, len(steps) - 1]
    when = [f"{steps[k]:,.0f}" for k in places]
    words = [f"{len(columns)} panels. At steps {when[0]}, {when[1]} and {when[2]}."]
    for column in columns:
        for name, runs in kinds.items():
            means = _curves(runs, column)[1].mean(axis=0)
            values = ", ".join(
                format(means[k], FORMS.get(column, FORM)) for k in places
            )
            words.append(f"{MEASURED[column]}, {name}: {values}.")
    return " ".join(words)


def _ends_in_words(kinds: dict) -> str:
    """Where the means of right runs and of others end, the right ones in brackets."""
    words = []
    for column, title in MEASURED.items():
        ends = (_curves(runs, column)[1].mean(axis=0)[-1] for runs in kinds.values())
        right, wrong = (format(end, FORMS.get(column, FORM)) for end in ends)
        words.append(f"{title} {wrong} ({right})")
    return ", ".join(words)


def _curves(runs: dict, column: str) -> tuple[np.ndarray, np.ndarray]:
    """(rows,) steps, and (seeds, rows) values."""
    steps = next(iter(runs.values()))["step"]
    return steps, np.stack([run[column] for run in runs.values()])


def plot_greys(scores: dict) -> None:
    """Show the games of Breakout that were played through each greyscale."""
    plot_scores(scores, *texts.GREYS)


def plot_symptoms(runs: dict, caption: str) -> None:
    """Show the table of symptoms: a row for each exhibit, a column for each curve.

    The loud ones stand first, then the quiet ones, then the silent ones. The last
    column says which of the six cases an exhibit was.
    """
    rows, titles = symptoms(runs), [*MEASURED.values(), "kind", "case"]
    kinds = [kind_of(signs) for signs in rows.values()]
    places = [0, 1, 2, 3, 3.8, 4.4]
    cases = {exhibit_name(exhibit): case for case, exhibit in CASES.items()}
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.34 * len(rows) + 0.9)
    for y, (name, signs) in enumerate(rows.items()):
        row = [*signs, kinds[y], cases.get(name, "")]
        for x, sign in zip(places, row, strict=True):
            look = {"color": ARROWS.get(sign), "fontsize": 15 if sign in ARROWS else 10}
            write_at(axes, x, y, sign, **look)
    axes.set(xlim=(-0.5, places[-1] + 0.3), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(places, titles, fontsize=9)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    for y in range(1, len(rows)):
        look = ("#DDDDDD", 0.8) if kinds[y] == kinds[y - 1] else (GREY, 1.6)
        axes.hlines(y - 0.5, *axes.get_xlim(), color=look[0], linewidth=look[1])
    words = [
        f"{name}: {' '.join(signs)}, {kind}"
        + (f", case {cases[name]}." if name in cases else ".")
        for (name, signs), kind in zip(rows.items(), kinds, strict=True)
    ]
    alt = f"A table of arrows. Columns: {'; '.join(titles)}. {' '.join(words)}"
    show(fig, caption, alt)


def plot_first_states(states: dict) -> None:
    """Show states, (4, 84, 84) by name: a row of four frames each, the oldest first."""
    titles = [t for name in states for t in (f"{name}: oldest", "", "", "newest")]
    frames = np.concatenate(list(states.values()))
    show_frames(frames, titles, *texts.FIRST_STATES, columns=4, height=1.3)


def plot_three_rewards(rewards: list, over: list, start: int) -> None:
    """Show steps in a row, where each game ends, and the three that a return adds.

    Args:
        rewards: of each step.
        over: whether a game ended with it.
        start: the step whose return is drawn.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=1.5)
    games = np.cumsum([0, *over[:-1]])
    for step, (reward, game) in enumerate(zip(rewards, games, strict=True)):
        axes.bar(step, 0.8, 0.92, color=[SKY, ORANGE][game % 2])
        write_at(axes, step, 0.4, reward)
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
    show(fig, *texts.THREE_REWARDS)


def plot_pulls(wrong, right) -> None:
    """Draw how hard each TD error pulls under two losses, as in exhibit 9.

    The dots are two errors of one Q-value of 0.2: of a ball caught, and of one lost.

    Args:
        wrong, right: losses of TD errors, (B,) to a number.
    """
    fig, axes = new_figure(width=0.7 * PAGE_WIDTH, height=2.2)
    errors, dots = np.linspace(-2, 2, 200), np.array([0.8, -1.2])
    looks = {"right": (right, *LOOKS[0]), "clipped, then squared": (wrong, *LOOKS[1])}
    for name, (loss, colour, dash, mark) in looks.items():
        axes.plot(errors, _pulls(loss, errors), dash, color=colour, label=name)
        axes.plot(dots, _pulls(loss, dots), mark, color=colour)
    for dot, name in zip(dots, ["caught", "lost"], strict=True):
        axes.axvline(dot, color=GREY, linewidth=1, zorder=0)
        axes.text(dot, 1.03, name, ha="center", transform=axes.get_xaxis_transform())
    axes.set(xlabel="TD error", ylabel="its pull")
    fig.legend(loc="outside right upper")
    show(fig, *texts.PULLS)


def _pulls(loss, errors: np.ndarray) -> np.ndarray:
    """The gradient of each error as if it were alone in its batch."""
    variable = tf.Variable(errors)
    with tf.GradientTape() as tape:
        value = loss(variable) * len(errors)  # a mean, made a sum
    return tape.gradient(value, variable).numpy()


def plot_clocks(kinds: dict) -> None:
    """Draw the same scores twice: over the steps counted, and over the games played.

    Args:
        kinds: runs by what to call them, the correct ones first.
    """
    size = {"width": PAGE_WIDTH, "height": 2.3}
    fig, panels = new_figure(1, 2, sharey=True, **size)
    clocks = {"step": "steps, as the run counts them", "games": "games played"}
    for axes, (clock, label) in zip(panels, clocks.items(), strict=True):
        for (name, runs), (colour, dash, _) in zip(kinds.items(), LOOKS, strict=False):
            x, score = (
                _curves(runs, column)[1].mean(axis=0)
                for column in (clock, "mean_score_100")
            )
            axes.plot(x, score, dash, color=colour, label=name)
        axes.set(xlabel=label, xlim=(0, None))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    panels[0].set(ylabel="score in training")
    _name_the_kinds(fig, panels[0], list(kinds))
    show(fig, *texts.CLOCKS)


def plot_schedules(wrong, right) -> None:
    """Draw ε over a run of Catch by two schedules, as in exhibit 12.

    Args:
        wrong, right: schedules: (start, end, decay_steps) to a function of the step.
    """
    fig, axes = new_figure(width=0.7 * PAGE_WIDTH, height=2.2)
    steps = np.arange(0, 6_001, 100)
    names = {"right": right, "four times as long": wrong}
    for (name, kind), (colour, dash, _) in zip(names.items(), LOOKS, strict=False):
        schedule = kind(1.0, 0.05, 2_000)
        epsilon = [schedule(step) for step in steps]
        axes.plot(steps, epsilon, dash, color=colour, label=name)
        axes.text(steps[-1] + 80, epsilon[-1], f"{epsilon[-1]:.2f}", color=colour,
                  va="center")  # fmt: skip
    axes.set(xlabel="step", ylabel="ε", xlim=(0, 6_000), ylim=(0, 1))
    axes.set_xticks(range(0, 6_001, 2_000))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    fig.legend(loc="outside right upper")
    show(fig, *texts.SCHEDULES)
