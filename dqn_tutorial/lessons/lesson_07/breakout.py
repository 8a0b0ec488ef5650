"""Games of Breakout for notebooks 07 and 07b: recorded, and read from the screen.

An emulator is deterministic, so a recorded game is its no-ops and its actions, about a
kilobyte: played again, it is the same game on every machine. That is why the notebook
looks at recorded games; a game played live by a network may differ between processors,
if the last digit of a Q-value decides. `tools/record_games.py` records them.

Glossary
    wall     6 rows of 18 bricks, each 6 screen rows high and 8 columns wide
    tunnel   a gap in the wall through which the ball gets behind it
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.pretrained import SHIPPED
from dqn_tutorial.viewing.video import Moment, play
from dqn_tutorial.viewing.watched_game import WatchedGame, watch_game

INSIDE = slice(8, 152)  # screen columns between the left and the right border
BEHIND_WALL = slice(32, 57)  # screen rows


class RecordedGame(NamedTuple):
    """A whole game that an agent has played."""

    seed: int  # of the game, among those of the stored scores
    score: float  # unclipped
    noops: int  # frames without a button before the agent's first action
    actions: list[int]  # as executed, from the first to the last


def load_recorded_games(name: str) -> list[RecordedGame]:
    """The recorded games of a shipped agent, lowest score first.

    Raises:
        CheckpointError: there are none for an agent of that name.
    """
    path = SHIPPED / f"{name}_games.json"
    if not path.exists():
        raise CheckpointError(f"the package has no recorded games of {name!r}")
    stored = json.loads(path.read_text(encoding="utf-8"))
    games = [
        RecordedGame(**game | {"actions": [int(a) for a in game["actions"]]})
        for game in stored["games"]
    ]
    return sorted(games, key=lambda game: game.score)


class Presser:
    """Presses the buttons of a recorded game, whatever it sees."""

    def __init__(self, actions: list[int]):
        self._actions = iter(actions)

    def act(self, states, epsilon, rng) -> list[int]:
        return [next(self._actions)]


def play_recorded(game: RecordedGame) -> Iterator[Moment]:
    """Play a recorded game of Breakout again and yield its moments."""
    env = SingleAtari("breakout", automatic_fire=False)  # it is among the actions
    options = {"noops": game.noops}
    moments = play(env, Presser(game.actions), 0.0, game.seed, options)
    return islice(moments, len(game.actions) + 1)


def watch_recorded(game: RecordedGame) -> WatchedGame:
    """Play a recorded game of Breakout again and keep all that was seen in it."""
    return watch_game(play_recorded(game))


def points_of(game: RecordedGame) -> tuple[np.ndarray, np.ndarray]:
    """The points of each step, and whether a life ended in it: two (T,) arrays."""
    watched = watch_recorded(game)
    return np.diff(watched.scores), watched.life_ended


def screens_of(game: RecordedGame, steps) -> list[np.ndarray]:
    """The screens before some steps, in the order asked for."""
    found = {m.steps: m.screens[-1] for m in play_recorded(game) if m.steps in steps}
    return [found[step] for step in steps]


def ball_is_behind_wall(screen: np.ndarray) -> bool:
    """Whether something, which can only be the ball, is above the wall."""
    return bool(screen[BEHIND_WALL, INSIDE].any())
