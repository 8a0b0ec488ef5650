"""The figures of the lessons: what is drawn is what was given."""

import numpy as np
import pytest
from drawn import drawn_by
from histories import history_of
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from dqn_tutorial.adam import make_optimizer
from dqn_tutorial.catch import Catch, draw, state_index
from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.lesson_01 import counts as counts_01
from dqn_tutorial.lessons.lesson_01 import figures as figures_01
from dqn_tutorial.lessons.lesson_02 import figures as figures_02
from dqn_tutorial.lessons.lesson_03 import figures as figures_03
from dqn_tutorial.lessons.lesson_03 import sketches as sketches_03
from dqn_tutorial.lessons.lesson_05 import figures as figures_05
from dqn_tutorial.lessons.lesson_05 import transitions as transitions_05
from dqn_tutorial.lessons.lesson_06 import figures as figures_06
from dqn_tutorial.lessons.rival import RED, load_rival_scores
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.q_table import train
from dqn_tutorial.runs.history import COLUMNS
from dqn_tutorial.runs.pretrained import load_scores

LESSONS = (counts_01, figures_01, figures_02, figures_03, sketches_03)
LESSONS += (figures_05, transitions_05, figures_06)


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, *LESSONS)


def test_a_board_shows_the_largest_q_value_where_something_was_learned(figures):
    q = np.zeros((250, 3))
    q[(8 * 5 + 3) * 5 + 2] = [-1, -1, 1]  # ball in row 8, column 3; paddle in 2
    q[(7 * 5 + 3) * 5 + 1] = [0.5, 0.45, 0.5]  # ball in row 7, column 3; paddle in 1
    q[(8 * 5 + 3) * 5 + 0] = [-0.5, 0, 0]  # one action lost, two unknown
    q[(6 * 5 + 0) * 5 + 0] = [0.3, 0, 0]  # another column of the ball
    figures_01.plot_filmstrip({"a": np.zeros((250, 3)), "b": q}, 3, "T.", "Two boards")
    empty, board = figures[0].axes[:2]
    assert not empty.texts
    said = {text.get_position(): text.get_text() for text in board.texts}
    assert said == {(2, 8): "1", (1, 7): ".50", (0, 8): ".00"}
    values = board.images[0].get_array()
    assert values.shape == (9, 5) and np.count_nonzero(values) == 2


def test_a_table_of_another_game_is_refused():
    with pytest.raises(ValueError, match=r"q must have shape \(250, 3\), got \(4, 2\)"):
        figures_01.plot_filmstrip({"a": np.zeros((4, 2))}, 0, "T.", "A table")


def test_three_lines_share_the_games(figures):
    returns = [-1.0] * 100 + [1.0] * 100
    greedy = [-0.6] * 5 + [1.0] * 196
    figures_01.plot_three_lines([0.5] * 200, returns, greedy, "L.", "Three lines")
    upper, lower = figures[0].axes
    assert set(upper.lines[0].get_ydata()) == {0.5}
    table, player, _ = lower.lines
    assert list(table.get_ydata()) == greedy and table.get_xdata()[0] == 0
    assert player.get_xdata()[[0, -1]].tolist() == [100, 200]
    assert player.get_ydata()[[0, -1]] == pytest.approx([-1, 1])


def test_the_first_perfect_table_is_marked(figures):
    figures_01.plot_three_lines([0.5] * 200, [1.0] * 200, [0, 1.0, 1], "L.", "Lines")
    assert [text.get_text() for text in figures[0].axes[1].texts] == [
        "perfect after 1 games"
    ]


def test_a_discount_is_read_at_the_steps_that_are_waited(figures):
    figures_01.plot_discounts([1.0, 0.9, 0.5], 2, "D.", "Three lines")
    (axes,) = figures[0].axes
    said = [text.get_text() for text in axes.texts[:3]]
    assert said == ["1.00", "0.81", "0.25"]
    names = {text.get_text() for text in axes.texts[3:]}
    assert names == {"discount 1", "discount 0.9", "discount 0.5"}


def test_an_update_goes_from_the_guess_towards_the_target(figures):
    figures_01.plot_one_update(0.2, 0.72, 0.46, "U.", "A line of numbers")
    (axes,) = figures[0].axes
    assert [line.get_xdata()[0] for line in axes.lines] == [0.2, 0.46, 0.72]
    said = [text.get_text() for text in axes.texts]
    assert "TD error: 0.52" in said and "learning rate × TD error: 0.26" in said


def test_the_paddle_of_an_empty_table_goes_left_in_all_five_games(figures):
    figures_01.plot_greedy_games(np.zeros((250, 3)), "G.", "Five boards")
    titles = [axes.get_title() for axes in figures[0].axes]
    assert titles == ["column 0: +1", *(f"column {k}: -1" for k in (1, 2, 3, 4))]
    for ball, axes in enumerate(figures[0].axes):
        way, dot = axes.lines
        assert way.get_xdata().tolist() == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        assert dot.get_xydata().tolist() == [[ball, 9]]


