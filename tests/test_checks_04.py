"""What the slots of a ring are, by hand; notebook 04's checks are in test_checks.py."""

import pytest
from answers_04 import slots_to_draw

from dqn_tutorial.lessons.lesson_04.checks import check_04_silent_bug


def test_the_slots_to_draw_are_known_by_hand():
    # Head 3 of 10: 3 holds the oldest frame, 2 the newest; 6 needs 3..6 and then 7.
    assert slots_to_draw(3, 10) == [0, 1, 6, 7, 8, 9]
    assert slots_to_draw(2, 6) == [0, 5]


@pytest.mark.parametrize("given", [(), (0,), (0, 1), (0, 1, 2), (9,), (0, 1, 2, 9, 5)])
def test_only_the_four_slots_around_the_write_head_are_left_out(given, capsys):
    def without(head, n):
        return [slot for slot in range(n) if (slot - head) % n not in given]

    check_04_silent_bug(without)
    assert capsys.readouterr().out.startswith("Not yet")
