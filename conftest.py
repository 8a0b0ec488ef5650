"""How pytest and nbval run the tests and notebooks, whichever folder they start in."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Kernels inherit it: plain summary lines instead of bars (viewing/notebook.py).
os.environ["DQN_TUTORIAL_RECORD"] = "1"
# As the outputs were recorded, on two cores: with more threads for one operation, sums
# differ in a last digit, and after some hundred updates the game does.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

# nbval loses output that comes later than this after the cell went quiet; its 5 seconds
# are too few while two cores are busy.
OUTPUT_TIMEOUT_SECONDS = 120

# A busy machine is no bug: property tests are judged by findings, not by the clock.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

FAILED_TESTS = pytest.StashKey[int]()  # when the first cell's turn comes


def is_cell(item) -> bool:
    """Whether a pytest item is a cell of a notebook, collected by nbval."""
    return hasattr(item, "cell")


def pytest_configure(config):
    sanitizer = Path(__file__).parent / "tests" / "nbval_sanitize.cfg"
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(sanitizer)
    if not config.option.nbval_kernel_name:
        # The Python that runs pytest, not a "python3" kernel of another environment.
        config.option.nbval_current_env = True


def pytest_collection_modifyitems(items):
    """Quick tests first, slow ones next, notebooks last."""
    items.sort(key=lambda item: (is_cell(item), "slow" in item.keywords))
    for item in filter(is_cell, items):
        item.output_timeout = OUTPUT_TIMEOUT_SECONDS


def pytest_runtest_setup(item):
    """Do not spend minutes on notebooks when a test of the package has failed."""
    session = item.session
    if is_cell(item) and FAILED_TESTS not in session.stash:
        session.stash[FAILED_TESTS] = session.testsfailed
        if session.testsfailed:
            session.shouldstop = "tests failed, so no notebook was compared"
            pytest.skip(session.shouldstop)


def pytest_terminal_summary(terminalreporter, exitstatus):
    """Say how much was compared, and why anything was not."""
    items = terminalreporter._session.items
    cells = [item for item in items if is_cell(item)]
    if exitstatus != 0 or not cells:
        return
    ignored = [
        cell for cell in cells if cell.options["skip"] or not cell.options["check"]
    ]
    terminalreporter.section("what was compared")
    terminalreporter.line(
        f"{len(items) - len(cells)} tests of the package and the notebooks"
    )
    terminalreporter.line(
        f"{len(cells) - len(ignored)} cells whose outputs were compared"
    )
    terminalreporter.line(f"{len(ignored)} cells whose outputs were ignored")
    for cell in ignored:
        reason = cell.cell.metadata.get("nbval-ignore-reason", "no reason given")
        terminalreporter.line(f"    {cell.path.name}, {cell.name}: {reason}")
