"""The figures of notebook 07: what is drawn is what was given."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from dqn_tutorial.lessons.lesson_07 import figures as figures_07
from dqn_tutorial.lessons.lesson_07 import looking
from dqn_tutorial.viewing import plotting


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    drawn = []
    for module in (figures_07, looking):
        monkeypatch.setattr(module, "show", lambda fig, *texts: drawn.append(fig))
    return drawn


def stored(scores, low, high):
    return {
        "scores": scores,
        "mean": float(np.mean(scores)),
        "median": float(np.median(scores)),
        "interval_95": [low, high],
    }


def test_every_game_is_a_dot_and_mean_and_median_are_lines(figures):
    players = {"agent": stored([1, 2, 9], 1.5, 8.0), "random": stored([0, 0], 0, 0)}
    figures_07.plot_scores(players, "Scores.", "Dots")
    upper, _ = figures[0].axes
    dots, mean, median = upper.lines
    assert list(dots.get_xdata()) == [1, 2, 9]
    assert (set(mean.get_xdata()), set(median.get_xdata())) == ({4}, {2})
    (band,) = upper.patches
    assert (band.get_x(), band.get_width()) == (1.5, 6.5)


def test_lives_follow_each_other_in_the_bar_of_their_game(figures):
    figures_07.plot_lives([[2.0, 0.0, 5.0], [1.0]], [3, 1], "Lives.", "Bars")
    (axes,) = figures[0].axes
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    assert bars == [(0, 2), (2, 0), (2, 5), (0, 1)]
    assert [set(line.get_xdata()) for line in axes.lines] == [{3}, {1}]


def test_the_band_of_the_means_has_the_ends_that_were_given(figures):
    figures_07.plot_intervals([5, 20], [1, 2], [9, 8], 5.0, "Band.", "A band")
    (axes,) = figures[0].axes
    low, high, score = axes.lines
    assert (list(low.get_ydata()), list(high.get_ydata())) == ([1, 2], [9, 8])
    assert set(score.get_ydata()) == {5}


def test_each_protocol_is_a_row_with_all_players(figures):
    players = {"agent": stored([4, 6], 3, 7), "random": stored([1], 1, 1)}
    variants = {"standard": players, "sticky": players, "no_fire": players}
    figures_07.plot_variants(variants, "Variants.", "Rows")
    (axes,) = figures[0].axes
    means = [line for line in axes.lines if line.get_marker() != "None"]
    places = [(line.get_xdata()[0], line.get_ydata()[0]) for line in means]
    assert places == [(5, 0), (1, 0), (5, 1), (1, 1), (5, 2), (1, 2)]


def test_each_column_of_each_run_has_its_panel(figures):
    names = [f"column {k}" for k in range(6)]
    run = {"step": [0, 1]} | {name: [k, 2 * k] for k, name in enumerate(names)}
    other = {"step": [0, 2]} | {name: [1, 1] for name in names}
    panels = {name: name.upper() for name in names}
    figures_07.plot_panels({"a": run, "b": other}, panels, "Runs.", "Panels")
    drawn = figures[0].axes
    for k, axes in enumerate(drawn):
        solid, dashed = axes.lines
        assert (list(solid.get_ydata()), list(dashed.get_ydata())) == (
            [k, 2 * k],
            [1, 1],
        )


VALUES, RETURNS = np.linspace(0, 99, 100), np.linspace(99, 0, 100)


def draw_values(marks, zooms):
    looking.plot_values(
        VALUES, RETURNS, [40, 99], marks, zooms, "Values.", "Two curves"
    )


def test_promise_and_return_are_drawn_whole_and_enlarged(figures):
    draw_values({"A": 10, "B": 95}, [(5, 14), (90, 120)])
    left, right, whole = figures[0].axes
    *ends, came, promised = [line for line in whole.lines if len(line.get_xdata()) > 1]
    assert [line.get_xdata()[0] for line in ends] == [40, 99]
    assert list(came.get_ydata()) == list(RETURNS)
    assert list(promised.get_ydata()) == list(VALUES)
    assert list(left.lines[-2].get_xdata()) == list(range(5, 15))
    assert list(right.lines[-2].get_xdata()) == list(range(90, 100))  # to the end only


def test_a_fall_is_orange_a_rise_is_blue_and_no_change_is_clear(figures):
    frame = np.zeros((84, 84), np.uint8)
    change = np.array([[-0.3, 0.3], [0.02, 30.0]])
    looking.plot_occlusion(
        [frame, frame], {"erased": [change, -change]}, ["a", "b"], "Maps.", "Maps"
    )
    _, first_map, _, second_map = figures[0].axes
    colours = np.asarray(first_map.images[1].get_array())
    assert colours[0, 0, :3] == pytest.approx(to_rgb(plotting.ORANGE))
    assert colours[0, 1, :3] == pytest.approx(to_rgb(plotting.SKY))
    assert colours[..., 3] == pytest.approx(np.array([[0.5, 0.5], [0, 0.9]]))
    other = np.asarray(second_map.images[1].get_array())
    assert other[0, 0, :3] == pytest.approx(to_rgb(plotting.SKY))
