"""Training runs for notebook 07, the stored one and two on Catch, and their figures."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.lesson_06.helpers import train_aside
from dqn_tutorial.runs.history import COLUMNS, History
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    new_figure,
    show,
)

PANELS = {  # the columns to draw, and what their axes say
    "mean_score_100": "score, mean of\n100 games",
    "steps_per_game": "steps a game\nlasts",
    "mean_q": "mean of the\nlargest Q-values",
    "loss": "loss",
    "epsilon": "ε",
    "steps_per_second": "steps per second",
}
TELLS = {  # what to look for in each
    "mean_score_100": "what we want, but noisy and late",
    "steps_per_game": "who keeps the ball lives long",
    "mean_q": "does it leave 0? is it possible?",
    "loss": "does it explode? is it exactly 0?",
    "epsilon": "our own schedule",
    "steps_per_second": "the machine: does it slow down?",
}
ROWS = 20  # of a history, over which the length of a game is taken


def curves_of(history: History) -> dict[str, np.ndarray]:
    """The columns of a run, and how many steps a game lasts, over the last rows."""
    run = {column: history[column] for column in COLUMNS}
    steps, games = run["step"], run["games"]
    new_games = np.maximum(games[ROWS:] - games[:-ROWS], 1)
    run["steps_per_game"] = np.full(len(steps), np.nan)
    run["steps_per_game"][ROWS:] = (steps[ROWS:] - steps[:-ROWS]) / new_games
    return run


def described(run: dict[str, np.ndarray]) -> str:
    """An alt text: where each curve of a run begins and ends, and its highest value."""
    parts = []
    for column, label in PANELS.items():
        known = run[column][np.isfinite(run[column])]
        first, last, most = map(_three_figures, [known[0], known[-1], known.max()])
        ends = f"{first} to {last}, at most {most}"
        parts.append(f"{label} ({TELLS[column]}): {ends}".replace("\n", " "))
    return "Six curves over the steps of the run. " + "; ".join(parts) + "."


def _three_figures(number: float) -> str:
    """With three figures, to be read aloud: 1,540 and not 1.54e+03."""
    return f"{float(f'{number:.3g}'):,g}"


def catch_run(name: str, **changes) -> Trainer:
    """5,000 steps of Catch with the settings of notebook 06, but for some changes."""
    config = PRESETS["catch"].replace(**changes)
    return train_aside(config, seed=0, num_steps=5_000, title=name)


def plot_panels(
    histories: dict, panels: dict, caption: str, alt: str, titles: dict | None = None
) -> None:
    """Draw columns of training runs against their steps, a panel for each.

    Args:
        histories: by name of the run, its steps and its columns by name.
        panels: by name of the column, what its axis says; two panels in a row.
        caption, alt: as in `show`.
        titles: by name of the column, what stands above its panel.
    """
    columns = 2 if len(panels) > 3 else len(panels)
    rows = -(-len(panels) // columns)
    size = {"width": PAGE_WIDTH, "height": 0.6 + (2.0 if titles else 1.75) * rows}
    fig, grid = new_figure(rows, columns, **size, sharex=True, squeeze=False)
    for axes, (column, label) in zip(grid.flat, panels.items(), strict=False):
        for history, style in zip(histories.values(), ("-", "--"), strict=False):
            axes.plot(history["step"], history[column], style)
        axes.set(ylabel=label, title=(titles or {}).get(column, ""))
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for axes in grid[-1]:
        axes.set(xlabel="steps")
        axes.xaxis.set_major_locator(MaxNLocator(4 if columns == 2 else 2))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    if len(histories) > 1:
        fig.legend(
            grid[0, 0].lines,
            list(histories),
            loc="outside upper center",
            ncols=len(histories),
        )
    show(fig, caption, alt)


def plot_between_bricks(values, caption: str) -> None:
    """Draw what the states are worth while one brick after the other falls.

    Args:
        values: V in the step in which a brick falls, one step before it, and so on.
        caption: as in `show`; the alt text gives the numbers.
    """
    fig, axes = new_figure(width=6.0, height=2.4)
    period, repeats = len(values), 4
    falls = period - 1 + period * np.arange(repeats)
    axes.plot(np.tile(values[::-1], repeats), color=BLUE, label="V")
    axes.plot(falls, [values[0]] * repeats, "o", color=ORANGE, label="a brick falls")
    axes.axhline(np.mean(values), color=BLACK, linewidth=1, linestyle="--",
                 label=f"mean {np.mean(values):.2f}")  # fmt: skip
    axes.set(xlabel="step", ylabel="V", ylim=(0, 1.15 * max(values)))
    axes.legend(loc="lower center", ncols=3)
    low, high = min(values), max(values)
    show(fig, caption, f"A saw that climbs from {low:.2f} to {high:.2f} until a brick "
         f"falls, and drops. Its mean is {np.mean(values):.2f}.")  # fmt: skip
