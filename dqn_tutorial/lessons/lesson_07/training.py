"""Training runs for notebook 07: the stored one, and two short ones on Catch."""

import numpy as np

from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.lesson_06.helpers import train_aside
from dqn_tutorial.runs.history import COLUMNS, History
from dqn_tutorial.runs.trainer import Trainer

PANELS = {  # the columns to draw, and what their axes say
    "mean_score_100": "score, mean of\n100 games",
    "steps_per_game": "steps a game\nlasts",
    "mean_q": "mean of the\nlargest Q-values",
    "loss": "loss",
    "epsilon": "epsilon",
    "steps_per_second": "steps per second",
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
        ends = f"{known[0]:.3g} to {known[-1]:.3g}, at most {known.max():.3g}"
        parts.append(f"{label}: {ends}".replace("\n", " "))
    return "Six curves over the steps of the run. " + "; ".join(parts) + "."


def catch_run(name: str, **changes) -> Trainer:
    """5,000 steps of Catch with the settings of notebook 06, but for some changes."""
    config = PRESETS["catch"].replace(**changes)
    return train_aside(config, seed=0, num_steps=5_000, title=name)