def test_an_endless_game_is_summed_with_each_discount(figures):
    figures_01.plot_endless({"a": [1, 1, 1]}, [1.0, 0.5], "E.", "Two lines")
    sums = [axes.lines[0].get_ydata().tolist() for axes in figures[0].axes]
    assert sums == [[1, 2, 3], [1, 1.5, 1.75]]


def test_the_tables_kept_are_those_of_training_game_by_game():
    settings = {"learning_rate": 0.5, "discount": 0.9}
    settings |= {"epsilon_start": 1.0, "epsilon_end": 1.0}
    tables = figures_01.tables_after_each_game(40, np.random.default_rng(3), **settings)
    assert tables.shape == (41, 250, 3) and not tables[0].any()
    for games in (7, 40):
        q, _ = train(Catch(), games, rng=np.random.default_rng(3), **settings)
        np.testing.assert_array_equal(tables[games], q)


def test_a_table_that_goes_left_catches_one_ball_of_five():
    """-0.6 = (1 - 4) / 5; a table that follows the ball scores 1."""
    follow = np.zeros((250, 3))
    _, ball, paddle = np.unravel_index(np.arange(250), (10, 5, 5))
    follow[np.arange(250), 1 + np.sign(ball - paddle)] = 1
    tables = [np.zeros((250, 3)), follow]
    assert figures_01.greedy_scores(tables) == pytest.approx([-0.6, 1.0])


def test_the_paddle_is_as_far_from_the_middle_as_it_had_steps():
    reached, over = counts_01.search_catch()
    row, _, paddle = np.unravel_index(np.arange(250), (10, 5, 5))
    np.testing.assert_array_equal(reached, abs(paddle - 2) <= row)
    np.testing.assert_array_equal(over, row == 9)


def test_each_state_has_the_colour_of_its_kind_and_the_legend_counts_them(figures):
    kinds = {name: np.zeros(250, bool) for name in "abc"}
    kinds["a"][[22, 23]] = kinds["b"][192] = kinds["c"][[217, 218, 243]] = True
    counts_01.plot_states(kinds, "S.", "Five boards")
    said = [text.get_text() for text in figures[0].legends[0].texts]
    assert said == ["a: 2", "b: 1", "c: 3"]
    colours = {}
    for axes in figures[0].axes:
        *squares, start = axes.patches
        assert start.get_xy() == (1.5, -0.5) and not start.get_fill()
        fills = {square.get_xy(): square.get_facecolor() for square in squares}
        for text in axes.texts:
            x, y = text.get_position()
            colours[int(text.get_text())] = fills[x - 0.5, y - 0.5]
    bare = to_rgba("white")
    assert {state for state in colours if colours[state] != bare} == {
        22, 23, 192, 217, 218, 243
    }  # fmt: skip
    for mask, shade in zip(kinds.values(), counts_01.SHADES, strict=True):
        assert {colours[state] for state in np.flatnonzero(mask)} == {to_rgba(shade)}
    row_7 = [text.get_text() for text in figures[0].axes[3].texts[35:40]]
    assert row_7 == ["190", "191", "192", "193", "194"]  # the ball is in column 3


def test_a_long_number_fills_pages_and_a_short_one_a_part_of_a_line(figures):
    counts_01.plot_digits(80 * 40 + 83, {"x": 80, "y": 3}, "D.", "Two pages")
    (axes,) = figures[0].axes
    lines = [
        np.ptp(np.array(c.get_segments())[:, :, 0], axis=1) for c in axes.collections
    ]
    assert [part.tolist() for part in lines] == [[80] * 40, [80, 3], [80], [3]]
    assert len(axes.patches) == 2
    assert [text.get_text() for text in axes.texts] == ["x", "y"]


def test_returns_are_drawn_as_means_of_the_games_before(figures):
    figures_01.plot_returns({"a": [0, 2, 4, 3], "b": [1, 1]}, 2, "Returns.", "Returns")
    first, second = figures[0].axes[0].lines
    assert first.get_xdata().tolist() == [2, 3, 4]
    assert first.get_ydata() == pytest.approx([1, 3, 3.5])
    assert second.get_xdata().tolist() == [2] and second.get_ydata() == [1]
    with pytest.raises(ValueError, match="between 1 and the 3 games, got 4"):
        figures_01.plot_returns([1, 2, 3], 4, "Returns.", "Returns")


def test_landmarks_are_level_lines_with_their_names(figures):
    marks = {"at random": -0.6, "best possible": 1.0}
    figures_01.plot_returns([0, 1], 1, "Returns.", "A line", landmarks=marks)
    (axes,) = figures[0].axes
    assert [set(line.get_ydata()) for line in axes.lines[1:]] == [{-0.6}, {1.0}]


def test_the_picture_of_the_networks_is_read_from_their_layers(figures):
    networks = [build_q_network(name, 4, 0) for name in ("dqn2013", "dqn2015")]
    figures_03.plot_networks(networks, "Networks.", "Two networks")
    _, lower = figures[0].axes
    said = [text.get_text() for text in lower.texts if text.get_text()]
    assert said[::2] == ["84×84×4", "20×20×32", "9×9×64", "7×7×64", "512", "4"]


