"""The replay buffer: what the agent remembers, and what a memory costs.

Mnih 2013, section 4: keep the last transitions, learn from random ones. Here every
frame is kept once, LZ4-compressed, and stacks of four are rebuilt when they are
sampled. Each of the N games writes into its own ring:

    slot        0    1    2    3    4    5    6
    frame       f0   f1   f2   f3   g0   g1   ..      f: one game, g: the next
    action      a0   a1   a2   -    b0   ..
    age         0    1    2    3    0    1            frames since the game began, <= 3
    sampleable  yes  yes  yes  no   yes  no           f3 only ends f, g1 is still open

The next state of slot t is the stack that ends in slot t + 1. Frames before a game's
first are zeros, as in the emulator's own stack. A slot whose oldest frames have been
overwritten is no longer sampleable, so no stack ever crosses the end of a game or the
write head.
"""

from typing import NamedTuple

import numpy as np

from dqn_tutorial.config import FRAME_SHAPE, STACK_SIZE, check_settings
from dqn_tutorial.frame_store import CompressedFrames, RawFrames
from dqn_tutorial.machine import free_and_total
from dqn_tutorial.parallel_env import Step

SLOT_BYTES = 1 + 4 + 1 + 1 + 1  # action, reward, terminated, age, sampleable


class Batch(NamedTuple):
    """Transitions sampled together, B of them."""

    states: np.ndarray  # (B, 4, 84, 84) uint8
    actions: np.ndarray  # (B,) int32
    rewards: np.ndarray  # (B,) float32
    next_states: np.ndarray  # (B, 4, 84, 84) uint8
    terminated: np.ndarray  # (B,) bool


def estimate_bytes(
    capacity_transitions: int,
    frame_shape: tuple[int, int] = FRAME_SHAPE,
    compressed: bool = True,
) -> int:
    """Upper estimate of a full buffer's RAM in bytes, before it is made.

    Saving or restoring it takes less than 0.1 GB on top (`frame_store.py`).
    """
    store = CompressedFrames if compressed else RawFrames
    slot = store.expected_frame_bytes(frame_shape) + SLOT_BYTES
    return capacity_transitions * slot


