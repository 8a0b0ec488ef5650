"""Figures, map and table of notebook 00: what is drawn is what was given."""

from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from dqn_tutorial.lessons.lesson_00 import figures as figures_00
from dqn_tutorial.lessons.lesson_00 import series_map
from dqn_tutorial.runs.history import COLUMNS, History
from dqn_tutorial.runs.pretrained import load_pretrained
from dqn_tutorial.viewing.plotting import BLUE, VERMILION
from dqn_tutorial.viewing.video import Recording

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    drawn = []
    for module in (figures_00, series_map):
        monkeypatch.setattr(module, "show", lambda fig, *texts: drawn.append(fig))
    return drawn


@pytest.fixture
def frames(monkeypatch):
    """What would be shown as frames: (frames, titles, columns)."""
    shown = []
    monkeypatch.setattr(
        figures_00,
        "show_frames",
        lambda frames, titles, caption, alt, columns: shown.append(
            (list(frames), list(titles), columns)
        ),
    )
    return shown


def strip(*frames_and_scores):
    frames, scores = zip(*frames_and_scores, strict=True)
    return Recording(Path("x.mp4"), scores[-1], 9, True, list(frames), list(scores))


TWO = {"a": strip(("a0", 0.0), ("a1", 1.0)), "b": strip(("b0", 0.0), ("b1", 22.0))}


def test_over_time_each_player_has_a_row(frames):
    figures_00.show_strips(TWO, "Two.", "Two players")
    assert frames == [(["a0", "a1", "b0", "b1"], ["a: 0", "a: 1", "b: 0", "b: 22"], 2)]


def test_across_players_each_has_a_column_and_the_start_is_left_out(frames):
    three = TWO | {"c": strip(("c0", 0.0), ("c1", 5.0))}
    figures_00.show_strips(three, "Three.", "Three players", across="players")
    assert frames == [(["a1", "b1", "c1"], ["a: 1", "b: 22", "c: 5"], 3)]


def history_of(steps, scores, seconds):
    history = History()
    for step, score, second in zip(steps, scores, seconds, strict=True):
        row = dict.fromkeys(COLUMNS, 0)
        history.append(
            **row | {"step": step, "mean_score_100": score, "wall_seconds": second}
        )
    return history


def test_stages_stand_on_the_curve_at_their_steps_beside_their_games(figures):
    """Step 150 lies half way from row 1 to row 2: 90 s, a score of 4."""
    history = history_of([100, 200], [2.0, 6.0], [60, 120])
    figures_00.plot_stages(history, {0: 1.0, 150: 9.0, 200: 7.0}, "S.", "A curve")
    curve, bars = figures[0].axes
    line, *marks = curve.lines
    assert line.get_xdata().tolist() == [1, 2] and curve.get_xlabel().startswith("min")
    places = [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in marks]
    assert places == [(1, 2), (1.5, 4), (2, 6)]
    assert [bar.get_height() for bar in bars.patches] == [1, 9, 7]
    labels = [text.get_text() for text in bars.get_xticklabels()]
    assert labels == ["0", "0.00015", "0.0002"]  # millions
    colours = [to_hex(bar.get_facecolor()) for bar in bars.patches]
    assert colours == [to_hex(mark.get_color()) for mark in marks]
    assert len({mark.get_marker() for mark in marks}) == 3  # without colour, too


def test_a_long_training_is_drawn_over_hours(figures):
    history = history_of([100, 200], [2.0, 6.0], [3600, 9000])
    figures_00.plot_stages(history, {200: 1.0}, "S.", "A curve")
    curve = figures[0].axes[0]
    assert curve.lines[0].get_xdata().tolist() == [1, 2.5]
    assert curve.get_xlabel() == "hours of training"


def test_stages_are_loaded_by_their_steps_the_agent_itself_last():
    loaded = figures_00.load_stages("breakout")
    agent, _, origin = load_pretrained("breakout")
    assert list(loaded) == sorted(loaded)
    assert f"step {list(loaded)[-1]:,}" in origin
    last = loaded[list(loaded)[-1]].online.get_weights()
    for ours, theirs in zip(last, agent.online.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.fixture
def series(tmp_path):
    """Two notebooks and a table of them."""
    for name, head in [
        ("01_a", "# 1. First\n\n*Why?*\n\nMore."),
        ("02_b", "# 2. B\n*O?*"),
    ]:
        cell = nbformat.v4.new_markdown_cell(head)
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb"
        )
    table = tmp_path / "measured.csv"
    table.write_text(
        "notebook,minutes,peak_ram_gb,machine\n"
        '01_a.ipynb,0.3,0.9,"X, 2 cores"\n02_b.ipynb,1.5,1.2,"X, 2 cores"\n'
    )
    return table


def test_the_series_is_a_table_of_links_questions_and_what_was_measured(
    series, monkeypatch
):
    shown = []
    monkeypatch.setattr(figures_00, "display", lambda data, raw: shown.append(data))
    figures_00.show_series(series)
    (data,) = shown
    assert data["text/markdown"] == data["text/plain"]
    assert data["text/markdown"].splitlines()[2:] == [
        "| [1. First](01_a.ipynb) | Why? | 0.3 | 0.9 |",
        "| [2. B](02_b.ipynb) | O? | 1.5 | 1.2 |",
        "",
        "*Measured on: X, 2 cores.*",
    ]


