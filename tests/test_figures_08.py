"""The figures of notebook 08: what is drawn is what was given."""

import numpy as np
import pytest
from drawn import drawn_by
from matplotlib.colors import to_hex

from dqn_tutorial.lessons.lesson_08 import figures as figures_08
from dqn_tutorial.lessons.lesson_08.ablations import Effect
from dqn_tutorial.viewing.plotting import BLUE, VERMILION


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, figures_08)


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


def test_four_variants_fill_two_rows_of_two(figures):
    names = ["no_replay", "no_target", "one_frame", "no_clipping"]
    runs = {"full": FULL} | dict.fromkeys(names, FULL)
    figures_08.plot_curves(runs, "score", "Curves.", "Lines")
    assert figures[0].axes[0].get_gridspec().get_geometry() == (2, 2)


SCORES = {"full": np.array([4.0, 6.0]), "no_target": np.array([1.0, 2.0]),
          "one_frame": np.array([5.0, 6.0])}  # fmt: skip
EFFECTS = {"no_target": Effect(3.5, 2.0, 5.0, 0.01),
           "one_frame": Effect(-0.5, -2.0, 1.0, 0.6)}  # fmt: skip


def losses(figures, **live):
    figures_08.plot_losses(SCORES, EFFECTS, 0.5, "Losses.", "Dots", **live)
    return figures[0].axes[0]


def drawn(axes, marker):
    """The places along the axis of what has this marker, row by row."""
    lines = [line for line in axes.lines if line.get_marker() == marker]
    return [sorted(np.atleast_1d(line.get_xdata()).tolist()) for line in lines]


def test_a_dot_is_what_a_run_lost_against_the_mean_of_the_full_agent(figures):
    axes = losses(figures)
    assert drawn(axes, "o") == [[-1, 1], [3, 4], [-1, 0]]
    assert drawn(axes, "|") == [[3.5], [-0.5]]


def test_a_bar_ends_where_the_interval_ends(figures):
    bars = [line for line in losses(figures).lines if line.get_linewidth() == 7]
    assert [list(bar.get_xdata()) for bar in bars] == [[2, 5], [-2, 1]]
    assert {bar.get_solid_capstyle() for bar in bars} == {"butt"}


def test_no_dot_lies_on_a_bar(figures):
    axes = losses(figures)
    bars = [line.get_ydata()[0] for line in axes.lines if line.get_linewidth() == 7]
    dots = [y for line in axes.lines if line.get_marker() == "o"
            for y in line.get_ydata()]  # fmt: skip
    assert min(abs(bar - dot) for bar in bars for dot in dots) > 0.2


def test_a_dashed_line_is_what_random_actions_lose(figures):
    (line,) = [line for line in losses(figures).lines if line.get_linestyle() == "--"]
    assert list(line.get_xdata()) == [4.5, 4.5]  # of 5


def test_a_verdict_stands_beside_each_variant(figures):
    said = [text.get_text() for text in losses(figures).texts]
    assert said == ["random actions", "shown", "not shown"]


def test_a_cross_is_measured_like_the_dots_and_the_full_agent_has_one(figures):
    live = {"full": np.array([4.5]), "no_target": np.array([3.0])}
    assert drawn(losses(figures, live=live), "x") == [[0.5], [2]]


def test_an_interval_without_0_is_a_false_alarm(figures):
    ends = np.array([[-1.0, 1.0], [0.5, 2.0], [-3.0, -1.0]])
    figures_08.plot_alarms({"A": ends, "B": ends[:1]}, "Alarms.", "Lines")
    titles = [axes.get_title() for axes in figures[0].axes]
    assert titles == ["A\n2 of 3 false alarms", "B\n0 of 1 false alarms"]
    calm, alarms = figures[0].axes[0].collections
    assert [s[:, 0].tolist() for s in calm.get_segments()] == [[-1, 1]]
    assert [s[:, 0].tolist() for s in alarms.get_segments()] == [[0.5, 2], [-3, -1]]


def test_every_mean_q_is_a_line_and_the_limit_too(figures):
    def run(*mean_q):
        return {"step": np.array([10, 20]), "mean_q": np.array(mean_q)}

    runs = {"full": {0: run(np.nan, 2.0)}, "no_target": {0: run(1.0, 3.0)}}
    figures_08.plot_mean_q(runs, 100, "Values.", "Lines")
    (axes,) = figures[0].axes
    assert axes.get_yscale() == "log"
    full, other, limit = [list(line.get_ydata()) for line in axes.lines]
    assert full[1] == 2 and other == [1, 3] and limit == [100, 100]
    assert any("100" in text.get_text() for text in axes.texts)


