"""Catch against numbers worked by hand, Gymnasium's own checker, and itself."""

import warnings

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

from dqn_tutorial.catch import Catch, ParallelCatch, draw, state_index

LEFT, STAY, RIGHT = 0, 1, 2
EVERY_POSITION = [(r, b, p) for r in range(10) for b in range(5) for p in range(5)]


def towards_the_ball(state):
    _, ball, paddle = np.unravel_index(state, (10, 5, 5))
    return STAY + int(np.sign(int(ball) - int(paddle)))


def game_with_ball_in(column):
    env = Catch()
    for seed in range(1000):
        _, info = env.reset(seed=seed)
        if np.unravel_index(info["state"], (10, 5, 5))[1] == column:
            return env
    raise AssertionError(f"no seed starts the ball in column {column}")


@pytest.mark.parametrize("render_mode", [None, "rgb_array"])
def test_gymnasium_finds_nothing_to_complain_about(render_mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Catch is not registered under an id, so the checker cannot make a second one.
        warnings.filterwarnings("ignore", message=".*not having a spec")
        check_env(Catch(render_mode))


def test_every_position_has_its_own_number():
    assert [state_index(*p) for p in EVERY_POSITION] == list(range(250))
    assert Catch.NUM_STATES == 250
    assert state_index(3, 4, 1) == 96  # (3 x 5 + 4) x 5 + 1


def test_no_two_positions_look_alike():
    assert len({draw(*p).tobytes() for p in EVERY_POSITION}) == 250


def test_a_frame_has_ball_paddle_and_walls_where_they_belong():
    frame = draw(ball_row=3, ball_column=4, paddle_column=0)
    assert frame.shape == (84, 84) and frame.dtype == np.uint8
    assert (frame[26:34, 54:62] == 255).all()  # row 3: 2 + 24; column 4: 22 + 32
    assert (frame[74:82, 22:30] == 160).all()  # row 9: 2 + 72; column 0
    assert (frame[2:82, [20, 21, 62, 63]] == 90).all()
    shades, pixels = np.unique(frame, return_counts=True)
    assert shades.tolist() == [0, 90, 160, 255]
    assert pixels[1:].tolist() == [4 * 80, 64, 64]


def test_a_caught_ball_covers_the_paddle():
    frame = draw(ball_row=9, ball_column=2, paddle_column=2)
    assert (frame == 255).sum() == 64 and not (frame == 160).any()


def test_one_game_step_by_step():
    env = game_with_ball_in(4)
    seen = []
    for action in [RIGHT, RIGHT, RIGHT, LEFT, STAY, STAY, STAY, STAY, RIGHT]:
        frame, reward, terminated, truncated, info = env.step(action)
        position = tuple(int(i) for i in np.unravel_index(info["state"], (10, 5, 5)))
        assert np.array_equal(frame, draw(*position))
        seen.append((position, reward, terminated, truncated))
    paddles = [3, 4, 4, 3, 3, 3, 3, 3, 4]  # the third RIGHT meets the wall
    assert seen == [
        ((row, 4, paddle), 1.0 if row == 9 else 0.0, row == 9, False)
        for row, paddle in enumerate(paddles, start=1)
    ]


def test_the_paddle_stops_at_the_left_wall():
    env = Catch()
    env.reset(seed=1)
    states = [env.step(LEFT)[4]["state"] for _ in range(4)]
    assert [state % 5 for state in states] == [1, 0, 0, 0]


def test_a_missed_ball_costs_one():
    env = game_with_ball_in(1)
    rewards = [env.step(STAY)[1] for _ in range(9)]
    assert rewards == [0.0] * 8 + [-1.0]


@pytest.mark.parametrize("seed", range(50))
def test_following_the_ball_scores_exactly_one_on_every_seed(seed):
    env = Catch()
    _, info = env.reset(seed=seed)
    score, terminated = 0.0, False
    while not terminated:
        _, reward, terminated, _, info = env.step(towards_the_ball(info["state"]))
        score += reward
    assert score == Catch.OPTIMAL_SCORE == 1.0


def test_the_seed_alone_chooses_the_ball_and_all_five_columns_come_up():
    def first_state(seed):
        return Catch().reset(seed=seed)[1]["state"]

    starts = [first_state(seed) for seed in range(200)]
    assert starts == [first_state(seed) for seed in range(200)]
    # the paddle starts in the middle, column 2: states 2, 7, 12, 17, 22
    assert sorted(set(starts)) == [2, 7, 12, 17, 22]
    assert min(starts.count(s) for s in set(starts)) >= 25  # 40 expected


@pytest.mark.parametrize("action", [-1, 3, 1.0, None, "LEFT", np.array([1])])
def test_an_unknown_action_is_refused_and_named(action):
    env = Catch()
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"action must be 0 \(LEFT\).* got"):
        env.step(action)


