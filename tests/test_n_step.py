"""Returns of n steps, against a list of transitions that is walked in plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same_run import assert_same_files

from dqn_tutorial.config import PRESETS
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.runs.trainer import Trainer
from tests.test_replay import (
    KINDS,
    SHAPE,
    Player,
    everything_in,
    number,
    play,
    step_of,
)

CONFIG = PRESETS["catch"].replace(n_steps=3)


def whole_returns(player: Player, slots: int, n_steps: int, discount: float) -> dict:
    """By state: action, return, next state, terminated, where n steps are there."""
    found = {}
    for t in player.remembered(slots):
        path = [t]
        later = [s for s in player.seen if s.game == t.game and s.reward > t.reward]
        for following in later:
            ended = path[-1].terminated or len(path) == n_steps
            if ended or not np.array_equal(following.state, path[-1].next_state):
                break
            path.append(following)
        last = path[-1]
        if last.terminated or len(path) == n_steps:
            total = sum(discount**i * step.reward for i, step in enumerate(path))
            row = t.action, total, last.next_state, last.terminated
            assert found.setdefault(t.state.tobytes(), row) is row  # no state twice
    return found


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    n_steps=st.integers(1, 5),
    num_envs=st.integers(1, 2),
    room=st.integers(9, 40),
    kinds=st.lists(st.sampled_from(KINDS), min_size=20, max_size=80),
)
def test_a_batch_has_the_returns_of_the_transitions_that_were_played(
    n_steps, num_envs, room, kinds
):
    buffer = NStepReplayBuffer(
        n_steps, 0.5, num_envs * room, num_envs, frame_shape=SHAPE, compressed=False
    )
    player = Player(num_envs)
    buffer.reset(player.first_frames())
    for first in range(0, len(kinds) - num_envs + 1, num_envs):
        buffer.add(step_of(*player.step(kinds[first : first + num_envs])))
    expected = whole_returns(player, buffer.slots, n_steps, 0.5)
    if not expected and len(buffer):
        with pytest.raises(ValueError, match=f"begins {n_steps} steps in a row"):
            buffer.sample(len(buffer), np.random.default_rng(0))
    if not expected:
        return
    assert len(buffer) == len(player.remembered(buffer.slots))
    seen = set()
    rng = np.random.default_rng(0)
    for _ in range(20):
        batch = buffer.sample(len(buffer), rng)
        assert batch.rewards.dtype == np.float32
        for state, *row in zip(*batch, strict=True):
            wanted = expected[state.tobytes()]
            assert row[0] == wanted[0] and row[3] == wanted[3]
            assert row[1] == pytest.approx(wanted[1])
            np.testing.assert_array_equal(row[2], wanted[2])
            seen.add(state.tobytes())
    assert seen == set(expected)


def test_three_steps_by_hand():
    buffer = NStepReplayBuffer(3, 0.5, 20, frame_shape=(1, 1))
    buffer.reset(number(1))
    for frame in (2, 3, 4, 5):  # rewards, too
        play(buffer, frame)
    found = {tuple(row[0].ravel()): row for row in zip(*many(buffer), strict=True)}
    # 5 is the newest reward: after 4 and 5 fewer than three are known.
    assert sorted(found) == [(0, 0, 0, 1), (0, 0, 1, 2)]
    _, action, total, next_state, terminated = found[0, 0, 0, 1]
    assert (action, total) == (2, 2 + 3 / 2 + 4 / 4) and not terminated
    assert next_state.ravel().tolist() == [1, 2, 3, 4]


def test_a_lost_life_ends_the_sum_and_a_truncated_game_is_passed_over():
    buffer = NStepReplayBuffer(3, 0.5, 40, frame_shape=(1, 1))
    buffer.reset(number(1))
    play(buffer, 2)
    play(buffer, 4, terminated=True)  # a life; the game goes on
    play(buffer, 8)
    play(buffer, 16, game_over=True, next_game=100)  # cut off, not lost
    play(buffer, 101)
    play(buffer, 102)
    play(buffer, 103)
    rows = {int(row[1]): row for row in zip(*many(buffer), strict=True)}
    totals = {action: (row[2], bool(row[4])) for action, row in rows.items()}
    assert totals == {
        2: (2 + 4 / 2, True),
        4: (4.0, True),
        101: (101 + 102 / 2 + 103 / 4, False),
    }


def many(buffer):
    batches = [buffer.sample(len(buffer), np.random.default_rng(i)) for i in range(20)]
    return [np.concatenate(parts) for parts in zip(*batches, strict=True)]


def test_with_one_step_it_is_the_replay_buffer():
    buffers = [
        ReplayBuffer(60, 2, frame_shape=SHAPE),
        NStepReplayBuffer(1, 0.5, 60, 2, frame_shape=SHAPE),
    ]
    player = Player(2)
    first = player.first_frames()
    for buffer in buffers:
        buffer.reset(first)
    for kind in KINDS * 6:
        step = player.step([kind, "goes on"])
        for buffer in buffers:
            buffer.add(step_of(*step))
    plain, other = (b.sample(40, np.random.default_rng(3)) for b in buffers)
    for a, b in zip(plain, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype and a.shape == b.shape
    assert len(everything_in(buffers[1])) == len(buffers[0])


def test_where_nothing_begins_n_steps_in_a_row_it_is_said_each_time():
    buffer = NStepReplayBuffer(3, 0.5, 40, frame_shape=(1, 1))
    buffer.reset(number(1))
    for frame in (2, 3):
        play(buffer, frame)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"none of 2 transitions .* 3 steps in a"):
            buffer.sample(1, np.random.default_rng(0))
    play(buffer, 4)
    for seed in range(20):  # some draw only what begins no three steps, and go on
        assert buffer.sample(1, np.random.default_rng(seed)).actions.tolist() == [2]


@pytest.mark.parametrize("discount, total", [(0, 2), (0.0, 2), (1, 9), (1.0, 9)])
def test_the_next_reward_may_count_for_nothing_or_in_full(discount, total):
    buffer = NStepReplayBuffer(3, discount, 20, frame_shape=(1, 1))
    buffer.reset(number(1))
    for frame in (2, 3, 4):
        play(buffer, frame)
    assert buffer.sample(1, np.random.default_rng(0)).rewards.tolist() == [total]


def test_the_longest_row_that_a_ring_holds_can_be_sampled_and_no_longer_one():
    buffer = NStepReplayBuffer(4, 0.5, 16, 2, frame_shape=(1, 1))  # 8 slots each
    buffer.reset(number(1, 1))
    no = [False, False]
    for frame in range(2, 40):
        frames = number(frame, frame)
        buffer.add(step_of([frame, frame], [1, 1], no, no, frames, frames))
    batch = buffer.sample(len(buffer), np.random.default_rng(0))
    assert set(batch.actions) == {36} and set(batch.rewards) == {1.875}
    with pytest.raises(ValueError, match=r"at most 4, .* got 5"):
        NStepReplayBuffer(5, 0.5, 16, 2, frame_shape=(1, 1))


@pytest.mark.parametrize(
    "n_steps, discount, said",
    [
        (0, 0.9, "n_steps must be positive, got 0"),
        (3, 1.5, "discount must be between 0 and 1, got 1.5"),
        (3, -0.1, "discount must be between 0 and 1, got -0.1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(n_steps, discount, said):
    with pytest.raises(ValueError, match=said):
        NStepReplayBuffer(n_steps, discount, 60)


def test_learning_does_not_begin_before_any_game_has_n_steps():
    with pytest.raises(ValueError, match=r"n_steps \* num_envs \(5 \* 16\)"):
        CONFIG.replace(n_steps=5, num_envs=16, learning_starts_steps=79)
    CONFIG.replace(n_steps=5, num_envs=16, learning_starts_steps=80)


@pytest.mark.slow
def test_a_resumed_run_samples_returns_of_the_steps_that_it_is_set_to(tmp_path):
    config = CONFIG.replace(learning_starts_steps=64, checkpoint_period_steps=200)
    trainer = Trainer.start(config, tmp_path, seed=0)
    trainer.run(200)
    for n_steps in (1, 3, 5):  # what is remembered serves any n
        resumed = Trainer.resume(tmp_path, n_steps=n_steps)
        kind = NStepReplayBuffer if n_steps > 1 else ReplayBuffer
        assert type(resumed.replay) is kind
        by_hand = NStepReplayBuffer(
            n_steps, 0.9, config.replay_capacity_transitions, config.num_envs
        )
        by_hand.restore(trainer.replay.snapshot())
        replays = (resumed.replay, by_hand)
        batches = [replay.sample(50, np.random.default_rng(1)) for replay in replays]
        for a, b in zip(*batches, strict=True):
            np.testing.assert_array_equal(a, b)
    resumed.run(264)  # and it learns from them
    assert resumed.update > trainer.update


@pytest.mark.slow
def test_a_run_of_three_steps_that_was_stopped_equals_one_that_was_not(tmp_path):
    config = CONFIG.replace(learning_starts_steps=64, checkpoint_period_steps=200)
    Trainer.start(config, tmp_path / "whole", seed=0).run(600)
    Trainer.start(config, tmp_path / "stopped", seed=0).run(400)
    Trainer.resume(tmp_path / "stopped").run(600)
    assert_same_files(tmp_path / "stopped", tmp_path / "whole")
