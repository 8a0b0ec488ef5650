"""Games for notebook 10: recorded ones, what a C51 agent expects in them, a film."""

from typing import NamedTuple

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.c51 import ATOMS, return_probabilities
from dqn_tutorial.lessons.lesson_00.clips import STEPS_PER_SECOND
from dqn_tutorial.lessons.lesson_07.breakout import (
    RecordedGame,
    screens_of,
    watch_recorded,
)
from dqn_tutorial.lessons.lesson_07.looking import play_video
from dqn_tutorial.lessons.rival import FLIGHT_ROWS, middle_of_red
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.viewing.plotting import show_frames
from dqn_tutorial.viewing.watched_game import in_batches

NEAR_AN_END = np.arange(-35, 60)  # steps around the end of a life
BEFORE_TORN = 8  # steps in which a torn agent was still calm
FRAMES_ON_PAPER = 6


def store(buffer: ReplayBuffer, rewards, times: int) -> None:
    """Put a game with these rewards into a buffer some times; frames are step numbers.

    Args:
        buffer: one game, and frames of shape (1, 1).
        rewards: (T,), one for each step.
        times: how often the game is played.
    """
    frames = np.arange(len(rewards) + 1, dtype=np.uint8).reshape(-1, 1, 1, 1)
    buffer.reset(frames[0])
    for number, reward in list(enumerate(rewards)) * times:
        over = [number == len(rewards) - 1]
        shown = frames[number + 1]
        buffer.add(Step([0], [reward], over, over, shown, frames[0], []))


class Watched(NamedTuple):
    """A recorded game of T steps, and what an agent expected in it."""

    distributions: np.ndarray  # (T, Z), the returns of the best action
    q_values: np.ndarray  # (T, A)
    points: np.ndarray  # (T,), of each step
    ends: np.ndarray  # the steps in which a life ended
    ball_seen: np.ndarray  # (T,) bool, whether the ball is between bricks and paddle


def watch(agent: DQNAgent, game: RecordedGame) -> Watched:
    """Play a recorded game again and ask a C51 agent about each state."""
    seen = watch_recorded(game)
    states, points = seen.states, np.diff(seen.scores)
    flights = (seen.palette[screen][FLIGHT_ROWS] for screen in seen.screens)
    ball_seen = np.array([middle_of_red(flight) is not None for flight in flights])
    q_values = in_batches(agent.q_values, states)
    probabilities = in_batches(return_probabilities(agent.online), states)
    distributions = probabilities[np.arange(len(states)), q_values.argmax(axis=1)]
    ends = np.flatnonzero(seen.life_ended)
    return Watched(distributions, q_values, points, ends, ball_seen)


def four_moments(watched: Watched) -> dict[str, int]:
    """Steps of a game by name: calm, torn, lost, and rich, the largest Q-value.

    Lost is the end of the first life. Torn is the step near it, with the ball in sight,
    whose return of 0 has a probability nearest to one half. Calm is a little before.
    """
    lost = watched.ends[0]
    near = lost + NEAR_AN_END
    near = near[watched.ball_seen[near]]
    nothing = watched.distributions[near, np.flatnonzero(ATOMS == 0)[0]]
    torn = near[np.abs(nothing - 0.5).argmin()]
    rich = watched.q_values.max(axis=1).argmax()
    steps = {"calm": torn - BEFORE_TORN, "torn": torn, "lost": lost, "rich": rich}
    return {name: int(step) for name, step in steps.items()}


def film(game: RecordedGame, first: int, seconds: int, caption: str, alt: str) -> None:
    """Show some seconds of a recorded game as a video, and six moments of it on paper.

    Args:
        first: the step with which it begins.
        caption, alt: as in `show`; the alt text also stands with the video.
    """
    length = seconds * STEPS_PER_SECOND
    screens = screens_of(game, range(first, first + length))
    play_video(screens, alt)
    places = np.linspace(0, length - 1, FRAMES_ON_PAPER).round().astype(int)
    titles = [f"second {place / STEPS_PER_SECOND:.0f}" for place in places]
    frames = [screens[place] for place in places]
    show_frames(frames, titles, caption, alt, columns=FRAMES_ON_PAPER)
