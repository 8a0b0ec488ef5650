"""The replay buffer: what the agent remembers, and what a memory costs.

Mnih 2013, section 4: keep the last transitions, learn from random ones. Here every
frame is kept once, LZ4-compressed, and stacks of four are rebuilt when they are
sampled. Each game played at once writes into a ring of its own:

    slot        0    1    2    3    4    5    6
    frame       f0   f1   f2   f3   g0   g1   ..      f: one game, g: the next
    action      a0   a1   a2   -    b0   ..
    age         0    1    2    3    0    1            frames since the game began, <= 3
    sampleable  yes  yes  yes  no   yes  no           f3 only ends f, g1 is still open

The next state of slot t is the stack that ends in slot t + 1. Frames before a game's
first are zeros, as the emulator's own stack has them. A slot whose oldest frames have
been overwritten is no longer sampleable; so no stack ever crosses the end of a game or
the write head.
"""

from typing import NamedTuple

import lz4.block
import numpy as np
import psutil

# Ms. Pac-Man, the worst of the games we measured, takes 1,866 bytes a frame with LZ4;
# Breakout takes about 400.
EXPECTED_COMPRESSED_FRAME_BYTES = 2_000
BYTES_OBJECT_OVERHEAD = 33 + 8  # of a Python bytes object, and its place in the list
SLOT_BYTES = 1 + 4 + 1 + 1 + 1  # action, reward, terminated, age, sampleable


class Batch(NamedTuple):
    """Transitions sampled together, B of them."""

    states: np.ndarray  # (B, 4, 84, 84) uint8
    actions: np.ndarray  # (B,) int32
    rewards: np.ndarray  # (B,) float32
    next_states: np.ndarray  # (B, 4, 84, 84) uint8
    terminated: np.ndarray  # (B,) bool


def estimate_bytes(
    capacity_transitions: int, frame_shape=(84, 84), compressed: bool = True
) -> int:
    """Upper estimate of a full buffer's RAM in bytes, before it is made."""
    frame = int(np.prod(frame_shape))
    if compressed:
        frame = min(frame, EXPECTED_COMPRESSED_FRAME_BYTES) + BYTES_OBJECT_OVERHEAD
    return capacity_transitions * (frame + SLOT_BYTES)


