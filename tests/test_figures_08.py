"""The figures of notebook 08: what is drawn is what was given."""

import numpy as np
import pytest

from dqn_tutorial.lessons.lesson_08 import figures as figures_08


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    drawn = []
    monkeypatch.setattr(figures_08, "show", lambda fig, *texts: drawn.append(fig))
    return drawn


def run(*scores):
    steps = np.arange(1, len(scores) + 1) * 10
    return {"step": steps, "mean_score_100": np.array(scores, float)}


FULL = {0: run(1, 2), 1: run(3, 4), 2: run(5, 6)}


def test_each_variant_has_a_panel_with_the_full_agent_in_it(figures):
    runs = {"full": FULL, "no_replay": {0: run(0, 0)}, "no_target": FULL}
    figures_08.plot_curves(runs, "score", "Curves.", "Lines")
    first, *_ = figures[0].axes
    drawn = [line.get_ydata().tolist() for line in first.lines if len(line.get_xdata())]
    # three seeds, their mean, and the only seed of the variant
    assert drawn == [[1, 2], [3, 4], [5, 6], [3, 4], [0, 0]]
    assert first.lines[0].get_xdata().tolist() == [10, 20]


def test_the_band_is_the_interval_of_the_mean_at_every_row(figures):
    figures_08.plot_curves({"full": FULL, "one_frame": FULL}, "score", "C.", "Lines")
    band = figures[0].axes[0].collections[0].get_paths()[0].vertices
    assert {tuple(point) for point in band} == {(10, 1), (10, 5), (20, 2), (20, 6)}


def test_each_score_is_a_dot_and_what_was_run_just_now_a_cross(figures):
    scores = {"full": np.array([1.0, 2.0, 6.0]), "no_target": np.array([4.0])}
    figures_08.plot_scores(scores, "Scores.", "Dots", live={"no_target": [5.0]})
    (axes,) = figures[0].axes
    points = {
        (line.get_marker(), x, y)
        for line in axes.lines
        if line.get_marker() != "None"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    dots = {("o", 1, 0), ("o", 2, 0), ("o", 6, 0), ("o", 4, 1)}
    assert points == dots | {("|", 3, 0), ("x", 5, 1)}  # one run has no mean
    (bar,) = [line for line in axes.lines if line.get_marker() == "None"]
    assert (list(bar.get_xdata()), list(bar.get_ydata())) == ([1, 6], [0, 0])
