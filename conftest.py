"""How pytest and nbval run the tests and notebooks, whichever folder they start in."""

import copy
import math
import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

from tools.record_notebooks import prepare_kernels

prepare_kernels()  # as they were when the outputs were recorded

# nbval loses output that comes later than this after the cell went quiet; its 5 seconds
# are too few while two cores are busy.
OUTPUT_TIMEOUT_SECONDS = 120

# A busy machine is no bug: property tests are judged by findings, not by the clock.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# What takes longest is begun first, so that all workers end at about the same time
# (`--durations=0` tells how long); what is not named comes last.
LONGEST_FIRST = [
    "06_training.ipynb",
    "test_hostile_home.py",
    "08_ablations.ipynb",
    "07_evaluation.ipynb",
    "00_start_here.ipynb",
    "express.ipynb",
    "test_kill.py",
    "test_cli.py",
    "test_training.py",
    "07b_looking_inside.ipynb",
    "test_sweep.py",
    "test_recorded_runs.py",
    "test_shows.py",
    "test_atari.py",
    "10_beyond_dqn.ipynb",
    "test_pretrained.py",
    "test_resume.py",
    "02_preprocessing.ipynb",
    "09_bug_museum.ipynb",
    "test_windows.py",
]
# What is told with a cell's report.
COMPARED, APPROXIMATELY = "outputs compared", "numbers within a tolerance"
IGNORED = "outputs ignored"


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """A test whose machine loses power has nothing to lose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)
        yield


def is_cell(item) -> bool:
    """Whether a pytest item is a cell of a notebook, collected by nbval."""
    return hasattr(item, "cell")


def turn(item) -> int:
    """The place of an item's file in the order in which files are begun."""
    name = item.path.name
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)


NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?")


def settled(fresh: str, stored: str, rel: float = 0.0, abs: float = 0.0) -> str:
    """A text with each number as it is stored, where the two differ by little enough.

    Numbers are taken in order, so one that is missing or new moves those behind it.
    """
    numbers = iter(NUMBER.findall(stored))

    def choose(match: re.Match) -> str:
        ours, theirs = match[0], next(numbers, "nan")
        values = [float(number.replace(",", "")) for number in (ours, theirs)]
        near = math.isclose(*values, rel_tol=rel, abs_tol=abs)
        return theirs if near else ours

    return NUMBER.sub(choose, fresh)


def compare_approximately(cell, rel: float = 0.0, abs: float = 0.0) -> None:
    """Have a cell's numbers compared within a tolerance, all around them exactly."""
    compare = cell.compare_outputs

    def texts(output) -> tuple[dict, str]:
        if output.output_type == "stream":
            return output, "text"
        return output.get("data", {}), "text/plain"

    def compare_outputs(test, ref, skip_compare=None):
        test = copy.deepcopy(test)
        for fresh, stored in zip(test, ref, strict=False):
            (new, key), (old, same_key) = texts(fresh), texts(stored)
            if key == same_key and key in new and key in old:
                new[key] = settled(new[key], old[key], rel, abs)
        return compare(test, ref, skip_compare)

    cell.compare_outputs = compare_outputs


def pytest_configure(config):
    sanitizer = Path(__file__).parent / "tests" / "nbval_sanitize.cfg"
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(sanitizer)
    if not config.option.nbval_kernel_name:
        # The Python that runs pytest, not a "python3" kernel of another environment.
        config.option.nbval_current_env = True


@pytest.hookimpl(tryfirst=True)  # before the cells are chosen by their mark
def pytest_collection_modifyitems(items):
    """The longest files first; a cell is slow, since it needs those before it."""
    items.sort(key=turn)
    for item in filter(is_cell, items):
        item.add_marker("slow")
        item.output_timeout = OUTPUT_TIMEOUT_SECONDS
        if item.options["skip"] or not item.options["check"]:
            reason = item.cell.metadata.get("nbval-ignore-reason", "no reason given")
            told = (IGNORED, f"{item.path.name}, {item.name}: {reason}")
        elif approx := dict(item.cell.metadata.get("approx", {})):
            approx.pop("because", None)
            compare_approximately(item, **approx)
            told = (APPROXIMATELY, item.name)
        else:
            told = (COMPARED, item.name)
        item.user_properties.append(told)  # goes from a worker of xdist to the summary


def pytest_terminal_summary(terminalreporter):
    """Say how much was compared, and why anything was not."""
    reports = [
        report
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
    ]
    told = [dict(report.user_properties) for report in reports]
    compared = [cell for cell in told if COMPARED in cell]
    near = [cell for cell in told if APPROXIMATELY in cell]
    ignored = [cell for cell in told if IGNORED in cell]
    if not (compared or near or ignored):
        return
    failed = [report for report in reports if report.outcome == "failed"]
    terminalreporter.section("what was compared")
    tests = len(told) - len(compared) - len(near) - len(ignored)
    terminalreporter.line(f"{tests} tests of the package")
    terminalreporter.line(f"{len(compared)} cells whose outputs were compared exactly")
    terminalreporter.line(f"{len(near)} whose numbers were within their tolerance")
    terminalreporter.line(f"{len(ignored)} whose outputs were ignored")
    for cell in ignored:
        terminalreporter.line(f"    {cell[IGNORED]}")
    if failed:
        terminalreporter.line(f"{len(failed)} of all these failed")
