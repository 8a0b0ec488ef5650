"""From the Atari's screen to what the network sees; pure functions on arrays.

Follows Mnih 2015, Methods, "Preprocessing", in the order of ALE and Gymnasium: first
greyscale, then the brighter of two frames, then the resize to 84x84, then a stack of
four. A state of (4, 84, 84) bytes stands for sixteen frames of the emulator.

    screen (210, 160, 3) -> greyscale (210, 160) -> max of two -> (84, 84) -> x 4
"""

import numpy as np

from dqn_tutorial.config import FRAME_SHAPE, STACK_SIZE

try:
    import cv2
except ImportError as error:
    raise ImportError(
        f"OpenCV does not load ({error}). It needs the system's libGL, which a bare "
        "server does not have. Either install that, for example with\n"
        "    apt-get install libgl1\n"
        "or use the OpenCV build that does not need it:\n"
        "    pip uninstall opencv-python\n"
        "    pip install opencv-python-headless"
    ) from error


def _check(name: str, array: np.ndarray, shape: tuple[int | str, ...]) -> None:
    """Raise unless `array` is uint8 of this shape; a side named by a word is free."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        kind = getattr(array, "dtype", type(array).__name__)
        raise ValueError(f"{name} must be a uint8 array of 0..255, got {kind}")
    fits = array.ndim == len(shape) and all(
        isinstance(want, str) or want == got
        for want, got in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(side) for side in shape)
        raise ValueError(f"{name} must have shape ({wanted}), got {array.shape}")


def greyscale(screen: np.ndarray) -> np.ndarray:
    """Turn colours into brightness: 0.299 red + 0.587 green + 0.114 blue, rounded.

    Args:
        screen: (height, width, 3) uint8, red first, as ALE gives it. Atari screens are
            (210, 160, 3); a few games have taller ones.

    Returns:
        (height, width) uint8, equal to ALE's own greyscale screen.

    Raises:
        ValueError: wrong shape or dtype.
    """
    _check("screen", screen, ("height", "width", 3))
    return cv2.cvtColor(screen, cv2.COLOR_RGB2GRAY)


def max_over_two_frames(frame_a: np.ndarray, frame_b: np.ndarray) -> np.ndarray:
    """Take the brighter of each pixel in two consecutive frames.

    Some games draw some of their sprites only in every other frame: one frame may
    lack what the other shows.

    Args:
        frame_a: (height, width) uint8 grey screen.
        frame_b: the same for the next frame.

    Raises:
        ValueError: the frames differ in shape, or are not uint8.
    """
    _check("frame_a", frame_a, ("height", "width"))
    _check("frame_b", frame_b, frame_a.shape)
    return np.maximum(frame_a, frame_b)


def resize(frame: np.ndarray) -> np.ndarray:
    """Shrink a grey screen to (84, 84) uint8; each new pixel averages what it covers.

    The whole screen stays in the picture, a little squeezed (Mnih 2015). Averaging
    (`INTER_AREA`) shows where a small ball is between the pixels; picking single
    pixels would make it jump.

    Raises:
        ValueError: not a (height, width) uint8 array.
    """
    _check("frame", frame, ("height", "width"))
    height, width = FRAME_SHAPE
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)


def crop_2013(frame: np.ndarray) -> np.ndarray:
    """Cut the playing area out of a screen that was shrunk to 110 rows of 84.

    Mnih 2013, section 4.1, crops "an 84x84 region of the image that roughly captures
    the playing area" and gives no numbers. We keep rows 18 to 101, as early
    reimplementations did: the score at the top goes, Breakout's paddle stays.

    Args:
        frame: (110, 84) uint8.

    Returns:
        (84, 84) uint8.

    Raises:
        ValueError: wrong shape or dtype.
    """
    _check("frame", frame, (110, 84))
    return frame[18:102].copy()


def stack_frames(frames: list[np.ndarray]) -> np.ndarray:
    """Put the last four frames of a game into one state, oldest first.

    Args:
        frames: one or more (84, 84) uint8 frames, oldest first; only the last four
            count. If the game is younger than that, zeros fill the oldest places.

    Returns:
        (4, 84, 84) uint8.

    Raises:
        ValueError: no frame, or one of the wrong shape or dtype.
    """
    if len(frames) == 0:
        raise ValueError("frames must hold at least one (84, 84) frame, got none")
    state = np.zeros((STACK_SIZE, *FRAME_SHAPE), np.uint8)
    recent = list(frames)[-STACK_SIZE:]
    for i, frame in enumerate(recent):
        _check(f"frames[{len(frames) - len(recent) + i}]", frame, FRAME_SHAPE)
    state[-len(recent) :] = recent
    return state


def clip_reward(reward: np.ndarray | float) -> np.ndarray:
    """Clip rewards to [-1, 1], so that one learning rate suits every game.

    For learning only: a score is counted in unclipped rewards. Mnih 2015, Methods,
    "Training details".
    """
    return np.clip(reward, -1.0, 1.0).astype(np.float32)
