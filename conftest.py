"""How pytest and nbval run the notebooks here, whichever folder they are called from."""

import os
from pathlib import Path

# Kernels inherit it: plain summary lines instead of bars (see dqn_tutorial/notebook.py).
os.environ["DQN_TUTORIAL_RECORD"] = "1"

# nbval loses output that comes later than this after the cell went quiet; its 5 seconds
# are too few while two cores are busy.
OUTPUT_TIMEOUT_SECONDS = 120


def pytest_configure(config):
    sanitizer = Path(__file__).parent / "tests" / "nbval_sanitize.cfg"
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(sanitizer)
    if not config.option.nbval_kernel_name:
        # The Python that runs pytest, not a "python3" kernel of another environment.
        config.option.nbval_current_env = True


def pytest_collection_modifyitems(items):
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = OUTPUT_TIMEOUT_SECONDS
