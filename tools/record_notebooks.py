"""Run notebooks top to bottom and store their outputs, as a reader will find them.

    python tools/record_notebooks.py notebooks/*.ipynb

Prints the minutes and the peak memory of each. A notebook that fails is left as it was.
"""

import atexit
import base64
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from PIL import Image

CELL_KEYS = ("tags", "nbval-ignore-reason", "approx")  # metadata of a cell that we mean

ASK_FOR_PEAK = "from dqn_tutorial.machine import peak_ram_mb; print(peak_ram_mb())"
# What would change a kernel: settings of Python and Matplotlib that are someone's own.
OF_THE_USER = (
    "PYTHONSTARTUP",
    "PYTHONOPTIMIZE",
    "PYTHONWARNINGS",
    "MPLBACKEND",
    "MATPLOTLIBRC",
)


def prepare_kernels() -> None:
    """Set what kernels inherit, so that outputs are the same from any user's account.

    pytest does so, too (conftest.py), before it compares them.
    """
    for name in OF_THE_USER:
        os.environ.pop(name, None)
    # Without anybody's ipython_config.py and startup files.
    os.environ["IPYTHONDIR"] = folder = tempfile.mkdtemp(prefix="ipython-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this Python
    # Plain summary lines instead of bars (viewing/notebook.py).
    os.environ["DQN_TUTORIAL_RECORD"] = "1"
    # As the outputs were recorded, on two cores: with more threads for one operation,
    # sums differ in a last digit, and after some hundred updates the game does.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


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


def with_palette(png: str) -> str:
    """A picture in the 256 colours that suit it: by eye the same, in half the bytes.

    Args:
        png: base64 text, as a notebook stores it.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    small = io.BytesIO()
    # `kmeans` moves the colours nearer to those that they stand for.
    picture.quantize(256, kmeans=3).save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode()


def lighten(notebook: nbformat.NotebookNode) -> None:
    """Store every picture with a palette, so that pages open and clones load sooner."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = with_palette(data["image/png"])


def execute(path: Path) -> tuple[nbformat.NotebookNode, float, float]:
    """Run a notebook: with its outputs, the minutes, and the peak memory in GB.

    The file stays as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    clean(notebook)
    notebook.cells.append(new_code_cell(ASK_FOR_PEAK))  # the kernel knows its own
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
    gigabytes = float(notebook.cells.pop().outputs[0].text) / 1000
    return notebook, minutes, gigabytes


def record(path: Path) -> None:
    """Execute one notebook in place and print what it took."""
    notebook, minutes, gigabytes = execute(path)
    lighten(notebook)
    nbformat.write(notebook, path)
    print(f"{path.name:32} {minutes:5.1f} minutes {gigabytes:5.1f} GB", flush=True)


def main(paths: list[str]) -> None:
    """Record each notebook in a process of its own; a failed one stops no other."""
    prepare_kernels()
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