def test_a_numpy_integer_is_a_good_action():
    env = Catch()
    env.reset(seed=0)
    assert env.step(np.int64(2))[4]["state"] % 5 == 3


def test_no_step_before_the_first_reset_nor_after_the_last():
    env = Catch()
    with pytest.raises(RuntimeError, match=r"call reset\(\) first"):
        env.step(STAY)
    env.reset(seed=0)
    for _ in range(9):
        env.step(STAY)
    with pytest.raises(RuntimeError, match=r"call reset\(\) first"):
        env.step(STAY)


def test_render_gives_the_frame_in_rgb_only_when_asked_for():
    env = Catch(render_mode="rgb_array")
    frame, _ = env.reset(seed=3)
    assert np.array_equal(env.render(), np.stack([frame] * 3, axis=-1))
    silent = Catch()
    silent.reset(seed=3)
    assert silent.render() is None
    with pytest.raises(ValueError, match='render_mode must be None or "rgb_array"'):
        Catch(render_mode="human")


@given(first_seed=st.integers(0, 10_000), data=st.data())
def test_the_games_played_at_once_equal_single_games_pixel_by_pixel(first_seed, data):
    env = ParallelCatch(3, first_seed)
    singles = [Catch() for _ in range(3)]
    stacks = []
    for g, env in enumerate(singles):
        frame, _ = env.reset(seed=first_seed + g)
        stacks.append([np.zeros_like(frame)] * 3 + [frame])
    next_seed = first_seed + 3
    assert np.array_equal(env.reset(), stacks)
    for _ in range(20):  # two whole games and the beginning of a third
        actions = data.draw(st.lists(st.integers(0, 2), min_size=3, max_size=3))
        step = env.step(np.array(actions))
        for g, env in enumerate(singles):
            frame, reward, terminated, _, _ = env.step(actions[g])
            assert np.array_equal(step.next_frames[g], frame)
            assert step.rewards[g] == reward
            assert step.terminated[g] == step.game_over[g] == terminated
            stacks[g] = [*stacks[g][1:], frame]
            if terminated:
                frame, _ = env.reset(seed=next_seed)
                next_seed += 1
                stacks[g] = [np.zeros_like(frame)] * 3 + [frame]
        assert np.array_equal(env.states, stacks)
    assert env.states.dtype == step.next_frames.dtype == np.uint8
    assert step.rewards.dtype == np.float32


def test_states_handed_out_earlier_are_not_overwritten():
    env = ParallelCatch(2)
    states = env.reset()
    kept = states.copy()
    for _ in range(12):
        env.step(np.array([LEFT, RIGHT]))
    assert np.array_equal(states, kept)


def test_following_the_ball_wins_every_one_of_the_games():
    env = ParallelCatch(4)
    finished = []
    env.reset()
    for _ in range(45):  # five games each
        newest = env.states[:, -1]
        # columns of the board: the ball is the brightest, then the paddle
        ball = (newest[:, 2:74, 22:62] == 255).any(axis=1).argmax(axis=1)
        paddle = (newest[:, 74:82, 22:62] == 160).any(axis=1).argmax(axis=1)
        step = env.step(1 + np.sign(ball.astype(int) - paddle))
        finished += step.finished
    assert [game.seed for game in finished] == list(range(20))
    assert all(g.score == 1.0 and g.steps == 9 and not g.truncated for g in finished)
