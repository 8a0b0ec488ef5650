"""The figures of notebooks 04 and 04b: what is drawn is what was given."""

import numpy as np
import pytest
from drawn import drawn_by
from matplotlib.colors import to_rgba
from matplotlib.patches import FancyArrowPatch, Rectangle, Wedge

from dqn_tutorial.lessons.lesson_04 import engineering, rows
from dqn_tutorial.lessons.lesson_04 import figures as figures_04
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.viewing.plotting import BLACK, BLUE, SKY, VERMILION, YELLOW


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, figures_04, rows)


def boxes(axes) -> list[Rectangle]:
    """The filled slots, in the order in which they were drawn."""
    return [p for p in axes.patches if isinstance(p, Rectangle) and p.get_fc()[3]]


def numbers(axes) -> list[int]:
    return [int(t.get_text()) for t in axes.texts if t.get_text().isdigit()]


def test_replay_lifts_the_drawn_slots_of_its_ring(figures):
    frames, games = np.zeros((9, 84, 84), np.uint8), np.array([0] * 4 + [1] * 5)
    held, drawn = np.arange(3, 9), np.array([4, 7])
    figures_04.plot_replay(frames, games, held, drawn, "Replay.", "A ring")
    (axes,) = figures[0].axes
    slots = [patch for patch in axes.patches if isinstance(patch, Wedge)]
    assert [slot.r > figures_04.OUTER for slot in slots] == [t in drawn for t in held]
    same_game = [slot.get_fc() == slots[0].get_fc() for slot in slots]
    assert same_game == [True] + [False] * 5
    assert len(axes.images) == 4 + len(drawn)


def test_likeness_is_drawn_as_it_is_one_square_a_batch(figures):
    pairs = np.array([[1.0, 0.2], [0.2, 1.0]])
    figures_04.plot_likeness({"a": pairs, "b": -pairs}, "Likeness.", "Two squares")
    first, second, _ = figures[0].axes
    assert np.array_equal(first.images[0].get_array(), pairs)
    assert np.array_equal(second.images[0].get_array(), -pairs)


def test_memories_are_areas_beside_a_laptop(figures):
    figures_04.plot_memory({"naive": 36_000, "packed": 4_000}, 9, "Memory.", "Squares")
    (axes,) = figures[0].axes
    sides = [(patch.get_width(), patch.get_height()) for patch in axes.patches]
    assert sides == [(6, 6), (3, 3), (2, 2), (3, 3)]
    assert {"36.0 GB", "4.0 GB"} <= {text.get_text() for text in axes.texts}


def test_lessons_show_one_row_a_report_and_one_column_a_question(figures):
    runs = {"in order": np.array([[1.0, 0.2], [0.0, 1.0]]), "shuffled": np.ones((2, 2))}
    figures_04.plot_lessons(runs, "Lessons.", "Two squares")
    ordered, _ = figures[0].axes
    said = {text.get_position(): text.get_text() for text in ordered.texts}
    assert said == {(0, 0): "100%", (1, 0): "20%", (0, 1): "0%", (1, 1): "100%"}


def test_moves_towards_the_ball_are_blue(figures):
    square = np.array([[2, 2], [0, 1]])  # ball in row 0 or 1, paddle in a column
    figures_04.plot_moves({"one": square}, "Moves.", "A square")
    (axes,) = figures[0].axes
    said = {t.get_position(): (t.get_text(), t.get_color()) for t in axes.texts}
    assert said == {
        (0, 0): ("→", VERMILION),  # already under the ball
        (1, 0): ("→", VERMILION),
        (0, 1): ("←", VERMILION),
        (1, 1): ("•", BLUE),
    }
    under_the_ball = [(b.get_x() + 0.5, b.get_y() + 0.5) for b in boxes(axes)]
    assert under_the_ball == [(0, 0), (1, 1)]
    assert axes.get_title() == "one"
    assert axes.yaxis_inverted()  # row 0 is above


def test_a_frame_is_marked_in_its_eight_places(figures):
    rows.plot_copies(14, "Copies.", "Boxes")
    (axes,) = figures[0].axes
    yellow = [box.get_fc() == to_rgba(YELLOW) for box in boxes(axes)]
    assert len(yellow) == 40 and sum(yellow) == 8
    assert yellow == [number == 14 for number in numbers(axes)]
    assert numbers(axes)[:8] == [10, 11, 12, 13, 11, 12, 13, 14]


def test_a_row_is_cut_where_its_brightness_changes(figures):
    frame = np.zeros((84, 84), np.uint8)
    frame[60, :4], frame[60, 20:] = 100, 200
    figures_04.plot_runs({"a": frame, "b": 0 * frame}, 60, "Runs.", "Two rows")
    whole, strip, _, plain = figures[0].axes
    assert np.array_equal(whole.images[0].get_array(), frame)
    assert whole.lines[0].get_ydata()[0] == 60
    assert strip.get_title("left") == "a: 3 runs"
    assert plain.get_title("left") == "b: 1 runs"
    cuts = [line[0][0] for line in strip.collections[0].get_segments()]
    assert cuts == [0, 4, 20, 84]
    assert numbers(strip) == [16, 64]  # a run of 4 has no room for its number


