"""What notebook 04b plays with: a buffer whose frames are single numbers."""

from typing import NamedTuple

import numpy as np

from dqn_tutorial.frame_store import pack
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import ReplayBuffer


def frame(number: int) -> np.ndarray:
    """A frame of one pixel, for one game: (1, 1, 1) uint8."""
    return np.full((1, 1, 1), number, np.uint8)


def play(buffer: ReplayBuffer, number: int, new_game: int | None = None) -> None:
    """Add a step whose next frame is `number`; that is its reward as well.

    Args:
        buffer: for frames of one pixel.
        number: the next frame.
        new_game: the first frame of the next game, if this one is cut off here.
    """
    step = Step(
        actions=[0],
        rewards=[number],
        terminated=[False],
        game_over=[new_game is not None],
        next_frames=frame(number),
        first_frames=frame(new_game or 0),
        finished=[],
    )
    buffer.add(step)


def transitions(buffer: ReplayBuffer) -> dict[str, list[int]]:
    """The five frames of every transition that can be drawn, in the order of play.

    Each is named after the newest frame of its state, at which the agent acted.
    """
    slots = np.flatnonzero(buffer.snapshot()["_sampleable"][0])
    windows = buffer.read_windows(np.zeros_like(slots), slots)[..., 0, 0]
    in_order = sorted(windows.tolist(), key=lambda window: window[-1])
    return {f"at {window[-2]}": window for window in in_order}


class Ring(NamedTuple):
    """A full ring at one moment; of each slot in order its frame, age and mark."""

    head: int  # the slot that is written next
    frames: list[int]
    ages: list[int]
    usable: list[bool]  # may be drawn


def ring(buffer: ReplayBuffer) -> Ring:
    """What a full buffer, for one game and frames of one pixel, knows of each slot."""
    slots, held = np.arange(buffer.slots), buffer.snapshot()
    windows = buffer.read_windows(np.zeros_like(slots), slots)
    return Ring(
        head=int(held["written"][0]) % buffer.slots,
        frames=windows[:, -2, 0, 0].tolist(),  # the newest of the state
        ages=held["_age"][0].tolist(),
        usable=held["_sampleable"][0].tolist(),
    )


def packed_bytes(frames: np.ndarray) -> float:
    """The mean size of (T, 84, 84) uint8 frames, each packed with LZ4."""
    return float(np.mean([len(pack(frame)) for frame in frames]))