def test_a_convolution_frames_patches_and_their_sums(figures):
    parts = np.eye(4), np.ones((2, 2)), np.full((2, 2), -7)
    places = [(0, 1), (1, 0)]  # with stride 2, the patches from (0, 2) and from (2, 0)
    sketches_03.plot_convolution(*parts, 2, places, "Grids.", "Three grids of numbers")
    picture, _, sums = figures[0].axes
    assert [text.get_text() for text in sums.texts] == ["−7"] * 4
    for axes, side in ((picture, 2), (sums, 1)):  # frames just inside the squares
        boxes = [box.get_bbox().bounds for box in axes.patches]
        expected = [(side - 0.5, -0.5, side, side), (-0.5, side - 0.5, side, side)]
        assert np.array(boxes) == pytest.approx(np.array(expected), abs=0.1)
    edges = [[box.get_ec() for box in axes.patches] for axes in (picture, sums)]
    assert edges[0] == edges[1] and edges[0][0] != edges[0][1]


def test_a_pixel_that_no_place_of_a_filter_covers_is_hatched(figures):
    sketches_03.plot_places([(6, 2, 2), (8, 3, 2)], "Places.", "Two strips")
    fits, rest = figures[0].axes
    titles = [axes.get_title(loc="left") for axes in (fits, rest)]
    assert titles == ["6 pixels: 3 places", "8 pixels: 3 places, 1 never seen"]
    bars = [bar.get_paths()[0].get_extents() for bar in rest.collections]
    assert [round(bar.x0) for bar in bars] == [0, 2, 4]  # 3 wide: up to pixel 7
    assert [bar.y0 for bar in bars] == [1, 2, 1]  # in two lanes
    hatched = [box for box in rest.patches if box.get_hatch()]
    assert [(box.get_x(), box.get_width()) for box in hatched] == [(7, 1)]


def test_a_path_is_the_product_of_what_lies_on_it(figures):
    sketches_03.plot_paths([(0.5, 1, -2.0), (3.0, 0, 1.5)], "Paths.", "Two paths")
    said = [text.get_text() for text in figures[0].axes[0].texts]
    assert {"0.5 · 1 · −2 = −1", "3 · 0 · 1.5 = 0"} < set(said)
    dotted = [line for line in figures[0].axes[0].lines if line.get_linestyle() == ":"]
    assert len(dotted) == 2  # both halves of the path that is cut


def test_parameters_are_bars_with_their_share(figures):
    counts = {"a": {"x": 1, "y": 3}, "b": {"z": 400}}
    figures_03.plot_parameters(counts, "Bars.", "Two panels of bars")
    first, second = figures[0].axes
    assert [bar.get_width() for bar in first.patches] == [1, 3]
    assert [text.get_text() for text in first.texts] == ["1 = 25.0%", "3 = 75.0%"]
    assert (first.get_title(), second.get_title()) == ("a: 4", "b: 400")
    assert first.get_xlim() == second.get_xlim()


def test_a_weight_walks_down_the_parabola_of_its_own_points(figures):
    # (2w - 3)² / 2 has slope 2 (2w - 3) and its bottom, 0, at 1.5
    walk = [(0.0, 4.5, -6.0), (0.6, 1.62, -3.6)]
    sketches_03.plot_descent(walk, 2.0, "A walk.", "A parabola and dots")
    parabola, slope, dots = figures[0].axes[0].lines
    w, loss = parabola.get_data()
    assert loss == pytest.approx((2 * w - 3) ** 2 / 2)
    assert slope.get_ydata() == pytest.approx(4.5 - 6 * slope.get_xdata())
    assert list(dots.get_xdata()) == [0.0, 0.6]


def test_walks_are_drawn_beside_their_target(figures):
    sketches_03.plot_walks({"a": [1, 2], "b": [3, 4]}, [5, 6], "W.", "Three lines")
    lines = figures[0].axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [[5, 6], [1, 2], [3, 4]]


def test_a_sheet_of_filters_has_the_newest_frame_on_top(figures):
    kernel = np.arange(16.0).reshape(1, 1, 4, 4)  # frame 3 holds 12 to 15
    figures_03.plot_filters({"a": kernel}, "Filters.", "A sheet of filters")
    sheet = figures[0].axes[0].images[0].get_array()
    assert sheet.shape == (7, 7)
    assert sheet[0, ::2].tolist() == [12, 13, 14, 15]
    assert sheet[6, ::2].tolist() == [0, 1, 2, 3]


def test_each_row_of_filters_says_its_share_of_the_squared_weight(figures):
    kernel = np.array([1.0, 2, 2, 4]).reshape(1, 1, 4, 1)  # squares 1, 4, 4, 16 of 25
    figures_03.plot_filters({"a": kernel}, "Filters.", "A sheet of filters")
    shares = [text.get_text() for text in figures[0].axes[0].texts]
    assert shares == ["64%", "16%", "16%", "4%"]


