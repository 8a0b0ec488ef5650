"""What notebook 00 shows: games, stages of training, the series."""

import csv
import json
from pathlib import Path

import numpy as np
from IPython.display import display

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.lessons.lesson_00.clips import STEPS_PER_SECOND, Stretch
from dqn_tutorial.lessons.rival import FLIGHT_ROWS, PADDLE_ROWS, middle_of_red
from dqn_tutorial.runs.game_pages import page_of
from dqn_tutorial.runs.pretrained import load_agent, stages
from dqn_tutorial.viewing.notebook import show_page
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    draw_picture,
    new_figure,
    show,
    show_frames,
)
from dqn_tutorial.viewing.video import Recording
from dqn_tutorial.viewing.watched_game import WatchedGame

MARKERS = "osD^vPX"  # stages are told apart without colour, too
SCREEN_HEIGHT, CLOSE = 210, 16  # rows; close above the paddle
PADDLE_WIDTH = 16  # columns


def load_stages(name: str) -> dict[int, DQNAgent]:
    """Load a shipped agent and its stages, by their steps.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    loaded = [load_agent(stage) for stage in stages(name)]
    steps = [origin.rpartition("step ")[2] for _, _, origin in loaded]
    return {
        int(step.replace(",", "")): agent
        for step, (agent, _, _) in zip(steps, loaded, strict=True)
    }


def show_strips(
    recordings: dict, caption: str, alt: str, *, across="time", **options
) -> None:
    """Show the filmstrips of several players, each frame under its player and score.

    Args:
        recordings: from `film_together`, by the player's name.
        caption, alt: as in `show`.
        across: "time" gives each player a row; "players" gives each a column, and
            leaves out the first moment, which is the same for all.
        **options: as for `show_frames`.
    """
    rows = [
        [
            (frame, f"{name}: {score:g}")
            for frame, score in zip(game.filmstrip, game.strip_scores, strict=True)
        ]
        for name, game in recordings.items()
    ]
    if across == "players":
        rows = list(zip(*rows, strict=True))[1:]
    frames, titles = zip(*[cell for row in rows for cell in row], strict=True)
    show_frames(frames, titles, caption, alt, columns=len(rows[0]), **options)


def show_inside(stretch: Stretch, agent: DQNAgent, config: DQNConfig) -> None:
    """Show what a network saw and answered: every step in a page, one on paper.

    Args:
        stretch: with a step in which the ball is behind the wall; the first such step
            is the one on paper.
        agent, config: as `load_agent` gives them.
    """
    page, game, names, answers = page_of(
        stretch.moments(),
        agent,
        config,
        title="What the network sees and expects",
        about="The twenty seconds of the clip: {steps} steps. Of its buttons, 5 % are "
        "random.",
    )
    show_page(page, "The clip step by step: its screen, the four frames that the "
              "network sees, its Q-values, and the curve of V.")  # fmt: skip
    step = int(stretch.behind[stretch.first : stretch.last].argmax())
    plot_step(
        game,
        names,
        answers.q_values,
        step,
        f"One step of the page on paper, step {game.first_step + step:,} of the game: "
        "the ball has just got behind the wall.",
        "A screen of Breakout, the four grey frames that the network sees, and a bar "
        "for each of the four buttons.",
    )


def plot_step(
    game: WatchedGame, names, q_values, step: int, caption: str, alt: str
) -> None:
    """Draw one step: the screen, the frames that the network sees, its Q-values.

    Args:
        game: T steps.
        names: of the A actions.
        q_values: (T, A) floats.
        step: 0..T-1.
        caption, alt: as in `show`.
    """
    pictures = [game.palette[game.screens[step]], *game.states[step]]
    widths = [1, *[0.72] * len(game.states[step]), 1.2]
    fig, (*boxes, bars) = new_figure(
        1, len(widths), width=PAGE_WIDTH, height=2.0, width_ratios=widths
    )
    titles = ["the screen", "3 steps before", "2 before", "1 before", "now"]
    for axes, picture, title in zip(boxes, pictures, titles, strict=True):
        draw_picture(axes, picture)
        axes.set_title(title, fontsize=9)
    values = q_values[step]
    colours = [BLUE if value == values.max() else GREY for value in values]
    drawn = bars.barh(names, values, 0.65, color=colours)
    bars.bar_label(drawn, [f"{value:.2f}" for value in values], padding=3)
    bars.invert_yaxis()
    bars.margins(x=0.3)
    bars.set_title("Q-values", fontsize=9)
    bars.set_xlabel("discounted points", fontsize=9)
    bars.grid(visible=False, axis="y")
    show(fig, caption, alt)


def plot_climb(stretch: Stretch) -> None:
    """Draw the score of a recorded game from its start to its end, a stretch marked."""
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.7)
    seconds = np.arange(len(stretch.scores)) / STEPS_PER_SECOND
    begin, end = seconds[[stretch.first, stretch.last]]
    axes.plot(seconds, stretch.scores, color=BLUE)
    there = stretch.behind
    axes.plot(seconds[there], stretch.scores[there], "o", color=VERMILION, ms=4)
    axes.axvspan(begin, end, color=SKY, alpha=0.25, lw=0)
    x, side = (begin - 1, "right") if begin > seconds[-1] / 2 else (end + 1, "left")
    look = {"ha": side, "transform": axes.get_xaxis_transform()}
    clip = f"the clip: {end - begin:.0f} seconds, {stretch.points:g} points"
    axes.text(x, 0.9, clip, color=BLUE, **look)
    axes.text(x, 0.76, "dots: ball behind the wall", color=VERMILION, **look)
    axes.set(xlabel="seconds of the game", ylabel="score so far", ylim=(0, None))
    axes.margins(x=0.01)
    show(
        fig,
        "The whole game from which the clip is taken; the clip is shaded.",
        f"A curve of the score over {seconds[-1]:.0f} seconds, from 0 to "
        f"{stretch.scores[-1]:g}. The clip is shaded, from second {begin:.0f} to "
        f"second {end:.0f}: the score rises by {stretch.points:g} in it, and dots on "
        f"the curve mark {there[stretch.first : stretch.last + 1].sum()} steps in "
        "which the ball is behind the wall.",
    )


def plot_paths(recordings: dict[str, Recording], caption: str, alt: str) -> None:
    """Draw where each player has got to, and how its paddle and the ball moved.

    Args:
        recordings: by the player's name, with a filmstrip that holds every step.
        caption, alt: as in `show`.
    """
    height, width = next(iter(recordings.values())).filmstrip[0].shape[:2]
    shape = {"width": PAGE_WIDTH, "height": 5.3, "height_ratios": [height / width, 1.1]}
    fig, rows = new_figure(2, len(recordings), sharey="row", squeeze=False, **shape)
    fig.set_layout_engine("compressed")
    for screen, path, (name, game) in zip(*rows, recordings.items(), strict=True):
        screen.imshow(game.filmstrip[-1], aspect="auto", interpolation="nearest")
        screen.set_box_aspect(height / width)
        screen.set_title(name, weight="bold")
        screen.axis("off")
        cut = SCREEN_HEIGHT - height
        places = [_places(frame, cut) for frame in game.filmstrip]
        paddle, ball, close = np.array(places, float).T
        seconds = np.arange(len(paddle)) / STEPS_PER_SECOND
        left, right = paddle - PADDLE_WIDTH / 2, paddle + PADDLE_WIDTH / 2
        path.fill_betweenx(seconds, left, right, color=SKY, label="paddle")
        path.plot(ball, seconds, color=GREY, lw=1, label="ball")
        dots = {"color": VERMILION, "ms": 3.5, "label": "ball, close above the paddle"}
        path.plot(close, seconds, "o", **dots)
        path.set(xlim=(0, width), xticks=[], xlabel="left ↔ right", box_aspect=1.1)
    longest = max(path.dataLim.y1 for path in rows[1])
    rows[1][0].set(ylabel="seconds", ylim=(longest, 0))  # time runs down
    drawn, names = path.get_legend_handles_labels()
    fig.legend(drawn, names, loc="outside lower center", ncols=3)
    show(fig, caption, alt)


def _places(frame: np.ndarray, cut_top: int) -> list[float | None]:
    """Columns of the paddle, the ball, and the ball if it is close above the paddle."""
    screen = np.pad(frame, ((cut_top, 0), (0, 0), (0, 0)))
    top = PADDLE_ROWS.start
    areas = [PADDLE_ROWS, FLIGHT_ROWS, slice(top - CLOSE, top)]
    return [middle_of_red(screen[rows]) for rows in areas]


def plot_stages(history, one_game: dict[int, float], random_mean: float) -> None:
    """Draw a training curve with its stages, beside the score of one game of each.

    An inset shows the first minutes, until the score is ten times a random agent's.

    Args:
        history: columns by name, as `dqn_tutorial.runs.history.History` gives them.
        one_game: the score of one game of each stage, by its step.
        random_mean: mean score of a random agent.
    """
    fig, (curve, bars) = new_figure(
        1, 2, width=PAGE_WIDTH, height=3.6, width_ratios=[5, 2], sharey=True
    )
    minutes, scores = history["wall_seconds"] / 60, history["mean_score_100"]
    curve.plot(minutes, scores, color=GREY)
    inset, early = _draw_first_minutes(curve, minutes, scores, random_mean)
    for k, (step, score) in enumerate(one_game.items()):
        x, y = (np.interp(step, history["step"], c) for c in (minutes, scores))
        look = {"marker": MARKERS[k], "color": COLOURS[k], "clip_on": False}
        look |= {"linestyle": "", "ms": 8, "zorder": 3}
        curve.plot([x], [y], **look)
        labelled, reach = curve, minutes[-1]
        if x <= early:
            labelled, reach = inset, early
            inset.plot([x], [y], **look)
        place = {"ha": "right", "xytext": (-6, 5)}  # a rising curve leaves room there
        if x < reach / 5:
            place = {"ha": "left", "xytext": (0, 7)}
        place |= {"textcoords": "offset points"}
        labelled.annotate(f"{step:,} steps", (x, y), **place)
        bars.bar_label(bars.bar(f"{x:.0f}", score, color=COLOURS[k]), fmt="{:g}")
    curve.set(xlabel="minutes of training", ylabel="score")
    curve.set_title("while training: mean of 100 games")
    curve.set_ylim(0, 1.1 * max(*scores, *one_game.values()))
    bars.set_title("in the video: one game")
    bars.set(xlabel="minutes of training")
    bars.grid(False, axis="x")
    show(
        fig,
        "Left: the whole training, with the stages on it; the inset enlarges its "
        "first minutes. Right: one game of each stage, the one in the video.",
        f"Left, a curve of the score over {minutes[-1]:.0f} minutes: it begins near 0 "
        f"and rises to {scores.max():.0f}, with a mark for each stage. In the inset, "
        f"the first {early:.0f} minutes: at first the curve runs along the "
        f"dashed line of a random agent, at {random_mean:.1f}. Right, a bar for each "
        "stage.",
    )


def _draw_first_minutes(curve, minutes, scores, random_mean: float):
    """The inset, and the minute at which it ends."""
    last = int(np.argmax(scores >= min(10 * random_mean, scores.max())))
    inset = curve.inset_axes((0.09, 0.56, 0.4, 0.36))  # a rising curve is below
    inset.plot(minutes[: last + 1], scores[: last + 1], color=GREY)
    inset.axhline(random_mean, color=BLACK, lw=1.2, ls="--")
    inset.text(minutes[last], random_mean * 1.4, "random agent", ha="right")
    inset.set_title("the first minutes", fontsize=9)
    inset.set(xlim=(0, None), ylim=(0, None))
    return inset, minutes[last]


def show_series(table: Path | str) -> None:
    """Show the notebooks with their questions, and what running each takes.

    Args:
        table: CSV with the columns notebook, minutes, peak_ram_gb and machine, beside
            the notebooks.

    Raises:
        ValueError: the table has no rows, or names a notebook that does not exist.
    """
    with Path(table).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise ValueError(f"table must have a row per notebook, but {table} has none")
    lines = ["| notebook | question | minutes | RAM, GB |", "| --- | --- | --: | --: |"]
    for row in rows:
        title, question = _title_and_question(Path(table).parent / row["notebook"])
        link = f"[{title}]({row['notebook']})"
        cells = [link, question, row["minutes"], row["peak_ram_gb"]]
        lines.append(f"| {' | '.join(cells)} |")
    machines = list(dict.fromkeys(row["machine"] for row in rows))
    text = "\n".join([*lines, "", f"*Measured on: {'; '.join(machines)}.*"])
    display({"text/markdown": text, "text/plain": text}, raw=True)


def _title_and_question(notebook: Path) -> tuple[str, str]:
    """The first heading of a notebook, and the line in italics below it."""
    if not notebook.exists():
        raise ValueError(f"table names {notebook.name}, which does not exist")
    source = "".join(
        json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"]
    )
    heading, question, *_ = [line for line in source.splitlines() if line]
    return heading.removeprefix("# "), question.strip("*")
