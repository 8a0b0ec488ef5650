"""The replay buffer, against a list of transitions that forgets nothing by mistake."""

import tracemalloc
from collections import Counter
from typing import NamedTuple

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dqn_tutorial import frame_store
from dqn_tutorial.atari import ParallelAtari
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import ReplayBuffer, estimate_bytes
from dqn_tutorial.runs.checkpoints import read_arrays, write_arrays

SHAPE = (2, 3)  # of a frame in most tests: small is quick


def step_of(*arrays) -> Step:
    """A step of all games, as an environment gives it; no game is told as finished."""
    return Step(*arrays, finished=[])


# --- the oracle: a list of whole transitions, one entry for each that was played -----


class Seen(NamedTuple):
    """A transition as the agent saw it, stacks and all."""

    game: int
    oldest: int  # the oldest real frame in its stacks, counted over all of its game
    state: np.ndarray
    action: int
    reward: float
    next_state: np.ndarray
    terminated: bool


class Player:
    """Plays N games that are nothing but numbered frames, and writes all of it down.

    No two frames are alike and no two rewards, so a reward names its transition.
    """

    def __init__(self, num_envs: int, stack_size: int = 4):
        self.stack_size = stack_size
        self.stacks = [[] for _ in range(num_envs)]  # what each game shows now
        self.begun = [0] * num_envs  # frame number at which its game began
        self.shown = [0] * num_envs  # frames ever shown
        self.seen: list[Seen] = []
        self.frames_made = 0

    def new_frame(self) -> np.ndarray:
        self.frames_made += 1
        return np.frombuffer(self.frames_made.to_bytes(6, "little"), "u1").reshape(
            SHAPE
        )

    def first_frames(self) -> np.ndarray:
        """Begin a new game everywhere."""
        frames = [self.new_frame() for _ in self.stacks]
        for g, frame in enumerate(frames):
            self._begin(g, frame)
        return np.stack(frames)

    def step(self, kinds) -> tuple:
        """Play one step; `kinds` says of each game how it goes. What `add` takes."""
        n = len(self.stacks)
        next_frames = np.stack([self.new_frame() for _ in range(n)])
        first_frames = np.stack([self.new_frame() for _ in range(n)])
        terminated = np.array([kind in ("life lost", "game over") for kind in kinds])
        game_over = np.array([kind in ("game over", "truncated") for kind in kinds])
        actions = np.array([len(self.seen) + g for g in range(n)]) % 18
        rewards = np.array([len(self.seen) + g for g in range(n)], np.float32)
        for g in range(n):
            state = self.state(g)
            oldest = max(self.begun[g], self.shown[g] - self.stack_size)
            self._show(g, next_frames[g])
            self.seen.append(
                Seen(
                    g,
                    oldest,
                    state,
                    actions[g],
                    rewards[g],
                    self.state(g),
                    terminated[g],
                )
            )
            if game_over[g]:
                self._begin(g, first_frames[g])
        return actions, rewards, terminated, game_over, next_frames, first_frames

    def state(self, g: int) -> np.ndarray:
        """The last frames of game g; zeros where there were none yet."""
        state = np.zeros((self.stack_size, *SHAPE), np.uint8)
        frames = self.stacks[g][-self.stack_size :]
        state[self.stack_size - len(frames) :] = frames
        return state

    def remembered(self, slots: int) -> list[Seen]:
        """What a ring of that many frames a game should still hold."""
        return [t for t in self.seen if t.oldest >= self.shown[t.game] - slots]

    def _begin(self, g: int, frame: np.ndarray) -> None:
        self.stacks[g], self.begun[g] = [], self.shown[g]
        self._show(g, frame)

    def _show(self, g: int, frame: np.ndarray) -> None:
        self.stacks[g].append(frame)
        self.shown[g] += 1


def everything_in(buffer: ReplayBuffer) -> dict[float, tuple]:
    """All transitions found in 30 large batches, by their reward."""
    # Of n transitions, one is missed by 30 n draws with a probability of e^-30.
    rng, found = np.random.default_rng(0), {}
    for _ in range(30):
        batch = buffer.sample(len(buffer), rng)
        for row in zip(*batch, strict=True):
            state, action, reward, next_state, terminated = row
            found[float(reward)] = (state, action, reward, next_state, terminated)
    return found