def test_a_shipped_agents_filters_come_from_before_and_after_its_training():
    before, after = figures_03.shipped_filters("breakout")
    assert before.shape == after.shape == (8, 8, 4, 16)
    limit = 1.01 * np.sqrt(6 / (8 * 8 * (4 + 16)))  # Glorot's, stored in 16 bits
    assert np.abs(before).max() < limit < np.abs(after).max()


def test_cosines_tell_a_pattern_from_its_negative():
    a = np.array([[[1.0, 1, 1]], [[2, 2, 2]]])
    b = np.array([[[2.0, -1, 2]], [[4, -2, -1]]])
    assert figures_03.cosines(a, b) == pytest.approx([1, -1, 0])


def test_the_paddle_is_drawn_with_a_star_where_a_step_paid(figures):
    screens = [np.zeros((210, 160, 3), np.uint8) for _ in range(3)]
    screens[0][189:193, 20:36] = screens[1][189:193, 40:56] = (200, 72, 72)
    figures_03.plot_paddle({"a": (screens, [0, 4, 0])}, "P.", "A line with a star")
    path, stars = figures[0].axes[0].lines
    assert path.get_ydata() == pytest.approx([27.5, 47.5, np.nan], nan_ok=True)
    assert list(stars.get_xdata()) == [1] and list(stars.get_ydata()) == [47.5]


def test_choices_are_made_of_chance_and_of_purpose(figures):
    counted = np.array([0.1, 0.71, 0.1, 0.09])
    figures_03.plot_choices(counted, list("abcd"), 0.4, "Bars.", "Four bars")
    axes = figures[0].axes[0]
    chance, purpose = axes.containers
    assert [bar.get_width() for bar in chance] == pytest.approx([0.1] * 4)
    assert [bar.get_width() for bar in purpose] == pytest.approx([0, 0.6, 0, 0])
    assert purpose[1].get_x() == pytest.approx(0.1)
    assert list(axes.lines[0].get_xdata()) == list(counted)


def test_a_schedule_is_drawn_from_step_0_to_the_last(figures):
    figures_03.plot_schedules({"a": lambda step: step / 6000}, 6000, "S.", "A line")
    (line,) = figures[0].axes[0].lines
    assert line.get_xdata()[[0, -1]].tolist() == [0, 6]  # thousands
    assert line.get_ydata()[300] == pytest.approx(0.5)


def test_an_arrow_stops_at_a_wall_if_the_game_ended_and_goes_on_if_it_was_cut(figures):
    flags = [False, True, False], [False, False, True]
    next_q = [[1, 3], [4, 0], [0.5, -1]]
    names = ["ordinary", "lost", "cut"]
    transitions_05.plot_transitions(names, [0, -2, 1], *flags, next_q, "T.", "Rows")
    (axes,) = figures[0].axes
    (wall,) = (patch for patch in axes.patches if patch.get_hatch())
    (clock,) = (patch for patch in axes.patches if isinstance(patch, Circle))
    arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None)]
    plain, lost, cut = (arrow.xy for arrow in arrows)
    assert lost == (wall.get_x(), wall.get_y() + wall.get_height() / 2)
    assert plain[0] == cut[0] > lost[0] + 0.5
    dashed = [arrow.arrow_patch.get_linestyle() == "--" for arrow in arrows]
    assert dashed == [False, False, True]
    assert 0 < cut[1] - clock.center[1] < 0.3  # the y-axis points down
    numbers = [text for text in axes.texts if text.get_text()[-1:].isdigit()]
    assert " ".join(n.get_text() for n in numbers) == "0 1 3 −2 4 0 1 0.5 −1"
    bold = [n.get_text() for n in numbers if n.get_fontweight() == "bold"]
    assert bold == ["3", "4", "0.5"]


def test_losses_are_drawn_beside_their_gradients(figures):
    curves = {"squared": ([2, 0, 2], [-2, 0, 2]), "Huber": ([1.5, 0, 1.5], [-1, 0, 1])}
    figures_05.plot_losses([-2, 0, 2], curves, "Losses.", "Four lines")
    loss, gradient = figures[0].axes
    assert [list(line.get_ydata()) for line in loss.lines] == [[2, 0, 2], [1.5, 0, 1.5]]
    assert [line.get_ydata()[2] for line in gradient.lines] == [2, 1]


def test_the_cells_of_the_actions_taken_have_frames(figures):
    q = np.array([[1.0, 2.0], [0.0, -1.0]])
    gradient = np.array([[0.0, -0.234], [0.5, 0.0]])
    figures_05.plot_pulls(q, [1, 0], [2.7, -1], gradient, "P.", "Two tables")
    values, pulls = figures[0].axes
    assert [text.get_text() for text in values.texts] == ["1", "2", "0", "−1"]
    assert [text.get_text() for text in pulls.texts] == ["0", "−0.23", "0.5", "0"]
    for axes in (values, pulls):
        assert [box.get_xy() for box in axes.patches] == [(0.5, -0.5), (-0.5, 0.5)]
    assert [label.get_text() for label in values.get_yticklabels()] == [
        "target 2.7",
        "target −1",
    ]