class ReplayBuffer:
    """The last transitions of N games, sampled uniformly in constant time.

    Call `reset` with the games' first frames, then `add` once a step.

    Args:
        capacity_transitions: how many it has room for, all games together. A few slots
            go to the last frame of each game and to the four around each ring's write
            head.
        num_envs: N, how many games write at once.
        stack_size: frames in a state.
        frame_shape: (height, width) of one frame, in pixels.
        compressed: keep frames LZ4-compressed; `False` keeps them raw.

    Raises:
        ValueError: `num_envs` below 1, or a capacity too small for it.
        MemoryError: the full buffer would not fit in the RAM that is free now.
    """

    _INDICES = ("_actions", "_rewards", "_terminated", "_age", "_sampleable")

    def __init__(
        self,
        capacity_transitions: int,
        num_envs: int = 1,
        *,
        stack_size: int = STACK_SIZE,
        frame_shape: tuple[int, int] = FRAME_SHAPE,
        compressed: bool = True,
    ):
        check_settings(num_envs=num_envs)
        self.slots = capacity_transitions // num_envs  # of each game's ring
        if self.slots < stack_size + 2:
            raise ValueError(
                f"capacity_transitions must be at least {num_envs * (stack_size + 2)} "
                f"with num_envs {num_envs}, got {capacity_transitions}"
            )
        check_memory(capacity_transitions, frame_shape, compressed)
        self.num_envs = num_envs
        self.stack_size = stack_size
        self.frame_shape = tuple(frame_shape)
        self.compressed = compressed
        shape = (num_envs, self.slots)
        self._actions = np.zeros(shape, np.uint8)
        self._rewards = np.zeros(shape, np.float32)
        self._terminated = np.zeros(shape, bool)
        self._age = np.zeros(shape, np.uint8)
        self._sampleable = np.zeros(shape, bool)
        store = CompressedFrames if compressed else RawFrames
        self._frames = store(num_envs, self.slots, self.frame_shape)
        self._written = np.zeros(num_envs, np.int64)  # frames ever, incl. the open one
        self._count = 0

    def __len__(self) -> int:
        """How many transitions can be sampled now."""
        return self._count

    @property
    def nbytes(self) -> int:
        """RAM in use for frames and every index, in bytes."""
        indices = sum(getattr(self, name).nbytes for name in self._INDICES)
        return self._frames.nbytes + indices

    def reset(self, first_frames: np.ndarray) -> None:
        """Begin a new game in every ring, with its (N, 84, 84) uint8 first frame."""
        self._check("first_frames", first_frames, self.frame_shape)
        for g in range(self.num_envs):
            self.write_frame(g, first_frames[g], age=0)

    def add(self, step: Step) -> None:
        """Store one step of all N games.

        Args:
            step: from `ParallelEnv.recv`, with rewards as they should be learned from.
                An action is kept in one byte.

        Raises:
            ValueError: an array of the wrong shape, frames that are not uint8, or an
                action that is no integer or does not fit into a byte.
            RuntimeError: `reset` was not called first.
        """
        if not self._written.all():
            raise RuntimeError("call reset() with the first frames before add()")
        for name in ("actions", "rewards", "terminated", "game_over"):
            self._check(name, getattr(step, name))
        actions = np.asarray(step.actions)
        if not np.issubdtype(actions.dtype, np.integer):
            raise ValueError(f"actions must be integers, got {actions.dtype}")
        if actions.min() < 0 or actions.max() > 255:
            raise ValueError(f"actions must be in 0..255, got {actions.tolist()}")
        for name in ("next_frames", "first_frames"):
            self._check(name, getattr(step, name), self.frame_shape)
        for g in range(self.num_envs):
            slot = (self._written[g] - 1) % self.slots
            self._actions[g, slot] = step.actions[g]
            self._rewards[g, slot] = step.rewards[g]
            self._terminated[g, slot] = step.terminated[g]
            self._sampleable[g, slot] = True
            self._count += 1
            self.write_frame(g, step.next_frames[g], age=int(self._age[g, slot]) + 1)
            if step.game_over[g]:
                self.write_frame(g, step.first_frames[g], age=0)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions uniformly, with replacement.

        Raises:
            ValueError: fewer than `batch_size` transitions are stored.
        """
        games, slots = self.draw_slots(batch_size, rng)
        windows = self.read_windows(games, slots)  # [B, 5, 84, 84]
        return Batch(
            states=windows[:, :-1],
            actions=self._actions[games, slots].astype(np.int32),
            rewards=self._rewards[games, slots],
            next_states=windows[:, 1:],
            terminated=self._terminated[games, slots],
        )

    def draw_slots(self, batch_size: int, rng: np.random.Generator) -> tuple:
        """Game and slot of `batch_size` transitions: (B,) and (B,) integers.

        Slots are drawn until enough of them are usable; nearly all are, so the cost
        does not depend on how many there are. (`np.random.choice(n, 32,
        replace=False)` would shuffle all n.)
        """
        if len(self) < batch_size:
            raise ValueError(
                f"cannot sample a batch of {batch_size}: the replay buffer holds "
                f"{len(self)} transitions; play more steps first"
            )
        filled = min(int(self._written.max()), self.slots)
        games = np.empty(0, np.int64)
        slots = np.empty(0, np.int64)
        while len(games) < batch_size:
            g = rng.integers(self.num_envs, size=2 * batch_size)
            s = rng.integers(filled, size=2 * batch_size)
            keep = self._usable(g, s)
            games, slots = np.append(games, g[keep]), np.append(slots, s[keep])
        return games[:batch_size], slots[:batch_size]

    def _usable(self, games: np.ndarray, slots: np.ndarray) -> np.ndarray:
        return self._sampleable[games, slots]

    def read_windows(self, games: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """The frames of state and next state together: (B, stack + 1, 84, 84)."""
        shape = (len(games), self.stack_size + 1, *self.frame_shape)
        windows = np.zeros(shape, np.uint8)
        for window, g, slot in zip(windows, games, slots, strict=True):
            known = int(self._age[g, slot]) + 2  # this game's frames, incl. the next
            for back in range(known):
                window[-1 - back] = self._frames[g, (slot + 1 - back) % self.slots]
        return windows

    def write_frame(self, g: int, frame: np.ndarray, age: int) -> None:
        """Write a frame at the head of ring g; what it overwrites is forgotten."""
        slot = self._written[g] % self.slots
        if self._written[g] >= self.slots:
            self._forget(g, slot)
            # Stacks that began in the frame we overwrite are incomplete from now on.
            for ahead in range(1, self.stack_size):
                newer = (slot + ahead) % self.slots
                if self._age[g, newer] >= ahead:
                    self._forget(g, newer)
        self._frames[g, slot] = frame
        self._age[g, slot] = min(age, self.stack_size - 1)
        self._written[g] += 1

    def _forget(self, g: int, slot: int) -> None:
        self._count -= int(self._sampleable[g, slot])
        self._sampleable[g, slot] = False

    def _check(self, name: str, values, frame_shape: tuple[int, ...] = ()) -> None:
        values, expected = np.asarray(values), (self.num_envs, *frame_shape)
        if values.shape != expected:
            raise ValueError(f"{name} must have shape {expected}, got {values.shape}")
        if frame_shape and values.dtype != np.uint8:
            raise ValueError(f"{name} must be uint8, got {values.dtype}")

    def snapshot(self) -> dict[str, np.ndarray]:
        """Everything in the buffer as arrays, for a checkpoint.

        The frames are not copied, so they do not take up RAM twice. Compressed ones may
        be written to a file at any time, raw ones only before the next `add`.
        """
        filled = min(int(self._written.max()), self.slots)
        indices = {
            name: getattr(self, name)[:, :filled].copy() for name in self._INDICES
        }
        frames = self._frames.snapshot(filled)
        return indices | frames | {"written": self._written.copy(), "form": self._form}

    def restore(self, snapshot: dict[str, np.ndarray]) -> None:
        """Become the buffer a `snapshot` was taken of, and drop what was here before.

        The frames are taken out of `snapshot`, piece by piece, for the same reason.

        Raises:
            ValueError: it was taken of a buffer made with different arguments.
        """
        theirs, ours = snapshot["form"].tolist(), self._form.tolist()
        if theirs != ours:
            raise ValueError(
                "snapshot must be of a buffer like this one: num_envs, slots per env, "
                f"stack_size, frame_shape, compressed are {ours}, got {theirs}"
            )
        filled = snapshot["_actions"].shape[1]
        self._sampleable[:] = False
        for name in self._INDICES:
            getattr(self, name)[:, :filled] = snapshot[name]
        self._frames.restore(snapshot, filled)
        self._written[:] = snapshot["written"]
        self._count = int(self._sampleable.sum())

    @property
    def _form(self) -> np.ndarray:
        """What two buffers must share for one to take the other's place."""
        sizes = [self.num_envs, self.slots, self.stack_size, *self.frame_shape]
        return np.array([*sizes, self.compressed])


def check_memory(capacity_transitions, frame_shape, compressed) -> None:
    """Raise MemoryError if a full buffer would take more RAM than is free."""
    needed = estimate_bytes(capacity_transitions, frame_shape, compressed)
    free, _ = free_and_total()
    if needed > free:
        fits = int(capacity_transitions * free / needed)
        raise MemoryError(
            f"a replay buffer of {capacity_transitions:,} transitions may need "
            f"{needed / 1e9:.1f} GB, but {free / 1e9:.1f} GB of RAM is free: use a "
            f"replay_capacity_transitions of at most {fits:,}"
            + ("" if compressed else ", or compressed frames")
        )
