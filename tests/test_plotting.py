"""What `plotting` shows: sizes, colours and pixels, read back from the PNG."""

import base64
import io

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from dqn_tutorial import plotting
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.plotting import (
    new_figure,
    plot_q_table,
    plot_returns,
    show,
    show_frames,
)


@pytest.fixture
def shown(monkeypatch):
    """What would be displayed: a list of (data, metadata)."""
    outputs = []

    def display(data, metadata=None, raw=False):
        assert raw
        outputs.append((data, metadata or {}))

    monkeypatch.setattr(plotting, "display", display)
    return outputs


def picture(shown, k=0) -> np.ndarray:
    png = base64.b64decode(shown[k][0]["image/png"])
    return np.round(imread(io.BytesIO(png), "png") * 255).astype(np.uint8)  # RGBA


def test_show_gives_one_picture_with_alt_text_and_then_the_caption(shown):
    fig, axes = new_figure(width=5.0, height=2.0)
    axes.plot([0, 1], [0, 1])
    show(fig, "The score\n    rises.", "A line that rises\nfrom 0 to 1")
    (data, metadata), (caption, _) = shown
    assert metadata["image/png"]["alt"] == "A line that rises from 0 to 1"
    assert data["text/plain"] == "A line that rises from 0 to 1"
    assert caption["text/markdown"] == "*The score rises.*"


def test_a_picture_has_two_pixels_for_each_of_the_page_and_opaque_white_ground(shown):
    fig, axes = new_figure(width=5.0, height=2.0)
    axes.plot([0, 1], [0, 1])
    show(fig, "A line.", "A line")
    pixels = picture(shown)
    assert pixels.shape == (384, 960, 4)  # 2 x 192 and 5 x 192
    assert shown[0][1]["image/png"]["width"] == 480  # 5 x 96
    assert (pixels[..., 3] == 255).all()
    assert (pixels[0, 0] == 255).all() and (pixels[-1, -1] == 255).all()


def test_the_same_figure_gives_the_same_bytes(shown):
    for _ in range(2):
        fig, axes = new_figure(1, 2)
        axes[0].plot([3, 1, 2])
        show(fig, "A line.", "A line")
    assert shown[0] == shown[2]


def test_a_figure_made_by_pyplot_is_closed_so_that_it_is_not_shown_twice(shown):
    fig, _ = pyplot.subplots()
    show(fig, "Axes.", "Empty axes")
    assert not pyplot.fignum_exists(fig.number)


def test_curves_take_the_colours_of_okabe_and_ito_in_turn():
    _, axes = new_figure()
    lines = [axes.plot([0, 1])[0] for _ in range(3)]
    # The RGB values of the paper: blue, vermilion, bluish green.
    expected = [(0, 114, 178), (213, 94, 0), (0, 158, 115)]
    for line, rgb in zip(lines, expected, strict=True):
        assert np.allclose(np.array(to_rgb(line.get_color())) * 255, rgb)


def test_every_curve_stands_out_from_white_as_web_guidelines_ask_of_pictures():
    # WCAG 2.2, 1.4.11: 3 to 1. ORANGE and SKY are lighter and come after four others.
    def luminance(colour):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in to_rgb(colour)
        ]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    for colour in plotting.COLOURS[:3]:
        assert 1.05 / (luminance(colour) + 0.05) >= 3


@pytest.mark.parametrize("name", ["caption", "alt"])
def test_show_refuses_an_empty_text_and_names_it(shown, name):
    fig, _ = new_figure()
    texts = {"caption": "A caption.", "alt": "An alt", name: " \n"}
    with pytest.raises(ValueError, match=f"{name} must say something"):
        show(fig, **texts)
    assert shown == []


def test_frames_are_enlarged_by_a_whole_number_and_not_blended(shown):
    # 2 x 3 pixels, wanted half an inch = 96 pixels high: 48 pixels for each.
    frame = np.array([[0, 80, 160], [240, 120, 40]], np.uint8)
    show_frames([frame], [""], "A frame.", "A frame", height=0.5)
    pixels = picture(shown)[..., 0]
    rows, columns = np.nonzero(pixels == 80)  # a cell away from the frame's corners
    top, left = rows.min(), columns.min() - 48
    for r in range(2):
        for c in range(3):
            inside = (slice(top + 48 * r + 3, top + 48 * r + 45),)
            inside += (slice(left + 48 * c + 3, left + 48 * c + 45),)
            assert (pixels[inside] == frame[r, c]).all()


