"""Returns of n steps, against a list of transitions that is walked in plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import PRESETS
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.training import Trainer
from tests.test_agent import random_batch
from tests.test_replay import KINDS, SHAPE, Player, everything_in, number, play

CONFIG = PRESETS["catch"].replace(n_steps=3)


def whole_returns(player: Player, slots: int, n_steps: int, discount: float) -> dict:
    """Of each transition that n steps follow: return, next state, terminated.

    By what it was played with: its game and its own reward, which no other has.
    """
    found = {}
    for t in player.remembered(slots):
        path = [t]
        later = [s for s in player.seen if s.game == t.game and s.reward > t.reward]
        for following in later:
            ended = path[-1].terminated or len(path) == n_steps
            if ended or not np.array_equal(following.state, path[-1].next_state):
                break
            path.append(following)
        if path[-1].terminated or len(path) == n_steps:
            total = sum(discount**i * step.reward for i, step in enumerate(path))
            found[t.reward] = total, path[-1].next_state, path[-1].terminated, t
    return found


@settings(max_examples=150, deadline=None)
@given(
    n_steps=st.integers(1, 5),
    num_games=st.integers(1, 2),
    room=st.integers(6, 40),
    kinds=st.lists(st.sampled_from(KINDS), min_size=20, max_size=80),
)
def test_a_batch_has_the_returns_of_the_transitions_that_were_played(
    n_steps, num_games, room, kinds
):
    buffer = NStepReplayBuffer(
        n_steps, 0.5, num_games * room, num_games, frame_shape=SHAPE, compressed=False
    )
    player = Player(num_games)
    buffer.reset(player.first_frames())
    for first in range(0, len(kinds) - num_games + 1, num_games):
        buffer.add(*player.step(kinds[first : first + num_games]))
    expected = whole_returns(player, buffer.slots, n_steps, 0.5)
    if not expected and len(buffer):
        with pytest.raises(ValueError, match="none was found"):
            buffer.sample(len(buffer), np.random.default_rng(0))
    if not expected:
        return
    assert len(buffer) == len(player.remembered(buffer.slots))
    by_state = {t.state.tobytes(): row for *row, t in expected.values()}
    actions = {t.state.tobytes(): t.action for *_, t in expected.values()}
    assert len(by_state) == len(expected)
    seen = set()
    rng = np.random.default_rng(0)
    for _ in range(20):
        for row in zip(*buffer.sample(len(buffer), rng), strict=True):
            state, action, total, next_state, terminated = row
            wanted, wanted_state, wanted_end = by_state[state.tobytes()]
            assert total == pytest.approx(wanted) and terminated == wanted_end
            # After a terminal transition nothing is bootstrapped from the state.
            np.testing.assert_array_equal(next_state, wanted_state)
            assert action == actions[state.tobytes()]
            seen.add(state.tobytes())
    assert seen == set(by_state)


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
    play(buffer, 16, over=True, next_game=100)  # cut off, not lost
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
            buffer.add(*step)
    plain, other = (b.sample(40, np.random.default_rng(3)) for b in buffers)
    for a, b in zip(plain, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype and a.shape == b.shape
    assert len(everything_in(buffers[1])) == len(buffers[0])


def test_where_no_transition_is_followed_by_n_steps_it_is_said():
    buffer = NStepReplayBuffer(3, 0.5, 40, frame_shape=(1, 1))
    buffer.reset(number(1))
    for frame in (2, 3):
        play(buffer, frame)
    with pytest.raises(ValueError, match=r"of 2 transitions none .* 3 steps follow"):
        buffer.sample(1, np.random.default_rng(0))
    play(buffer, 4)
    assert buffer.sample(1, np.random.default_rng(0)).actions.tolist() == [2]


def test_no_step_at_all_is_refused():
    with pytest.raises(ValueError, match="n_steps must be at least 1, got 0"):
        NStepReplayBuffer(0, 0.5, 60)


@pytest.mark.parametrize("distributional", [False, True])
def test_the_value_after_three_steps_counts_for_the_discount_three_times(
    distributional,
):
    config = CONFIG.replace(distributional=distributional)
    by_steps = DQNAgent(config, 3, seed=0)
    by_discount = DQNAgent(
        config.replace(n_steps=1, discount=config.discount**3), 3, seed=0
    )
    batch = random_batch()
    results = [agent.learn(batch) for agent in (by_steps, by_discount)]
    assert results[0] == pytest.approx(results[1], rel=1e-5)
    other = DQNAgent(config.replace(n_steps=1), 3, seed=0).learn(batch)
    assert other[0] != pytest.approx(results[0][0], rel=1e-5)


def test_a_run_samples_returns_of_the_steps_that_it_is_set_to(tmp_path):
    config = CONFIG.replace(learning_starts_steps=64, checkpoint_period_steps=200)
    trainer = Trainer.start(config, tmp_path, seed=0)
    assert trainer.replay.n_steps == 3 and trainer.replay.discount == 0.9
    trainer.run(200)
    resumed = Trainer.resume(tmp_path, n_steps=1)  # what is remembered serves any n
    assert type(resumed.replay) is ReplayBuffer
    assert len(resumed.replay) == len(trainer.replay)
    resumed.run(264)
    again = Trainer.resume(tmp_path, n_steps=5)
    assert again.replay.n_steps == 5
    again.run(300)
