"""What ParallelEnv promises for every game, tried on Catch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqn_tutorial.catch import Catch, ParallelCatch
from dqn_tutorial.parallel_env import ParallelEnv

STAY = 1


def random_actions(rng, num_envs):
    return rng.integers(3, size=num_envs)


def assert_same_future(env, others, steps=20):
    """Both are in the same place and stay together through two more games each."""
    assert np.array_equal(env.states, others.states)
    rng = np.random.default_rng(0)
    for _ in range(steps):
        actions = random_actions(rng, env.num_envs)
        a, b = env.step(actions), others.step(actions)
        assert a.finished == b.finished
        for ours, theirs in zip(a[:5], b[:5], strict=True):
            assert np.array_equal(ours, theirs)
        assert np.array_equal(env.states, others.states)


def snapshot_of(seeds, logs, next_seed=1000):
    """A snapshot written by hand: one seed and one list of actions for each game."""
    return {
        "next_seed": np.array(next_seed),
        "seeds": np.array(seeds),
        "log_lengths": np.array([len(log) for log in logs]),
        "log": np.array([a for log in logs for a in log], np.uint8),
        "states": np.array(
            [state_after(seed, log) for seed, log in zip(seeds, logs, strict=True)]
        ),
    }


def state_after(seed, log):
    """The (4, 84, 84) state a single Catch reaches: an oracle for restore."""
    env = Catch()
    frames = [env.reset(seed=seed)[0]]
    frames += [env.step(action)[0] for action in log]
    blank = [np.zeros((84, 84), np.uint8)] * 3
    return np.stack((blank + frames)[-4:])


def test_there_must_be_at_least_one_game():
    with pytest.raises(ValueError, match="num_envs must be positive, got 0"):
        ParallelCatch(0)


def test_the_games_of_a_run_count_their_seeds_up_from_the_first():
    env = ParallelCatch(2, first_seed=7)
    env.reset()
    finished = []
    for _ in range(27):
        finished += env.step(np.array([STAY, STAY])).finished
    assert [game.seed for game in finished] == [7, 8, 9, 10, 11, 12]


class CatchSeededSeldom(ParallelCatch):
    """As if a seeding served three games in a row."""

    def __init__(self, num_envs, first_seed):
        ParallelEnv.__init__(self, num_envs, ["LEFT", "STAY", "RIGHT"], first_seed, 3)
        self.envs = [Catch() for _ in range(num_envs)]


def test_games_on_one_seeding_have_seeds_in_a_row():
    env = CatchSeededSeldom(2, first_seed=6)
    env.reset()
    finished = []
    for _ in range(45):
        finished += env.step(np.array([STAY, STAY])).finished
    assert [game.seed for game in finished[::2]] == [6, 7, 8, 12, 13]
    assert [game.seed for game in finished[1::2]] == [9, 10, 11, 15, 16]


def test_the_first_seed_must_begin_a_seeding():
    with pytest.raises(ValueError, match=r"multiple of games_per_seed \(3\), got 7"):
        CatchSeededSeldom(2, first_seed=7)


def test_a_finished_game_reports_its_own_score_and_steps():
    env = ParallelCatch(1, first_seed=0)
    env.reset()
    rewards = []
    for _ in range(18):
        step = env.step(np.array([STAY]))
        rewards.append(float(step.rewards[0]))
        assert len(step.finished) == int(step.game_over[0])
        if step.finished:
            (game,) = step.finished
            assert game.steps == 9 and game.score == sum(rewards[-9:])
            assert game.truncated is False


def test_the_frame_a_game_ended_on_is_kept_while_states_show_the_next_game():
    env = ParallelCatch(1, first_seed=5)
    env.reset()
    for _ in range(9):
        step = env.step(np.array([STAY]))
    assert step.game_over[0]
    assert np.array_equal(step.next_frames[0], state_after(5, [STAY] * 9)[-1])
    assert np.array_equal(env.states[0], state_after(6, []))
    assert not env.states[0, :3].any()


class CatchInOnePlace(ParallelCatch):
    """Begins games in the very array the last states are in, as an emulator may."""

    def start_games(self, mask, seeds):
        self.states[:] = super().start_games(mask, seeds)
        return self.states


def test_the_frame_a_game_ended_on_outlives_games_that_reuse_their_memory():
    env = CatchInOnePlace(1, first_seed=5)
    env.reset()
    for _ in range(9):
        step = env.step(np.array([STAY]))
    assert np.array_equal(step.next_frames[0], state_after(5, [STAY] * 9)[-1])


def test_sending_twice_is_an_error_and_the_first_step_survives_it():
    env = ParallelCatch(2)
    env.reset()
    env.send(np.array([0, 2]))
    with pytest.raises(RuntimeError, match=r"call recv\(\) in between"):
        env.send(np.array([1, 1]))
    assert env.recv().actions.tolist() == [0, 2]


def test_receiving_what_was_not_sent_is_an_error():
    env = ParallelCatch(2)
    env.reset()
    with pytest.raises(RuntimeError, match=r"call send\(\) first"):
        env.recv()
    env.step(np.array([0, 2]))
    with pytest.raises(RuntimeError, match=r"call send\(\) first"):
        env.recv()


@pytest.mark.parametrize(
    "actions, complaint",
    [
        ([0, 1, 2], r"actions must have shape \(2,\).* got \(3,\)"),
        (1, r"actions must have shape \(2,\).* got \(\)"),
        ([[0, 1]], r"actions must have shape \(2,\).* got \(1, 2\)"),
        ([0.0, 1.0], "actions must be integers, got float64"),
        ([True, False], "actions must be integers, got bool"),
        ([0, 3], r"actions must be in 0..2 \(LEFT, STAY, RIGHT\), got \[0, 3\]"),
        ([-1, 0], r"actions must be in 0..2 \(LEFT, STAY, RIGHT\), got \[-1, 0\]"),
    ],
)
def test_bad_actions_are_named_and_nothing_is_sent(actions, complaint):
    env = ParallelCatch(2)
    before = env.reset().copy()
    with pytest.raises(ValueError, match=complaint):
        env.send(np.array(actions))
    assert np.array_equal(env.states, before)
    with pytest.raises(RuntimeError, match=r"call send\(\) first"):
        env.recv()


def test_a_list_of_actions_will_do_and_comes_back_as_int32():
    env = ParallelCatch(2)
    env.reset()
    step = env.step([2, 0])
    assert step.actions.tolist() == [2, 0] and step.actions.dtype == np.int32


@given(moment=st.integers(0, 40), num_envs=st.integers(1, 3), seed=st.integers(0, 99))
def test_restore_brings_the_games_back_exactly(moment, num_envs, seed):
    rng = np.random.default_rng(seed)
    env = ParallelCatch(num_envs, first_seed=seed)
    env.reset()
    for _ in range(moment):
        env.step(random_actions(rng, num_envs))
    snapshot = env.snapshot()
    restored = ParallelCatch(num_envs, first_seed=12345)
    restored.restore(snapshot)
    assert_same_future(restored, env)


A_LOG = st.lists(st.integers(0, 2), max_size=8)  # the 9th action would end the game


@given(env=st.lists(st.tuples(st.integers(0, 99), A_LOG), min_size=1, max_size=4))
def test_restore_brings_back_games_of_every_length(env):
    seeds, logs = zip(*env, strict=True)
    restored = ParallelCatch(len(env))
    restored.restore(snapshot_of(seeds, logs))
    for g in range(len(env)):
        assert np.array_equal(restored.states[g], state_after(seeds[g], logs[g]))

    # They go on as games that far along do: each scores and ends in its own time.
    finished = {}
    for step_number in range(1, 10):
        for game in restored.step(np.full(len(env), STAY)).finished:
            finished.setdefault(game.seed, (step_number, game.score, game.steps))
    for seed, log in env:
        if seeds.count(seed) == 1:
            ended, score, steps = finished[seed]
            assert ended == 9 - len(log) and steps == 9
            env = Catch()
            env.reset(seed=seed)
            assert score == [env.step(a)[1] for a in [*log, *[STAY] * 9][:9]][-1]


@given(lengths=st.lists(st.integers(0, 8), min_size=2, max_size=4), data=st.data())
def test_games_out_of_step_survive_a_second_snapshot(lengths, data):
    rng = np.random.default_rng(sum(lengths))
    logs = [rng.integers(3, size=n).tolist() for n in lengths]
    env = ParallelCatch(len(lengths))
    env.restore(snapshot_of(range(len(lengths)), logs))
    for _ in range(data.draw(st.integers(0, 12))):
        env.step(random_actions(rng, len(lengths)))
    restored = ParallelCatch(len(lengths))
    restored.restore(env.snapshot())
    assert_same_future(restored, env)


def test_games_not_begun_yet_are_restored_to_their_first_state():
    restored = ParallelCatch(2)
    restored.restore(snapshot_of([3, 9], [[], []], next_seed=20))
    assert np.array_equal(restored.states[0], state_after(3, []))
    assert np.array_equal(restored.states[1], state_after(9, []))
    assert restored.snapshot()["next_seed"] == 20


def test_restored_games_go_on_counting_seeds_where_the_snapshot_was_taken():
    restored = ParallelCatch(2)
    restored.restore(snapshot_of([3, 9], [[0] * 8, [1] * 2], next_seed=20))
    first = restored.step(np.array([STAY, STAY])).finished
    assert [game.seed for game in first] == [3]
    finished = []
    for _ in range(9):
        finished += restored.step(np.array([STAY, STAY])).finished
    assert [game.seed for game in finished] == [9, 20]


def test_a_snapshot_of_another_number_of_games_is_refused():
    env = ParallelCatch(3)
    env.reset()
    snapshot = env.snapshot()
    with pytest.raises(ValueError, match="holds 3 games, but this object plays 2"):
        ParallelCatch(2).restore(snapshot)


def test_games_that_arrive_elsewhere_are_refused():
    """As they would if the emulator had changed since the snapshot."""
    snapshot = snapshot_of([3, 9], [[0, 0], [1]])
    snapshot["log"][0] = 2
    with pytest.raises(ValueError, match="do not end up where they stood"):
        ParallelCatch(2).restore(snapshot)


def test_no_snapshot_while_a_step_is_under_way():
    env = ParallelCatch(1)
    env.reset()
    env.send(np.array([STAY]))
    with pytest.raises(RuntimeError, match=r"call recv\(\) before snapshot\(\)"):
        env.snapshot()


def test_a_snapshot_does_not_change_when_the_games_go_on():
    env = ParallelCatch(2)
    env.reset()
    env.step(np.array([0, 2]))
    snapshot = env.snapshot()
    kept = {name: array.copy() for name, array in snapshot.items()}
    for _ in range(12):
        env.step(np.array([2, 0]))
    assert all(np.array_equal(snapshot[name], kept[name]) for name in kept)


def test_games_are_fresh_until_the_first_of_them_begins():
    env = ParallelCatch(2, first_seed=7)
    assert env.is_fresh is True
    env.reset()
    assert env.is_fresh is False


def test_first_frames_are_the_next_games_where_one_is_over_else_the_newest():
    restored = ParallelCatch(2)
    restored.restore(snapshot_of([3, 9], [[STAY] * 8, [STAY] * 2], next_seed=20))
    step = restored.step(np.array([STAY, STAY]))
    assert step.game_over.tolist() == [True, False]
    assert np.array_equal(step.first_frames[0], state_after(20, [])[-1])
    assert np.array_equal(step.first_frames[1], state_after(9, [STAY] * 3)[-1])
    assert np.array_equal(step.next_frames[1], step.first_frames[1])
