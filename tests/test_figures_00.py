"""Figures, map and table of notebook 00: what is drawn is what was given."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
from drawn import drawn_by
from histories import history_of

from dqn_tutorial.lessons.lesson_00 import clips, series_map
from dqn_tutorial.lessons.lesson_00 import figures as figures_00
from dqn_tutorial.lessons.lesson_00.clips import Stretch
from dqn_tutorial.lessons.rival import RED
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.viewing.video import Moment, Recording
from dqn_tutorial.viewing.watched_game import WatchedGame

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, figures_00, series_map)


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


def test_stages_stand_on_the_curve_at_their_steps_beside_their_games(figures):
    """Step 150 lies half way from row 1 to row 2: 90 s, a score of 4."""
    history = history_of(
        step=[100, 200], mean_score_100=[2.0, 6.0], wall_seconds=[60, 120]
    )
    figures_00.plot_stages(history, {0: 1.0, 150: 9.0, 200: 7.0}, 0.5)
    curve, bars = figures[0].axes
    line, *marks = curve.lines
    assert line.get_xdata().tolist() == [1, 2]
    places = [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in marks]
    assert places == [(1, 2), (1.5, 4), (2, 6)]
    assert [bar.get_height() for bar in bars.patches] == [1, 9, 7]


def test_the_inset_ends_where_the_score_is_ten_times_a_random_agents(figures):
    """Ten times 0.5 is 5, reached at step 300; the stage after that is not in it."""
    history = history_of(
        step=[100, 200, 300, 400],
        mean_score_100=[1.0, 2.0, 5.0, 9.0],
        wall_seconds=[60, 120, 180, 240],
    )
    figures_00.plot_stages(history, {200: 1.0, 400: 9.0}, 0.5)
    (inset,) = figures[0].axes[0].child_axes
    curve, random_agent, mark = inset.lines
    assert curve.get_ydata().tolist() == [1, 2, 5]
    assert set(random_agent.get_ydata()) == {0.5}
    assert mark.get_xdata() == [2] and mark.get_ydata() == [2]


def test_the_climb_marks_the_stretch_and_the_ball_behind_the_wall(figures):
    scores = np.array([0.0, 1.0, 1.0, 8.0])
    behind = np.array([False, False, True, False])
    figures_00.plot_climb(Stretch(None, 1, 3, scores, behind))
    curve, dots = figures[0].axes[0].lines
    assert curve.get_ydata().tolist() == [0, 1, 1, 8]
    assert dots.get_xdata().tolist() == [2 / 15] and dots.get_ydata().tolist() == [1]


def test_a_step_is_drawn_as_its_screen_its_frames_and_its_q_values(figures):
    frames = np.arange(5, dtype=np.uint8)[:, None, None].repeat(84, 1).repeat(84, 2)
    game = WatchedGame(
        screens=np.array([[[0]], [[1]]], np.uint8),
        palette=np.array([[9, 9, 9], [1, 2, 3]], np.uint8),
        frames=frames,
        actions=np.array([0, 1]),
        scores=np.zeros(3),
        lives=np.ones(2, int),
        life_ended=np.zeros(2, bool),
        first_step=0,
        game_over=False,
    )
    q_values = np.array([[0, 0], [0.5, 1.5]])
    figures_00.plot_step(game, ["STAY", "GO"], q_values, 1, "Step.", "A step")
    *pictures, bars = figures[0].axes
    shown = [np.asarray(axes.images[0].get_array()).ravel()[:3] for axes in pictures]
    assert shown[0].tolist() == [1, 2, 3]
    assert [int(frame[0]) for frame in shown[1:]] == [1, 2, 3, 4]
    assert [bar.get_width() for bar in bars.patches] == [0.5, 1.5]


def test_the_paths_are_the_columns_of_paddle_and_ball(figures):
    """A paddle over columns 40 to 55, the ball first far above it, then close."""
    screens = []
    for row in (120, 180):
        screen = np.zeros((210, 160, 3), np.uint8)
        screen[189:193, 40:56] = RED
        screen[row : row + 4, 100:102] = RED
        screens.append(screen[20:])
    game = Recording(Path("x.mp4"), 0, 1, False, screens, [0, 0])
    figures_00.plot_paths({"A": game}, "Paths.", "Two paths")
    path = figures[0].axes[1]
    ball, close = path.lines
    assert ball.get_xdata().tolist() == [100.5, 100.5]
    assert np.isnan(close.get_xdata()[0]) and close.get_xdata()[1] == 100.5
    (band,) = path.collections
    columns = band.get_paths()[0].vertices[:, 0]
    assert (columns.min(), columns.max()) == (47.5 - 8, 47.5 + 8)


def test_the_liveliest_stretch_is_that_of_the_game_with_most_points(monkeypatch):
    """The second game scores less in all, but 5 of its points in two steps."""
    courses = {"a": [0, 1, 2, 3, 4, 5, 6, 7], "b": [0, 0, 0, 1, 3, 6, 6, 6]}
    wall = np.zeros((210, 160, 3), np.uint8)

    def replayed(game):
        for k, score in enumerate(courses[game]):
            yield Moment([wall], score, k, False)

    monkeypatch.setattr(clips, "play_recorded", replayed)
    monkeypatch.setattr(clips, "STEPS_PER_SECOND", 1)
    best = clips.liveliest(["a", "b"], seconds=2)
    assert (best.game, best.first, best.last, best.points) == ("b", 3, 5, 5)
    assert not best.behind.any()
    assert [moment.score for moment in best.moments()] == [1, 3, 6]


def test_stages_are_loaded_by_their_steps_the_agent_itself_last():
    loaded = figures_00.load_stages("breakout")
    agent, _, origin = load_agent("breakout")
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
        '01_a.ipynb,0.3,0.9,"X, 2 cores"\n02_b.ipynb,1.5,1.2,"X, 2 cores"\n',
        encoding="utf-8",
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
    series.write_text("notebook,minutes,peak_ram_gb,machine\n", encoding="utf-8")
    with pytest.raises(ValueError, match="must have a row per notebook"):
        figures_00.show_series(series)


@pytest.fixture
def the_map(figures):
    screen = np.full((210, 160, 3), 7, np.uint8)
    state = np.arange(4, dtype=np.uint8)[:, None, None] * np.ones((84, 84), np.uint8)
    series_map.plot_map(screen, state, np.full((84, 84), 9, np.uint8), "Map.", "A map")
    return figures[0].axes[0]


def test_every_notebook_is_a_stop_of_the_map(the_map):
    there = {int(path.name[:2]) for path in NOTEBOOKS.glob("[0-9]*.ipynb")}
    assert there <= set(series_map.STOPS) == set(range(11))
    assert the_map.texts


def test_the_pictures_of_the_map_are_those_given(the_map):
    levels = [np.unique(image.get_array()).tolist() for image in the_map.images]
    assert levels == [[7], [0], [1], [2], [3], [9]]  # oldest frame first, newest on top
