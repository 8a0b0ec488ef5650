"""Q-tables that show what the bugs of exhibits 6 and 8 do, learned in seconds.

All actions in their games are random, so what a table learns cannot change where it
goes.
"""

import numpy as np

from dqn_tutorial.catch import Catch
from dqn_tutorial.lessons.lesson_09.museum_games import Corridor, CorridorWithDone
from dqn_tutorial.q_table import train

GAME_LENGTH = 4  # steps, after which a game of the corridor is cut off
SYNC_PERIOD = 100  # games of Catch
EXPLORE = {"epsilon_start": 1.0, "epsilon_end": 1.0}


def corridor_tables() -> dict[str, np.ndarray]:
    """Q-tables (14, 2) of the corridor, learned from either flag, in 8,000 games."""
    settings = {"learning_rate": 0.1, "discount": 0.95, **EXPLORE}
    kinds = {"terminated": Corridor(GAME_LENGTH), "done": CorridorWithDone(GAME_LENGTH)}
    return {
        name: train(game, 8_000, **settings, rng=np.random.default_rng(0))[0]
        for name, game in kinds.items()
    }


def catch_tables() -> dict[str, np.ndarray]:
    """Q-tables (250, 3) of Catch, learned from a target table that is synced or not.

    That is 0 at first. After every 100 of 2,000 games the right one becomes a copy of
    the table that learns, and the wrong one a copy of itself.
    """
    settings = {"learning_rate": 1.0, "discount": 0.9, **EXPLORE}
    rules = {"right": TargetTable(), "synced with itself": TargetOfItself()}
    return {
        name: train(
            Catch(), 2_000, **settings, rng=np.random.default_rng(0), update=rule
        )[0]
        for name, rule in rules.items()
    }


class TargetTable:
    """`q_table.q_learning_update` with targets from a table that stands still."""

    def __init__(self):
        self.target = np.zeros((Catch.NUM_STATES, len(Catch.ACTION_MEANINGS)))
        self._games = 0

    def __call__(
        self, q, state, action, reward, next_state, terminated, learning_rate, discount
    ) -> float:
        future = 0.0 if terminated else discount * self.target[next_state].max()
        td_error = reward + future - q[state, action]
        q[state, action] += learning_rate * td_error
        self._games += terminated
        if terminated and self._games % SYNC_PERIOD == 0:
            self.sync(q)
        return td_error

    def sync(self, q: np.ndarray) -> None:
        self.target = q.copy()


class TargetOfItself(TargetTable):
    """The bug of exhibit 8, for a table."""

    def sync(self, q: np.ndarray) -> None:
        self.target = self.target.copy()
