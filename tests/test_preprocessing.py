import importlib
import sys

import ale_py
import cv2
import gymnasium as gym
import numpy as np
import pytest
from ale_py import AtariEnv
from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dqn_tutorial.preprocessing import (
    clip_reward,
    crop_2013,
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)

gym.register_envs(ale_py)

SCREENS = (210, 160)
GAMES = {
    "breakout": "ALE/Breakout-v5",
    "ms_pacman": "ALE/MsPacman-v5",
    "seaquest": "ALE/Seaquest-v5",
    "space_invaders": "ALE/SpaceInvaders-v5",
}


def golden_screen():
    """A screen of numbers anyone can write down: no game, no randomness."""
    row, column, colour = np.ogrid[:210, :160, :3]
    return ((row * 3 + column * 5 + colour * 70) % 256).astype(np.uint8)


def area_weights(old, new):
    """The share of each old pixel in each new one: (new, old), rows sum to 1."""
    edges = np.arange(new + 1) * old / new
    low = np.maximum(edges[:-1, None], np.arange(old))
    high = np.minimum(edges[1:, None], np.arange(old) + 1)
    return np.maximum(high - low, 0) / (old / new)


def breakout_screen():
    """Breakout with the ball in play."""
    env = AtariEnv("breakout", frameskip=1, repeat_action_probability=0.0)
    env.reset(seed=0)
    for action in [1] * 4 + [0] * 16:
        screen, *_ = env.step(action)
    return screen


@pytest.mark.parametrize(
    ("rgb", "grey"),
    [
        ((255, 0, 0), 76),  # 0.299 * 255 = 76.245
        ((0, 255, 0), 150),  # 0.587 * 255 = 149.685
        ((0, 0, 255), 29),  # 0.114 * 255 = 29.07
        ((200, 72, 72), 110),  # Breakout's red bricks: 59.8 + 42.264 + 8.208
        ((255, 255, 255), 255),
    ],
)
def test_greyscale_weighs_the_colours_as_worked_by_hand(rgb, grey):
    screen = np.full((*SCREENS, 3), rgb, np.uint8)
    assert (greyscale(screen) == grey).all()
    assert greyscale(screen).shape == SCREENS


@settings(deadline=None)
@given(arrays(np.uint8, (4, 3, 3)))
def test_greyscale_is_the_rounded_weighted_sum_for_any_colour(screen):
    exact = screen @ np.array([0.299, 0.587, 0.114])
    assert np.abs(greyscale(screen) - exact).max() <= 0.51


@pytest.mark.parametrize("game", ["breakout", "pong", "qbert", *GAMES])
def test_greyscale_equals_the_greyscale_of_the_emulator(game):
    env = AtariEnv(game, frameskip=1, repeat_action_probability=0.0)
    env.reset(seed=0)
    env.action_space.seed(0)
    for _ in range(100):
        screen, *_ = env.step(env.action_space.sample())
        assert np.array_equal(greyscale(screen), env.ale.getScreenGrayscale())


def test_the_brighter_pixel_of_two_frames_is_kept():
    a = np.array([[1, 200], [30, 4]], np.uint8)
    b = np.array([[100, 2], [30, 40]], np.uint8)
    assert max_over_two_frames(a, b).tolist() == [[100, 200], [30, 40]]
    assert a.tolist() == [[1, 200], [30, 4]]


@settings(deadline=None)
@given(arrays(np.uint8, (5, 4)), arrays(np.uint8, (5, 4)))
def test_the_order_of_the_two_frames_does_not_matter(a, b):
    assert np.array_equal(max_over_two_frames(a, b), max_over_two_frames(b, a))


@settings(max_examples=20, deadline=None)
@given(arrays(np.uint8, SCREENS))
def test_resize_averages_the_area_each_new_pixel_covers(frame):
    rows, columns = area_weights(210, 84), area_weights(160, 84)
    exact = rows @ frame @ columns.T
    assert resize(frame).shape == (84, 84)
    assert np.abs(resize(frame) - exact).max() <= 0.51


@settings(deadline=None)
@given(st.integers(0, 255))
def test_resize_leaves_an_even_grey_as_it_is(grey):
    assert (resize(np.full(SCREENS, grey, np.uint8)) == grey).all()


def test_resize_turns_the_picture_the_right_way_round():
    """Rows stay rows: bright at the top of the screen, bright at the top of 84x84."""
    frame = np.zeros(SCREENS, np.uint8)
    frame[:105] = 255
    assert (resize(frame)[:42] == 255).all()
    assert (resize(frame)[42:] == 0).all()


def test_golden_screen_gives_the_same_frame_as_ever():
    """Pixels worked out with `area_weights`, none of them near a rounding edge."""
    frame = resize(greyscale(golden_screen()))
    pixels = frame[[0, 10, 60, 83], [0, 20, 50, 83]]
    assert pixels.tolist() == [62, 71, 191, 165]  # 61.775, 71.025, 190.775, 165.225
    assert round(float(frame.mean()), 1) == 127.6


def test_the_crop_of_2013_keeps_rows_18_to_101():
    frame = np.repeat(np.arange(110, dtype=np.uint8)[:, None], 84, axis=1)
    assert crop_2013(frame)[:, 0].tolist() == list(range(18, 102))


