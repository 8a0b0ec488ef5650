"""Run notebooks top to bottom and store their outputs, as a reader will find them.

    python tools/record_notebooks.py notebooks/*.ipynb

Prints the minutes and the peak memory of each. A notebook that fails is left as it was.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELL_KEYS = ("tags", "nbval-ignore-reason", "approx")  # metadata of a cell that we mean


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs from run to run and from editor to editor."""
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in CELL_KEYS if key in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)


def execute(path: Path) -> tuple[nbformat.NotebookNode, float, float]:
    """Run a notebook: with its outputs, the minutes, and the peak memory in GB.

    The file stays as it was. Call it once in a process: peaks of memory add up to one.
    """
    notebook = nbformat.read(path, as_version=4)
    clean(notebook)
    client = NotebookClient(
        notebook,
        timeout=None,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    start = time.perf_counter()
    try:
        client.execute()
    except CellExecutionError as error:
        sys.exit(f"{path.name} was left as it was, a cell failed:\n{error}")
    minutes = (time.perf_counter() - start) / 60
    clean(notebook)
    # The kernel has ended, so its peak is now that of "children".
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    gigabytes = peak / (1e9 if sys.platform == "darwin" else 1e9 / 1024)  # KiB on Linux
    return notebook, minutes, gigabytes


def record(path: Path) -> None:
    """Execute one notebook in place and print what it took."""
    notebook, minutes, gigabytes = execute(path)
    nbformat.write(notebook, path)
    print(f"{path.name:32} {minutes:5.1f} minutes {gigabytes:5.1f} GB", flush=True)


def main(paths: list[str]) -> None:
    """Record each notebook in a process of its own, so that peaks are told apart."""
    os.environ["DQN_TUTORIAL_RECORD"] = "1"
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # as in conftest.py
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this Python
    failed = [
        Path(path).name
        for path in paths
        if subprocess.run([sys.executable, __file__, "--one", path]).returncode
    ]
    if failed:
        sys.exit(f"not recorded: {', '.join(failed)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        record(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
