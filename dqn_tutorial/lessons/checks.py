"""Checks for the exercises: each tells a student, kindly, what their answer shows.

A check takes the student's value or function, tries it, prints one sentence and never
shows the answer. `None` or `...`, and a function that returns either, counts as not
attempted: the notebook still runs.
"""

NOT_ATTEMPTED = "Not attempted yet: fill in the cell above, then run this one again."


def is_blank(value) -> bool:
    return value is None or value is ...


def as_number(value) -> float | None:
    """A student's number, or None if it is not one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def near(value: float, expected: float) -> bool:
    return abs(value - expected) < 1e-6
