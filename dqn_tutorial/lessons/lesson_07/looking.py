"""What notebook 07b asks of a network, and its figures: what it expects and looks at.

Glossary
    V       the largest Q-value of a state: what the network promises from here on
    band    some rows of the 84, in which one thing moves
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from matplotlib.colors import SymLogNorm
from matplotlib.patches import ConnectionPatch

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.viewing.game_page import Answers, game_page
from dqn_tutorial.viewing.notebook import show_page, show_video
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
    write_beside,
)
from dqn_tutorial.viewing.video import Mp4Writer
from dqn_tutorial.viewing.watched_game import WatchedGame, in_batches

SMALL_CHANGE = 0.1  # of V: up to here the colours of a map are linear, then logarithmic
SIDE = 84  # of a frame
LIT = 60  # grey from which a pixel belongs to a thing, for its outline


def q_values_of(agent, states: np.ndarray) -> np.ndarray:
    """The Q-values of many states: (N, 4, 84, 84) uint8 -> (N, A)."""
    return in_batches(agent.q_values, states)


def play_video(screens, alt: str) -> None:
    """Show the screens of a game, one for each step, as a video at its own pace."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "game.mp4"
        with Mp4Writer(path, SingleAtari.metadata["render_fps"]) as video:
            for screen in screens:
                video.write(screen)
        show_video(path, alt)


def show_game(
    game: WatchedGame, q_values: np.ndarray, came: np.ndarray, marks: dict, alt: str
) -> None:
    """Show a game of Breakout in a page that one can step through.

    Args:
        game: T steps.
        q_values: (T, 4), of the network that is looked into.
        came: (T,) the return that followed each step.
        marks: a step by the name of the moment; the page has a button for each.
        alt: as for `show_page`.
    """
    page = game_page(
        game,
        SingleAtari("breakout").action_meanings,
        Answers(q_values),
        title="What it expects, step by step",
        about=f"A whole game of the agent breakout: {len(game):,} steps, score "
        f"{game.scores[-1]:g}. Of its buttons, 5 % are random.",
        steps_per_second=SingleAtari.metadata["render_fps"],
        came=came,
        marks=marks,
    )
    show_page(page, alt)


def plot_game(
    game: WatchedGame, values, returns, marks: dict, caption: str, alt: str
) -> None:
    """Draw what the network promised during a game, with the screens of some moments.

    Args:
        game: T steps.
        values: (T,) V of each.
        returns: (T,) discounted return that followed each.
        marks: a step by the name of the moment.
        caption, alt: as in `show`.
    """
    fig, grid = new_figure(2, len(marks), width=PAGE_WIDTH, height=5.6, squeeze=False,
                           height_ratios=(1.15, 1))  # fmt: skip
    for axes in grid[1]:
        axes.remove()
    curve = fig.add_subplot(grid[0, 0].get_gridspec()[1, :])
    _draw_promise(curve, values, returns, np.flatnonzero(game.life_ended))
    in_order = sorted(marks.items(), key=lambda mark: mark[1])
    for axes, (name, step) in zip(grid[0], in_order, strict=True):
        draw_picture(axes, game.palette[game.screens[step]])
        axes.set_title(f"{name}\nV = {values[step]:.1f}", fontsize=10)
        curve.plot(step, values[step], "o", color=VERMILION, markersize=5, zorder=5)
        line = ConnectionPatch((0.5, 0), (step, values[step]), axes.transAxes,
                               curve.transData, color=VERMILION, lw=0.8)  # fmt: skip
        fig.add_artist(line)
    show(fig, caption, alt)


def _draw_promise(axes, values, returns, life_ends) -> None:
    """V and the return of each step, with a dashed line where a life ends."""
    for end in life_ends:
        a_life = axes.axvline(end, color=GREY, linewidth=1, linestyle="--")
    (came,) = axes.plot(returns, color=ORANGE, linewidth=1.4)
    (promised,) = axes.plot(values, color=BLUE, linewidth=1.4)
    axes.margins(x=0.02, y=0.12)
    axes.set(ylabel="clipped, discounted\npoints", xlabel="step of the game")
    axes.legend([promised, came, a_life],
                ["V, promised", "return that came", "a life ends"], ncols=3,
                loc="upper center", bbox_to_anchor=(0.5, -0.2))  # fmt: skip