def test_a_table_that_fits_no_notebooks_is_refused(series):
    (series.parent / "02_b.ipynb").unlink()
    with pytest.raises(ValueError, match=r"names 02_b\.ipynb, which does not exist"):
        figures_00.show_series(series)
    series.write_text("notebook,minutes,peak_ram_gb,machine\n")
    with pytest.raises(ValueError, match="must have a row per notebook"):
        figures_00.show_series(series)


@pytest.fixture
def the_map(figures):
    screen = np.full((210, 160, 3), 7, np.uint8)
    state = np.arange(4, dtype=np.uint8)[:, None, None] * np.ones((84, 84), np.uint8)
    series_map.plot_map(screen, state, np.full((84, 84), 9, np.uint8), "Map.", "A map")
    return figures[0].axes[0]


def test_every_notebook_is_a_stop_of_the_map_and_has_its_disc_below(the_map):
    there = {int(path.name[:2]) for path in NOTEBOOKS.glob("[0-9]*.ipynb")}
    assert there <= set(series_map.STOPS) == set(range(10))
    discs = [int(t.get_text()) for t in the_map.texts if t.get_text().isdigit()]
    assert discs[:10] == list(range(10))
    assert set(discs[10:]) == {1, 2, 3, 4, 5, 6, 7}  # 8 and 9 change the whole loop


def test_the_names_of_the_stops_do_not_touch(the_map):
    places = [extent for _, extent in extents(the_map, [*series_map.STOPS.values()])]
    assert places[0].x0 > 0 and places[-1].x1 < series_map.MAP_SIZE[0]
    for place, following in pairwise(places):
        assert place.x1 + 0.5 < following.x0


def test_the_pictures_of_the_map_are_those_given_with_their_sides_as_they_are(the_map):
    levels = [np.unique(image.get_array()).tolist() for image in the_map.images]
    assert levels == [[7], [0], [1], [2], [3], [9]]  # oldest frame first, newest on top
    for image in the_map.images:
        left, right, bottom, top = image.get_extent()
        height, width = image.get_array().shape[:2]
        assert (right - left) / (top - bottom) == pytest.approx(
            width / height, rel=0.01
        )


def test_the_thread_of_catch_has_a_colour_of_its_own(the_map):
    arc = next(line for line in the_map.lines if line.get_color() == VERMILION)
    numbers = {
        round(t.get_position()[0], 1): t.get_text()
        for t in the_map.texts
        if t.get_text().isdigit() and t.get_position()[1] > 50
    }
    ends = [round(arc.get_xdata()[k], 1) for k in (0, -1)]
    assert [numbers[x] for x in ends] == ["1", "6"]
    assert VERMILION != BLUE


def boxes_of(axes):
    """Everything with a place of its own on the map: left, bottom, right, top."""
    for place, words, _ in series_map.BOXES:
        left, bottom, width, height = place
        yield words, (left, bottom, left + width, bottom + height)
    for image in axes.images:
        left, right, bottom, top = image.get_extent()
        yield "a picture", (left, bottom, right, top)


def test_nothing_on_the_map_lies_on_something_else(the_map):
    """But for the four frames of the state, which lie on each other."""
    boxes = list(boxes_of(the_map))
    frames = boxes[len(series_map.BOXES) + 1 : -1]
    for k, (name, (left, bottom, right, top)) in enumerate(boxes):
        for other_name, (l2, b2, r2, t2) in boxes[k + 1 :]:
            both = {(name, (left, bottom, right, top)), (other_name, (l2, b2, r2, t2))}
            if both <= set(frames):
                continue
            apart = right <= l2 or r2 <= left or top <= b2 or t2 <= bottom
            assert apart, (name, other_name)


def test_every_line_of_the_map_ends_close_to_a_box_and_inside_none(the_map):
    boxes = [place for _, place in boxes_of(the_map)]
    for corners in [*series_map.FLOWS, series_map.COPY, series_map.CATCH]:
        x, y = corners[-1]
        distances = [
            max(left - x, x - right, bottom - y, y - top)
            for left, bottom, right, top in boxes
        ]
        assert 0 < min(distances) <= 0.7, corners


def extents(axes, words: list[str]):
    """Where words stand on the map: left, bottom, right, top."""
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    texts = {text.get_text(): text for text in axes.texts}
    to_map = axes.transData.inverted()
    for text in words:
        yield text, texts[text].get_window_extent(renderer).transformed(to_map)


def test_the_words_of_the_map_fit_into_their_boxes(the_map):
    places = {words: place for place, words, _ in series_map.BOXES}
    for words, extent in extents(the_map, list(places)):
        left, bottom, width, height = places[words]
        assert left < extent.x0 and extent.x1 < left + width, words
        assert bottom < extent.y0 and extent.y1 < bottom + height, words


def test_the_words_beside_the_lines_lie_on_no_box_and_on_no_picture(the_map):
    notes = [words for _, _, words, _ in series_map.NOTES]
    for words, extent in extents(the_map, notes):
        for name, (left, bottom, right, top) in boxes_of(the_map):
            aside = extent.x1 <= left or right <= extent.x0
            assert aside or extent.y1 <= bottom or top <= extent.y0, (words, name)
        assert extent.x1 < series_map.MAP_SIZE[0]