def test_a_pair_is_two_rows_of_scores_and_its_interval(figures):
    pairs = np.arange(12.0).reshape(2, 2, 3)
    ends = np.array([[-2.0, -1.0], [-1.0, 1.0]])
    figures_08.plot_pairs(pairs, ends, "Pairs.", "Dots")
    scores, intervals = figures[0].axes
    assert [line.get_xdata().tolist() for line in scores.lines] == [
        [0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]  # fmt: skip
    inside = [line.get_markerfacecolor() for line in scores.lines]
    assert inside[:2] == inside[2:] and inside[0] != inside[1]
    rows = np.mean([line.get_ydata()[0] for line in scores.lines[:2]])
    calm, alarms = intervals.collections
    assert [s.tolist() for s in alarms.get_segments()] == [[[-2, rows], [-1, rows]]]
    assert [s.tolist() for s in calm.get_segments()] == [[[-1, 1], [1, 1]]]
    (alarm,) = intervals.texts
    assert alarm.get_text() == "false alarm"
    assert alarm.get_position()[0] == -1.5 and -0.5 < alarm.get_position()[1] < 0
    assert scores.get_ylim()[0] > scores.get_ylim()[1]  # the first pair on top


def test_a_table_with_one_alarm_or_more_is_framed_and_counted_once(figures):
    ps = np.array([[0.2, 0.04, 0.01], [0.5, 0.06, 0.05], [0.3, 0.04, 0.9]])
    figures_08.plot_tables({"A": ps, "B": ps[1:2]}, "T.", "Squares", drawn=2)
    first, second = figures[0].axes
    assert first.get_title() == "A\na false alarm in 67 % of the tables"
    assert second.get_title() == "B\na false alarm in 0 % of the tables"
    orange = [
        [to_hex(colour).upper() == VERMILION for colour in table.get_facecolors()]
        for table in first.collections
    ]
    assert orange == [[False, True, True], [False, False, False]]  # two are drawn
    assert len(first.patches) == 1 and not second.patches
    frame = first.patches[0].get_bbox()
    for path in first.collections[0].get_paths():  # around the table of the alarms
        assert frame.x0 <= path.vertices[:, 0].min()
        assert path.vertices[:, 0].max() <= frame.x1
        assert frame.y0 <= path.vertices[:, 1].min()
        assert path.vertices[:, 1].max() <= frame.y1


class Turned:
    """Turns the scores on by one, then by two, and so on: shuffles known beforehand."""

    def __init__(self):
        self.by = 0

    def permutation(self, n):
        self.by += 1
        return np.roll(np.arange(n), -self.by)


def test_a_shuffle_counts_that_is_at_least_as_far_apart_to_either_side(figures):
    full, variant = np.array([4.0, 6.0]), np.array([1.0, 2.0, 3.0])  # 3 apart
    figures_08.plot_deals(full, variant, 4, Turned(), "Deals.", "Tiles")
    tiles, means = figures[0].axes
    # by hand: 4 6 | 1 2 3; 6 1 | 2 3 4; 1 2 | 3 4 6; 2 3 | 4 6 1; 3 4 | 6 1 2
    apart = [5 - 2, 3.5 - 3, 1.5 - 13 / 3, 2.5 - 11 / 3, 3.5 - 3]
    assert np.allclose([line.get_xdata()[1] for line in means.lines], apart)
    assert [line.get_color() == VERMILION for line in means.lines] == [1, 0, 0, 0, 0]
    numbers = [text.get_text() for text in tiles.texts if "." in text.get_text()]
    assert numbers[5:10] == ["6.00", "1.00", "2.00", "3.00", "4.00"]
    blue = [to_hex(tile.get_facecolor()).upper() == BLUE for tile in tiles.patches]
    assert blue[:5] == [1, 1, 0, 0, 0] and blue[5:10] == [1, 0, 0, 0, 1]
    assert [t.get_text() for t in means.get_xticklabels()] == ["−3", "0", "3"]


def test_a_shuffle_to_the_other_side_counts_too(figures):
    full, variant = np.array([0.3, 0.6]), np.array([0.1, 0.2])
    figures_08.plot_deals(full, variant, 2, Turned(), "Deals.", "Tiles")
    means = figures[0].axes[1]
    assert [line.get_color() == VERMILION for line in means.lines] == [1, 0, 1]
