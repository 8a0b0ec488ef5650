"""The rival: a player of Breakout that learns nothing, since it is told where to look.

It knows the colour of ball and paddle and their rows of the screen. An agent that sees
pixels has to find all that out by itself, so a score above the rival's is one that was
learned.
"""

import json
from pathlib import Path

import numpy as np

RED = (200, 72, 72)
# Of the screen; the first ones lie between the bricks and the paddle.
FLIGHT_ROWS, PADDLE_ROWS = slice(93, 189), slice(189, 193)
STORED = Path(__file__).parent / "rival_breakout.json"  # by tools/measure_rival.py


def load_rival_scores(protocol: str = "standard") -> dict:
    """The stored scores of the rival, as `load_scores` has those of an agent.

    Raises:
        KeyError: it was not measured by that protocol.
    """
    return json.loads(STORED.read_text(encoding="utf-8"))[protocol]


def middle_of_red(rows: np.ndarray) -> float | None:
    """The middle of what is red in some rows: a column of the screen, None if nothing.

    Args:
        rows: (height, 160, 3) uint8; the walls at the sides are left out.
    """
    red = (rows[:, 8:152] == RED).all(axis=2)
    columns = 8 + np.flatnonzero(red.any(axis=0))
    return columns.mean() if len(columns) else None


def follow_the_ball(screen: np.ndarray) -> int:
    """Choose the button that moves the paddle below the ball.

    Args:
        screen: (210, 160, 3) uint8, red first.
    """
    ball = middle_of_red(screen[93:189])  # between the bricks and the paddle
    paddle = middle_of_red(screen[189:193])
    if ball is None or abs(ball - paddle) < 3:
        return 0  # NOOP
    return 2 if ball > paddle else 3  # RIGHT or LEFT


def play_as_rival(game, epsilon: float = 0.0, rng: np.random.Generator | None = None):
    """Let the rival play a game that has just been reset, to its end.

    Args:
        game: a `SingleAtari("breakout")`.
        epsilon: how often an action is random.
        rng: for these actions.

    Returns:
        The score, the number of steps, and whether the game was cut off.
    """
    score, steps, over, cut = 0.0, 0, False, False
    while not (over or cut):
        action = follow_the_ball(game.render())
        if epsilon and rng.random() < epsilon:
            action = int(rng.integers(game.action_space.n))
        _, reward, over, cut, _ = game.step(action)
        score, steps = score + reward, steps + 1
    return score, steps, cut