def test_what_makes_a_q_value_rise_has_one_colour_in_both_tables(figures):
    q, gradient = np.array([[1.0, 0.0]]), np.array([[-0.5, 0.0]])  # the target is above
    figures_05.plot_pulls(q, [0], [1.5], gradient, "P.", "Two tables")
    errors = np.array([[0.5, -1.0], [0.5, -1.0]])
    figures_05.plot_broadcast([1.5, 0], [[1.0], [1.0]], errors, "B.", "A table")
    rises, level = (figures[0].axes[1].images[0].to_rgba([[-0.5, 0]])[0])[:, :3]
    (same,) = figures[1].axes[0].images[0].to_rgba([[1.0]])[0][:, :3]
    assert rises[2] > rises[0] + 0.3 and level.min() > 0.99  # blue, and white
    assert same == pytest.approx(rises)


def test_broadcasting_shows_all_differences_and_frames_those_meant(figures):
    targets, q_values = np.array([2.0, 5.0]), np.array([[1.0], [7.0]])
    errors = targets - q_values
    figures_05.plot_broadcast(targets, q_values, errors, "B.", "A table")
    (axes,) = figures[0].axes
    assert [text.get_text() for text in axes.texts] == ["1", "4", "−5", "−2"]
    assert [box.get_xy() for box in axes.patches] == [(-0.5, -0.5), (0.5, 0.5)]
    assert axes.get_yticklabels()[1].get_text() == "Q-value 7"


def test_two_states_say_what_the_network_sees_and_computes(figures):
    figures_05.plot_two_states((1.0, 0.0), (2.0, 1.0), "W.", "Two boxes")
    said = [text.get_text() for text in figures[0].axes[0].texts]
    assert {"seen as (1, 0)", "Q = w₁", "seen as (2, 1)", "Q = 2 w₁ + w₂"} <= set(said)
    assert said.index("reward 0") < said.index("reward 1")


def test_a_target_of_n_rewards_asks_the_network_unless_the_game_has_ended(figures):
    targets = {1: [1.8, 2.8, -1.0], 2: [2.5, 0.1, -1.0]}
    figures_05.plot_n_step([0, 1, -1], 2.0, targets, "N.", "Two panels")
    one, two = figures[0].axes
    assert (one.get_title(), two.get_title()) == ("1 reward", "2 rewards")
    asked = [c.center for c in one.patches if isinstance(c, Circle)]
    assert asked == [(2, 1), (3, 2)]
    assert [c.center for c in two.patches if isinstance(c, Circle)] == [(3, 1)]
    said = [text.get_text() for text in two.texts]
    assert said == ["0", "1", "2", "2.50", "1", "−1", "0.10", "−1", "−1.00"]


PURSUITS = {
    "chased": {"far": [1, 3, 5], "near": [2, 4, 6]},
    "held": {"far": [0.5, 0.9, 0.9], "near": [1, 1, 1]},
}


def test_each_pursuit_shows_its_states_and_their_true_values(figures):
    figures_05.plot_pursuits(PURSUITS, {"far": 0.9, "near": 1.0}, "Runs.", "Four lines")
    chased, _ = figures[0].axes
    far, far_true, near, near_true = chased.lines
    assert (list(far.get_ydata()), list(near.get_ydata())) == ([1, 3, 5], [2, 4, 6])
    assert list(far.get_xdata()) == [1, 2, 3]
    assert (far_true.get_ydata()[0], near_true.get_ydata()[0]) == (0.9, 1.0)


def test_the_names_at_the_ends_of_a_pursuit_do_not_touch(figures):
    figures_05.plot_pursuits(PURSUITS, {}, "Runs.", "Four lines")
    far, near = figures[0].axes[1].texts
    assert (far.get_text(), near.get_text()) == ("far: 0.9", "near: 1")
    low, high = figures[0].axes[1].get_ylim()
    assert near.xy[1] - far.xy[1] >= 0.07 * (high - low)


def test_a_pursuit_marks_its_copies_and_no_other_does(figures):
    figures_05.plot_pursuits(PURSUITS, {}, "Runs.", "Four lines", {"held": [1, 3]})
    chased, held = figures[0].axes
    assert len(chased.lines) == 2
    assert [line.get_xdata()[0] for line in held.lines[:2]] == [1, 3]


def test_targets_are_levels_from_copy_to_copy_and_say_what_they_pull(figures):
    runs = {"free": {"far": [1, 2, 3]}, "held": {"far": [0, 1, 1], "near": [1, 2, 1]}}
    levels = {"far": [0, 0.88], "near": [1, 1]}
    marks = {"copies": {"held": [2]}, "targets": {"held": levels}}
    figures_05.plot_pursuits(runs, {"far": 0.9, "near": 1}, "R.", "Lines", **marks)
    free, held = figures[0].axes
    assert not free.patches and len(free.lines) == 2  # the value and the true one
    assert len(held.lines) == 3  # the copy and two values
    steps = [patch.get_data() for patch in held.patches]
    assert [list(step.values) for step in steps] == list(levels.values())
    assert [list(step.edges) for step in steps] == [[0, 2, 3]] * 2
    said = {text.get_text(): text.xy for text in held.texts[:3]}
    assert said == {
        "far is pulled to 0": (0, 0),
        "far is pulled to 0.9": (2, 0.88),
        "near is taken along": (2, 2),  # its peak
    }


