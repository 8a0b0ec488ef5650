"""The tables of notebook 09 learn what its bugs leave to learn, and are drawn so."""

import numpy as np
import pytest
from drawn import drawn_by
from matplotlib.colors import to_rgba

from dqn_tutorial.catch import state_index
from dqn_tutorial.lessons.lesson_09 import sketches
from dqn_tutorial.lessons.lesson_09.tables import catch_tables, corridor_tables
from dqn_tutorial.q_table import greedy_policy


@pytest.fixture(scope="module")
def corridor():
    return corridor_tables()


def test_the_corridor_is_learned_exactly_although_no_game_is_long_enough(corridor):
    q = corridor["terminated"]
    assert (greedy_policy(q)[1:13] == 1).all()
    steps_to_go = 12 - np.arange(1, 13)
    np.testing.assert_allclose(q[1:13, 1], 5 * 0.95**steps_to_go, rtol=0.05)


def test_with_done_the_near_prize_wins_where_the_far_one_is_beyond_the_limit(corridor):
    left, right = [0] * 5, [1] * 7
    assert greedy_policy(corridor["done"])[1:13].tolist() == [*left, *right]


def test_the_way_that_a_table_goes_is_drawn_below_each_cell(monkeypatch):
    drawn = drawn_by(monkeypatch, sketches)
    q = np.zeros((14, 2))
    q[:4, 0], q[4:, 1] = 1.25, 3.5  # in cells 1 to 3 to the left
    sketches.plot_corridor(5, {"one": q, "other": q[:, ::-1]})
    (axes,) = drawn[0].axes
    hops = [text for text in axes.texts if not text.get_text()]
    assert [hop.xyann[0] for hop in hops] == [5, 6, 7, 8] and hops[-1].xy[0] == 9
    rows = {}  # height: what stands there, from left to right
    named = [text for text in axes.texts if text.get_text()]
    for text in sorted(named, key=lambda text: text.get_position()):
        rows.setdefault(text.get_position()[1], []).append(text.get_text())
    words, cells, one, values, other, _ = (rows[y] for y in sorted(rows, reverse=True))
    assert words == ["a game from cell 5, cut off after 4 steps"]
    assert cells == ["+1", *map(str, range(1, 13)), "+5"]
    assert one == ["one", *"←" * 3, *"→" * 9]
    assert values == ["1.25"] * 3 + ["3.50"] * 9
    assert other == ["other", *"→" * 3, *"←" * 9]
    colours = {text.get_text(): to_rgba(text.get_color()) for text in axes.texts}
    ends = [axes.patches[k].get_facecolor() for k in (0, 13)]  # the two prizes
    assert ends == [colours["←"], colours["→"]] and ends[0] != ends[1]


def test_without_tables_only_the_corridor_is_drawn(monkeypatch):
    drawn = drawn_by(monkeypatch, sketches)
    sketches.plot_corridor(5, {})
    texts = [text.get_text() for text in drawn[0].axes[0].texts]
    assert not {"←", "→"} & set(texts) and "12" in texts


def test_with_the_right_sync_a_catch_is_known_from_the_first_step_on():
    tables = catch_tables()
    for column in range(5):  # the ball falls straight upon the paddle
        states = [state_index(row, column, column) for row in range(9)]
        right = tables["right"][states].max(axis=1)
        known = right != 0  # a game begins in the middle, and reaches the walls later
        assert known.sum() >= 7
        discounted = 0.9 ** np.arange(8, -1, -1)
        np.testing.assert_allclose(right[known], discounted[known])
        wrong = tables["synced with itself"][states].max(axis=1)
        assert wrong.tolist() == [0] * 8 + [1]


def test_news_is_drawn_step_by_step_towards_the_end(monkeypatch):
    drawn = drawn_by(monkeypatch, sketches)
    q = np.zeros((250, 3))
    for row in range(10):
        q[state_index(row, 2, 2), 1] = row + 1
    sketches.plot_news({"right": q, "wrong": q / 10})
    (axes,) = drawn[0].axes
    right, wrong = axes.lines
    assert right.get_xdata().tolist() == [*range(9, 0, -1)]
    assert right.get_ydata().tolist() == [*range(1, 10)]  # the ball at rows 0 to 8
    np.testing.assert_allclose(wrong.get_ydata(), np.arange(1, 10) / 10)
    assert axes.get_xlim()[0] > axes.get_xlim()[1]  # time runs to the right
    assert [text.get_text() for text in axes.texts][:2] == ["1.00", "2.00"]
