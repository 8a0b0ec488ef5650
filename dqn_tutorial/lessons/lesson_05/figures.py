"""Figures of notebook 05, the target network."""

import numpy as np

from dqn_tutorial.viewing.plotting import COLOURS, GREY, PAGE_WIDTH, new_figure, show


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


def plot_pursuits(
    runs: dict, states: dict, caption: str, alt: str, copies: dict | None = None
) -> None:
    """Draw the course of Q-values, run beside run, each with its own scale.

    Args:
        runs: for each run, by its title, (U, S): S Q-values after each of U updates.
        states: for each of the S states, by its name, its true value (drawn dashed).
        caption, alt: as in `show`.
        copies: for a run, by its title, the updates after which the target network
            was copied (drawn dotted).
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=2.8, squeeze=False)
    for axes, (title, values) in zip(panels[0], runs.items(), strict=True):
        lines = zip(np.transpose(values), states.items(), COLOURS, strict=False)
        for line, (name, true_value), colour in lines:
            axes.plot(np.arange(1, len(line) + 1), line, color=colour, label=name)
            axes.axhline(true_value, color=colour, linestyle="--", linewidth=1)
            # Beside the axes; the lowest below its line, so that two do not touch.
            axes.annotate(
                f"{true_value:g}",
                (1, true_value),
                (4, 0),
                xycoords=axes.get_yaxis_transform(),
                textcoords="offset points",
                color=colour,
                va="top" if true_value == min(states.values()) else "bottom",
            )
        for update in (copies or {}).get(title, []):
            axes.axvline(update, color=GREY, linestyle=":", linewidth=1.2)
            axes.annotate(
                "copy",
                (update, 1),
                (3, -2),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                color=GREY,
                fontsize=8,
                va="top",
            )
        axes.set(title=title, xlabel="updates")
        axes.legend()
    panels[0, 0].set_ylabel("Q-value")
    show(fig, caption, alt)
