"""How many minutes and how much memory each notebook takes, as a table in the repo.

    python -m tools.measure_series                     all notebooks
    python -m tools.measure_series notebooks/06*       these; the other rows stay

Runs each notebook as a reader would, from top to bottom in a process of its own, and
writes `notebooks/measured.csv`: minutes, peak RAM, and the machine, with a word if it
was busy with other work. No output is stored, but for notebook 00: it shows the table,
so it is recorded once more at the end, without being measured.
"""

import csv
import subprocess
import sys
from pathlib import Path

from benchmarks.machine import busy_percent, describe, sentence
from tools import record_notebooks
from tools.record_notebooks import execute

NOTEBOOKS = Path("notebooks")
TABLE, SHOWN_BY = "measured.csv", "00_start_here.ipynb"
COLUMNS = ("notebook", "minutes", "peak_ram_gb", "machine")
SMALLEST = 0.1  # of both: finer is the noise of a machine
MUCH_PERCENT, BUSY = 15, ", busy with other work too"  # per cent of all cores


def measure(path: Path) -> dict[str, str]:
    """The row of one notebook, measured in a process of its own.

    Raises:
        RuntimeError: a cell of the notebook failed.
    """
    machine = sentence(describe())
    if busy_percent() > MUCH_PERCENT:
        machine += BUSY
    command = [sys.executable, "-m", "tools.measure_series", "--one", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{path.name} was not measured:\n{run.stderr or run.stdout}")
    minutes, gigabytes = map(float, run.stdout.splitlines()[-1].split())
    return {
        "notebook": path.name,
        "minutes": f"{max(SMALLEST, minutes):.1f}",
        "peak_ram_gb": f"{max(SMALLEST, gigabytes):.1f}",
        "machine": machine,
    }


def write_table(rows: list[dict], folder: Path) -> None:
    """Put rows in their places; a notebook that is gone loses its row."""
    table = folder / TABLE
    by_name = {}
    if table.exists():
        with table.open(newline="", encoding="utf-8") as file:
            by_name = {row["notebook"]: row for row in csv.DictReader(file)}
    by_name |= {row["notebook"]: row for row in rows}
    there = [by_name[name] for name in sorted(by_name) if (folder / name).exists()]
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(there)


def main(paths: list[Path]) -> None:
    """Measure, write the table, and record the notebook that shows it."""
    record_notebooks.prepare_kernels()
    for path in paths:
        row = measure(path)
        print(
            f"{path.name:32} {row['minutes']:>5} minutes {row['peak_ram_gb']:>5} GB"
            f"{BUSY if row['machine'].endswith(BUSY) else ''}",
            flush=True,
        )
        write_table([row], path.parent)
    record_notebooks.main([str(NOTEBOOKS / SHOWN_BY)])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(*execute(Path(sys.argv[2]))[1:])
    else:
        chosen = [Path(name) for name in sys.argv[1:]]
        main(chosen or sorted(NOTEBOOKS.glob("*.ipynb")))
