"""What a step of 16 games costs, in this checkout and in another, measured in turns.

    git worktree add ../before 393fe18
    python -m benchmarks.step_cost --before ../before [--rounds 5] [--quick] [--fresh]

`wall_ms` is what the clock says and `cpu_ms` what all threads of the process used, for
one step of 16 games with the two updates that fall due in it, with the preset "laptop"
and with its network exchanged.
"""

import json
import sys
from pathlib import Path

from benchmarks import processes, results
from dqn_tutorial.networks import ARCHITECTURES

CHILD = Path(__file__).with_name("step_run.py")
STEPS, QUICK_STEPS = 10_000, 320


def run(checkout: Path, network: str, steps: int) -> dict:
    """One measurement, in a process that imports the package of a checkout."""
    command = [sys.executable, CHILD, network, str(steps)]
    failed = f"the package of {checkout} failed"
    path = str(checkout.resolve())
    printed = processes.output_of(command, failed, PYTHONPATH=path)
    return json.loads(printed.splitlines()[-1])


def main(argv: list[str] | None = None) -> None:
    """Measure what is missing from the table."""
    options = results.parser(__doc__)
    options.add_argument(
        "--before", type=Path, required=True, help="the other checkout"
    )
    options.add_argument("--rounds", type=int, default=5, help="default 5")
    args = options.parse_args(argv)
    if not (args.before / "dqn_tutorial").is_dir():  # or Python takes the one installed
        options.error(f"--before: there is no dqn_tutorial in {args.before}")
    processes.take_turn()
    table = results.Table(
        results.folder(args) / "step_cost.csv",
        ("round", "network", "checkout"),
        args.fresh,
    )
    steps, rounds = (QUICK_STEPS, 1) if args.quick else (STEPS, args.rounds)
    for number in range(1, 1 + rounds):
        for network in ARCHITECTURES:
            for name, checkout in ("before", args.before), ("now", results.ROOT):
                key = {"round": number, "network": network, "checkout": name}
                if not table.has(**key):
                    row = run(checkout, network, steps)
                    table.add(**key, **row)
                    print(*key.values(), *row.values(), flush=True)


if __name__ == "__main__":
    main()
