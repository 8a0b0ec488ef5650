"""Several players of one Atari game in one video, each with its score above.

Players together have the same seed: the game starts the same way for each, and random
actions hit the same steps. Whatever differs on the screens is the players' own doing.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from dqn_tutorial.config import SCORE_EPSILON, DQNConfig
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.viewing.video import (
    Filmstrip,
    Moment,
    Mp4Writer,
    Recording,
    enlarge,
    play,
    recording_of,
)

ENLARGE = 2  # a pixel of the screen is 2 x 2 pixels of the video
# In pixels of the video: the text above the screens, white paper between them, and
# below, where a browser draws its controls.
HEAD, GAP, FOOT = 80, 16, 40
NAME_SIZE, SCORE_SIZE = 27, 24  # of the text
INK, PAPER = (0, 0, 0), 255


def play_together(
    players: dict, config: DQNConfig, *, epsilon: float = SCORE_EPSILON, seed: int = 0
) -> dict[str, Iterator[Moment]]:
    """Begin the same game with several players, for `film_together` to film.

    Args:
        players: anything with `act(states, epsilon, rng)`, by name.
        config: the settings of the game.
        epsilon: in [0, 1].
        seed: for every game and for every player's random actions.

    Returns:
        The moments of each player's game, by its name.
    """
    return {
        name: play(make_single_env(config), player, epsilon, seed)
        for name, player in players.items()
    }


def film_together(
    games: dict[str, Iterator[Moment]],
    path: Path | str,
    *,
    max_steps: int = 600,
    frames_per_step: int = 2,
    frames_per_second: int = 30,
    strip: int = 4,
    show_scores: bool = True,
    cut_top: int = 0,
) -> dict[str, Recording]:
    """Record several games side by side, as they are played or replayed.

    The video ends with the last of the games, or after `max_steps`. A game that is over
    before that stands still, with "game over" above.

    Args:
        games: their moments, as `play` yields them, by the name to write above.
        path: of the mp4.
        max_steps: stop here even if games are not over.
        frames_per_step: how many of a step's four emulator frames are shown, 1 or 2.
        frames_per_second: of the video. 2 frames per step at 30 per second is the
            console's own pace, 1 at 60 is four times that.
        strip: how many frames each filmstrip has, from a game's first moment to its
            last one in the video.
        show_scores: write each player's score above its screen.
        cut_top: rows of the screen left out at the top, where games show scores.

    Returns:
        A recording of each game, by its name; all share one video.

    Raises:
        ValueError: no games, or `frames_per_step` is neither 1 nor 2.
    """
    if not games:
        raise ValueError("games must name one game or more, got none")
    if frames_per_step not in (1, 2):
        raise ValueError(f"frames_per_step must be 1 or 2, got {frames_per_step}")
    films = [Filmstrip(strip) for _ in games]
    before = [None] * len(games)
    with Mp4Writer(path, frames_per_second, enlarge=1) as video:
        for moments in _in_step(list(games.values()), max_steps):
            for film, moment, last in zip(films, moments, before, strict=True):
                if moment is not last:  # the game does not stand still
                    film.add(moment._replace(screens=moment.screens[-1:]))
            before = moments
            for k in range(frames_per_step):
                shown = [_screen(m, k, frames_per_step)[cut_top:] for m in moments]
                texts = [_score(m) if show_scores else "" for m in moments]
                video.write(_picture(shown, list(games), texts))
    return {
        name: recording_of(path, last, film.chosen(), cut_top)
        for name, last, film in zip(games, before, films, strict=True)
    }


def _in_step(games: list[Iterator[Moment]], max_steps: int) -> Iterator[list[Moment]]:
    """The moments of all games, step by step; a game that is over stands still."""
    moments = [next(game) for game in games]
    yield moments
    for _ in range(max_steps):
        if all(moment.game_over for moment in moments):
            return
        moments = [next(g, m) for g, m in zip(games, moments, strict=True)]
        yield moments


def _screen(moment: Moment, k: int, frames_per_step: int) -> np.ndarray:
    """The k-th frame shown of a step."""
    if moment.game_over or len(moment.screens) == 1:
        return moment.screens[-1]
    return moment.screens[(k + 1) * len(moment.screens) // frames_per_step - 1]


def _score(moment: Moment) -> str:
    return f"score {moment.score:g}" + (", game over" if moment.game_over else "")


def _picture(screens: list, names: list[str], texts: list[str]) -> np.ndarray:
    """One frame of the video: screens on white paper, two lines above each."""
    height, width = (side * ENLARGE for side in screens[0].shape[:2])
    columns = len(screens) * (width + GAP) - GAP
    paper = np.full((HEAD + height + FOOT, columns, 3), PAPER, np.uint8)
    middles = []
    for k, screen in enumerate(screens):
        left = k * (width + GAP)
        paper[HEAD : HEAD + height, left : left + width] = enlarge(screen, ENLARGE)
        middles.append(left + width // 2)
    image = Image.fromarray(paper)
    _write(image, names, NAME_SIZE, middles, 32)
    _write(image, texts, SCORE_SIZE, middles, 67)
    return np.asarray(image)


@cache  # not read again for every frame of a video
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)


def _write(image: Image.Image, texts: list[str], size: int, middles, bottom) -> None:
    """Write each text centred on its middle, with its baseline at `bottom`."""
    font = _font(size)
    draw = ImageDraw.Draw(image)
    for text, middle in zip(texts, middles, strict=True):
        draw.text((middle, bottom), text, INK, font, anchor="ms")
