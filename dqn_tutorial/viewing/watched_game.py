"""A game as its player saw it: every screen, every frame, every button.

`watch_game` takes the moments that `play` yields, of a game played live or again, and
keeps what a page of the game needs (`game_page.py`), about 40 KB a step.

Glossary
    T       steps that were watched; step t is what was seen before button t was pressed
    frame   what preprocessing makes of a screen; a state is four of them, oldest first
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dqn_tutorial.config import STACK_SIZE
from dqn_tutorial.viewing.video import Moment

BATCH = 256  # states that a network answers at once
MAX_COLOURS = 256  # of all screens together; the console has 128


@dataclass(frozen=True)
class WatchedGame:
    """T steps in a row of one game, and what came of each."""

    screens: np.ndarray  # (T, H, W) uint8, colours by their place in the palette
    palette: np.ndarray  # (K, 3) uint8 RGB
    frames: np.ndarray  # (T + 3, 84, 84) uint8; those of step t are t to t + 3
    actions: np.ndarray  # (T,) as executed
    scores: np.ndarray  # (T + 1,) unclipped, before each step and after the last
    lives: np.ndarray  # (T,) left before each step
    life_ended: np.ndarray  # (T,) bool, a life was lost in it or the game was over
    first_step: int  # of the game, with which it begins
    game_over: bool  # after the last step

    def __len__(self) -> int:
        return len(self.actions)

    @property
    def states(self) -> np.ndarray:
        """What the network saw: (T, 4, 84, 84) uint8, a view of the frames."""
        windows = sliding_window_view(self.frames, STACK_SIZE, axis=0)
        return np.moveaxis(windows, -1, 1)


def watch_game(moments: Iterable[Moment]) -> WatchedGame:
    """Keep what was seen in some moments of a game that follow each other.

    Args:
        moments: two or more, with their states, as `play` yields them.

    Raises:
        ValueError: fewer moments, states that do not follow each other, or screens of
            more than 256 colours.
    """
    screens, frames, rows, colours = [], [], [], _Colours()
    for before, after in pairwise(moments):
        frames = frames or list(before.state[:-1])
        if not np.array_equal(before.state[:-1], frames[1 - STACK_SIZE :]):
            raise ValueError(
                "moments must follow each other, but the state before step "
                f"{after.steps} does not hold the frames before it"
            )
        frames.append(before.state[-1])
        screens.append(colours.places(before.screens[-1]))
        ended = after.lives < before.lives or after.game_over
        rows.append((after.action, before.score, before.lives, ended))
    if not rows:
        raise ValueError("moments must be two or more: one before a step, one after it")
    actions, scores, lives, life_ended = zip(*rows, strict=True)
    return WatchedGame(
        screens=np.array(screens),
        palette=colours.palette,
        frames=np.array(frames),
        actions=np.array(actions),
        scores=np.array([*scores, after.score]),
        lives=np.array(lives),
        life_ended=np.array(life_ended),
        first_step=after.steps - len(rows),
        game_over=after.game_over,
    )


def in_batches(ask: Callable, states: np.ndarray) -> np.ndarray:
    """What a network answers to many states, asked in batches of one size only.

    A network is compiled for each size anew, and a batch of all would not fit.

    Args:
        ask: (256, 4, 84, 84) uint8 -> (256, ...), for instance `agent.q_values`.
        states: (N, 4, 84, 84) uint8.

    Returns:
        (N, ...).
    """
    found = []
    for start in range(0, len(states), BATCH):
        part = states[start : start + BATCH]
        batch = np.zeros((BATCH, *states.shape[1:]), np.uint8)
        batch[: len(part)] = part
        found.append(ask(batch)[: len(part)])
    return np.concatenate(found)


class _Colours:
    """Numbers the colours of screens in the order in which they come."""

    def __init__(self):
        self._place_of = np.full(1 << 24, -1, np.int16)  # by colour, 24 bits
        self._found: list[int] = []

    def places(self, screen: np.ndarray) -> np.ndarray:
        """An (H, W, 3) uint8 screen as (H, W) uint8 places in the palette."""
        red, green, blue = np.moveaxis(screen.astype(np.int32), -1, 0)
        colours = red << 16 | green << 8 | blue
        new = np.unique(colours[self._place_of[colours] < 0]).tolist()
        if len(self._found) + len(new) > MAX_COLOURS:
            raise ValueError(
                f"screens must have at most {MAX_COLOURS} colours, got more"
            )
        self._place_of[new] = range(len(self._found), len(self._found) + len(new))
        self._found += new
        return self._place_of[colours].astype(np.uint8)

    @property
    def palette(self) -> np.ndarray:
        """(K, 3) uint8 RGB."""
        return np.array([[c >> 16, c >> 8 & 255, c & 255] for c in self._found], "u1")
