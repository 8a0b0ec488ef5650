"""A game, recorded: an H.264 mp4 to watch, and a filmstrip for paper.

H.264 with yuv420p is what every browser plays; it wants even sides, so frames are
enlarged by a whole factor, which keeps pixels square and sharp.
"""

from dataclasses import dataclass
from pathlib import Path

import gymnasium as gym
import imageio_ffmpeg
import numpy as np

from dqn_tutorial.atari import AtariGame
from dqn_tutorial.catch import Catch
from dqn_tutorial.config import DQNConfig


@dataclass(frozen=True)
class Recording:
    """One recorded game."""

    path: Path
    score: float  # unclipped
    steps: int
    over: bool  # false where max_steps cut it
    filmstrip: list[np.ndarray]  # frames evenly spread over the game, RGB uint8


def make_game(config: DQNConfig) -> gym.Env:
    """One game to look at, with the (4, 84, 84) states an agent sees.

    Raises:
        ValueError: no such game.
    """
    if config.game == "catch":
        env = Catch(render_mode="rgb_array")
        return gym.wrappers.FrameStackObservation(env, 4, padding_type="zero")
    return AtariGame(
        config.game,
        sticky_action_probability=config.sticky_action_probability,
        noop_max_frames=config.noop_max_frames,
        max_frames_per_game=config.max_frames_per_game,
        automatic_fire=config.automatic_fire,
    )


class Mp4Writer:
    """Writes RGB frames to an H.264 mp4; use it in a `with` block.

    Args:
        path: of the file to write.
        frames_per_second: how fast it plays.
        enlarge: whole factor by which each pixel grows.

    Raises:
        ValueError: a path that cannot be; from `write`, a frame that is not
            (H, W, 3) uint8.
    """

    def __init__(self, path: Path | str, frames_per_second: float, enlarge: int = 2):
        self.path, self.fps, self.enlarge = Path(path), frames_per_second, enlarge
        if self.path.suffix != ".mp4" or not self.path.absolute().parent.is_dir():
            raise ValueError(
                f"path must be an .mp4 in a folder that is there, got {self.path}"
            )
        self._ffmpeg = None

    def __enter__(self) -> "Mp4Writer":
        return self

    def write(self, frame: np.ndarray) -> None:
        """Append one (H, W, 3) uint8 RGB frame."""
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise ValueError(
                f"frame must be (H, W, 3) uint8, got {frame.shape} {frame.dtype}"
            )
        large = frame.repeat(self.enlarge, axis=0).repeat(self.enlarge, axis=1)
        height, width = large.shape[0] // 2 * 2, large.shape[1] // 2 * 2
        large = np.ascontiguousarray(large[:height, :width])
        if self._ffmpeg is None:
            self._ffmpeg = imageio_ffmpeg.write_frames(
                str(self.path),
                (width, height),
                fps=self.fps,
                codec="libx264",
                macro_block_size=2,
                output_params=["-crf", "28", "-movflags", "+faststart"],
            )
            self._ffmpeg.send(None)
        self._ffmpeg.send(large)

    def __exit__(self, *_) -> None:
        if self._ffmpeg is not None:
            self._ffmpeg.close()


def record(
    env: gym.Env,
    agent,
    path: Path | str,
    *,
    epsilon: float = 0.05,
    seed: int = 0,
    max_steps: int | None = None,
    strip: int = 6,
) -> Recording:
    """Play one game and record it.

    Atari games are recorded with two of each step's four emulator frames, 30 a second,
    which is the console's own pace.

    Args:
        env: from `make_game`.
        agent: anything with `act(states, epsilon, rng)`.
        path: of the mp4.
        epsilon: in [0, 1].
        seed: of the game and of the random actions.
        max_steps: stop here even if the game is not over.
        strip: how many frames the filmstrip has.
    """
    rng = np.random.default_rng(seed)
    state, _ = env.reset(seed=seed)
    atari = hasattr(env, "screens")
    kept, spacing, score, steps, over = [env.render()], 1, 0.0, 0, False
    with Mp4Writer(path, 30 if atari else 5, enlarge=2 if atari else 4) as video:
        video.write(kept[0])
        while not over and steps != max_steps:
            action = agent.act(np.asarray(state)[None], epsilon, rng)[0]
            state, reward, terminated, truncated, _ = env.step(int(action))
            score, steps, over = score + reward, steps + 1, terminated or truncated
            for screen in env.screens[1::2] if atari else [env.render()]:
                video.write(screen)
            if steps % spacing == 0:
                kept.append(env.render())
            if len(kept) > 20 * strip:  # too many: keep every second, from now on
                kept, spacing = kept[::2], spacing * 2
    chosen = np.linspace(0, len(kept) - 1, min(strip, len(kept))).round().astype(int)
    return Recording(Path(path), score, steps, over, [kept[i] for i in chosen])