def test_the_paddle_survives_our_crops_but_not_the_top_left_one():
    screen = breakout_screen()
    grey = greyscale(screen)
    rows = np.flatnonzero((screen == (200, 72, 72)).all(axis=2)[150:].any(axis=1)) + 150
    assert rows.min() == 189  # 72 is the red of the paddle, and of nothing else there
    without = grey.copy()
    without[189:193] = grey[185]  # a picture of the same screen without the paddle

    def top_left(frame):
        return cv2.resize(frame, (84, 110), interpolation=cv2.INTER_AREA)[:84, :84]

    def paper(frame):
        return crop_2013(cv2.resize(frame, (84, 110), interpolation=cv2.INTER_AREA))

    assert np.array_equal(top_left(grey), top_left(without))
    assert not np.array_equal(paper(grey), paper(without))
    assert not np.array_equal(resize(grey), resize(without))


def frames_of(*greys):
    return [np.full((84, 84), grey, np.uint8) for grey in greys]


def test_the_newest_frame_comes_last():
    assert stack_frames(frames_of(1, 2, 3, 4))[:, 0, 0].tolist() == [1, 2, 3, 4]


def test_a_young_game_is_padded_with_zeros_at_the_old_end():
    assert stack_frames(frames_of(7, 9))[:, 0, 0].tolist() == [0, 0, 7, 9]


def test_only_the_last_four_frames_are_in_a_state():
    assert stack_frames(frames_of(1, 2, 3, 4, 5, 6))[:, 0, 0].tolist() == [3, 4, 5, 6]


def test_a_state_does_not_change_when_its_frames_do():
    frames = frames_of(1, 2, 3, 4)
    state = stack_frames(frames)
    frames[0][:] = 99
    assert state.shape == (4, 84, 84) and state.dtype == np.uint8
    assert state[0, 0, 0] == 1


def test_rewards_are_clipped_to_minus_one_and_one():
    clipped = clip_reward(np.array([-200.0, -1, -0.5, 0, 0.5, 7]))
    assert clipped.tolist() == [-1.0, -1.0, -0.5, 0.0, 0.5, 1.0]
    assert clipped.dtype == np.float32
    assert clip_reward(30) == 1.0


@pytest.mark.parametrize(("game", "gym_id"), GAMES.items())
def test_states_equal_those_of_gymnasium_on_real_frames(game, gym_id):
    """Every pixel, in 200 steps of 4 frames: the largest difference is 0."""
    theirs = gym.make(gym_id, frameskip=1, repeat_action_probability=0.0)
    theirs = AtariPreprocessing(theirs, noop_max=0, frame_skip=4)
    theirs = FrameStackObservation(theirs, 4, padding_type="zero")
    ours = AtariEnv(game, frameskip=1, repeat_action_probability=0.0)
    expected, _ = theirs.reset(seed=3)
    screen, _ = ours.reset(seed=3)
    frames = [resize(greyscale(screen))]
    assert np.array_equal(stack_frames(frames), expected)
    rng, pictures = np.random.default_rng(0), set()
    for _ in range(200):
        action = int(rng.integers(ours.action_space.n))
        expected, _, over, _, _ = theirs.step(action)
        if over:
            break
        screens = [ours.step(action)[0] for _ in range(4)]
        newest = max_over_two_frames(greyscale(screens[2]), greyscale(screens[3]))
        frames.append(resize(newest))
        assert np.array_equal(stack_frames(frames), expected)
        pictures.add(frames[-1].tobytes())
    assert len(pictures) > 100  # the game did move


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: greyscale(np.zeros(SCREENS, np.uint8)), "screen must have shape"),
        (lambda: greyscale(np.zeros((*SCREENS, 3))), "screen must be a uint8 array"),
        (lambda: greyscale([[1, 2, 3]]), "got list"),
        (
            lambda: max_over_two_frames(
                np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8)
            ),
            r"frame_b must have shape \(2, 2\), got \(2, 3\)",
        ),
        (
            lambda: max_over_two_frames(np.zeros((2, 2)), np.zeros((2, 2), np.uint8)),
            "frame_a must be a uint8 array of 0..255, got float64",
        ),
        (
            lambda: max_over_two_frames(*np.zeros((2, 4, 3, 1), np.uint8)),
            r"frame_a must have shape \(height, width\), got \(4, 3, 1\)",
        ),
        (lambda: resize(np.zeros((84, 84, 1), np.uint8)), "frame must have shape"),
        (lambda: crop_2013(np.zeros((84, 110), np.uint8)), r"\(110, 84\)"),
        (lambda: stack_frames([]), "at least one"),
        (
            lambda: stack_frames([*frames_of(1, 2, 3, 4), np.zeros((84, 80), "u1")]),
            r"frames\[4\] must have shape \(84, 84\), got \(84, 80\)",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_opencv_without_libgl_says_what_to_install(tmp_path, monkeypatch):
    text = "libGL.so.1: cannot open shared object file"
    (tmp_path / "cv2.py").write_text(f"raise ImportError({text!r})", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "cv2")
    monkeypatch.delitem(sys.modules, "dqn_tutorial.preprocessing")
    with pytest.raises(ImportError) as caught:
        importlib.import_module("dqn_tutorial.preprocessing")
    message = str(caught.value)
    assert text in message
    assert "apt-get install libgl1" in message
    assert "pip install opencv-python-headless" in message
    assert str(caught.value.__cause__) == text