def assert_holds_exactly(buffer: ReplayBuffer, player: Player) -> None:
    expected = player.remembered(buffer.slots)
    assert len(buffer) == len(expected)
    if not expected:
        return
    found = everything_in(buffer)
    assert sorted(found) == sorted(float(t.reward) for t in expected)
    for t in expected:
        state, action, _, next_state, terminated = found[float(t.reward)]
        np.testing.assert_array_equal(state, t.state)
        np.testing.assert_array_equal(next_state, t.next_state)
        assert action == t.action
        assert terminated == t.terminated


KINDS = ["goes on"] * 5 + ["life lost", "game over", "truncated"]


class ReplayMachine(RuleBasedStateMachine):
    """Any play at all: buffer and oracle hold the same transitions."""

    @initialize(
        num_envs=st.integers(1, 3),
        stack_size=st.integers(2, 4),
        room=st.integers(2, 20),
        spare=st.integers(0, 2),
        compressed=st.booleans(),
    )
    def begin(self, num_envs, stack_size, room, spare, compressed):
        self.num_envs = num_envs
        self.make = lambda: ReplayBuffer(
            num_envs * (stack_size + room) + min(spare, num_envs - 1),
            num_envs,
            stack_size=stack_size,
            frame_shape=SHAPE,
            compressed=compressed,
        )
        self.buffer, self.player = self.make(), Player(num_envs, stack_size)
        self.buffer.reset(self.player.first_frames())

    @rule(data=st.data())
    def step(self, data):
        kinds = data.draw(
            st.lists(
                st.sampled_from(KINDS), min_size=self.num_envs, max_size=self.num_envs
            )
        )
        self.buffer.add(step_of(*self.player.step(kinds)))

    @rule(steps=st.integers(1, 12))
    def play_on(self, steps):
        for _ in range(steps):
            self.buffer.add(step_of(*self.player.step(["goes on"] * self.num_envs)))

    @rule()
    def reset(self):
        self.buffer.reset(self.player.first_frames())

    @rule(steps_before=st.integers(0, 15))
    def save_and_go_on_with_another_buffer(self, steps_before):
        other, stranger = self.make(), Player(self.num_envs, self.buffer.stack_size)
        other.reset(stranger.first_frames())  # what is in it must not shine through
        for _ in range(steps_before):
            other.add(step_of(*stranger.step(["game over"] * self.num_envs)))
        snapshot = self.buffer.snapshot()
        saved = {name: np.array(array) for name, array in snapshot.items()}
        other.restore(saved)
        assert other.nbytes == self.buffer.nbytes
        self.buffer = other

    @rule()
    def compare(self):
        assert_holds_exactly(self.buffer, self.player)

    @invariant()
    def lengths_agree(self):
        if hasattr(self, "buffer"):
            assert len(self.buffer) == len(self.player.remembered(self.buffer.slots))

    def teardown(self):
        if hasattr(self, "buffer"):
            assert_holds_exactly(self.buffer, self.player)


ReplayMachine.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class TestAnyPlayAtAll(ReplayMachine.TestCase):
    """The buffer equals the oracle, whatever happens."""


# --- by hand: frames that are one number, so that a stack can be read ----------------


def number(*values) -> np.ndarray:
    """Frames of one pixel: (N, 1, 1)."""
    return np.array(values, np.uint8).reshape(-1, 1, 1)


def small_buffer(capacity: int = 20, first_frame: int = 1) -> ReplayBuffer:
    buffer = ReplayBuffer(capacity, frame_shape=(1, 1))
    buffer.reset(number(first_frame))
    return buffer


def play(buffer, frame, *, terminated=False, game_over=False, next_game=0) -> None:
    """One step of one game; its action and reward are the frame's number, too."""
    buffer.add(
        step_of(
            [frame],
            [frame],
            [terminated],
            [game_over],
            number(frame),
            number(next_game),
        )
    )


def stacks(buffer) -> dict[int, tuple[list, list]]:
    """Of each transition, by its reward, the numbers of state and next state."""
    return {
        int(reward): (state.ravel().tolist(), next_state.ravel().tolist())
        for reward, (state, _, _, next_state, _) in everything_in(buffer).items()
    }


def test_a_stack_is_filled_with_zeros_before_a_games_first_frame():
    buffer = small_buffer()
    for frame in (2, 3, 4, 5):
        play(buffer, frame)
    assert stacks(buffer) == {
        2: ([0, 0, 0, 1], [0, 0, 1, 2]),
        3: ([0, 0, 1, 2], [0, 1, 2, 3]),
        4: ([0, 1, 2, 3], [1, 2, 3, 4]),
        5: ([1, 2, 3, 4], [2, 3, 4, 5]),
    }


