"""The figure of the learning curves, and the numbers that are read off them."""

from pathlib import Path

import numpy as np

from benchmarks import results
from dqn_tutorial.viewing.plotting import BLUE, GREY, ORANGE, VERMILION, new_figure

LABELS = {
    "ours": "ours, preset laptop",
    "sb3": "Stable-Baselines3, published settings",
    "sb3_our_settings": "Stable-Baselines3, our settings",
}
COLOURS = {"ours": BLUE, "sb3": VERMILION, "sb3_our_settings": ORANGE}
STYLES = {"ours": "-", "sb3": "--", "sb3_our_settings": "-."}
HUMAN = 31.8  # a human tester (Mnih 2015, Extended Data Table 2)


def curves(rows: list[dict]) -> dict[str, dict[str, np.ndarray]]:
    """who -> seed -> minutes and scores, (rows, 2), from the first finished game on."""
    found: dict = {}
    for row in rows:
        point = float(row["minute"]), float(row["score"])
        if np.isfinite(point[1]):
            seeds = found.setdefault(row["who"], {})
            seeds.setdefault(str(row["seed"]), []).append(point)
    return {
        who: {seed: np.array(points) for seed, points in seeds.items()}
        for who, seeds in found.items()
    }


def mean_curve(seeds: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Minutes, and the mean over the seeds of the score then, where all have one."""
    first = max(points[0, 0] for points in seeds.values())
    last = min(points[-1, 0] for points in seeds.values())
    minutes = np.linspace(first, max(first, last), 200)
    scores = [
        np.interp(minutes, points[:, 0], points[:, 1]) for points in seeds.values()
    ]
    return minutes, np.mean(scores, axis=0)


def minutes_to(points: np.ndarray, score: float) -> float:
    """The first minute at which a curve has reached a score; infinity if never."""
    reached = points[points[:, 1] >= score]
    return float(reached[0, 0]) if len(reached) else float("inf")


def draw(rows: list[dict], path: Path) -> None:
    """Each seed's curve, their mean, and the human tester's score."""
    fig, axes = new_figure(width=8, height=4)
    for who, seeds in curves(rows).items():
        for points in seeds.values():
            axes.plot(*points.T, color=COLOURS[who], linewidth=0.7, alpha=0.6)
        label = f"{LABELS[who]}: mean of {len(seeds)} seeds"
        label = label.replace("mean of 1 seeds", "1 seed")
        axes.plot(*mean_curve(seeds), color=COLOURS[who], linestyle=STYLES[who],
                  linewidth=2.2, label=label)  # fmt: skip
    axes.axhline(HUMAN, color=GREY, linestyle=":", linewidth=1.5)
    axes.annotate("human tester", (0, HUMAN), (0, 3), textcoords="offset points",
                  color=GREY, fontsize=9)  # fmt: skip
    cores = "/".join(sorted({str(row["cores"]) for row in rows}))
    plural = "" if cores == "1" else "s"
    axes.set(xlabel=f"minutes of training, each run on {cores} core{plural}")
    axes.set(ylabel="score, mean of the last 100 games")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=9)
    results.save_figure(fig, path)