def plot_around(
    moments: dict, caption: str, alt: str, levels: dict | None = None
) -> None:
    """Draw V around moments of a game, a panel for each kind, its moments one over
    another. More of them than there are colours are thin, with their mean.

    Args:
        moments: by the name of the kind: steps (T,), counted from the moment, which is
            0, and V (N, T), a row for each of N moments.
        caption, alt: as in `show`.
        levels: by the name of the kind, a value of V to compare with; dashed.
    """
    fig, grid = new_figure(1, len(moments), width=PAGE_WIDTH, height=2.8, sharey=True)
    for axes, (name, (steps, values)) in zip(grid, moments.items(), strict=True):
        if len(values) > len(COLOURS):
            axes.plot(steps, values.T, color=GREY, linewidth=0.4, alpha=0.5)
            axes.plot(steps, values.mean(axis=0), color=BLUE, linewidth=2.5)
        else:
            axes.plot(steps, values.T, linewidth=1.4)
        axes.axvline(0, color=BLACK, linewidth=1, linestyle="--")
        if levels:
            axes.axhline(levels[name], color=GREY, linewidth=1, linestyle="--")
        axes.set(title=name, xlabel="steps from then on")
    grid[0].set_ylabel("V")
    show(fig, caption, alt)


def plot_occlusion(frame, maps: dict, title: str, caption: str, alt: str) -> None:
    """Draw a frame, and what hiding a place of it does to V.

    Args:
        frame: (84, 84) uint8, the newest of the state; its outlines are on the maps.
        maps: by name of what hides: the change of V, (n, n) floats, patches evenly
            spread.
        title: of the frame.
        caption, alt: as in `show`.
    """
    size = {"width": 2.55 * (1 + len(maps)), "height": 2.9}
    fig, (plain, *grid) = new_figure(1, 1 + len(maps), **size)
    plain.imshow(frame, "gray", vmin=0, vmax=255, interpolation="nearest")
    plain.set_title(title)
    largest = max(float(np.abs(change).max()) for change in maps.values())
    norm = SymLogNorm(SMALL_CHANGE, vmin=-largest, vmax=largest)
    for axes, (name, change) in zip(grid, maps.items(), strict=True):
        first = (SIDE - len(change) * (SIDE // len(change)) - 1) / 2
        last = SIDE - 1 - first  # a cell lies on the middle of its patch
        drawn = axes.imshow(change, "PuOr", norm=norm, interpolation="nearest",
                            extent=(first, last, last, first))  # fmt: skip
        axes.contour(frame > LIT, levels=[0.5], colors=BLACK, linewidths=0.6)
        axes.set_title(name)
    for axes in (plain, *grid):
        axes.grid(visible=False)
        axes.set(xticks=[], yticks=[], xlim=(-0.5, 83.5), ylim=(83.5, -0.5))
    ticks = [t for t in (0.1, 0.3, 1, 3, 10, 30) if t <= largest]
    ticks = [*(-t for t in ticks), 0, *ticks]
    bar = fig.colorbar(drawn, ax=grid, shrink=0.85)
    bar.set_ticks(ticks, labels=[f"{t:+g}" if t else "0" for t in ticks])
    bar.minorticks_off()
    bar.set_label("change of V")
    show(fig, caption, alt)


def plot_bands(bands: dict, caption: str, alt: str) -> None:
    """Draw what erasing a band does: to V, and to the choice.

    Args:
        bands: by name of the band, mean V and the share of states in which another
            action is chosen. The first is that of erasing nothing.
        caption, alt: as in `show`.
    """
    fig, grid = new_figure(1, 2, width=PAGE_WIDTH, height=2.6, sharey=True)
    values, shares = np.transpose([*bands.values()])
    labels = ["mean V", "another action, % of states"]
    for axes, numbers, label, colour, digits in zip(
        grid, (values, 100 * shares), labels, COLOURS, (1, 0), strict=False
    ):
        bars = axes.barh(range(len(bands)), numbers, 0.6, color=colour)
        axes.bar_label(bars, [f"{n:.{digits}f}" for n in numbers], padding=3)
        axes.set(xlabel=label, yticks=range(len(bands)), yticklabels=list(bands))
        axes.margins(x=0.15)
        axes.grid(visible=False, axis="y")
    grid[0].invert_yaxis()
    show(fig, caption, alt)


def plot_climbs(climbs: list, through: list, caption: str, alt: str) -> None:
    """Draw the score of games step by step, and where the ball got behind the wall.

    Args:
        climbs: the score before each step of a game and at its end, for each game.
        through: of each game, the first step with the ball behind the wall, or None.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.4)
    for climb, step, colour in zip(climbs, through, COLOURS, strict=False):
        axes.plot(climb, color=colour)
        if step is not None:
            axes.plot(step, climb[step], "o", color=colour, markersize=9)
    axes.set(xlabel="step of the game", ylabel="score")
    ends = zip(climbs, COLOURS, strict=False)
    write_beside(axes, [(climb[-1], f"{climb[-1]:g}", c) for climb, c in ends])
    show(fig, caption, alt)