def test_a_stack_never_crosses_the_end_of_a_game():
    buffer = small_buffer()
    play(buffer, 2)
    play(buffer, 3, terminated=True, game_over=True, next_game=101)
    play(buffer, 102)
    assert stacks(buffer) == {
        2: ([0, 0, 0, 1], [0, 0, 1, 2]),
        3: ([0, 0, 1, 2], [0, 1, 2, 3]),
        102: ([0, 0, 0, 101], [0, 0, 101, 102]),
    }


def test_the_last_frame_of_a_truncated_game_is_kept_and_no_stack_crosses_it():
    buffer = small_buffer()
    play(buffer, 2)
    play(buffer, 3, game_over=True, next_game=101)  # cut off, not lost
    play(buffer, 102)
    found = everything_in(buffer)
    assert not found[3.0][-1]  # so the learner bootstraps from ...
    assert stacks(buffer)[3][1] == [0, 1, 2, 3]  # ... this, not from the next game
    assert stacks(buffer)[102][0] == [0, 0, 0, 101]


def test_a_lost_life_ends_no_stack_because_the_game_goes_on():
    buffer = small_buffer()
    play(buffer, 2, terminated=True)
    play(buffer, 3)
    assert stacks(buffer)[3] == ([0, 0, 1, 2], [0, 1, 2, 3])
    assert [bool(t[-1]) for _, t in sorted(everything_in(buffer).items())] == [
        True,
        False,
    ]


def test_a_stack_never_crosses_the_write_head():
    # Six slots. Frame 7 is written over 1, frame 8 over 2. What is left is 3 4 5 6 7 8.
    # Three states of four frames begin in what is left, and 8 has no action yet.
    buffer = small_buffer(capacity=6)
    for frame in range(2, 9):
        play(buffer, frame)
    assert stacks(buffer) == {
        7: ([3, 4, 5, 6], [4, 5, 6, 7]),
        8: ([4, 5, 6, 7], [5, 6, 7, 8]),
    }
    assert len(buffer) == 2


def test_a_new_game_just_after_the_write_head_stays_whole():
    # Slots: 0..5 hold 5 6 | 1 2 3 4. The stacks that start at 1 know no older frame.
    buffer = small_buffer(capacity=6, first_frame=90)
    play(buffer, 91, terminated=True, game_over=True, next_game=1)  # 90 91 1
    for frame in (2, 3, 4):
        play(buffer, frame)
    play(buffer, 5)
    assert stacks(buffer)[2] == ([0, 0, 0, 1], [0, 0, 1, 2])
    play(buffer, 6)
    assert stacks(buffer)[2] == ([0, 0, 0, 1], [0, 0, 1, 2])
    assert 91 not in stacks(buffer)
    play(buffer, 7)  # over 1
    assert sorted(stacks(buffer)) == [6, 7]


def test_each_game_has_a_ring_of_its_own():
    buffer = ReplayBuffer(20, num_envs=2, frame_shape=(1, 1))
    buffer.reset(number(1, 101))
    buffer.add(step_of([0, 1], [2, 102], [0, 0], [0, 0], number(2, 102), number(0, 0)))
    buffer.add(step_of([0, 1], [3, 103], [0, 0], [0, 0], number(3, 103), number(0, 0)))
    assert stacks(buffer) == {
        2: ([0, 0, 0, 1], [0, 0, 1, 2]),
        3: ([0, 0, 1, 2], [0, 1, 2, 3]),
        102: ([0, 0, 0, 101], [0, 0, 101, 102]),
        103: ([0, 0, 101, 102], [0, 101, 102, 103]),
    }


def test_rings_fill_unevenly_and_the_fuller_one_is_sampled_to_its_end():
    # Each game's end takes a slot: the first ring is three slots ahead of the second.
    player, buffer = Player(2), ReplayBuffer(40, num_envs=2, frame_shape=SHAPE)
    buffer.reset(player.first_frames())
    for _ in range(3):
        buffer.add(step_of(*player.step(["game over", "goes on"])))
    buffer.add(step_of(*player.step(["goes on", "goes on"])))
    assert_holds_exactly(buffer, player)


