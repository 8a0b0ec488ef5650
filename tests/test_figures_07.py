"""The figures of notebooks 07 and 07b: what is drawn is what was given."""

import numpy as np
import pytest
from drawn import drawn_by

from dqn_tutorial.lessons.lesson_07 import figures as figures_07
from dqn_tutorial.lessons.lesson_07 import (
    intervals,
    looking,
    players,
    symptoms,
    training,
)
from dqn_tutorial.viewing.watched_game import WatchedGame


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, figures_07, intervals, looking, symptoms, training)


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
    games = [([1, 1, 0, 4, 1], [False, True, True, False, True]), ([1], [True])]
    figures_07.plot_lives(games, "Lives.", "Bars")
    (axes,) = figures[0].axes
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    assert bars == [(0, 2), (2, 0), (2, 5), (0, 1)]
    assert [text.get_text().strip() for text in axes.texts] == ["7", "1"]


def test_means_outside_of_the_interval_are_grey(figures):
    means = [4, 5, 5, 6, 9.5]
    both = {"by hand": (3, 7), "package": (2, 8)}
    intervals.plot_means(means, both, "Means.")
    upper, lower = figures[0].axes
    of_colour = {}
    for bar in upper.patches:
        counted = of_colour.setdefault(bar.get_facecolor()[:3], [])
        counted += [bar.get_x()] * round(bar.get_height())
    inside, outside = of_colour.values()
    assert inside == pytest.approx([4, 5, 5, 6], abs=0.1)
    assert outside == pytest.approx([9.5], abs=0.1)
    assert [list(line.get_xdata()) for line in lower.lines] == [[3, 7], [2, 8]]


def test_intervals_that_miss_are_told_from_those_that_do_not(figures):
    low, high = np.array([1, 6, 2, 1]), np.array([9, 8, 7, 4])
    intervals.plot_misses({5: (low, high), 20: (low[:1], high[:1])}, 5.0, "Misses.")
    five, twenty = figures[0].axes
    hits, misses = five.collections
    ends = [[tuple(line[:, 1]) for line in of.get_segments()] for of in (hits, misses)]
    assert ends == [[(2, 7), (1, 9)], [(1, 4), (6, 8)]]  # by their middles
    titles = [axes.get_title() for axes in (five, twenty)]
    assert titles == ["of 5 games: 50% miss", "of 20 games: 0% miss"]


def test_intervals_have_their_ends_and_pairs_their_share(figures):
    intervals.plot_widths([5, 20], [1, 2], [9, 8], 5.0, [0.5, 0.25], "Widths.")
    left, right = figures[0].axes
    assert [tuple(line[:, 1]) for line in left.collections[0].get_segments()] == [
        (1, 9),
        (2, 8),
    ]
    assert [text.get_text() for text in left.texts] == ["8", "6"]
    assert set(left.lines[0].get_ydata()) == {5}
    assert [bar.get_height() for bar in right.patches] == [50, 25]


def test_beginnings_of_the_same_game_share_a_letter_and_a_colour(figures):
    figures_07.plot_beginnings([[0, 2], [1]], "Beginnings.")
    (axes,) = figures[0].axes
    letters = {text.get_position()[0]: text.get_text() for text in axes.texts}
    assert letters == {0: "A", 2: "A", 1: "B"}
    assert len({bar.get_facecolor() for bar in axes.patches}) == 2


def test_every_way_to_count_has_a_bar_for_each_game(figures):
    figures_07.plot_ways({"whole": [10, 20], "life": [2, 4]}, "Ways.")
    drawn = {
        axes.get_title(): [bar.get_width() for bar in axes.patches]
        for axes in figures[0].axes
    }
    assert drawn == {"whole": [10, 20], "life": [2, 4]}


