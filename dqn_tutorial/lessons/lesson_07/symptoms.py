"""Sketches of runs that go wrong, for notebook 07: what you see, and what to suspect.

They are shapes, drawn by hand, and no measurements: both axes go from 0 to 1.
"""

from typing import NamedTuple

import numpy as np

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREEN,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
    write_at,
)

STEPS = np.linspace(0, 1, 200)  # of a run, as a share of its length
COLOURS = {  # of the curves, by the first word of their labels
    "loss": VERMILION,
    "mean": BLUE,
    "score": GREEN,
    "ε": BLACK,
    "1": BLACK,
}


class Curve(NamedTuple):
    """One curve of a sketch, and where its label stands."""

    label: str  # the symptom
    heights: np.ndarray  # at STEPS
    place: tuple[float, float]  # the middle of the label


def _saturating(height: float, speed: float) -> np.ndarray:
    return height * (1 - np.exp(-speed * STEPS))


def _noisy(heights) -> np.ndarray:
    return heights + 0.012 * np.sin(70 * STEPS) + 0.008 * np.sin(113 * STEPS)


SYMPTOMS = {  # what to suspect first, in the order in which to look
    "no reward ever arrives:\nFIRE, lives, clipping": [
        Curve("mean Q: near 0", _noisy(0.08 + 0.25 * np.exp(-12 * STEPS)), (0.6, 0.21)),
        Curve("loss: exactly 0", 0 * STEPS, (0.6, -0.11)),
    ],
    "learning rate, dead ReLUs,\nwrong scaling": [
        Curve("loss: level", _noisy(0.6 + 0.4 * np.exp(-12 * STEPS)), (0.6, 0.72)),
        Curve("mean Q: level", _noisy(0.33 + 0 * STEPS), (0.6, 0.45)),
        Curve("score: as by chance", _noisy(0.07 + 0 * STEPS), (0.6, 0.19)),
    ],
    "the target: terminated,\ntarget network": [
        Curve("1 / (1 − γ)", 0.45 + 0 * STEPS, (0.2, 0.54)),
        Curve("mean Q: above it, or\ngrowing without end", STEPS**3, (0.36, 0.85)),
    ],
    "what is measured: one life,\nclipped points, ε": [
        Curve("mean Q: grows", _saturating(0.95, 2), (0.3, 0.85)),
        Curve("score: does not", _noisy(0.12 + 0 * STEPS), (0.6, 0.24)),
    ],
    "a small replay buffer,\na learning rate too large": [
        Curve("score: good, then falls",
              _noisy(0.8 * np.sin(np.pi * STEPS**0.8) ** 2 + 0.04), (0.5, 0.99)),
    ],
    "the unit: steps or frames\n(notebook 6)": [
        Curve("ε: still near 1", 1 - 0.1 * STEPS, (0.6, 0.8)),
    ],
}  # fmt: skip


def plot_symptoms(sketches: dict[str, list[Curve]], caption: str) -> None:
    """Draw a sketch for each suspect, two rows of three, numbered in their order.

    Args:
        sketches: by suspect, the curves that point to it, each (T,) at `STEPS`.
        caption: as in `show`; the alt text gives the labels.
    """
    fig, grid = new_figure(2, 3, width=PAGE_WIDTH, height=4.0)
    words = ["Six sketches over the steps."]
    for k, (axes, (suspect, curves)) in enumerate(
        zip(grid.flat, sketches.items(), strict=True), start=1
    ):
        for label, heights, place in curves:
            colour = COLOURS[label.replace(":", "").split()[0]]
            dashes = "--" if label.startswith("1") else "-"  # of a bound
            axes.plot(STEPS, heights, dashes, color=colour, clip_on=False, zorder=3)
            write_at(axes, *place, label, color=colour, fontsize=9.5)
        axes.set_title(f"{k}. {suspect}", fontsize=10, loc="left")
        labels = ", ".join(" ".join(curve.label.split()) for curve in curves)
        words.append(f"{k}. {' '.join(suspect.split())}. In the sketch: {labels}.")
        known = [1 for curve in curves if curve.label.startswith("ε")]
        axes.set(xticks=[], yticks=[0, *known], xlim=(0, 1), ylim=(-0.2, 1.06))
        axes.spines["bottom"].set_position(("data", 0))
        axes.spines["left"].set_bounds(0, 1.06)
        axes.grid(visible=False)
    for axes in grid[-1]:
        axes.set_xlabel("steps", loc="right")
    show(fig, caption, " ".join(words))
