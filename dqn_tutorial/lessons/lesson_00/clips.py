"""Notebook 00's clips: recorded games, the liveliest stretch of them, films.

A recorded game is the same on every machine, because the emulator is deterministic and
the buttons are given. So its scores may be printed, and it needs no network.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.lessons.lesson_07.breakout import (
    RecordedGame,
    ball_is_behind_wall,
    play_recorded,
)
from dqn_tutorial.viewing.notebook import show_video
from dqn_tutorial.viewing.side_by_side import film_together
from dqn_tutorial.viewing.video import Moment, Recording, best_stretch

STEPS_PER_SECOND = SingleAtari.metadata["render_fps"]


class Stretch(NamedTuple):
    """Some steps in a row of a recorded game, and the course of that whole game."""

    game: RecordedGame
    first: int  # step at which it begins
    last: int
    scores: np.ndarray  # of the game so far, at each of its moments
    behind: np.ndarray  # bool: whether the ball was behind the wall then

    @property
    def points(self) -> float:
        """What it brings."""
        return self.scores[self.last] - self.scores[self.first]

    def moments(self) -> Iterator[Moment]:
        """Its moments, played again."""
        return islice(play_recorded(self.game), self.first, self.last + 1)


def liveliest(games: list[RecordedGame], seconds: int) -> Stretch:
    """The stretch of that length that brings the most points in any of the games."""
    stretches = [_best_of(game, seconds * STEPS_PER_SECOND) for game in games]
    return max(stretches, key=lambda stretch: stretch.points)


def _best_of(game: RecordedGame, steps: int) -> Stretch:
    course = [
        (m.score, ball_is_behind_wall(m.screens[-1])) for m in play_recorded(game)
    ]
    scores, behind = map(np.array, zip(*course, strict=True))
    first = best_stretch(scores, steps)
    return Stretch(game, first, first + steps, scores, behind)


def show_film(games: dict[str, Iterator[Moment]], alt: str, **options) -> dict:
    """Film games side by side and show the video.

    Args:
        games, **options: as for `film_together`.
        alt: as for `show_video`.

    Returns:
        A recording of each game, by its name.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "games.mp4"
        recordings: dict[str, Recording] = film_together(games, path, **options)
        show_video(path, alt)
    return recordings