def test_frames_are_copied_because_emulators_reuse_their_memory():
    for compressed in (True, False):
        buffer = ReplayBuffer(20, frame_shape=(1, 1), compressed=compressed)
        frame = number(1)
        buffer.reset(frame)
        for value in (2, 3):
            frame[:] = value
            buffer.add(step_of([0], [value], [False], [False], frame, frame))
        assert stacks(buffer)[3] == ([0, 0, 1, 2], [0, 1, 2, 3])


def test_a_batch_has_the_shapes_and_dtypes_it_promises():
    buffer = ReplayBuffer(20)
    buffer.reset(np.zeros((1, 84, 84), np.uint8))
    for _ in range(5):
        frames = np.zeros((1, 84, 84), np.uint8)
        buffer.add(step_of([3], [1.0], [False], [False], frames, frames))
    batch = buffer.sample(5, np.random.default_rng(0))
    assert [(part.shape, part.dtype.name) for part in batch] == [
        ((5, 4, 84, 84), "uint8"),
        ((5,), "int32"),
        ((5,), "float32"),
        ((5, 4, 84, 84), "uint8"),
        ((5,), "bool"),
    ]


# --- sampling ------------------------------------------------------------------------


def full_of_short_games(capacity: int) -> ReplayBuffer:
    """Two rings of which one game ends every third step, the other never."""
    player, buffer = Player(2), ReplayBuffer(capacity, 2, frame_shape=SHAPE)
    buffer.reset(player.first_frames())
    for i in range(capacity):
        buffer.add(
            step_of(*player.step(["game over" if i % 3 == 2 else "goes on", "goes on"]))
        )
    return buffer


def test_every_transition_is_drawn_equally_often():
    buffer = full_of_short_games(60)
    rng, counts = np.random.default_rng(1), Counter()
    for _ in range(400):
        counts.update(buffer.sample(len(buffer), rng).rewards.tolist())
    counts = np.array(list(counts.values()))
    assert len(counts) == len(buffer)
    # Chi-squared has mean n - 1 and standard deviation sqrt(2 (n - 1)).
    chi_squared = ((counts - 400) ** 2 / 400).sum()
    degrees = len(buffer) - 1
    assert abs(chi_squared - degrees) < 4 * np.sqrt(2 * degrees)


class CountingGenerator:
    """A random generator that counts the numbers it is asked for."""

    def __init__(self):
        self.rng, self.drawn = np.random.default_rng(0), 0

    def integers(self, high, size):
        self.drawn += size
        return self.rng.integers(high, size=size)


@pytest.mark.parametrize("capacity", [100, 1_000, 10_000])
def test_sampling_draws_as_few_numbers_from_a_large_buffer_as_from_a_small(capacity):
    buffer, rng = full_of_short_games(capacity), CountingGenerator()
    for _ in range(20):
        buffer.sample(32, rng)
    # 2 x 64 in one round; a second one is rare, since most slots are sampleable.
    assert rng.drawn <= 20 * 128 * 1.2


class Dealer:
    """A random generator that deals what it is told to, and then nothing more."""

    def __init__(self, *dealt):
        self.dealt = list(dealt)

    def integers(self, high, size):
        numbers = np.array(self.dealt.pop(0))
        assert numbers.shape == (size,) and (numbers < high).all()
        return numbers


def test_no_more_is_drawn_once_there_are_enough_for_the_batch():
    buffer = small_buffer()
    play(buffer, 2)
    play(buffer, 3)  # slots 0 and 1; slot 2 is open
    games, slots = buffer.draw_slots(1, Dealer([0, 0], [2, 2], [0, 0], [2, 1]))
    assert (games.tolist(), slots.tolist()) == ([0], [1])
    games, slots = buffer.draw_slots(2, Dealer([0] * 4, [2, 0, 0, 1]))
    assert (games.tolist(), slots.tolist()) == ([0, 0], [0, 0])


