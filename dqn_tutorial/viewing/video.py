"""A game, recorded: an H.264 mp4 to watch, and a filmstrip for print.

H.264 with yuv420p is what every browser plays; it needs even sides. Frames are enlarged
by a whole factor, which keeps pixels square and sharp.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import gymnasium as gym
import imageio
import imageio_ffmpeg
import numpy as np

from dqn_tutorial.config import SCORE_EPSILON


@dataclass(frozen=True)
class Recording:
    """One recorded game."""

    path: Path
    score: float  # unclipped
    steps: int
    game_over: bool  # false if max_steps cut it off
    filmstrip: list[np.ndarray]  # frames evenly spread over the game, RGB uint8
    strip_scores: list[float]  # the score so far, at each of them


class Moment(NamedTuple):
    """A game after one step, or before the first."""

    screens: list[np.ndarray]  # RGB, of each emulator frame of the step
    score: float  # so far, unclipped
    steps: int  # so far
    game_over: bool
    state: np.ndarray | None = None  # (4, 84, 84) uint8, what the player sees now
    lives: int = 1  # left; 1 in a game that counts none
    action: int | None = None  # that led here, as executed; None before the first step


def enlarge(frame: np.ndarray, factor: int) -> np.ndarray:
    """Make each pixel of an (H, W, 3) uint8 frame `factor` x `factor` pixels."""
    return frame.repeat(factor, axis=0).repeat(factor, axis=1)


class Mp4Writer:
    """Writes RGB frames to an H.264 mp4; use it in a `with` block.

    The file gets its name at the end of the block, once it is complete.

    Args:
        path: of the file to write.
        frames_per_second: how fast it plays.
        enlarge: whole factor by which each pixel grows.

    Raises:
        ValueError: a path that cannot be written; from `write`, a frame that is not
            (H, W, 3) uint8.
        OSError: from `write` or the end of the block, the disk is full or fails; a
            file of that name is untouched.
    """

    def __init__(self, path: Path | str, frames_per_second: float, enlarge: int = 2):
        self.path, self.enlarge = Path(path), enlarge
        if self.path.suffix != ".mp4" or not self.path.absolute().parent.is_dir():
            raise ValueError(
                f"path must be an .mp4 in a folder that exists, got {self.path}"
            )
        self._aside = self.path.with_suffix(".part.mp4")
        self._frames = 0  # written so far
        self._writer = imageio.get_writer(
            self._aside,
            fps=frames_per_second,
            codec="libx264",
            macro_block_size=2,
            ffmpeg_params=["-crf", "28", "-movflags", "+faststart"],
        )

    def __enter__(self) -> "Mp4Writer":
        return self

    def write(self, frame: np.ndarray) -> None:
        """Append one (H, W, 3) uint8 RGB frame."""
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise ValueError(
                f"frame must be (H, W, 3) uint8, got {frame.shape} {frame.dtype}"
            )
        large = enlarge(frame, self.enlarge)
        height, width = large.shape[0] // 2 * 2, large.shape[1] // 2 * 2
        try:
            self._writer.append_data(large[:height, :width])
        except OSError as error:  # ffmpeg has ended; it has said why on stderr
            raise self._failure() from error
        self._frames += 1

    def __exit__(self, kind, *_) -> None:
        try:
            self._writer.close()
            if kind is None and self._frames:
                self._check_complete()
                os.replace(self._aside, self.path)
        finally:
            self._aside.unlink(missing_ok=True)

    def _check_complete(self) -> None:
        """Count the frames of the file: ffmpeg's exit code does not reach us."""
        try:
            found, _ = imageio_ffmpeg.count_frames_and_secs(self._aside)
        except RuntimeError as error:
            raise self._failure() from error
        if found != self._frames:
            raise self._failure()

    def _failure(self) -> OSError:
        return OSError(f"cannot write {self.path}: is there room on the disk?")


