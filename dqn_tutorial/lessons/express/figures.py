"""The figures of notebook express. All are those of the lessons, so they look alike."""

from dqn_tutorial.lessons.lesson_00.figures import show_strips
from dqn_tutorial.lessons.lesson_01.figures import (
    greedy_scores,
    plot_filmstrip,
    plot_returns,
    tables_after_each_game,
)
from dqn_tutorial.lessons.lesson_02.figures import plot_ball_paths, plot_moments
from dqn_tutorial.lessons.lesson_03.figures import plot_networks
from dqn_tutorial.lessons.lesson_04.figures import plot_lessons
from dqn_tutorial.lessons.lesson_05.figures import plot_pursuits
from dqn_tutorial.lessons.lesson_06.figures import learn_with_a_table, plot_loop
from dqn_tutorial.lessons.lesson_07.figures import plot_scores

__all__ = [
    "greedy_scores",
    "learn_with_a_table",
    "plot_ball_paths",
    "plot_filmstrip",
    "plot_lessons",
    "plot_loop",
    "plot_moments",
    "plot_networks",
    "plot_pursuits",
    "plot_returns",
    "plot_scores",
    "show_strips",
    "tables_after_each_game",
]
