"""Where the replay buffer keeps its frames: compressed, or raw for comparison.

Both stores are used alike. `store[g, slot] = frame` keeps a frame in a slot of game
g's ring and drops the one that was there; `store[g, slot]` returns it.

Neither store is held twice in RAM while a checkpoint is written or read: its frames
go into the file, and from there into the store, in pieces.
"""

from collections.abc import Iterator
from itertools import pairwise

import lz4.block
import numpy as np

# Up 'n Down, the hungriest of 104 games (tools/measure_frame_bytes.py), takes 2,476
# bytes a frame with LZ4, at most 2,752; Breakout takes about 400, 510 when a
# trained agent plays (benchmarks/README.md).
EXPECTED_COMPRESSED_FRAME_BYTES = 3_000
BYTES_OBJECT_OVERHEAD = 33 + 8  # of a Python bytes object, and its place in the list
# Packed frames are saved in arrays of about this size. From 32 MB up, malloc maps an
# array's memory separately, and returns all of it to the system when it is freed.
PIECE_BYTES = 40_000_000


def pack(frame: np.ndarray) -> bytes:
    """A frame (H, W) uint8, packed with LZ4."""
    return lz4.block.compress(frame.tobytes(), store_size=False)


class RawFrames:
    """Every frame as it is: one byte per pixel."""

    def __init__(self, num_envs: int, slots: int, frame_shape: tuple[int, int]):
        self._frames = np.zeros((num_envs, slots, *frame_shape), np.uint8)

    @staticmethod
    def expected_frame_bytes(frame_shape: tuple[int, int]) -> int:
        """RAM one frame takes."""
        return frame_shape[0] * frame_shape[1]

    @property
    def nbytes(self) -> int:
        """RAM of all slots, used or not: it is allocated at once."""
        return self._frames.nbytes

    def __getitem__(self, place: tuple[int, int]) -> np.ndarray:
        return self._frames[place]

    def __setitem__(self, place: tuple[int, int], frame: np.ndarray) -> None:
        self._frames[place] = frame

    def snapshot(self, filled: int) -> dict[str, np.ndarray]:
        """Views of each ring's first `filled` slots, valid until the next frame."""
        rings = self._frames[:, :filled]
        return {f"frames/{g}": ring for g, ring in enumerate(rings)}

    def restore(self, snapshot: dict[str, np.ndarray], filled: int) -> None:
        """Take the frames out of a `snapshot`."""
        for ring, piece in zip(self._frames, _taken_out(snapshot), strict=True):
            ring[:filled] = piece


class CompressedFrames:
    """Every frame packed by LZ4, which is fast and lossless."""

    def __init__(self, num_envs: int, slots: int, frame_shape: tuple[int, int]):
        self._packed = [[b""] * slots for _ in range(num_envs)]
        self._frame_shape = frame_shape
        self.nbytes = 0  # RAM of the frames kept

    @staticmethod
    def expected_frame_bytes(frame_shape: tuple[int, int]) -> int:
        """RAM one frame may take, on the games we measured."""
        size = frame_shape[0] * frame_shape[1]
        return min(size, EXPECTED_COMPRESSED_FRAME_BYTES) + BYTES_OBJECT_OVERHEAD

    def __getitem__(self, place: tuple[int, int]) -> np.ndarray:
        g, slot = place
        size = self._frame_shape[0] * self._frame_shape[1]
        raw = lz4.block.decompress(self._packed[g][slot], uncompressed_size=size)
        return np.frombuffer(raw, np.uint8).reshape(self._frame_shape)

    def __setitem__(self, place: tuple[int, int], frame: np.ndarray) -> None:
        self._put(*place, pack(frame))

    def _put(self, g: int, slot: int, packed: bytes) -> None:
        old = self._packed[g][slot]
        self.nbytes += _bytes_of(packed) - _bytes_of(old)
        self._packed[g][slot] = packed

    def snapshot(self, filled: int) -> dict[str, np.ndarray]:
        """The first `filled` slots of every ring: all lengths, and pieces of frames."""
        packed = [frame for ring in self._packed for frame in ring[:filled]]
        lengths = np.array([len(frame) for frame in packed], np.int32)
        in_piece = np.cumsum(lengths) // PIECE_BYTES
        cuts = [0, *(np.flatnonzero(np.diff(in_piece)) + 1), len(packed)]
        pieces = [Piece(packed[start:end]) for start, end in pairwise(cuts)]
        return {"frame_lengths": lengths} | {
            f"frames/{i}": piece for i, piece in enumerate(pieces)
        }

    def restore(self, snapshot: dict[str, np.ndarray], filled: int) -> None:
        """Take the frames out of a `snapshot`; drop all others.

        Raises:
            ValueError: not one length for each frame, or the pieces do not add up to
                the lengths.
        """
        lengths = snapshot["frame_lengths"].tolist()
        num_envs, slots = len(self._packed), len(self._packed[0])
        if len(lengths) != num_envs * filled:
            raise ValueError(
                f"snapshot must hold the lengths of {num_envs * filled:,} frames, got "
                f"{len(lengths):,}"
            )
        found = sum(np.size(snapshot[name]) for name in _piece_names(snapshot))
        if found != sum(lengths):
            raise ValueError(
                f"snapshot must hold {sum(lengths):,} bytes of frames, got {found:,}"
            )
        self.__init__(num_envs, slots, self._frame_shape)
        places = zip(np.ndindex(num_envs, filled), lengths, strict=True)
        for piece in _taken_out(snapshot):
            joined, start = memoryview(np.asarray(piece)), 0
            while start < len(joined):
                (g, slot), length = next(places)
                self._put(g, slot, bytes(joined[start : start + length]))
                start += length


class Piece:
    """Packed frames that become one array (uint8) when they are written, not before."""

    def __init__(self, packed: list[bytes]):
        self._packed = packed

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.frombuffer(b"".join(self._packed), np.uint8)


def _piece_names(snapshot: dict[str, np.ndarray]) -> list[str]:
    """Where the frames are, in order."""
    return [name for name in snapshot if name.split("/")[0] == "frames"]


def _taken_out(snapshot: dict[str, np.ndarray]) -> Iterator[np.ndarray]:
    """The pieces of frames; each is freed when the next is asked for."""
    for name in _piece_names(snapshot):
        yield snapshot.pop(name)


def _bytes_of(packed: bytes) -> int:
    """RAM of one packed frame; an empty slot takes none."""
    return len(packed) + BYTES_OBJECT_OVERHEAD if packed else 0