def test_grey_is_fixed_so_a_dark_frame_stays_dark(shown):
    show_frames([np.full((8, 8), 30, np.uint8)], [""], "Dark.", "Dark", height=0.5)
    pixels = picture(shown)
    assert (pixels[pixels.shape[0] // 2, pixels.shape[1] // 2, :3] == 30).all()


def test_colour_frames_keep_their_colours(shown):
    frame = np.full((210, 160, 3), (200, 72, 72), np.uint8)  # Breakout's top bricks
    show_frames([frame], ["red"], "Bricks.", "Red")
    pixels = picture(shown)
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2, :3]
    assert middle.tolist() == [200, 72, 72]


def test_numbers_other_than_bytes_share_one_range_symmetric_about_zero(shown):
    frames = [np.full((4, 4), 1.0), np.full((4, 4), -2.0), np.zeros((4, 4))]
    show_frames(frames, [""] * 3, "F.", "F", height=0.5)
    pixels = picture(shown)
    row = pixels[pixels.shape[0] // 2, :, 0]
    # -2 is black, 0 the middle of 256 greys, 1 three quarters of the way to white.
    assert (row == 0).any() and (row == 128).any() and (row == 192).any()


def test_eight_wide_frames_go_into_rows_that_fit_the_page(shown):
    frames = [np.zeros((210, 160, 3), np.uint8)] * 8
    show_frames(frames, [f"frame {k}" for k in range(8)], "Eight.", "Eight frames")
    assert shown[0][1]["image/png"]["width"] <= plotting.PAGE_WIDTH * 96


def test_columns_can_be_chosen(shown):
    frames = [np.zeros((84, 84), np.uint8)] * 6
    show_frames(frames, [""] * 6, "Six.", "Six frames", columns=2, height=0.5)
    height, width, _ = picture(shown).shape
    assert height > width  # three rows of two


def test_a_long_title_is_wrapped_and_lines_are_kept_free_for_it(shown):
    frames = [np.zeros((84, 84), np.uint8)] * 2
    show_frames(frames, ["short", "short"], "T.", "T", height=0.9)
    show_frames(
        frames, ["short", "a much longer title than fits"], "T.", "T", height=0.9
    )
    assert picture(shown, 2).shape[0] > picture(shown, 0).shape[0]


def test_frames_and_titles_must_be_as_many():
    with pytest.raises(ValueError, match="got 1 frames and 2 titles"):
        show_frames([np.zeros((2, 2))], ["a", "b"], "C.", "A")
    with pytest.raises(ValueError, match="got 0 frames"):
        show_frames([], [], "C.", "A")


@pytest.mark.parametrize("shape", [(4, 84, 84), (84,), (84, 84, 4)])
def test_a_frame_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"must be \(H, W\) or \(H, W, 3\), got"):
        show_frames([np.zeros(shape)], ["a"], "C.", "A")


def test_the_table_of_catch_is_drawn_with_an_arrow_where_a_choice_was_learned(
    shown, monkeypatch
):
    drawn = []
    monkeypatch.setattr(plotting, "show", lambda fig, *words: drawn.append(fig))
    q = np.zeros((250, 3))
    q[(8 * 5 + 3) * 5 + 2] = [-1, -1, 1]  # ball in row 8, column 3; paddle in 2
    q[(7 * 5 + 0) * 5 + 1] = [0.5, 0.45, 0.5]  # ball in row 7, column 0; paddle in 1
    plot_q_table(q, "A table.", "A table")
    boards = drawn[0].axes[:5]
    arrows = {
        (column, *text.get_position()): (text.get_text(), text.get_alpha())
        for column, axes in enumerate(boards)
        for text in axes.texts
    }
    assert arrows == {(3, 2, 8): ("→", 1), (0, 1, 7): ("←", 0.45)}
    values = np.array([axes.images[0].get_array() for axes in boards])
    assert values[3, 8, 2] == 1 and values[0, 7, 1] == 0.5
    assert np.count_nonzero(values) == 2


def test_a_table_of_another_game_is_refused():
    with pytest.raises(ValueError, match=r"q must have shape \(250, 3\), got \(4, 2\)"):
        plot_q_table(np.zeros((4, 2)), "A table.", "A table")


def test_returns_are_drawn_as_means_of_the_games_before(monkeypatch):
    drawn = []
    monkeypatch.setattr(plotting, "show", lambda fig, *words: drawn.append(fig))
    plot_returns({"a": [0, 2, 4, 3], "b": [1, 1]}, 2, "Returns.", "Returns")
    first, second = drawn[0].axes[0].lines
    assert first.get_xdata().tolist() == [2, 3, 4]
    assert first.get_ydata() == pytest.approx([1, 3, 3.5])
    assert second.get_xdata().tolist() == [2] and second.get_ydata() == [1]
    with pytest.raises(ValueError, match="between 1 and the 3 games, got 4"):
        plot_returns([1, 2, 3], 4, "Returns.", "Returns")


def test_the_picture_of_the_networks_is_read_from_their_layers(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    networks = [build_q_network(name, 4, 0) for name in ("dqn2013", "dqn2015")]
    plotting.plot_networks(networks, "Networks.", "Two networks")
    upper, lower = figures[0].axes
    assert upper.get_title() == "dqn2013: 677,172 parameters"
    said = [text.get_text() for text in lower.texts if text.get_text()]
    assert said[::2] == ["84×84×4", "20×20×32", "9×9×64", "7×7×64", "512", "4"]
    assert said[3] == "conv1\n32 filters 8×8\nstride 4, ReLU"
    assert said[-1] == "q_values\n4 units\nlinear"
    assert len(upper.patches) == 4 + 8 + 8 + 1 + 1  # at most 8 sheets are drawn


def test_the_bars_of_the_actions_are_as_high_as_their_shares(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    shares = {"computed": [0.1, 0.9], "counted": [0.2, 0.8]}
    plotting.plot_action_shares(shares, ["NOOP", "FIRE"], "Bars.", "Four bars")
    (axes,) = figures[0].axes
    assert [bar.get_height() for bar in axes.patches] == [0.1, 0.9, 0.2, 0.8]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["NOOP", "FIRE"]


def test_a_schedule_is_drawn_from_step_0_to_the_last(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    plotting.plot_schedules({"a": lambda step: step / 6000}, 6000, "S.", "A line")
    (line,) = figures[0].axes[0].lines
    assert line.get_xdata()[[0, -1]].tolist() == [0, 6]  # thousands
    assert line.get_ydata()[300] == pytest.approx(0.5)


def test_losses_are_drawn_beside_their_gradients(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    curves = {"squared": ([2, 0, 2], [-2, 0, 2]), "Huber": ([1.5, 0, 1.5], [-1, 0, 1])}
    plotting.plot_losses([-2, 0, 2], curves, "Losses.", "Four lines")
    loss, gradient = figures[0].axes
    assert [list(line.get_ydata()) for line in loss.lines] == [[2, 0, 2], [1.5, 0, 1.5]]
    assert [line.get_ydata()[2] for line in gradient.lines] == [2, 1]
    assert len({line.get_linestyle() for line in loss.lines}) == 2  # without colour too


def test_each_pursuit_shows_its_states_and_their_true_values(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    runs = {"chased": [[1, 2], [3, 4], [5, 6]], "held": [[0.5, 1], [0.9, 1], [0.9, 1]]}
    plotting.plot_pursuits(runs, {"far": 0.9, "near": 1.0}, "Runs.", "Four lines")
    chased, held = figures[0].axes
    assert [axes.get_title() for axes in (chased, held)] == ["chased", "held"]
    far, far_true, near, near_true = chased.lines
    assert (list(far.get_ydata()), list(near.get_ydata())) == ([1, 3, 5], [2, 4, 6])
    assert list(far.get_xdata()) == [1, 2, 3]
    assert (far_true.get_ydata()[0], near_true.get_ydata()[0]) == (0.9, 1.0)
    assert far.get_color() == far_true.get_color() != near.get_color()


def test_the_timeline_marks_the_last_two_frames_of_each_step(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    plotting.plot_frame_timeline("Sixteen frames.", "Sixteen squares")
    patches = figures[0].axes[0].patches
    blue = [
        round(p.get_x()) + 1
        for p in patches
        if p.get_facecolor() == (*to_rgb(plotting.BLUE), 1.0) and hasattr(p, "get_x")
    ]
    assert blue == [3, 4, 7, 8, 11, 12, 15, 16]


def test_likeness_is_drawn_over_evenly_spaced_lags(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    plotting.plot_likeness([1, 2, 64], [0.8, 0.7, 0.0], "Likeness.", "A line")
    (axes,) = figures[0].axes
    assert list(axes.lines[0].get_ydata()) == [0.8, 0.7, 0.0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "64"]


def test_lessons_show_one_row_a_report_and_one_column_a_question(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    runs = {"in order": np.array([[1.0, 0.2], [0.0, 1.0]]), "shuffled": np.ones((2, 2))}
    plotting.plot_lessons(runs, "Lessons.", "Two squares")
    ordered, _ = figures[0].axes
    said = {text.get_position(): text.get_text() for text in ordered.texts}
    assert said == {(0, 0): "100%", (1, 0): "20%", (0, 1): "0%", (1, 1): "100%"}


def test_bytes_are_bars_from_the_top_with_their_numbers(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    plotting.plot_bytes({"naive": 56_448, "packed": 399.2}, "Bytes.", "Two bars")
    (axes,) = figures[0].axes
    assert [bar.get_width() for bar in axes.patches] == [56_448, 399.2]
    assert [text.get_text() for text in axes.texts] == ["56,448", "399"]
    assert axes.yaxis_inverted() and axes.get_xscale() == "log"


def test_a_ring_frames_the_four_slots_of_a_stack_and_points_at_the_write_head(
    monkeypatch,
):
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, *texts: figures.append(fig))
    rings = {"full": ([24, 25, 13, 14, 21], 4, 2), "turned": ([11, 12, 13, 14], 3, 4)}
    plotting.plot_rings(rings, "Rings.", "Two rows of slots")
    full, turned = figures[0].axes
    *slots, stack = full.patches
    colours = [slot.get_facecolor() for slot in slots]
    assert colours[0] == colours[1] == colours[4] != colours[2] == colours[3]
    covered = [
        k
        for k in range(5)
        if stack.get_x() < k + 0.47 < stack.get_x() + stack.get_width()
    ]
    assert covered == [1, 2, 3, 4]
    arrows = [
        t.xy[0] for axes in (full, turned) for t in axes.texts if hasattr(t, "xy")
    ]
    assert arrows == [2, 0]  # after the last slot comes the first