def test_a_lift_shows_each_state_before_and_after(figures):
    states = np.zeros((3, 4, 84, 84), np.uint8)
    figures_05.plot_lift(states, [0, 0.1, 0.2], [0.5, 0.6, 1], 2, "L.", "Three boards")
    values, boards = figures[0].axes
    dots = [line.get_ydata()[0] for line in values.lines if len(line.get_ydata()) == 1]
    assert dots == [0, 0.5, 0.1, 0.6, 0.2, 1]
    assert len(boards.images) == 3
    assert values.texts[0].get_position()[0] == 2


def test_an_update_says_what_moved_and_what_did_not(figures):
    networks = {"online": ([0.02, -0.03], [0.1, -0.03]), "target": ([0, 0], [0, 0])}
    state = np.zeros((4, 84, 84), np.uint8)
    figures_05.plot_update(state, ["STAY", "RIGHT"], networks, "U.", "A board")
    _, online, target = figures[0].axes
    assert [text.get_text() for text in online.texts] == ["0.02 to 0.10", "−0.03"]
    assert [text.get_text() for text in target.texts] == ["0.00", "0.00"]


def test_the_timeline_marks_the_last_two_frames_of_each_step(figures):
    screens = [np.full((210, 160, 3), k, np.uint8) for k in range(4)]
    steps = [(name, screens, np.zeros((84, 84), np.uint8)) for name in "abcd"]
    figures_02.plot_frame_timeline(steps, (10, 20, 30), "Frames.", "Sixteen screens")
    insets = figures[0].axes[0].child_axes
    assert len(insets) == 4 * (4 + 1)
    shown = [inset.images[0] for inset in insets[:5]]
    assert [image.get_array().shape[:2] for image in shown] == [(30, 30)] * 4 + [
        (84, 84)
    ]
    assert [image.get_alpha() for image in shown[:4]] == [0.35, 0.35, 1, 1]
    assert [image.get_array().max() for image in shown[:4]] == [0, 1, 2, 3]


def test_the_ball_is_found_between_the_pixels():
    frame = np.zeros((84, 84), np.uint8)
    frame[20, 20] = frame[76, 40] = frame[60, 2] = 200  # a brick, the paddle, a wall
    frame[50, 30], frame[51, 30] = 50, 150
    assert figures_02.ball_place(frame) == (50.75, 30)


def test_an_arrow_runs_from_the_oldest_ball_to_the_newest(figures):
    state = np.zeros((4, 84, 84), np.uint8)
    for k in range(4):
        state[k, 50 + k, 30 + 2 * k] = 100
    figures_02.plot_ball_paths({"A": state}, (45, 25, 20), "Paths.", "Four balls")
    (axes,) = figures[0].axes
    assert [text.get_text() for text in axes.texts[:4]] == [
        "3 ago",
        "2 ago",
        "1 ago",
        "now",
    ]
    arrow = axes.texts[4]
    assert (arrow.xyann, arrow.xy) == ((5 + 1.8, 5), (11 + 1.8, 8))
    assert np.count_nonzero(axes.images[0].get_array()) == 4


def test_pixels_and_scores_are_drawn_with_their_numbers(figures):
    parts = {"a": np.array([[1, 2]], np.uint8), "b": np.array([[3]], np.uint8)}
    figures_02.plot_pixels(parts, "Pixels.", "Three grey pixels")
    figures_02.plot_scores({"x": 1.39, "y": 104.0}, "Scores.", "Two bars")
    pixels, scores = figures
    assert [t.get_text() for axes in pixels.axes for t in axes.texts] == ["1", "2", "3"]
    assert [t.get_text() for t in scores.axes[0].texts] == ["1.39", "104"]


def test_a_moment_is_drawn_whole_and_enlarged(figures):
    frame = np.arange(84 * 84, dtype=np.uint16).reshape(84, 84).astype(np.uint8)
    figures_02.plot_moments({"A": frame}, (10, 20, 5), "A moment.", "Two pictures")
    whole, part = (axes.images[0].get_array() for axes in figures[0].axes)
    np.testing.assert_array_equal(whole, frame)
    np.testing.assert_array_equal(part, frame[10:15, 20:25])


def test_mean_scores_are_those_that_were_stored():
    stored = load_scores("breakout")
    rival = load_rival_scores()["scores"]
    random, agent = (stored[key]["scores"] for key in ("random", "agent"))
    expected = [np.mean(scores) for scores in (rival, random, agent)]
    assert [*figures_02.mean_scores("breakout").values()] == pytest.approx(expected)


