"""The checks of notebook express: those of the lessons its exercises come from."""

from dqn_tutorial.lessons.lesson_01.checks import check_01_two_updates
from dqn_tutorial.lessons.lesson_03.checks import check_03_best_action_share
from dqn_tutorial.lessons.lesson_05.checks import check_05_silent_bug

__all__ = [
    "check_01_two_updates",
    "check_03_best_action_share",
    "check_05_silent_bug",
]