def test_the_same_generator_gives_the_same_batch():
    buffer = full_of_short_games(60)
    one, two = (buffer.sample(8, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_sample_is_refused_before_the_buffer_holds_a_batch():
    buffer = small_buffer()
    with pytest.raises(ValueError, match=r"batch of 1: .* holds 0 transitions"):
        buffer.sample(1, np.random.default_rng(0))
    play(buffer, 2)
    play(buffer, 3)
    with pytest.raises(ValueError, match=r"batch of 3: .* holds 2 transitions; play"):
        buffer.sample(3, np.random.default_rng(0))
    assert len(buffer.sample(2, np.random.default_rng(0)).rewards) == 2


# --- real frames of Breakout ---------------------------------------------------------


@pytest.fixture(scope="module")
def breakout():
    """Two games, 400 random steps: what `add` takes, and the states the agent saw."""
    env = ParallelAtari("breakout", num_envs=2, first_seed=0, max_frames_per_game=720)
    rng = np.random.default_rng(0)
    first, steps, seen = env.reset()[:, -1].copy(), [], []
    for _ in range(400):
        states = env.states.copy()
        step = env.step(rng.integers(env.num_actions, size=2))
        # The next state the agent sees; where a game is over it never sees it, and
        # the emulator's last stack is the old one moved up by a frame.
        moved = np.concatenate([states[:, 1:], step.next_frames[:, None]], axis=1)
        seen.append((states, moved))
        steps.append((*step[:5], env.states[:, -1].copy()))
    env.close()
    return first, steps, seen


def fill(buffer: ReplayBuffer, first, steps) -> ReplayBuffer:
    buffer.reset(first)
    for i, (actions, _, *rest) in enumerate(steps):
        buffer.add(
            step_of(actions, [2 * i, 2 * i + 1], *rest)
        )  # rewards that name the step
    return buffer


@pytest.mark.parametrize("compressed", [True, False])
def test_states_rebuilt_are_those_the_agent_saw_in_breakout(breakout, compressed):
    first, steps, seen = breakout
    game_over = np.array([step[3] for step in steps])
    terminated = np.array([step[2] for step in steps])
    for kind in (
        game_over & terminated,
        game_over & ~terminated,
        terminated & ~game_over,
    ):
        assert kind.any()  # a game lost, a game cut off, a life lost
    buffer = fill(ReplayBuffer(1_000, 2, compressed=compressed), first, steps)
    assert len(buffer) == 800
    found = everything_in(buffer)
    assert sorted(found) == list(range(800))
    for reward, (state, action, _, next_state, ended) in found.items():
        i, g = divmod(int(reward), 2)
        states, next_states = seen[i]
        assert np.array_equal(state, states[g])
        assert np.array_equal(next_state, next_states[g])
        assert (action, ended) == (steps[i][0][g], steps[i][2][g])
        if i + 1 < len(seen) and not steps[i][3][g]:
            assert np.array_equal(next_state, seen[i + 1][0][g])


def test_the_estimate_is_no_less_than_a_full_buffer_of_breakout(breakout):
    first, steps, _ = breakout
    for compressed in (True, False):
        buffer = fill(ReplayBuffer(600, 2, compressed=compressed), first, steps)
        estimate = estimate_bytes(600, compressed=compressed)
        assert buffer.nbytes <= estimate
    # 84 x 84 pixels, 8 bytes beside them; compressed, 3,000 and 41 in place of 7,056.
    assert estimate_bytes(1_000_000, compressed=False) == 7_064_000_000
    assert estimate_bytes(1_000_000) == 3_049_000_000


def test_breakout_takes_less_than_half_a_kilobyte_a_transition(breakout):
    first, steps, _ = breakout
    buffer = fill(ReplayBuffer(810, 2), first, steps)
    assert buffer.nbytes / len(buffer) < 500


@pytest.mark.parametrize("compressed", [True, False])
def test_nbytes_is_what_python_really_allocates(breakout, compressed):
    first, steps, _ = breakout
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        buffer = fill(ReplayBuffer(600, 2, compressed=compressed), first, steps)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert buffer.nbytes == pytest.approx(after - before, rel=0.03)


# --- saving --------------------------------------------------------------------------


def test_a_snapshot_does_not_change_when_the_buffer_goes_on():
    player = Player(1)
    buffer = ReplayBuffer(8, frame_shape=SHAPE)
    buffer.reset(player.first_frames())
    for _ in range(10):
        buffer.add(step_of(*player.step(["goes on"])))
    snapshot = buffer.snapshot()
    before = {name: np.array(array).tolist() for name, array in snapshot.items()}
    for _ in range(10):
        buffer.add(step_of(*player.step(["game over"])))
    after = {name: np.array(array).tolist() for name, array in snapshot.items()}
    assert after == before


@pytest.mark.parametrize("piece_bytes", [1, 30, 1_000])
def test_frames_saved_in_pieces_of_any_size_come_back(monkeypatch, piece_bytes):
    monkeypatch.setattr(frame_store, "PIECE_BYTES", piece_bytes)
    player, buffer = Player(2), ReplayBuffer(24, 2, frame_shape=SHAPE)
    buffer.reset(player.first_frames())
    for i in range(20):
        # One ring fills sooner than the other, so that slots are empty in between.
        buffer.add(
            step_of(*player.step(["game over" if i % 2 else "goes on", "goes on"]))
        )
        other = ReplayBuffer(24, 2, frame_shape=SHAPE)
        other.restore(buffer.snapshot())
        assert_holds_exactly(other, player)


def test_a_snapshot_that_has_lost_a_piece_of_its_frames_is_refused(monkeypatch):
    monkeypatch.setattr(frame_store, "PIECE_BYTES", 30)
    buffer = ReplayBuffer(40, frame_shape=SHAPE)
    player = Player(1)
    buffer.reset(player.first_frames())
    for _ in range(20):
        buffer.add(step_of(*player.step(["goes on"])))
    snapshot = buffer.snapshot()
    del snapshot["frames/1"]
    with pytest.raises(
        ValueError, match=r"snapshot must hold \d+ bytes of frames, got"
    ):
        ReplayBuffer(40, frame_shape=SHAPE).restore(snapshot)


@pytest.mark.parametrize("compressed", [True, False])
def test_saving_and_restoring_take_the_ram_of_a_piece_not_of_a_second_buffer(
    tmp_path, monkeypatch, compressed
):
    """2,000 frames of noise, which LZ4 cannot shrink: 14 MB; a piece is 1 MB."""
    monkeypatch.setattr(frame_store, "PIECE_BYTES", 1_000_000)
    rng = np.random.default_rng(0)
    full, empty = (ReplayBuffer(2_000, 16, compressed=compressed) for _ in range(2))
    full.reset(rng.integers(256, size=(16, 84, 84), dtype=np.uint8))
    zeros = np.zeros(16, np.int64)
    for _ in range(125):
        frames = rng.integers(256, size=(16, 84, 84), dtype=np.uint8)
        full.add(step_of(zeros, zeros, zeros == 1, zeros == 1, frames, frames))
    path, megabyte = tmp_path / "x.npz", 1_000_000

    def ram_beyond_the_start() -> int:
        return tracemalloc.get_traced_memory()[1] - start

    tracemalloc.start()
    try:
        start, _ = tracemalloc.get_traced_memory()
        write_arrays(path, full.snapshot(), {})
        assert ram_beyond_the_start() < 4 * megabyte
        snapshot, _ = read_arrays(path)
        tracemalloc.reset_peak()
        start, _ = tracemalloc.get_traced_memory()
        empty.restore(snapshot)
        assert ram_beyond_the_start() < 4 * megabyte  # what it gains, `snapshot` loses
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > full.nbytes * 0.9 > 12 * megabyte


def test_of_a_fuller_buffer_nothing_is_left_after_it_became_another():
    fuller, other = small_buffer(), small_buffer(first_frame=101)
    for frame in range(2, 9):
        play(fuller, frame)
    play(other, 102)
    fuller.restore(other.snapshot())
    assert len(fuller) == 1
    assert stacks(fuller) == {102: ([0, 0, 0, 101], [0, 0, 101, 102])}


def test_a_snapshot_before_the_first_reset_can_be_restored():
    for compressed in (True, False):
        buffers = [ReplayBuffer(8, compressed=compressed) for _ in range(2)]
        buffers[1].restore(buffers[0].snapshot())
        assert len(buffers[1]) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"capacity_transitions": 24},  # its rings turn at another slot
        {"num_envs": 1, "capacity_transitions": 10},
        {"stack_size": 3},
        {"frame_shape": (3, 2)},
        {"compressed": False},
    ],
)
def test_a_snapshot_of_a_buffer_made_otherwise_is_refused(other):
    arguments = {"capacity_transitions": 20, "num_envs": 2, "frame_shape": SHAPE}
    buffer = ReplayBuffer(**arguments)
    buffer.reset(np.zeros((2, *SHAPE), np.uint8))
    with pytest.raises(ValueError, match="snapshot must be of a buffer like this one"):
        ReplayBuffer(**(arguments | other)).restore(buffer.snapshot())