def test_the_names_of_a_screen_stand_at_their_parts(figures):
    screen = np.zeros((210, 160, 3), np.uint8)
    figures_02.plot_screen(screen, "S.", "A screen")
    (axes,) = figures[0].axes
    names = {text.get_text(): text for text in axes.texts}
    assert {"score", "lives", "players", "ball"} < names.keys()
    assert names["paddle: rows 189 to 192"].xy[1] == (189 + 192) / 2


def test_each_row_of_bricks_says_its_grey_and_a_picture_in_colour_does_not(figures):
    grey = np.zeros((210, 160), np.uint8)
    grey[59:64], grey[65:70] = 110, 200
    pictures = {"colour": np.stack([grey] * 3, axis=-1), "grey": grey}
    figures_02.plot_greys(pictures, [59, 65], "G.", "Two pictures")
    colour, in_grey = figures[0].axes
    assert not colour.texts
    assert [text.get_text() for text in in_grey.texts] == ["110", "200"]
    assert [text.get_color() for text in in_grey.texts] == ["white", "#000000"]


def test_pixels_that_differ_are_painted_and_counted():
    before = np.full((2, 3), 9, np.uint8)
    after = np.array([[9, 8, 9], [9, 9, 0]], np.uint8)
    picture, count = figures_02.paint_changes(before, after)
    orange = (picture == [230, 159, 0]).all(axis=-1)  # E69F00
    assert count == 2 and orange.tolist() == [
        [False, True, False],
        [False, False, True],
    ]
    assert (picture[~orange] == 9).all() and (after[0] == [9, 8, 9]).all()


def test_each_crop_is_drawn_with_the_pixels_that_change(monkeypatch):
    drawn = []
    show_frames = lambda *args, **_: drawn.append(args)  # noqa: E731
    monkeypatch.setattr(figures_02, "show_frames", show_frames)
    before, after = np.zeros((4, 4), np.uint8), np.eye(4, dtype=np.uint8)
    crops = {"all": lambda frame: frame, "top": lambda frame: frame[:1]}
    figures_02.plot_changes(crops, before, after, "C.", "Two pictures")
    frames, titles, *_ = drawn[0]
    assert titles == ["all: 4 pixels", "top: 1 pixels"]
    assert [frame.shape for frame in frames] == [(4, 4, 3), (1, 4, 3)]


def test_signals_have_a_mark_where_they_are_true_and_numbers_where_they_change(
    figures,
):
    steps = [{"lives": 5 - (k > 2), "over": k in (1, 3)} for k in range(4)]
    figures_02.plot_signals(steps, "S.", "Two lanes")
    (axes,) = figures[0].axes
    said = {text.get_position(): text.get_text() for text in axes.texts}
    assert said == {(0, 0): "5", (3, 0): "4"}
    (marks,) = axes.lines
    assert marks.get_xdata().tolist() == [1, 3] and set(marks.get_ydata()) == {1}


def test_games_are_laid_over_each_other_ball_above_paddle(figures):
    screen = np.zeros((210, 160, 3), np.uint8)
    screen[190, 40:43] = RED
    assert figures_02.columns_of(screen) == pytest.approx([np.nan, 41], nan_ok=True)
    one, other = np.array([[1, 5], [2, 6]]), np.array([[3, 5], [4, 6]])
    figures_02.plot_games({"a": [one], "b": [one, other]}, "G.", "Four panels")
    first, second, below, _ = figures[0].axes
    assert [line.get_ydata().tolist() for line in second.lines] == [[1, 2], [3, 4]]
    assert [line.get_ydata().tolist() for line in below.lines] == [[5, 6]]
    assert (first.get_title(), second.get_title()) == ("a", "b")


def test_sums_of_rewards_end_beside_their_totals(figures):
    figures_02.plot_sums({"a": [0, 7, 1], "b": [0, 1, 1]}, "S.", "Two lines")
    (axes,) = figures[0].axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[0, 7, 8], [0, 1, 2]]
    assert {text.get_text() for text in axes.texts} == {"a: 8", "b: 2"}


def test_a_filter_stands_beside_its_map_both_symmetric_about_0(figures):
    kernel = np.arange(8.0).reshape(2, 2, 2)  # frame 0 holds 0, 2, 4, 6
    filters = {"a": (kernel, np.array([[-3.0, 2.0]])), "b": (-kernel, np.eye(2))}
    marks = [("here", (0, 0), None)]
    figures_03.plot_motion(filters, "Two.", "Two filters", marks=marks)
    older, newest, sums = figures[0].axes[:3]
    assert older.images[0].get_array().tolist() == [[0, 2], [4, 6]]
    assert (older.get_title(), newest.get_title()) == ("1 step ago", "now")
    assert [a.images[0].get_clim() for a in (older, newest)] == [(-7, 7)] * 2
    assert sums.images[0].get_array().tolist() == [[-3, 2]]
    assert sums.images[0].get_clim() == (-3, 3)
    assert [text.get_text() for text in sums.texts] == ["here"]


def test_frames_are_named_oldest_first():
    assert figures_03.frames_ago(3) == ["2 steps ago", "1 step ago", "now"]


