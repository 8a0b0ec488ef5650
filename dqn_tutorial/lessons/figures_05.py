"""Figures of notebook 05, the target network."""

import numpy as np

from dqn_tutorial.plotting import COLOURS, PAGE_WIDTH, new_figure, show


def plot_losses(errors, curves: dict, caption: str, alt: str) -> None:
    """Draw losses side by side with their gradients, over the TD error.

    Args:
        errors: (E,), in rising order.
        curves: for each loss, by its name, its values and its gradients, (E,) each.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, 2, height=2.8)
    for (name, lines), dash in zip(curves.items(), ["-", "--", ":"], strict=False):
        for axes, line in zip(panels, lines, strict=True):
            axes.plot(errors, line, dash, label=name)
    panels[0].set(xlabel="TD error", ylabel="loss", title="What is measured")
    panels[1].set(xlabel="TD error", ylabel="gradient", title="What pulls")
    panels[0].legend()
    show(fig, caption, alt)


def plot_pursuits(runs: dict, states: dict, caption: str, alt: str) -> None:
    """Draw how Q-values went, run beside run, each with a scale of its own.

    Args:
        runs: for each run, by its title, (U, S): S Q-values after each of U updates.
        states: for each of the S states, by its name, its true value (drawn dashed).
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=2.8, squeeze=False)
    for axes, (title, values) in zip(panels[0], runs.items(), strict=True):
        lines = zip(np.transpose(values), states.items(), COLOURS, strict=False)
        for line, (name, true_value), colour in lines:
            axes.plot(np.arange(1, len(line) + 1), line, color=colour, label=name)
            axes.axhline(true_value, color=colour, linestyle="--", linewidth=1)
        axes.set(title=title, xlabel="updates")
    panels[0, 0].set_ylabel("Q-value")
    panels[0, 0].legend()
    show(fig, caption, alt)