# --- bad input -----------------------------------------------------------------------


def test_a_buffer_larger_than_the_free_ram_is_refused(monkeypatch):
    memory = psutil.virtual_memory()._replace(available=1_000_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    # 7,064 bytes a transition raw: 141,562 of them fit in a gigabyte. 3,049 packed.
    with pytest.raises(
        MemoryError, match=r"7\.1 GB, but 1\.0 GB .* at most 141,562, or"
    ):
        ReplayBuffer(1_000_000, compressed=False)
    with pytest.raises(MemoryError, match=r"3\.0 GB, but 1\.0 GB .* at most 327,976$"):
        ReplayBuffer(1_000_000)
    ReplayBuffer(327_976)
    needed = estimate_bytes(327_976)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: exactly)
    exactly = memory._replace(available=needed)
    ReplayBuffer(327_976)
    exactly = memory._replace(available=needed - 1)
    with pytest.raises(MemoryError, match=r"of at most 327,975$"):
        ReplayBuffer(327_976)


def test_a_capacity_too_small_for_the_games_is_refused():
    with pytest.raises(ValueError, match=r"at least 12 with num_envs 2, got 11"):
        ReplayBuffer(11, num_envs=2)
    assert ReplayBuffer(12, num_envs=2).slots == 6


def test_a_buffer_of_no_games_is_refused():
    with pytest.raises(ValueError, match="num_envs must be positive, got 0"):
        ReplayBuffer(100, num_envs=0)