def play(
    env: gym.Env, agent, epsilon: float, seed: int, options: dict | None = None
) -> Iterator[Moment]:
    """Play one game and yield its moments, the first from before the first step.

    Args:
        env: from `make_single_env`.
        agent: anything with `act(states, epsilon, rng)`.
        epsilon: in [0, 1].
        seed: for the game and the random actions.
        options: how the game begins, as its `reset` takes them.
    """
    rng = np.random.default_rng(seed)
    state, info = env.reset(seed=seed, options=options)
    state, lives = np.asarray(state), info.get("lives", 1)
    moment = Moment([env.render()], 0.0, 0, False, state, lives)
    yield moment
    while not moment.game_over:
        chosen = int(agent.act(moment.state[None], epsilon, rng)[0])
        state, reward, terminated, truncated, info = env.step(chosen)
        moment = Moment(
            screens=env.screens if hasattr(env, "screens") else [env.render()],
            score=moment.score + float(reward),
            steps=moment.steps + 1,
            game_over=terminated or truncated,
            state=np.asarray(state),
            lives=info.get("lives", 1),
            action=info.get("action", chosen),
        )
        yield moment


def best_stretch(scores: list[float], length: int) -> int:
    """The step at which the `length` steps begin that bring the most points.

    Args:
        scores: of one game, so far, at each of its moments.
        length: at most the steps of the game.
    """
    gained = np.array(scores[length:]) - np.array(scores[:-length])
    return int(gained.argmax())


class Filmstrip:
    """Keeps `length` moments evenly spread over a game, however long it turns out."""

    def __init__(self, length: int):
        self.length = length
        self._kept, self._spacing, self._seen, self._last = [], 1, 0, None

    def add(self, moment) -> None:
        """Note the next moment of the game."""
        self._last = moment
        if self._seen % self._spacing == 0:
            self._kept.append(moment)
        self._seen += 1
        if len(self._kept) > 8 * self.length:  # too many: keep every second from now on
            self._kept, self._spacing = self._kept[::2], self._spacing * 2

    def chosen(self) -> list:
        """The first moment, the last, and those between them."""
        kept = self._kept
        if kept and kept[-1] is not self._last:
            kept = [*kept, self._last]
        wanted = np.linspace(0, len(kept) - 1, min(self.length, len(kept)))
        return [kept[i] for i in wanted.round().astype(int)]


def record(
    env: gym.Env,
    agent,
    path: Path | str,
    *,
    epsilon: float = SCORE_EPSILON,
    seed: int = 0,
    max_steps: int | None = None,
    strip: int = 6,
) -> Recording:
    """Play one game and record it.

    Atari games are recorded with two of each step's four emulator frames, at 30 per
    second, which is the console's own pace.

    Args:
        env, agent, epsilon, seed: as for `play`.
        path: of the mp4.
        max_steps: stop here even if the game is not over.
        strip: how many frames the filmstrip has.
    """
    atari, film = hasattr(env, "screens"), Filmstrip(strip)
    with Mp4Writer(path, 30 if atari else 5, enlarge=2 if atari else 4) as video:
        for moment in play(env, agent, epsilon, seed):
            film.add(moment)
            for screen in moment.screens[1::2] or moment.screens:
                video.write(screen)
            if moment.steps == max_steps:
                break
    return recording_of(path, moment, film.chosen())


def recording_of(path, last: Moment, chosen, cut_top: int = 0) -> Recording:
    """The recording of a game that ended with `last`, its filmstrip of `chosen`.

    Args:
        path: of the mp4.
        last, chosen: moments of the game.
        cut_top: rows of the screens left out at the top of the filmstrip.
    """
    return Recording(
        path=Path(path),
        score=last.score,
        steps=last.steps,
        game_over=last.game_over,
        filmstrip=[moment.screens[-1][cut_top:] for moment in chosen],
        strip_scores=[moment.score for moment in chosen],
    )