class ReplayBuffer:
    """The last transitions of N games, sampled uniformly in constant time.

    Call `reset` with the games' first frames, then `add` once a step.

    Args:
        capacity_transitions: how many to keep, all games together. The last frame of
            each game takes the place of one.
        num_games: N, how many games write at once.
        stack_size: frames in a state.
        frame_shape: of one frame, in pixels.
        compressed: keep frames LZ4-compressed; `False` keeps them raw.

    Raises:
        ValueError: a capacity too small for `num_games`.
        MemoryError: the full buffer would not fit in the RAM that is free now.
    """

    def __init__(
        self,
        capacity_transitions: int,
        num_games: int = 1,
        *,
        stack_size: int = 4,
        frame_shape: tuple[int, int] = (84, 84),
        compressed: bool = True,
    ):
        self.slots = capacity_transitions // num_games  # of each game's ring
        if self.slots < stack_size + 2:
            raise ValueError(
                f"capacity_transitions must be at least {num_games * (stack_size + 2)} "
                f"for {num_games} games, got {capacity_transitions}"
            )
        refuse_what_does_not_fit(capacity_transitions, frame_shape, compressed)
        self.num_games = num_games
        self.stack_size = stack_size
        self.frame_shape = tuple(frame_shape)
        self.compressed = compressed
        shape = (num_games, self.slots)
        self._actions = np.zeros(shape, np.uint8)
        self._rewards = np.zeros(shape, np.float32)
        self._terminated = np.zeros(shape, bool)
        self._age = np.zeros(shape, np.uint8)
        self._sampleable = np.zeros(shape, bool)
        if compressed:
            self._frames = [[b""] * self.slots for _ in range(num_games)]
        else:
            self._frames = np.zeros((*shape, *frame_shape), np.uint8)
        self._frame_bytes = 0
        self._written = np.zeros(num_games, np.int64)  # frames ever, the open one too
        self._count = 0

    def __len__(self) -> int:
        """How many transitions can be sampled now."""
        return self._count

    @property
    def nbytes(self) -> int:
        """RAM in use for frames and every index, in bytes."""
        arrays = [
            self._actions,
            self._rewards,
            self._terminated,
            self._age,
            self._sampleable,
        ]
        frames = self._frame_bytes if self.compressed else self._frames.nbytes
        return frames + sum(array.nbytes for array in arrays)

    def reset(self, first_frames: np.ndarray) -> None:
        """Begin a new game in every ring, with its (N, 84, 84) uint8 first frame."""
        self._check_frames("first_frames", first_frames)
        for g in range(self.num_games):
            self._open(g, first_frames[g], age=0)

    def add(self, actions, rewards, terminated, over, next_frames, first_frames):
        """Store one step of all N games.

        Args:
            actions: (N,) integers in 0..255, as executed.
            rewards: (N,) floats, as they shall be learned from.
            terminated: (N,) bool: do not bootstrap (game over, or a life lost).
            over: (N,) bool: the game ended, by termination or truncation.
            next_frames: (N, 84, 84) uint8, the newest frame of each next state.
            first_frames: (N, 84, 84) uint8; where `over`, the next game's first frame.

        Raises:
            ValueError: frames of another shape or dtype.
            RuntimeError: `reset` was not called before.
        """
        if not self._written.all():
            raise RuntimeError("call reset() with the first frames before add()")
        self._check_frames("next_frames", next_frames)
        self._check_frames("first_frames", first_frames)
        for g in range(self.num_games):
            slot = (self._written[g] - 1) % self.slots
            self._actions[g, slot] = actions[g]
            self._rewards[g, slot] = rewards[g]
            self._terminated[g, slot] = terminated[g]
            self._sampleable[g, slot] = True
            self._count += 1
            self._open(g, next_frames[g], age=int(self._age[g, slot]) + 1)
            if over[g]:
                self._open(g, first_frames[g], age=0)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions uniformly, with replacement.

        Slots are drawn until enough of them are sampleable; nearly all are, so the
        cost does not depend on how many there are. (`np.random.choice(n, 32,
        replace=False)` would shuffle all n.)

        Raises:
            ValueError: fewer than `batch_size` transitions are stored.
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
            g = rng.integers(self.num_games, size=2 * batch_size)
            s = rng.integers(filled, size=2 * batch_size)
            keep = self._sampleable[g, s]
            games, slots = np.append(games, g[keep]), np.append(slots, s[keep])
        games, slots = games[:batch_size], slots[:batch_size]
        windows = self._windows(games, slots)  # [B, 5, 84, 84]
        return Batch(
            states=windows[:, :-1],
            actions=self._actions[games, slots].astype(np.int32),
            rewards=self._rewards[games, slots],
            next_states=windows[:, 1:],
            terminated=self._terminated[games, slots],
        )

    def _windows(self, games: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """The frames of state and next state together: (B, stack + 1, 84, 84)."""
        windows = np.zeros((len(games), self.stack_size + 1, *self.frame_shape), "u1")
        for window, g, slot in zip(windows, games, slots, strict=True):
            known = int(self._age[g, slot]) + 2  # this game's frames, the next one too
            for back in range(min(known, self.stack_size + 1)):
                window[-1 - back] = self._frame(g, (slot + 1 - back) % self.slots)
        return windows

    def _frame(self, g: int, slot: int) -> np.ndarray:
        frame = self._frames[g][slot]
        if not self.compressed:
            return frame
        size = self.frame_shape[0] * self.frame_shape[1]
        raw = lz4.block.decompress(frame, uncompressed_size=size)
        return np.frombuffer(raw, np.uint8).reshape(self.frame_shape)

    def _open(self, g: int, frame: np.ndarray, age: int) -> None:
        """Write a frame at the head of ring g; what it overwrites is forgotten."""
        slot = self._written[g] % self.slots
        if self._written[g] >= self.slots:
            self._forget(g, slot)
            # Stacks that began in the frame we overwrite are incomplete from now on.
            for ahead in range(1, self.stack_size):
                newer = (slot + ahead) % self.slots
                if self._age[g, newer] >= ahead:
                    self._forget(g, newer)
        self._store(g, slot, frame)
        self._age[g, slot] = min(age, self.stack_size - 1)
        self._written[g] += 1

    def _forget(self, g: int, slot: int) -> None:
        self._count -= int(self._sampleable[g, slot])
        self._sampleable[g, slot] = False

    def _store(self, g: int, slot: int, frame: np.ndarray) -> None:
        if not self.compressed:
            self._frames[g][slot] = frame
            return
        packed = lz4.block.compress(frame.tobytes(), store_size=False)
        old = self._frames[g][slot]
        self._frame_bytes += len(packed) - len(old)
        self._frame_bytes += 0 if old else BYTES_OBJECT_OVERHEAD
        self._frames[g][slot] = packed

    def _check_frames(self, name: str, frames: np.ndarray) -> None:
        expected = (self.num_games, *self.frame_shape)
        if frames.shape != expected or frames.dtype != np.uint8:
            raise ValueError(
                f"{name} must be uint8 of shape {expected}, got {frames.dtype} of "
                f"shape {frames.shape}"
            )

    def snapshot(self) -> dict[str, np.ndarray]:
        """Everything in the buffer as plain arrays, for a checkpoint."""
        filled = min(int(self._written.max()), self.slots)
        arrays = {name: getattr(self, name)[:, :filled] for name in self._ARRAYS}
        if self.compressed:
            packed = [frame for ring in self._frames for frame in ring[:filled]]
            arrays["_lengths"] = np.array([len(frame) for frame in packed], np.int32)
            arrays["_frames"] = np.frombuffer(b"".join(packed), np.uint8)
        else:
            arrays["_frames"] = self._frames[:, :filled]
        return arrays | {"_written": self._written.copy()}

    def restore(self, snapshot: dict[str, np.ndarray]) -> None:
        """Become the buffer a `snapshot` was taken of.

        Raises:
            ValueError: it was taken of a buffer of another shape.
        """
        games, filled = snapshot["_actions"].shape
        if games != self.num_games or filled > self.slots:
            raise ValueError(
                f"the snapshot holds {games} rings of {filled} slots, this buffer has "
                f"{self.num_games} of {self.slots}"
            )
        if self.compressed != ("_lengths" in snapshot):
            raise ValueError(
                "one of snapshot and buffer is compressed, the other is not"
            )
        for name in self._ARRAYS:
            getattr(self, name)[:, :filled] = snapshot[name]
        if self.compressed:
            ends = np.cumsum(snapshot["_lengths"], dtype=np.int64)
            blob = snapshot["_frames"].tobytes()
            starts = ends - snapshot["_lengths"]
            packed = [blob[a:b] for a, b in zip(starts, ends, strict=True)]
            for g in range(games):
                self._frames[g][:filled] = packed[g * filled : (g + 1) * filled]
            used = sum(1 for frame in packed if frame)
            self._frame_bytes = len(blob) + used * BYTES_OBJECT_OVERHEAD
        else:
            self._frames[:, :filled] = snapshot["_frames"]
        self._written[:] = snapshot["_written"]
        self._count = int(self._sampleable.sum())

    _ARRAYS = ("_actions", "_rewards", "_terminated", "_age", "_sampleable")


def refuse_what_does_not_fit(capacity_transitions, frame_shape, compressed) -> None:
    """Raise MemoryError where a full buffer would take more RAM than is free."""
    needed = estimate_bytes(capacity_transitions, frame_shape, compressed)
    free = psutil.virtual_memory().available
    if needed > free:
        fits = int(capacity_transitions * free / needed)
        raise MemoryError(
            f"a replay buffer of {capacity_transitions:,} transitions may need "
            f"{needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB of RAM are free: use a "
            f"replay_capacity_transitions of at most {fits:,}"
            + ("" if compressed else ", or compressed frames")
        )