ROWS = [
    (500, 0, 0.75, np.nan, np.nan, 9, -0.5, 300.0, 60.0),
    (1000, 120, 0.5, 0.02, 0.1, 20, 0.25, 310.0, 120.0),
    (1500, 240, 0.25, 0.01, 0.3, 31, 0.75, 310.0, 180.0),
]


def run_of(rows):
    return history_of(**dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))


def test_a_history_is_drawn_as_four_curves_over_the_same_steps(figures):
    figures_06.plot_history([run_of(ROWS)], "A run.", "Four curves")
    curves = [axes.lines[0] for axes in figures[0].axes]
    for curve, column in zip(curves, (6, 2, 3, 4), strict=True):
        assert curve.get_xdata().tolist() == [500, 1000, 1500]
        np.testing.assert_array_equal(curve.get_ydata(), [row[column] for row in ROWS])


def test_more_seeds_of_a_run_are_thin_lines_of_its_colour(figures):
    seeds = [run_of(ROWS), run_of(ROWS[:2])]
    figures_06.plot_history(seeds, "Two runs.", "Eight curves")
    for axes in figures[0].axes:
        first, second = axes.lines
        assert second.get_xdata().tolist() == [500, 1000]
        assert first.get_color() == second.get_color()
        assert first.get_linewidth() > second.get_linewidth()


def test_a_history_of_one_row_is_no_curve(figures):
    with pytest.raises(ValueError, match="two rows or more, got 1"):
        figures_06.plot_history([run_of(ROWS[:1])], "A run.", "Four curves")


def test_exact_values_and_network_agree_on_the_diagonal(figures):
    figures_06.plot_values([-1, 0.9], [-0.8, 0.9], "Two.", "Two points")
    diagonal, points = figures[0].axes[0].lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [-1, 1]
    assert list(points.get_xdata()) == [-1, 0.9]
    assert list(points.get_ydata()) == [-0.8, 0.9]


def test_the_seeds_of_a_command_are_drawn_by_steps_and_the_first_has_dots(figures):
    seeds, rates = [run_of(ROWS), run_of(ROWS[:2])], [0.1, 0.01, 0.001]
    marks, landmarks = {0.2: 1000, 0.75: 1500}, {"random": 1.7}
    figures_06.plot_run(seeds, rates, marks, landmarks, "Runs.", "Curves")
    axes, lane = figures[0].axes
    other, first, dots, level = axes.lines
    assert first.get_xdata().tolist() == [500, 1000, 1500]
    assert first.get_ydata().tolist() == [-0.5, 0.25, 0.75]
    assert other.get_xdata().tolist() == [500, 1000]
    assert first.get_linewidth() > other.get_linewidth()
    assert first.get_color() != other.get_color()
    assert dots.get_xydata().tolist() == [[1000, 0.2], [1500, 0.75]]
    assert set(level.get_ydata()) == {1.7}
    (line,) = lane.lines
    assert line.get_xdata().tolist() == [500, 1000, 1500]
    assert list(line.get_ydata()) == rates


def test_the_rates_of_a_run_are_those_of_the_optimizer():
    # 2,000 steps after the first 1,000, an update every 4 steps: 500 updates.
    config = PRESETS["catch"].replace(
        total_steps=3_000, learning_starts_steps=1_000, learning_rate_end=2.5e-5
    )
    updates = np.array([0, 124, 125, 425, 500])
    rate = make_optimizer(config)._learning_rate
    rates = figures_06.planned_rates(config, {"update": updates})
    assert rates == pytest.approx([float(rate(k)) for k in updates])
    # By step 1,500 are made 125 updates, by step 2,700 425.
    middle = (2.5e-4 * 2.5e-5) ** 0.5
    assert rates == pytest.approx([2.5e-4, 2.5e-4, middle, 2.5e-5, 2.5e-5])


def test_a_plan_is_drawn_from_the_settings(figures):
    config = PRESETS["catch"].replace(learning_rate_end=2.5e-5)
    figures_06.plot_schedules(config, "A plan.", "Two curves over the steps")
    epsilon, rate = (axes.lines[0].get_ydata() for axes in figures[0].axes)
    assert (epsilon[0], epsilon[-1]) == (1.0, pytest.approx(0.05))
    assert (rate[0], rate[-1]) == pytest.approx((2.5e-4, 2.5e-5))


def test_a_table_plays_the_position_that_a_frame_shows():
    q = np.zeros((250, 3))
    q[state_index(3, 4, 1), 2] = 1.0
    states = np.zeros((1, 4, 84, 84), np.uint8)
    states[0, -1] = draw(3, 4, 1)
    assert figures_06.TablePlayer(q).act(states, 0.0, None) == [2]


def test_a_table_learns_catch_with_the_epsilon_it_is_given():
    q, scores = figures_06.learn_with_a_table(
        400, lambda steps: max(0.0, 1 - steps / 1_000), np.random.default_rng(0)
    )
    assert set(scores) == {-1.0, 1.0} and len(scores) == 400
    assert np.mean(scores[-100:]) > 0.9 and np.any(q > 0.9)
