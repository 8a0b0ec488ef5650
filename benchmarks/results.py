"""Where results lie, and how an interrupted benchmark goes on.

A table is a CSV file. Each row is written as soon as it is measured; a benchmark that
is started again measures only the rows that are missing.
"""

import argparse
import csv
import io
import statistics
import textwrap
from pathlib import Path

from benchmarks import machine
from dqn_tutorial.runs.checkpoints import atomic_write
from dqn_tutorial.viewing.plotting import GREY

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
QUICK_RESULTS = ROOT / "runs" / "benchmarks_quick"  # not kept: too short to mean much


def parser(description: str) -> argparse.ArgumentParser:
    """The options that all benchmarks share."""
    options = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--quick", action="store_true", help="a minute or so, to see that it works"
    )
    options.add_argument(
        "--fresh", action="store_true", help="forget the rows of this table first"
    )
    options.add_argument("--results", type=Path, help="folder of the CSVs and figures")
    return options


def folder(args) -> Path:
    """Where the options say that results go."""
    return args.results or (QUICK_RESULTS if args.quick else RESULTS)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict]) -> None:
    """Write a CSV, whole or not at all; columns are those of the first row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, lambda file: file.write(text.getvalue().encode()))


class Table:
    """A CSV that grows row by row; `key` columns tell which rows are there already.

    The machine of each table is kept in machine.csv beside it.

    Raises:
        ValueError: the rows that are there were measured on another machine.
    """

    def __init__(self, path: Path, key: tuple[str, ...], fresh: bool = False):
        self.path, self.key = path, key
        if fresh:
            path.unlink(missing_ok=True)  # now: its rows must not get a new machine
        self.rows: list[dict] = read_rows(path)
        self._note_machine()

    def _note_machine(self) -> None:
        path, here = self.path.with_name("machine.csv"), machine.describe()
        parts = {row.pop("table"): row for row in read_rows(path)}
        if self.rows and parts.get(self.path.stem, here) != here:
            raise ValueError(
                f"{self.path.name} was begun on another machine, or with other "
                "versions: start anew with --fresh, or choose another --results"
            )
        parts[self.path.stem] = here
        rows = [{"table": name} | part for name, part in sorted(parts.items())]
        write_rows(path, rows)

    def has(self, **key) -> bool:
        """Whether the row of this key has been measured."""
        wanted = [str(key[name]) for name in self.key]
        return any([str(row[name]) for name in self.key] == wanted for row in self.rows)

    def add(self, **row) -> None:
        """Keep a row, on disk too; long numbers are rounded to six digits."""
        self.rows.append(
            {k: f"{v:.6g}" if isinstance(v, float) else str(v) for k, v in row.items()}
        )
        write_rows(self.path, self.rows)


def median_and_spread(values) -> tuple[float, float, float]:
    """Median, least and most of some numbers (or their texts in a CSV)."""
    numbers = [float(value) for value in values]
    return statistics.median(numbers), min(numbers), max(numbers)


def save_figure(fig, path: Path) -> None:
    """Write a figure as PNG on white, with the machine in a line below it."""
    rows = read_rows(path.with_name("machine.csv"))
    table = path.stem
    (here,) = [row for row in rows if row["table"] == table] or [machine.describe()]
    letters = int(16 * fig.get_figwidth())  # of this type in a line
    line = textwrap.fill(machine.sentence(here), letters)
    fig.supxlabel(line, fontsize=6.5, color=GREY)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=192, facecolor="white", metadata={"Software": None})
    print(f"wrote {path.name}")
