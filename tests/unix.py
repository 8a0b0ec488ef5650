"""The mark of a test that needs what only Unix has."""

import sys

import pytest

needs_unix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no such signals, limits, forks or make"
)
