"""The figures of notebooks 07 and 07b: what is drawn is what was given."""

import numpy as np
import pytest

from dqn_tutorial.lessons.lesson_07 import figures as figures_07
from dqn_tutorial.lessons.lesson_07 import looking, players, training
from dqn_tutorial.viewing.watched_game import WatchedGame


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
    figures_07.plot_protocols(variants, "Variants.")
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


def test_the_best_of_many_is_drawn_beside_the_truth(figures):
    figures_07.plot_best_of([1, 5], [10, 14], [10, 9], 10.0, "Best.")
    (axes,) = figures[0].axes
    truth, chosen, fresh = axes.lines
    assert set(truth.get_ydata()) == {10}
    assert (list(chosen.get_ydata()), list(fresh.get_ydata())) == ([10, 14], [10, 9])


def test_the_bar_of_an_interval_ends_where_the_interval_ends(figures):
    players = {"agent": stored([4, 6], 3, 7)}
    figures_07.plot_protocols({"standard": players}, "Variants.")
    (bar, _) = figures[0].axes[0].lines
    assert (list(bar.get_xdata()), bar.get_solid_capstyle()) == ([3, 7], "butt")


VALUES, RETURNS = np.linspace(0, 99, 100), np.linspace(99, 0, 100)


def game_of_shades():
    """A hundred steps; the screen of step t is all of the colour (t, t, t)."""
    shades = np.arange(100, dtype=np.uint8)
    return WatchedGame(
        screens=np.tile(shades[:, None, None], (1, 210, 160)),
        palette=np.tile(shades[:, None], (1, 3)),
        frames=np.zeros((103, 84, 84), np.uint8),
        actions=np.zeros(100, int),
        scores=np.zeros(101),
        lives=np.ones(100, int),
        life_ended=np.isin(shades, [40, 99]),
        first_step=0,
        game_over=True,
    )


def test_promise_and_return_are_drawn_below_the_screens_of_the_moments(figures):
    marks = {"late": 95, "early": 10}
    looking.plot_game(game_of_shades(), VALUES, RETURNS, marks, "Game.", "A game")
    first, second, curve = figures[0].axes
    shown = [int(axes.images[0].get_array()[0, 0, 0]) for axes in (first, second)]
    assert shown == [10, 95]  # in the order of the game
    assert (first.get_title(), second.get_title()) == (
        "early\nV = 10.0",
        "late\nV = 95.0",
    )
    *ends, came, promised = [line for line in curve.lines if len(line.get_xdata()) > 1]
    assert [line.get_xdata()[0] for line in ends] == [40, 99]
    assert list(came.get_ydata()) == list(RETURNS)
    assert list(promised.get_ydata()) == list(VALUES)


def test_the_page_of_a_game_has_a_button_for_each_moment(monkeypatch):
    shown = []
    monkeypatch.setattr(looking, "show_page", lambda *page: shown.append(page))
    game, q_values = game_of_shades(), np.tile(VALUES[:, None], (1, 4))
    looking.show_game(game, q_values, RETURNS, {"late": 95}, "A game")
    ((page, alt),) = shown
    assert '"marks":{"late":95}' in page and '"came":[99.0,98.0' in page
    assert '"names":["NOOP","FIRE","RIGHT","LEFT"]' in page and alt == "A game"


def test_both_maps_share_one_scale_with_no_change_in_its_middle(figures):
    frame, change = np.zeros((84, 84), np.uint8), np.array([[-0.3, 0.3], [0.0, 3.0]])
    maps = {"erased": change, "covered": -change / 2}
    looking.plot_occlusion(frame, maps, "V = 1", "Maps.", "Maps")
    _, erased, covered, bar = figures[0].axes
    assert np.asarray(erased.images[0].get_array()).tolist() == change.tolist()
    for axes in (erased, covered):
        norm = axes.images[0].norm
        assert (norm.vmin, norm.vmax, norm(0.0)) == (-3, 3, 0.5)
    assert bar.get_ylabel() == "change of V"


def test_each_band_has_a_bar_for_the_value_and_one_for_the_choice(figures):
    looking.plot_bands({"nothing": (4.2, 0), "ball": (1.1, 0.7)}, "Bands.", "Bars")
    values, shares = figures[0].axes
    assert [bar.get_width() for bar in values.patches] == pytest.approx([4.2, 1.1])
    assert [bar.get_width() for bar in shares.patches] == pytest.approx([0, 70])


def test_the_length_of_a_game_is_taken_over_the_last_rows():
    rows = training.ROWS + 2
    history = {column: np.zeros(rows) for column in training.COLUMNS}
    history["step"] = 100 * np.arange(rows)
    history["games"] = np.array([0, 0, *range(1, rows - 1)])
    lengths = training.curves_of(history)["steps_per_game"]
    assert np.isnan(lengths[:-2]).all()
    # 19 games in the 2,000 steps up to the last row but one, 20 in those up to it.
    assert lengths[-2:] == pytest.approx([2_000 / 19, 2_000 / 20])


def test_the_alt_text_of_a_run_names_the_ends_and_the_top_of_each_curve():
    run = {column: np.array([np.nan, 1.0, 4.0, 2.0]) for column in training.PANELS}
    text = training.described(run)
    assert text.count("1 to 2, at most 4") == len(training.PANELS) == 6
    assert "score, mean of 100 games" in text and "\n" not in text


def test_the_players_are_compared_by_the_same_rules():
    found = players.load_players("breakout", "no_fire")
    assert list(found) == ["agent", "rival", "random"]
    for stored in found.values():
        assert players.as_evaluation(stored).automatic_fire is False
    assert len({stored["mean"] for stored in found.values()}) == 3
