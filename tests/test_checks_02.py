"""Notebook 02's checks: right answers pass, wrong ones get a hint, stubs neither."""

import numpy as np
import pytest

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED
from dqn_tutorial.lessons.checks_02 import (
    check_02_silent_bug,
    check_02_state_in_numbers,
    check_02_step,
)
from dqn_tutorial.preprocessing import (
    clip_reward,
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)


@pytest.mark.parametrize(
    ("check", "answers"),
    [
        (check_02_state_in_numbers, (None, None)),
        (check_02_state_in_numbers, (28_224, ...)),
        (check_02_step, (None,)),
        (check_02_step, (lambda screens, rewards: ...,)),
        (check_02_step, (lambda screens, rewards: None,)),
        (check_02_silent_bug, (...,)),
        (check_02_silent_bug, (lambda screens: None,)),
    ],
)
def test_a_stub_is_not_attempted(check, answers, capsys):
    assert check(*answers) is None
    assert capsys.readouterr().out == NOT_ATTEMPTED + "\n"


def test_the_right_numbers_are_accepted(capsys):
    check_02_state_in_numbers(4 * 84 * 84, 60 / 4)
    assert capsys.readouterr().out.startswith("Both are right")


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        ((84 * 84, 15), "one frame"),
        ((4 * 84 * 84 * 4, 15), "float32"),
        ((210 * 160 * 3, 15), "one screen"),
        ((4 * 210 * 160 * 3, 15), "four screens"),
        ((5, 15), "Multiply"),
        ((28_224, 60), "lasts for four"),
        ((28_224, 240), "fewer actions"),
        ((28_224, 4), "one action lasts"),
        ((28_224, 5), "How many frames"),
        (("many", 15), "must be numbers"),
    ],
)
def test_a_wrong_number_is_met_with_its_likely_reason(answers, hint, capsys):
    check_02_state_in_numbers(*answers)
    said = capsys.readouterr().out
    assert hint in said and "Both are right" not in said
    assert "28,224" not in said and "15" not in said  # the answer is not given away


def step(screens, rewards):
    frame = max_over_two_frames(greyscale(screens[2]), greyscale(screens[3]))
    return resize(frame), clip_reward(sum(rewards))


def small(screens):
    return [resize(greyscale(screen)) for screen in screens]


def test_a_right_step_is_accepted(capsys):
    check_02_step(step)
    assert capsys.readouterr().out.startswith("Right")


@pytest.mark.parametrize(
    ("frame_of", "hint"),
    [
        (lambda s: small(s)[-1], "last screen alone"),
        (
            lambda s: resize(np.maximum.reduce([greyscale(x) for x in s])),
            "two screens only",
        ),
        (
            lambda s: resize(np.maximum(greyscale(s[0]), greyscale(s[1]))),
            "last two screens",
        ),
        (lambda s: np.maximum(small(s)[2], small(s)[3]), "before the resize"),
        (
            lambda s: resize(greyscale(s[2]) // 2 + greyscale(s[3]) // 2),
            "A mean makes",
        ),
        (lambda s: greyscale(s[-1]), "yours has (210, 160)"),
        (lambda s: np.zeros((84, 84), np.uint8), "in this order"),
    ],
)
def test_a_wrong_frame_is_met_with_its_likely_reason(frame_of, hint, capsys):
    check_02_step(lambda screens, rewards: (frame_of(screens), 0.0))
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said


@pytest.mark.parametrize(
    "reward_of",
    [
        sum,  # not clipped
        lambda rewards: sum(np.clip(rewards, -1, 1)),  # clipped too early
        lambda rewards: np.clip(rewards[-1], -1, 1),  # one frame of four
        lambda rewards: "much",
    ],
)
def test_a_wrong_reward_is_told_from_a_wrong_frame(reward_of, capsys):
    check_02_step(
        lambda screens, rewards: (step(screens, rewards)[0], reward_of(rewards))
    )
    said = capsys.readouterr().out
    assert said.startswith("The frame is right, the reward not yet")
    assert "then the clip" in said


def test_a_step_must_return_two_things(capsys):
    check_02_step(lambda screens, rewards: step(screens, rewards)[0])
    assert "return two things" in capsys.readouterr().out


def one_buffer(screens):
    buffer, frames = np.zeros((84, 84), np.uint8), []
    for screen in screens:
        buffer[:] = resize(greyscale(screen))
        frames.append(buffer)
    return stack_frames(frames)


def test_a_mended_stack_is_accepted(capsys):
    check_02_silent_bug(lambda screens: stack_frames(small(screens)))
    assert capsys.readouterr().out.startswith("Mended")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (one_buffer, "same picture"),
        (lambda s: stack_frames(small(s))[::-1], "must come last"),
        (lambda s: np.stack(small(s), axis=-1), "yours has (84, 84, 4)"),
        (lambda s: stack_frames(small(s)[:4]), "with 6 screens. Every screen"),
        (lambda s: np.stack(small(s)[-4:]), "with 2 screens"),
    ],
)
def test_a_stack_that_is_not_mended_gets_a_hint(function, hint, capsys):
    check_02_silent_bug(function)
    said = capsys.readouterr().out
    assert said.startswith("Not yet") and hint in said