def test_v_climbs_until_a_brick_falls(figures):
    training.plot_between_bricks([3.0, 2.0, 1.0], "V.")
    (axes,) = figures[0].axes
    v, falls, mean = axes.lines
    assert list(v.get_ydata()) == [1, 2, 3] * 4
    assert list(falls.get_xdata()) == [2, 5, 8, 11]
    assert set(falls.get_ydata()) == {3} and set(mean.get_ydata()) == {2}


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
    runs, titles = {"a": run, "b": other}, {"column 1": "Look here"}
    training.plot_panels(runs, panels, "Runs.", "Panels", titles)
    drawn = figures[0].axes
    assert [axes.get_title() for axes in drawn] == ["", "Look here", "", "", "", ""]
    for k, axes in enumerate(drawn):
        solid, dashed = axes.lines
        assert (list(solid.get_ydata()), list(dashed.get_ydata())) == (
            [k, 2 * k],
            [1, 1],
        )


def test_an_arrow_leads_from_the_highest_dot_to_its_fresh_games(figures):
    figures_07.plot_luckiest(np.array([9, 14, 11]), 8.0, 10.0, "One draw.")
    (axes,) = figures[0].axes
    truth, dots, ring, fresh = axes.lines
    assert set(truth.get_ydata()) == {10} and list(dots.get_ydata()) == [9, 14, 11]
    ends = [(line.get_xdata()[0], line.get_ydata()[0]) for line in (ring, fresh)]
    assert ends == [(1, 14), (1, 8)]
    arrow, *names = axes.texts
    assert [tuple(arrow.xyann), tuple(arrow.xy)] == ends
    written = {text.get_text(): text.xy[1] for text in names}
    assert written == {"the best: 14": 14, "the truth: 10": 10, "on fresh games: 8": 8}


def test_every_sketch_has_the_shape_that_its_labels_name(figures):
    symptoms.plot_symptoms(symptoms.SYMPTOMS, "Sketches.")
    shapes = [
        {
            text.get_text().split(":")[0]: line.get_ydata()
            for text, line in zip(axes.texts, axes.lines, strict=True)
        }
        for axes in figures[0].axes
    ]
    no_reward, level, target, measured, falls, unit = shapes
    assert not no_reward["loss"].any() and 0 < no_reward["mean Q"][-1] < 0.1
    late = {name: np.ptp(heights[100:]) for name, heights in level.items()}
    assert list(late) == ["loss", "mean Q", "score"] and max(late.values()) < 0.05
    above = target["mean Q"] > target["1 / (1 − γ)"]
    assert (above[0], above[-1], np.diff(above).sum()) == (False, True, 1)
    assert np.ptp(measured["score"]) < 0.05 and measured["mean Q"][-1] > 0.7
    assert falls["score"].max() > 0.8 > 0.1 > max(falls["score"][[0, -1]])
    assert unit["ε"].min() > 0.85 and unit["ε"][0] == 1
    titles = [axes.get_title(loc="left") for axes in figures[0].axes]
    assert [title[:3] for title in titles] == ["1. ", "2. ", "3. ", "4. ", "5. ", "6. "]
    assert [title[3:] for title in titles] == list(symptoms.SYMPTOMS)


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


def test_v_around_many_moments_is_thin_lines_and_their_mean(figures):
    steps, many = np.arange(-1, 2), np.arange(30.0).reshape(10, 3)
    kinds = {"many": (steps, many), "one": (steps, many[:1])}
    looking.plot_around(kinds, "Around.", "Two panels", {"many": 4.0, "one": 5.0})
    left, right = figures[0].axes
    *thin, mean, _, level = left.lines
    assert [list(line.get_ydata()) for line in thin] == many.tolist()
    assert list(mean.get_ydata()) == [13.5, 14.5, 15.5]
    assert list(level.get_ydata()) == [4, 4]
    assert list(right.lines[0].get_ydata()) == [0, 1, 2]
    assert list(right.lines[-1].get_ydata()) == [5, 5]


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
    assert all(what in text for what in training.TELLS.values())


def test_the_players_are_compared_by_the_same_rules():
    found = players.load_players("breakout", "no_fire")
    assert list(found) == ["agent", "rival", "random"]
    for stored in found.values():
        assert players.as_evaluation(stored).automatic_fire is False
    assert len({stored["mean"] for stored in found.values()}) == 3
