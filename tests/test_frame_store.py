"""Both stores of frames, and the arrays in which they are saved."""

import numpy as np
import pytest

from dqn_tutorial import frame_store
from dqn_tutorial.frame_store import CompressedFrames, RawFrames
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.runs import checkpoints

TALL = (5, 2)  # of a frame: other numbers of rows and of columns


def noise(count: int, shape: tuple[int, int] = TALL) -> np.ndarray:
    """Frames that LZ4 cannot shrink: it adds a byte to ten."""
    rng = np.random.default_rng(0)
    return rng.integers(256, size=(count, *shape), dtype=np.uint8)


@pytest.mark.parametrize("store", [CompressedFrames, RawFrames])
def test_a_frame_of_any_shape_comes_back_from_its_place(store):
    frames, kept = noise(6), store(2, 3, TALL)
    for place, frame in zip(np.ndindex(2, 3), frames, strict=True):
        kept[place] = frame
    for place, frame in zip(np.ndindex(2, 3), frames, strict=True):
        np.testing.assert_array_equal(kept[place], frame)


def test_the_bytes_of_packed_frames_are_counted_and_those_replaced_are_not():
    kept, (frame, other) = CompressedFrames(2, 3, TALL), noise(2)
    assert kept.nbytes == 0
    kept[0, 1] = frame
    assert kept.nbytes == 11 + 41  # packed, and what Python adds to an object
    kept[0, 1] = other
    assert kept.nbytes == 11 + 41
    kept[1, 1] = frame
    assert kept.nbytes == 2 * (11 + 41)


def test_a_frame_may_take_its_pixels_or_what_the_hungriest_game_takes():
    assert RawFrames.expected_frame_bytes(TALL) == 10
    assert CompressedFrames.expected_frame_bytes(TALL) == 10 + 41
    assert CompressedFrames.expected_frame_bytes((84, 84)) == 3_000 + 41


def test_a_piece_ends_before_the_frame_that_fills_it(monkeypatch):
    monkeypatch.setattr(frame_store, "PIECE_BYTES", 30)
    kept = CompressedFrames(1, 7, TALL)
    for slot, frame in enumerate(noise(6)):
        kept[0, slot] = frame
    snapshot = kept.snapshot(6)
    # 11 22 | 33 44 55 | 66: the 30th and the 60th byte begin a piece.
    assert snapshot["frame_lengths"].tolist() == [11] * 6
    pieces = {n: len(np.array(a)) for n, a in snapshot.items() if "/" in n}
    assert pieces == {"frames/0": 22, "frames/1": 33, "frames/2": 11}


# --- snapshots that cannot be right --------------------------------------------------


def played(frames: np.ndarray) -> ReplayBuffer:
    """A buffer of one game, with room for twelve frames, that has seen these."""
    buffer = ReplayBuffer(12, frame_shape=TALL)
    buffer.reset(frames[:1])
    for frame in frames[1:, None]:
        buffer.add(Step([0], [1.0], [False], [False], frame, frame, []))
    return buffer


def lengths_changed(snapshot: dict, change) -> dict:
    return snapshot | {"frame_lengths": np.array(change(snapshot["frame_lengths"]))}


@pytest.mark.parametrize(
    "change, got",
    [
        (lambda lengths: [*lengths, 0], 7),  # and no byte more
        (lambda lengths: [*lengths[:-1], 5, 6], 7),
        (lambda lengths: [*lengths[:-2], 22], 5),
    ],
)
def test_a_snapshot_with_a_length_too_many_or_too_few_is_refused(change, got):
    buffer = played(noise(6))
    snapshot = lengths_changed(buffer.snapshot(), change)
    with pytest.raises(ValueError, match=f"lengths of 6 frames, got {got}$"):
        buffer.restore(snapshot)
    # Refused before anything was dropped.
    np.testing.assert_array_equal(buffer._frames[0, 5], noise(6)[5])


def test_a_checkpoint_with_a_length_too_many_gives_way_to_the_one_before(tmp_path):
    buffer = played(noise(6))
    checkpoints.save(tmp_path, 1, buffer.snapshot(), {})
    wrong = lengths_changed(played(noise(8)).snapshot(), lambda n: [*n, 0])
    checkpoints.save(tmp_path, 2, wrong, {})

    def use(path) -> ReplayBuffer:
        restored = ReplayBuffer(12, frame_shape=TALL)
        restored.restore(checkpoints.read_arrays(path)[0])
        return restored

    restored, problems = checkpoints.load_latest_valid(tmp_path, use)
    assert len(restored) == len(buffer) == 5
    assert problems == [
        "cannot use checkpoint_000000000002.npz: snapshot must hold the lengths of "
        "8 frames, got 9",
        "resuming from checkpoint_000000000001.npz, the one before",
    ]