def test_a_step_before_the_first_frames_is_refused():
    buffer = ReplayBuffer(20, frame_shape=(1, 1))
    with pytest.raises(RuntimeError, match="call reset"):
        play(buffer, 1)


def test_frames_of_another_shape_or_dtype_are_refused_and_nothing_is_stored():
    buffer = ReplayBuffer(20, num_envs=2)
    right = np.zeros((2, 84, 84), np.uint8)
    with pytest.raises(
        ValueError, match=r"first_frames .*\(2, 84, 84\).*\(2, 84, 83\)"
    ):
        buffer.reset(right[:, :, :-1])
    buffer.reset(right)
    step = [[0, 0], [0, 0], [False, False], [False, False]]
    states = np.zeros((2, 4, 84, 84), np.uint8)  # a stack where a frame is wanted
    with pytest.raises(ValueError, match=r"next_frames .*got \(2, 4, 84, 84\)"):
        buffer.add(step_of(*step, states, right))
    with pytest.raises(ValueError, match="next_frames must be uint8, got float64"):
        buffer.add(step_of(*step, right / 255, right))
    with pytest.raises(ValueError, match="first_frames must be uint8, got float64"):
        buffer.add(step_of(*step, right, right / 255))
    assert len(buffer) == 0


@pytest.mark.parametrize("position", range(4))
def test_a_step_of_another_number_of_games_is_refused(position):
    buffer = ReplayBuffer(20, num_envs=2, frame_shape=(1, 1))
    buffer.reset(number(1, 2))
    step = [[0, 0], [0, 0], [False, False], [False, False]]
    step[position] = step[position] + step[position][:1]
    name = ("actions", "rewards", "terminated", "over")[position]
    with pytest.raises(ValueError, match=rf"{name} must have shape \(2,\), got \(3,\)"):
        buffer.add(step_of(*step, number(3, 4), number(0, 0)))
    assert len(buffer) == 0


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([-1, 0], r"actions must be in 0\.\.255, got \[-1, 0\]"),
        ([0, 256], r"actions must be in 0\.\.255, got \[0, 256\]"),
        ([-1, 256], r"actions must be in 0\.\.255, got \[-1, 256\]"),
        ([1.7, 0.0], "actions must be integers, got float64"),
        ([True, False], "actions must be integers, got bool"),
    ],
)
def test_an_action_that_does_not_fit_into_a_byte_is_refused(actions, message):
    buffer = ReplayBuffer(20, 2, frame_shape=(1, 1))
    buffer.reset(number(1, 1))
    step = [0.0, 0.0], [False, False], [False, False], number(2, 2), number(0, 0)
    with pytest.raises(ValueError, match=message):
        buffer.add(step_of(np.array(actions), *step))
    assert len(buffer) == 0


def test_the_first_and_the_last_action_that_fit_into_a_byte_are_kept():
    buffer = small_buffer()
    for action in (0, 255):
        buffer.add(step_of([action], [0.0], [0], [0], number(2), number(0)))
    drawn = [buffer.sample(2, np.random.default_rng(seed)) for seed in range(10)]
    assert {action for batch in drawn for action in batch.actions} == {0, 255}
