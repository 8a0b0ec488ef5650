"""Write the tables of README.md from results/*.csv: no number is typed by hand.

    python -m benchmarks.report

Each table stands in README.md between `<!-- begin NAME -->` and `<!-- end NAME -->`,
with the machine it was measured on, and its figure where there is one. One more,
"costs", picks the lines most asked for; it stands in docs/training.md.
"""

import re
from pathlib import Path

from benchmarks import long_runs, report_tables, report_training, results
from benchmarks.machine import sentence
from dqn_tutorial.runs.pretrained import load_history

README = Path(__file__).parent / "README.md"
COSTS = results.ROOT / "docs" / "training.md"
# name -> the CSV ("": histories and scores of runs), the function, and the figure's alt
# text ("": no figure).
TABLES = {
    "throughput": (
        "throughput",
        report_tables.throughput,
        "Two bar charts with one bar for each case: steps per second and peak RAM.",
    ),
    "ratios": ("throughput", report_tables.ratios, ""),
    "profile": (
        "profile",
        report_training.profile,
        "One bar for each network, cut into the parts of the training loop, in "
        "milliseconds for one step of all games.",
    ),
    "games": (
        "growth_games",
        report_tables.games,
        "A line: steps per second over 1 to 32 games at once.",
    ),
    "replay": (
        "growth_replay",
        report_tables.replay,
        "Two lines over 10,000 to 1,000,000 transitions: bytes for each, with the "
        "target of 600 dashed, and milliseconds for a batch.",
    ),
    "recipe": ("recipe", report_training.recipe, ""),
    "evening": ("", report_training.evening, ""),
    "long": ("", long_runs.table, ""),
    "pong": ("pong_history", report_training.pong, ""),
    "curves": (
        "learning_curves",
        report_training.curves,
        "Training score over minutes: a thin line for each seed, a thick one for their "
        "mean, ours and Stable-Baselines3's, and the human tester's score dotted.",
    ),
}


def section(name: str, folder: Path) -> str:
    """What stands between the markers of one table."""
    csv_name, write, alt = TABLES[name]
    rows = results.read_rows(folder / f"{csv_name}.csv") if csv_name else []
    if csv_name and not rows:
        return "Not measured yet."
    machines = results.read_rows(folder / "machine.csv")
    here = [sentence(row) for row in machines if row["table"] == csv_name]
    parts = [write(rows, folder)]
    parts += [f"Measured on: {line}." for line in here]
    if alt and (folder / f"{csv_name}.png").exists():
        parts.append(f"![{alt}](results/{csv_name}.png)")
    return "\n\n".join(parts)


def filled(text: str, folder: Path) -> str:
    """A README with every table written anew.

    Raises:
        ValueError: markers of a table that there is not, or a table without markers.
    """
    names = re.findall(r"<!-- begin (\w+) -->", text)
    if sorted(names) != sorted(TABLES):
        raise ValueError(
            f"the tables are {sorted(TABLES)}, the markers {sorted(names)}"
        )
    for name in names:
        text = put(text, name, section(name, folder))
    return text


def put(text: str, name: str, table: str) -> str:
    """The text with this table between the markers of that name."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n{table}\n\n{end}{after}"


def with_costs(text: str, folder: Path) -> str:
    """The page about training with its table written anew."""
    names = ("throughput", "growth_replay")
    rows = (results.read_rows(folder / f"{name}.csv") for name in names)
    minutes, _ = report_training.human_level(load_history("breakout"))
    return put(text, "costs", report_tables.costs(*rows, minutes))


if __name__ == "__main__":
    README.write_text(
        filled(README.read_text(encoding="utf-8"), results.RESULTS), encoding="utf-8"
    )
    COSTS.write_text(
        with_costs(COSTS.read_text(encoding="utf-8"), results.RESULTS), encoding="utf-8"
    )
    for page in (README, COSTS):
        print(f"wrote the tables of {page.relative_to(results.ROOT)}")
