"""Where the replay buffer keeps its frames: compressed, or raw so as to compare.

Both stores are used alike. `store[g, slot] = frame` keeps a frame in a slot of game
g's ring and drops the one that was there; `store[g, slot]` gives it back.
"""

import lz4.block
import numpy as np

# Up 'n Down, the hungriest of 104 games (tools/measure_frame_bytes.py), takes 2,476
# bytes a frame with LZ4, at most 2,752; Breakout takes about 400.
EXPECTED_COMPRESSED_FRAME_BYTES = 3_000
BYTES_OBJECT_OVERHEAD = 33 + 8  # of a Python bytes object, and its place in the list


class RawFrames:
    """Every frame as it is: one byte a pixel."""

    def __init__(self, num_games: int, slots: int, frame_shape: tuple[int, int]):
        self._frames = np.zeros((num_games, slots, *frame_shape), np.uint8)

    @staticmethod
    def expected_frame_bytes(frame_shape: tuple[int, int]) -> int:
        """RAM one frame takes."""
        return frame_shape[0] * frame_shape[1]

    @property
    def nbytes(self) -> int:
        """RAM of all slots, used or not: it is set aside at once."""
        return self._frames.nbytes

    def __getitem__(self, place: tuple[int, int]) -> np.ndarray:
        return self._frames[place]

    def __setitem__(self, place: tuple[int, int], frame: np.ndarray) -> None:
        self._frames[place] = frame

    def snapshot(self, filled: int) -> dict[str, np.ndarray]:
        """The first `filled` slots of every ring as arrays."""
        return {"frames": self._frames[:, :filled].copy()}

    def restore(self, snapshot: dict[str, np.ndarray], filled: int) -> None:
        """Take the frames of a `snapshot`."""
        self._frames[:, :filled] = snapshot["frames"]


class CompressedFrames:
    """Every frame packed by LZ4, which is quick and loses nothing."""

    def __init__(self, num_games: int, slots: int, frame_shape: tuple[int, int]):
        self._packed = [[b""] * slots for _ in range(num_games)]
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
        self._put(*place, lz4.block.compress(frame.tobytes(), store_size=False))

    def _put(self, g: int, slot: int, packed: bytes) -> None:
        old = self._packed[g][slot]
        self.nbytes += _bytes_of(packed) - _bytes_of(old)
        self._packed[g][slot] = packed

    def snapshot(self, filled: int) -> dict[str, np.ndarray]:
        """The first `filled` slots of every ring as arrays."""
        packed = [frame for ring in self._packed for frame in ring[:filled]]
        return {
            "frame_lengths": np.array([len(frame) for frame in packed], np.int32),
            "frames": np.frombuffer(b"".join(packed), np.uint8),
        }

    def restore(self, snapshot: dict[str, np.ndarray], filled: int) -> None:
        """Take the frames of a `snapshot`; drop all others."""
        num_games, slots = len(self._packed), len(self._packed[0])
        self.__init__(num_games, slots, self._frame_shape)
        lengths = snapshot["frame_lengths"].reshape(num_games, filled)
        ends = np.cumsum(lengths, dtype=np.int64).reshape(lengths.shape)
        joined = memoryview(snapshot["frames"])
        for (g, slot), end in np.ndenumerate(ends):
            self._put(g, slot, bytes(joined[end - lengths[g, slot] : end]))


def _bytes_of(packed: bytes) -> int:
    """RAM of one packed frame; an empty slot takes none."""
    return len(packed) + BYTES_OBJECT_OVERHEAD if packed else 0