def test_a_stack_is_framed_beside_the_true_one(figures):
    slots, true = [24, 25, 13, 14, 21, 22, 23], [0, 12, 13, 14]
    rows.plot_stack(slots, 3, true, "A stack.", "Seven slots", head=2)
    (axes,) = figures[0].axes
    assert numbers(axes) == slots + true
    colours = [box.get_fc() for box in boxes(axes)]
    assert colours[:3] == [to_rgba(YELLOW), to_rgba(YELLOW), to_rgba(SKY)]
    assert colours[7] == to_rgba(BLACK)  # before the game
    (frame,) = [p for p in axes.patches if p.get_ec() == to_rgba(VERMILION)]
    left, right = frame.get_x(), frame.get_x() + frame.get_width()
    inside = [left < box.get_x() + 0.5 < right for box in boxes(axes)]
    assert inside == [True] * 4 + [False] * 7
    (tip,) = [t.xy[0] for t in axes.texts if t.get_text() == "written next"]
    assert 2 < tip < 3


def test_stacks_that_reach_the_overwritten_slot_have_orange_arrows(figures):
    usable = [True, True, False, False, True, True]
    ring = engineering.Ring(1, [23, 11, 12, 13, 21, 22], [2, 0, 1, 2, 0, 1], usable)
    full = ring._replace(usable=[True] * 6)
    rows.plot_ring({24: ring, 25: full}, "A ring.", "Six slots, twice")
    (axes,) = figures[0].axes
    arrows = [p for p in axes.patches if isinstance(p, FancyArrowPatch)]
    reach = [
        (*(x // 1 for x, _ in arrow._posA_posB), arrow.get_ec() == to_rgba(VERMILION))
        for arrow in arrows
    ]
    seam, orange = [(0, -2, False), (6, 4, False)], [(2, 1, True), (3, 1, True)]
    assert reach[:3] == [*seam, (5, 4, False)]  # slots 2 and 3 may not be drawn
    assert reach[3:] == [*seam, *orange, (5, 4, False)]
    assert numbers(axes) == ring.frames * 2
    coloured = [box.get_fc() in (to_rgba(SKY), to_rgba(YELLOW)) for box in boxes(axes)]
    assert coloured == usable + [True] * 6
    heads = {t.get_text(): t.xy[0] for t in axes.texts if "comes" in t.get_text()}
    assert list(heads) == ["24 comes", "25 comes"]
    assert all(1 < tip < 2 for tip in heads.values())


def test_a_ring_is_read_from_a_full_buffer():
    buffer = ReplayBuffer(6, frame_shape=(1, 1))
    buffer.reset(engineering.frame(11))
    engineering.play(buffer, 12)
    engineering.play(buffer, 13, new_game=21)
    engineering.play(buffer, 22)
    engineering.play(buffer, 23)
    marks = [True, True, False, True, True, False]  # 13 is a last frame, 23 is open
    ages = [0, 1, 2, 0, 1, 2]
    full = engineering.Ring(0, [11, 12, 13, 21, 22, 23], ages, marks)
    assert engineering.ring(buffer) == full
    engineering.play(buffer, 24)  # over 11, with which the stack of 12 is lost
    marks = [False, False, False, True, True, True]
    frames, ages = [24, 12, 13, 21, 22, 23], [3, 1, 2, 0, 1, 2]
    assert engineering.ring(buffer) == engineering.Ring(1, frames, ages, marks)


def test_the_newest_frame_of_one_game_is_the_darkest(figures):
    windows = {"slot 1": [19, 20, 21, 22, 23], "slot 2": [20, 21, 22, 23, 14]}
    rows.plot_windows(windows, "W.", "Two rows of boxes", one_game=True)
    (axes,) = figures[0].axes
    assert numbers(axes) == windows["slot 1"] + windows["slot 2"]
    light = [sum(box.get_fc()[:3]) for box in boxes(axes)]
    assert light[:5] == sorted(light[:5], reverse=True)
    assert light[9] == max(light) and light[4] == light[8] == min(light)


def test_the_windows_of_a_small_buffer_are_what_the_agent_saw():
    buffer = ReplayBuffer(7, frame_shape=(1, 1))
    buffer.reset(engineering.frame(11))
    engineering.play(buffer, 12)
    engineering.play(buffer, 13, new_game=21)
    engineering.play(buffer, 22)
    assert engineering.transitions(buffer) == {
        "at 11": [0, 0, 0, 11, 12],
        "at 12": [0, 0, 11, 12, 13],
        "at 21": [0, 0, 0, 21, 22],
    }
