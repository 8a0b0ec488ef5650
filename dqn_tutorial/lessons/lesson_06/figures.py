"""Figures of notebook 06, training."""

import json
import re

import numpy as np
from matplotlib.ticker import MaxNLocator

from dqn_tutorial.runs.pretrained import SHIPPED
from dqn_tutorial.viewing.plotting import (
    BLUE,
    COLOURS,
    GREY,
    PAGE_WIDTH,
    new_figure,
    show,
)


def plot_history(history, caption: str, alt: str) -> None:
    """Draw a run's history: score, epsilon, loss and mean Q against steps.

    Args:
        history: columns by name, as `dqn_tutorial.runs.history.History` gives them.
        caption, alt: as in `show`.

    Raises:
        ValueError: the history has fewer than two rows.
    """
    if len(history) < 2:
        raise ValueError(f"history must have two rows or more, got {len(history)}")
    panels = {
        "mean_score_100": "score, mean of\n100 games",
        "epsilon": "epsilon",
        "loss": "loss",
        "mean_q": "mean of the\nlargest Q-values",
    }
    fig, grid = new_figure(2, 2, width=PAGE_WIDTH, height=4.2, sharex=True)
    for axes, (column, label), colour in zip(
        grid.flat, panels.items(), COLOURS, strict=False
    ):
        axes.plot(history["step"], history[column], color=colour)
        axes.set(ylabel=label)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for axes in grid[1]:
        axes.set(xlabel="steps")
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    show(fig, caption, alt)


def plot_values(exact_q, network_q, caption: str, alt: str) -> None:
    """Draw what a network says against what is right, one point per state.

    Args:
        exact_q, network_q: largest Q-value of each state, two arrays of one length.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=4.2, height=3.6)
    low = min(np.min(exact_q), np.min(network_q))
    axes.plot([low, 1], [low, 1], color=GREY, linewidth=1)
    axes.plot(exact_q, network_q, "o", color=BLUE, markersize=4, alpha=0.5)
    axes.set(xlabel="exact value of the state", ylabel="the network's largest Q-value")
    show(fig, caption, alt)


def learning_rates(name: str) -> dict[int, str]:
    """The learning rates that a shipped agent's run was changed to, by step.

    Args:
        name: the agent's; its "made" file says what was changed, and when.
    """
    made = json.loads((SHIPPED / f"{name}_made.json").read_text())
    form = r"from step ([\d,]+) on, learning_rate: (\S+) against"
    changes = [re.match(form, line) for line in made["changed_settings"]]
    return {
        int(found[1].replace(",", "")): f"{float(found[2]):f}".rstrip("0")
        for found in changes
        if found
    }


def plot_run(
    histories: dict, landmarks: dict, caption: str, alt: str, rates=None
) -> None:
    """Draw the scores of runs against minutes, with known scores as lines.

    Args:
        histories: a history by the name of its run.
        landmarks: a score by its name, drawn as a horizontal line.
        caption, alt: as in `show`.
        rates: learning rates, by the step from which the last run used each.
    """
    fig, axes = new_figure(height=3.2)
    for name, history in histories.items():
        minutes = history["wall_seconds"] / 60
        axes.plot(minutes, history["mean_score_100"], label=name)
    right = axes.get_xlim()[1]
    for name, score in landmarks.items():
        axes.axhline(score, color=GREY, linewidth=1, linestyle="--")
        axes.text(right, score, f" {name}: {score:.3g}", va="center", fontsize=9)
    for step, rate in (rates or {}).items():
        minute = np.interp(step, history["step"], minutes)
        axes.axvline(minute, color=GREY, linewidth=1, linestyle=":")
        place = {"transform": axes.get_xaxis_transform(), "ha": "left"}
        axes.text(minute, 0.17, rate, rotation=90, fontsize=8, **place)
    axes.set(xlabel="minutes of training", ylabel="score, mean of 100 games")
    axes.set_ylim(bottom=0)
    axes.legend()
    show(fig, caption, alt)
