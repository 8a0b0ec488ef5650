"""The museum: each bug is where it should be, and what it does can be worked by hand.

The tests that catch the bugs stand in notebook 09 itself, where they are run.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from drawn import drawn_by

from dqn_tutorial import atari, envs, learning
from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.catch import Catch, ParallelCatch
from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.lesson_09 import bugs, cases, greys, museum, museum_runs
from dqn_tutorial.lessons.lesson_09 import figures as figures_09
from dqn_tutorial.lessons.lesson_09.bugs import BUGS
from dqn_tutorial.lessons.lesson_09.museum_games import (
    Corridor,
    CorridorWithDone,
    ParallelBallAfterBall,
    ParallelBallAndBomb,
    ParallelLateBall,
)
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.preprocessing import greyscale
from dqn_tutorial.quiet_tensorflow import tf
from dqn_tutorial.runs import pretrained
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.training import store
from tools import measure_museum

LEFT, STAY, RIGHT = 0, 1, 2
STORED = Path(__file__).parent.parent / "notebooks/data/bug_museum_catch.csv"


# The bugs


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_stands_in_its_place_while_it_is_built_in_and_then_no_more(bug):
    owner, name, instead = BUGS[bug]
    right = getattr(owner, name)
    assert right is not instead
    with pytest.raises(KeyError, match="in the middle"):
        with museum_runs.built_in("ball_and_bomb", bug):
            assert getattr(owner, name) is instead
            assert envs.ParallelCatch is ParallelBallAndBomb
            raise KeyError("in the middle")
    assert getattr(owner, name) is right
    assert envs.ParallelCatch is ParallelCatch


def test_every_bug_is_measured_beside_the_right_code_on_the_same_game():
    assert {bug for _, bug in museum_runs.EXHIBITS} == {*BUGS, "none"}
    for exhibit in museum_runs.EXHIBITS:
        if exhibit != ("small_constant", "scaled_twice"):  # beside the usual constant
            assert (exhibit[0], "none") in museum_runs.EXHIBITS


def test_a_variation_of_catch_may_change_its_settings():
    assert museum_runs.settings("catch").adam_epsilon == 1e-4
    assert museum_runs.settings("small_constant").adam_epsilon == 1e-8
    assert museum_runs.settings("three_rewards").n_steps == 3


def test_without_its_last_row_catch_has_no_paddle():
    left, right = (bugs.draw_without_last_row(4, 2, column) for column in (0, 4))
    assert np.array_equal(left, right) and (left == 255).sum() == 64  # the ball


def test_the_first_84_of_110_rows_end_above_the_paddle():
    one, other = museum.paddle_left_and_right()
    rows = np.flatnonzero((one != other).any(axis=(1, 2)))
    assert (rows.min(), rows.max()) == (189, 192)
    frames = [bugs.first_84_rows(screen) for screen in (one, other)]
    assert frames[0].shape == (84, 84) and np.array_equal(*frames)


def test_the_wrong_grey_weighs_blue_as_red():
    screen = np.array([[[200, 72, 72], [0, 0, 100]]], np.uint8)
    # 0.114 x 200 + 0.587 x 72 + 0.299 x 72 = 86.6, and 0.299 x 100
    assert bugs.grey_of_bgr(screen).tolist() == [[87, 30]]
    assert greyscale(screen).tolist() == [[110, 11]]


def test_scaled_twice_white_is_one_part_in_255():
    network = bugs.network_scaled_twice("dqn2013", 3, 0)
    white = network.get_layer("scale")(np.full((1, 4, 84, 84), 255, np.uint8))
    assert float(tf.reduce_max(white)) == pytest.approx(1 / 255)


def after_a_game(env):
    """The state in which the second game begins."""
    env.reset()
    while not env.step(np.array([STAY])).game_over[0]:
        pass
    return env.states[0]


@pytest.mark.parametrize("game", [ParallelCatch, ParallelLateBall, ParallelBallAndBomb])
def test_a_stack_that_is_not_cleared_begins_with_the_end_of_the_last_game(game):
    assert not after_a_game(game(1))[:3].any()
    env = game(1)
    with museum_runs.built_in("catch", "stack"):
        crossing = after_a_game(env)
    assert crossing[:3].any(axis=(1, 2)).all()
    assert np.array_equal(crossing[3], after_a_game(game(1))[3])


def test_without_an_end_the_target_hopes_for_more():
    arguments = [tf.constant([1.0]), tf.constant([True]), tf.constant([[5.0, 7.0]])]
    assert learning.td_targets(*arguments, 0.5).numpy() == [1.0]
    assert bugs.targets_without_end(*arguments, 0.5).numpy() == [4.5]


@pytest.mark.parametrize(
    ("terminated", "over", "right", "wrong"),
    [(False, True, False, True), (True, False, True, True), (False,) * 4],
)
def test_done_is_stored_where_a_game_was_only_truncated(terminated, over, right, wrong):
    flags = {"terminated": terminated, "game_over": over}
    assert museum.stored_as_terminated(store, **flags) is right
    assert museum.stored_as_terminated(bugs.store_done, **flags) is wrong


def test_a_network_that_ends_in_relu_cannot_say_less_than_zero():
    network = bugs.network_with_relu("dqn2013", 3, 0)
    network.get_layer("q_values").bias.assign([-1.0, 0.5, 2.0])
    black = np.zeros((1, 4, 84, 84), np.uint8)
    assert network(black).numpy().tolist() == [[0.0, 0.5, 2.0]]


def test_a_target_synced_with_itself_stays_behind():
    agent = DQNAgent(PRESETS["catch"], 3, 0)
    agent.online.variables[-1].assign([1.0, 2.0, 3.0])
    bugs.sync_with_itself(agent)
    assert agent.target.variables[-1].numpy().tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("error", "pull"), [(0.5, 0.5), (-0.25, -0.25), (3.0, 0.0)])
def test_a_clipped_error_does_not_pull_where_it_is_large(error, pull):
    error = tf.Variable([error])
    with tf.GradientTape() as tape:
        loss = bugs.clipped_loss(error)
    assert tape.gradient(loss, error).numpy() == [pull]


def test_chosen_as_a_column_two_errors_are_four():
    q_values, actions = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([0, 1])
    column = bugs.chosen_as_a_column(q_values, actions)
    assert column.numpy().tolist() == [[1.0], [4.0]]
    assert (tf.constant([0.0, 0.0]) - column).shape == (2, 2)


def test_a_return_runs_on_over_the_last_frame_of_its_game():
    replay = museum.replay_of([0, 0, 1, 0, 4], [0, 0, 1, 0, 1])
    # Slots 0 to 2 hold game 1 and slot 3 its last frame; slots 4 and 5 hold game 2.
    games, slots = np.zeros(3, int), np.array([0, 1, 2])
    last, returns, whole = NStepReplayBuffer._follow(replay, games, slots)
    assert last.tolist() == [2, 2, 2] and whole.all()
    np.testing.assert_allclose(returns, [0.81, 0.9, 1])
    last, returns, whole = bugs.follow_through_the_end(replay, games, slots)
    assert last.tolist() == [2, 4, 5] and whole.all()
    np.testing.assert_allclose(returns, [0.81, 0.9, 1 + 0.81 * 4], rtol=1e-6)


@pytest.mark.parametrize(("rule", "steps"), [(store, 24), (bugs.store_and_count, 48)])
def test_three_rounds_of_eight_games_are_24_steps_unless_counted_twice(rule, steps):
    assert museum.steps_counted(rule, rounds=3) == steps


def test_a_schedule_of_frames_takes_four_times_as_long():
    epsilon = bugs.schedule_of_frames(1.0, 0.0, 100)
    assert (epsilon(100), epsilon(400)) == (0.75, 0.0)


class AlwaysLeft:
    """Catches the ball only in the first column."""

    def act(self, states, epsilon, rng):
        return np.zeros(len(states), np.int32)


def test_one_seed_is_one_game_over_and_over():
    assert len(set(bugs.evaluate_one_seed(AlwaysLeft(), PRESETS["catch"], 10))) == 1
    scores = bugs.evaluate_many_seeds(AlwaysLeft(), PRESETS["catch"], 30)
    columns = [Catch() for _ in range(30)]
    for seed, game in enumerate(columns):
        game.reset(seed=seed)
    assert scores == [1.0 if game.ball_column == 0 else -1.0 for game in columns]


# The games


def test_a_late_ball_lands_after_three_steps():
    env = ParallelLateBall(1, first_seed=0)
    states = env.reset()
    rows = np.flatnonzero((states[0, -1] == 255).any(axis=1))
    assert (rows[0], rows[-1]) == (2 + 6 * 8, 2 + 6 * 8 + 7)  # of row 6 of 0 to 9
    assert not states[0, :-1].any()
    over = [bool(env.step(np.array([STAY])).game_over[0]) for _ in range(6)]
    assert over == [False, False, True] * 2


def test_after_each_ball_comes_another_and_two_balls_are_cut_off_not_lost():
    env = ParallelBallAfterBall(2, first_seed=3)
    env.reset()
    steps = [env.step(np.array([STAY, STAY])) for _ in range(36)]
    assert not any(step.terminated.any() for step in steps)
    assert [k for k, step in enumerate(steps, 1) if step.game_over.any()] == [18, 36]
    assert all(step.game_over[0] == step.game_over[1] for step in steps)
    for k in (9, 18, 27):  # the next state shows the next ball, on the top row
        newest = steps[k - 1].next_frames[0]
        assert (newest[2:10] == 255).sum() == 64 and newest[74:].max() == 160
    for k in (18, 36):
        assert all(game.truncated for game in steps[k - 1].finished)
        balls = [steps[j - 1].rewards[0] for j in (k - 9, k)]
        assert steps[k - 1].finished[0].score == sum(balls)


def test_a_game_of_ball_after_ball_depends_on_its_seed_alone():
    one, other = ParallelBallAfterBall(1, first_seed=4), ParallelBallAfterBall(2, 3)
    one.reset(), other.reset()
    for _ in range(18):
        mine = one.step(np.array([LEFT])).next_frames[0]
        theirs = other.step(np.array([RIGHT, LEFT])).next_frames[1]
        assert np.array_equal(mine, theirs)


def test_a_ball_is_to_be_caught_and_the_bomb_after_it_dodged():
    env = ParallelBallAndBomb(2, first_seed=5)
    env.reset()
    steps = [env.step(np.array([STAY, LEFT])) for _ in range(12)]
    for k, step in enumerate(steps, 1):
        assert step.game_over.tolist() == step.terminated.tolist() == [k % 6 == 0] * 2
    for k in (3, 6, 9, 12):  # a ball or a bomb has landed
        before = steps[k - 2].next_frames
        for g, paddle in enumerate((2, 0)):  # stayed in the middle, went to the left
            low = before[g][2 + 8 * 8 : 2 + 9 * 8] == 255  # one row above the paddle
            column = int(np.flatnonzero(low.any(axis=0))[0] - 22) // 8
            caught = 1.0 if column == paddle else -1.0
            expected = caught if k in (3, 9) else -caught
            assert steps[k - 1].rewards[g] == expected, (k, g)
            landed = (steps[k - 1].next_frames[g][2 + 9 * 8 :] == 255).any()
            assert landed == (k in (6, 12))  # after a ball the bomb is in the air
    rewards = {step.rewards[g] for step in steps for g in (0, 1)}
    assert rewards == {-1.0, 0.0, 1.0}


def test_with_the_bug_the_next_ball_begins_as_a_bomb_does():
    states = museum.first_states()
    black = {name: not state[:3].any() for name, state in states.items()}
    assert black == {"ball": True, "bomb": False, "next ball": False}
    for state in states.values():  # something begins to fall, on one and the same row
        rows = np.flatnonzero((state[3] == 255).any(axis=1))
        assert (rows[0], rows[-1]) == (2 + 6 * 8, 2 + 6 * 8 + 7)
    landed = (states["next ball"][2] == 255).any(axis=1)
    assert np.flatnonzero(landed)[0] == 2 + 9 * 8  # the bomb of the game before


def test_what_is_falling_only_the_older_frames_tell():
    env = ParallelBallAndBomb(1, first_seed=0)
    env.reset()
    for _ in range(20):
        ball = env.states[0].copy()
        assert not ball[:3].any() and (ball[3] == 255).sum() == 64
        for _ in range(3):
            env.step(np.array([STAY]))
        bomb = env.states[0].copy()
        assert bomb[:3].any(axis=(1, 2)).all()
        one, other = ((state[3] == 255).any(axis=1) for state in (ball, bomb))
        assert np.array_equal(one, other)  # the newest frames look alike
        for _ in range(3):
            env.step(np.array([STAY]))


def test_the_corridor_by_hand():
    game = Corridor(limit=2)
    cells = {game.reset(seed=seed)[0] for seed in range(200)}
    assert cells == set(range(1, 13))
    game._cell, game._steps = 12, 0
    assert game.step(1)[:4] == (13, 5.0, True, False)
    game._cell, game._steps = 2, 0
    assert game.step(0)[:4] == (1, 0.0, False, False)
    assert game.step(0)[:4] == (0, 1.0, True, False)  # at the end of its time, too
    game._cell, game._steps = 5, 0
    assert game.step(1)[1:4] == (0.0, False, False)
    assert game.step(0)[1:4] == (0.0, False, True)
    game = CorridorWithDone(limit=1)
    game.reset(seed=0)
    game._cell = 5
    assert game.step(1)[1:4] == (0.0, True, False)


# Running, storing, showing


@pytest.fixture(scope="module")
def a_short_run():
    return museum_runs.run("catch", "none", seed=1, total_steps=1_000)


@pytest.mark.slow
def test_a_run_is_that_of_the_package_and_looking_at_it_changes_nothing(
    a_short_run, tmp_path
):
    with museum_runs.built_in("catch", "none"):
        config = museum_runs.settings("catch")
        history = Trainer.start(config, tmp_path / "run", seed=1).run(1_000)
    assert len(a_short_run) == len(history) == 2
    for name in ("step", "update", "games", "epsilon", "loss", "mean_q"):
        mine = [row[name] for row in a_short_run]
        np.testing.assert_array_equal(mine, history[name].astype(float))
    for row in a_short_run:
        assert (row["game"], row["bug"], row["seed"]) == ("catch", "none", 1)
        assert -1 <= row["score"] <= 1


def rows_of(exhibits, seeds=(0, 1), steps=(500, 1000)):
    for k, (game, bug) in enumerate(exhibits):
        for seed in seeds:
            for step in steps:
                value = 100 * k + 10 * seed + step / 1000
                row = {"game": game, "bug": bug, "seed": seed, "step": step}
                curves = {"mean_score_100": value, "score": value, "mean_q": -value}
                yield row | curves


def test_stored_runs_come_back_by_exhibit_and_seed(tmp_path):
    path = tmp_path / "runs.csv"
    measure_museum.write_rows(path, list(rows_of(museum_runs.EXHIBITS)))
    runs = museum.load_runs(path)
    assert list(runs) == museum_runs.EXHIBITS
    assert list(runs["catch", "paddle"]) == [0, 1]
    assert runs["catch", "paddle"][1]["score"].tolist() == [110.5, 111.0]
    measure_museum.write_rows(path, list(rows_of(museum_runs.EXHIBITS[:-1])))
    with pytest.raises(ValueError, match=r"lacks \[\('ball_after_ball', 'trunc"):
        museum.load_runs(path)


def two_kinds():
    runs = {}
    for row in rows_of([("catch", "none"), ("catch", "relu")]):
        kind = runs.setdefault({"none": "right", "relu": "bug"}[row["bug"]], {})
        run = kind.setdefault(row["seed"], {})
        for name in ("step", "mean_score_100", "score", "mean_q"):
            run.setdefault(name, []).append(row[name])
    return {
        kind: {
            seed: {name: np.array(values) for name, values in run.items()}
            for seed, run in of_seeds.items()
        }
        for kind, of_seeds in runs.items()
    }


def test_a_verdict_names_what_was_tried_and_says_why_it_fails(capsys):
    def is_positive(number):
        if number() <= 0:  # pytest would say more of an `assert` than Python does
            raise AssertionError(f"{number()} is not above 0")

    def one():
        return 1

    def minus_one():
        return -1

    museum.verdict(is_positive, minus_one, one)
    assert capsys.readouterr().out.splitlines() == [
        "minus_one  fails: -1 is not above 0",
        "one        passes",
    ]


def test_an_error_that_no_test_meant_is_not_a_verdict():
    def broken(_):
        raise TypeError("the test itself is wrong")

    with pytest.raises(TypeError, match="the test itself"):
        museum.verdict(broken, print)


def test_an_exhibit_is_drawn_with_the_ends_of_the_runs_and_their_mean(monkeypatch):
    shown = []
    monkeypatch.setattr(figures_09, "show", lambda *shows: shown.append(shows))
    figures_09.plot_exhibit(two_kinds(), "Runs.", ["score", "mean_q"])
    ((figure, caption, alt),) = shown
    first = figure.axes[0]
    assert [line.get_ydata().tolist() for line in first.lines] == [
        [5.5, 6.0], [105.5, 106.0],
    ]  # fmt: skip
    assert first.lines[0].get_xdata().tolist() == [0.5, 1.0]  # thousand steps
    assert [text.get_text() for text in first.texts] == ["6.00", "106.00"]
    band, marks, _, others = first.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.5, 11)  # it holds both runs
    ends = [marks.get_offsets().tolist(), others.get_offsets().tolist()]
    assert ends == [[[1, 1], [1, 11]], [[1, 101], [1, 111]]]  # each run, one by one
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts] == ["right", "bug"]
    assert caption == "Runs."
    assert alt == (
        "2 panels. At steps 1,000, 500 and 1,000. score,\n50 fresh games, right: 6.00, "
        "5.50, 6.00. score,\n50 fresh games, bug: 106.00, 105.50, 106.00. mean of the\n"
        "largest Q-values, right: -6.00, -5.50, -6.00. mean of the\nlargest Q-values, "
        "bug: -106.00, -105.50, -106.00."
    )


def test_ends_that_would_touch_are_written_apart_in_their_order(monkeypatch):
    shown = []
    monkeypatch.setattr(figures_09, "show", lambda *shows: shown.append(shows))
    kinds = two_kinds()
    kinds["bug"] = {
        seed: run | {"score": run["score"] - 99} for seed, run in kinds["bug"].items()
    }
    figures_09.plot_exhibit(kinds, "Runs.", ["score"])
    low, high = shown[0][0].axes[0].texts
    assert (low.get_text(), high.get_text()) == ("6.00", "7.00")
    bottom, top = shown[0][0].axes[0].get_ylim()
    assert high.xy[1] - low.xy[1] == pytest.approx((top - bottom) / 8)


# The cases and the hunt


def runs_that_end_with(**ends):
    """Two runs of each exhibit; those with a bug named here end with its number."""
    return {
        (game, bug): {
            seed: {
                name: np.array([0.0, ends.get(bug, 0) + seed])
                for name in cases.MEASURED
            }
            for seed in (0, 1)
        }
        for game, bug in museum_runs.EXHIBITS
    }


def test_the_number_of_right_guesses_is_told_and_not_which(capsys):
    right = {case: cases.NUMBERS[bug] for case, (_, bug) in cases.CASES.items()}
    cases.count_right(right)
    cases.count_right(right | {"A": 1, "F": 1})
    cases.count_right(right | {"A": None})
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["6 of 6 are right.", "4 of 6 are right."]
    assert lines[2].startswith("Not attempted yet")


def test_every_case_is_an_exhibit_beside_its_right_code():
    runs = runs_that_end_with()
    for exhibit in cases.CASES.values():
        assert exhibit in runs and (exhibit[0], "none") in runs
    assert len(set(cases.CASES.values())) == 6


def test_a_symptom_is_a_curve_whose_ends_do_not_overlap_with_the_right_ones():
    found = cases.symptoms(runs_that_end_with(relu=1.5, paddle=-1.5, broadcast=0.5))
    assert found["7. no number below zero"] == ["↑"] * 4
    assert found["1. lost paddle"] == ["↓"] * 4
    assert found["10. all against all"] == ["="] * 4
    measured = {*museum_runs.EXHIBITS} - {("small_constant", "scaled_twice")}
    assert {*cases.NAMES} == {exhibit for exhibit in measured if exhibit[1] != "none"}


@pytest.mark.parametrize(
    ("signs", "kind"),
    [("↓↓↓↑", "loud"), ("↓===", "loud"), ("==↑=", "quiet"), ("====", "silent")],
)
def test_a_bug_is_loud_if_the_score_in_training_shows_it(signs, kind):
    assert cases.kind_of(list(signs)) == kind


def test_the_table_of_symptoms_begins_with_the_loud_ones(monkeypatch):
    drawn = []
    monkeypatch.setattr(figures_09, "show", lambda *shows: drawn.append(shows))
    runs = runs_that_end_with(epsilon=-9)
    for run in runs["three_rewards", "n_step"].values():
        run["loss"] += 9
    figures_09.plot_symptoms(runs, "All.")
    ((fig, _, alt),) = drawn
    names = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert names[:2] == ["12. four times as long", "14. rewards of the next game"]
    signs = [text.get_text() for text in fig.axes[0].texts[:12]]
    assert signs == [*"↓↓↓↓", "loud", "E", *"===↑", "quiet", ""]
    assert "12. four times as long: ↓ ↓ ↓ ↓, loud, case E. " in alt
    assert "14. rewards of the next game: = = = ↑, quiet. 1. lost paddle: = " in alt


@pytest.mark.parametrize("letters", ["ABC", "DEF"])
def test_the_cases_are_drawn_in_rows_without_their_names(monkeypatch, letters):
    drawn = []
    monkeypatch.setattr(figures_09, "show", lambda *shown: drawn.append(shown))
    runs = museum.load_runs(STORED)
    figures_09.plot_cases(runs, letters)
    ((fig, _, alt),) = drawn
    title = cases.MEASURED["mean_score_100"]
    assert len(fig.axes) == 3 * len(cases.MEASURED)
    for row, case in enumerate(letters):
        exhibit = cases.CASES[case]
        first = fig.axes[row * len(cases.MEASURED)]
        assert first.get_title(loc="left").startswith(f"{case}.  “")
        right, theirs = (line.get_ydata()[-1] for line in first.lines)
        for mean, kind in ((right, (exhibit[0], "none")), (theirs, exhibit)):
            ends = [run["mean_score_100"][-1] for run in runs[kind].values()]
            assert mean == pytest.approx(np.mean(ends))
        assert f"{case}: {title} {theirs:.2f} ({right:.2f})" in alt
    labels = [text.get_text() for text in fig.legends[0].texts]
    assert labels == ["right", "the case"]
    assert not any(name in alt for name in cases.NAMES.values())


def test_scores_are_drawn_over_steps_and_over_games(monkeypatch):
    drawn = drawn_by(monkeypatch, figures_09)
    kinds = {
        "right": {0: {"step": [1, 2], "games": [3, 6], "mean_score_100": [-1, 1]}},
        "twice": {0: {"step": [1, 2], "games": [1, 3], "mean_score_100": [-1, 0]}},
    }
    figures_09.plot_clocks(kinds)
    steps, games = drawn[0].axes
    assert [line.get_xdata().tolist() for line in steps.lines] == [[1, 2], [1, 2]]
    assert [line.get_xdata().tolist() for line in games.lines] == [[3, 6], [1, 3]]
    assert [line.get_ydata().tolist() for line in games.lines] == [[-1, 1], [-1, 0]]


def test_a_ball_that_is_lost_pulls_only_if_the_gradient_is_clipped(monkeypatch):
    drawn = drawn_by(monkeypatch, figures_09)
    figures_09.plot_pulls(bugs.clipped_loss, learning.huber_loss)
    lines = drawn[0].axes[0].lines
    assert [line.get_label() for line in lines[::2][:2]] == [
        "right", "clipped, then squared",
    ]  # fmt: skip
    for dots, pulls in ((lines[1], [0.8, -1]), (lines[3], [0.8, 0])):
        assert dots.get_xdata().tolist() == [0.8, -1.2]
        np.testing.assert_allclose(dots.get_ydata(), pulls)


def test_schedules_are_drawn_to_the_end_of_a_run(monkeypatch):
    drawn = drawn_by(monkeypatch, figures_09)
    figures_09.plot_schedules(*cases.both("epsilon"))
    axes = drawn[0].axes[0]
    right, wrong = (line.get_ydata() for line in axes.lines)
    assert (right[20], right[-1]) == pytest.approx((0.05, 0.05))  # at step 2,000
    assert wrong[-1] == pytest.approx(1 - 0.95 * 6 / 8)
    assert [text.get_text() for text in axes.texts] == ["0.05", "0.29"]


def test_the_bug_let_loose_is_one_that_a_test_can_catch():
    drawn = {cases.let_loose(seed) for seed in range(100)}
    assert drawn == {*BUGS} - {"paddle"}


def test_both_gives_the_bug_and_the_right_code():
    assert cases.both("terminal") == (bugs.targets_without_end, learning.td_targets)
    assert cases.both("clipped_loss") == (bugs.clipped_loss, learning.huber_loss)


def test_the_hunt_runs_each_test_on_the_package_with_the_bug(capsys):
    def is_the_right_one(function):
        if function in (bugs.targets_without_end, bugs.store_done):
            raise AssertionError("this is it")

    tests = dict.fromkeys(["terminal", "truncation", "stack"], is_the_right_one)
    cases.hunt("terminal", tests)
    assert capsys.readouterr().out.splitlines() == [
        "FAILS   is_the_right_one",
        "        this is it",
        "passes  is_the_right_one",
        "passes  is_the_right_one",
    ]


def test_first_states_are_drawn_in_rows_of_four(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        figures_09, "show_frames", lambda *shown, **look: drawn.append((shown, look))
    )
    states = {name: np.full((4, 84, 84), k) for k, name in enumerate("ab")}
    figures_09.plot_first_states(states)
    (((frames, titles, *_), look),) = drawn
    assert frames[:, 0, 0].tolist() == [0] * 4 + [1] * 4 and look["columns"] == 4
    assert titles == ["a: oldest", "", "", "newest", "b: oldest", "", "", "newest"]


def test_three_rewards_are_drawn_up_to_the_end_and_beyond(monkeypatch):
    drawn = drawn_by(monkeypatch, figures_09)
    figures_09.plot_three_rewards([0, 1, 0, 4], [0, 1, 0, 1], 1)
    lines = [line.get_xdata().tolist() for line in drawn[0].axes[0].lines]
    assert lines == [[0.6, 1.4], [0.6, 3.4]]


# The tool


def threads(workers, mp_context):
    return ThreadPoolExecutor(workers)


def test_only_missing_rows_are_measured_and_all_stand_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_museum, "ProcessPoolExecutor", threads)
    asked, path = [], tmp_path / "runs.csv"

    def job(game, seed):
        asked.append((game, seed))
        return [{"game": game, "seed": seed, "step": s, "score": 1 / 3} for s in (1, 2)]

    jobs = [("a", 0), ("b", 0), ("a", 1)]
    measure_museum.measure(path, job, jobs[1:], fresh=False, workers=1)
    measure_museum.measure(path, job, jobs, fresh=False, workers=2)
    assert asked == [("b", 0), ("a", 1), ("a", 0)]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "game,seed,step,score"
    assert lines[1:3] == ["a,0,1,0.33333", "a,0,2,0.33333"]
    assert [re.match(r"\w,\d", line)[0] for line in lines[1:]] == [
        "a,0", "a,0", "b,0", "b,0", "a,1", "a,1",
    ]  # fmt: skip
    measure_museum.measure(path, job, jobs, fresh=True, workers=1)
    assert asked[3:] == jobs


def test_games_of_breakout_are_described_by_greyscale(tmp_path, monkeypatch):
    rows = [
        {"grey": grey, "seed": seed, "score": 10 * seed + len(grey)}
        for seed in range(3)
        for grey in ("right", "wrongly")
    ]
    path = tmp_path / "scores.csv"
    measure_museum.write_rows(path, rows)
    monkeypatch.setattr(
        pretrained, "load_scores", lambda name: {"agent": {"scores": [35.0]}}
    )
    scores = greys.load_scores(path)
    assert scores["right"]["scores"] == [5.0, 15.0, 25.0, 35.0]
    assert (scores["wrongly"]["mean"], scores["wrongly"]["median"]) == (17.0, 17.0)
    low, high = scores["right"]["interval_95"]
    assert 5 <= low < 20 < high <= 35


class NoPlayer:
    """Presses nothing; notes what it sees."""

    def __init__(self):
        self.seen = []

    def act(self, states, epsilon, rng):
        self.seen.append(states[0, -1])
        return [0]


def test_breakout_is_played_through_the_grey_that_is_given():
    right, darker = NoPlayer(), NoPlayer()
    greys.play_breakout(right, greyscale, seed=0)
    greys.play_breakout(darker, lambda screen: greyscale(screen) // 2, seed=0)
    assert right.seen[0].max() > 1.5 * darker.seen[0].max() > 0
    assert atari.greyscale is greyscale


def test_the_stored_measurements_are_whole_and_of_equal_length():
    runs = museum.load_runs(STORED)
    seeds = list(runs["catch", "none"])
    assert len(seeds) >= 3
    for (game, bug), of_seeds in runs.items():
        assert list(of_seeds) == seeds, (game, bug)
        steps = museum_runs.STEPS[game]
        for run in of_seeds.values():
            assert len(run["step"]) == steps // 500, (game, bug)
            assert steps <= run["step"][-1] < steps + 16
