"""The figures of notebook express. All are those of the lessons, so they look alike."""

import numpy as np

from dqn_tutorial.lessons.lesson_00.figures import show_strips
from dqn_tutorial.lessons.lesson_01.figures import (
    plot_filmstrip,
    plot_greedy_games,
    plot_one_update,
    plot_returns,
    tables_after_each_game,
)
from dqn_tutorial.lessons.lesson_02.figures import plot_ball_paths, plot_moments
from dqn_tutorial.lessons.lesson_03.figures import plot_networks
from dqn_tutorial.lessons.lesson_04.experience import play_randomly
from dqn_tutorial.lessons.lesson_04.figures import plot_lessons, plot_replay
from dqn_tutorial.lessons.lesson_05.figures import plot_lift, plot_pursuits
from dqn_tutorial.lessons.lesson_06.figures import learn_with_a_table, plot_loop
from dqn_tutorial.lessons.lesson_07.figures import plot_scores

__all__ = [
    "learn_with_a_table",
    "plot_ball_paths",
    "plot_filmstrip",
    "plot_greedy_games",
    "plot_lessons",
    "plot_lift",
    "plot_loop",
    "plot_moments",
    "plot_networks",
    "plot_one_update",
    "plot_pursuits",
    "plot_replay_of_breakout",
    "plot_returns",
    "plot_scores",
    "show_strips",
    "tables_after_each_game",
]


def plot_replay_of_breakout(caption: str, alt: str) -> None:
    """Draw experience replay with the last 100 of 495 random steps of Breakout.

    Args:
        caption, alt: as in `show`.
    """
    played, held = play_randomly("breakout", 495), np.arange(395, 495)
    drawn = np.random.default_rng(2).permutation(held)[:32]
    plot_replay(played.states[:, -1], played.games, held, drawn, caption, alt)
