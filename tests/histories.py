"""Histories of runs that never were."""

from dqn_tutorial.runs.history import COLUMNS, History


def history_of(**columns) -> History:
    """A history with these columns, which are of one length; the others are 0."""
    history = History()
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        history.append(**dict.fromkeys(COLUMNS, 0) | row)
    return history
