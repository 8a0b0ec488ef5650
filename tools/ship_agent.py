"""Make an agent that comes with the package out of runs of a preset, one for each seed.

    for K in 0 1 2; do
        python -m dqn_tutorial train --run-dir runs/evening_$K --seed $K
        python -m dqn_tutorial evaluate runs/evening_$K/best.npz \\
            --json runs/evening_$K/scores.json
    done
    python -m tools.ship_agent breakout runs/evening_* --stages 0 250_000 1_250_000

The run with the median score is the agent: its network of the best training score and
those of the steps named, as float16 (half the size), go into
`dqn_tutorial/pretrained_agents/` with its history and how it was made: command,
settings, steps, hours, the machine this runs on. Of the other seeds the histories and
the scores stand beside it. Nobody's hand is in it: a run whose settings were changed on
the way is refused, and one that began with another network than that of a shipped agent
which one command makes, so two commands make both.

Then measure what is shipped, on seeds that training never used:

    into=dqn_tutorial/pretrained_agents/breakout_scores
    python -m dqn_tutorial evaluate breakout --json $into.json
    python -m dqn_tutorial evaluate breakout --epsilon 0.01 \\
        --json ${into}_epsilon_0.01.json
    python -m dqn_tutorial evaluate breakout --sticky 0.25 \\
        --json ${into}_sticky_0.25.json
    python -m dqn_tutorial evaluate breakout --no-fire --json ${into}_no_fire.json
    python tools/score_table.py
    python -m tools.record_games breakout
    python tools/make_readme_picture.py
    python -m tools.live_filters pong breakout
    python -m tools.lost_lives breakout beyond > benchmarks/results/lost_lives.txt
    python -m tools.measure_museum breakout --fresh
    python -m benchmarks.report && python -m benchmarks.long_runs

and record notebooks 00, 02, 03, 06, 07, 07b, 09, 10 and express again (`make notebooks
NOTEBOOKS=...`). Their prose tells what their pictures show, so read it against them. A
new name needs its two markers in docs/results.md, `<!-- scores of NAME -->` and
`<!-- end of scores -->`, for `score_table.py` to write between.
"""

import argparse
import dataclasses
import json
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.machine import describe
from dqn_tutorial.cli.options import default_preset
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import SHIPPED, load_made, shipped_agents
from tools.score_table import steps_of_training


class Run(NamedTuple):
    """What is read of a run's folder."""

    folder: Path
    seed: int
    config: DQNConfig
    preset: str
    weights_from: str | None  # a shipped agent
    history: History
    score: float  # mean of its scores.json


def read(folder: Path) -> Run:
    """Read a run that may be shipped.

    Raises:
        ValueError: it is not finished, was changed on the way, began with an agent that
            nobody can make again, follows no preset, or has no scores.
    """
    meta, _ = checkpoints.load_latest_valid(folder, checkpoints.read_meta)
    config = DQNConfig.from_json(meta["config"])
    history = History.read(folder / "history.csv")
    if meta["step"] < config.total_steps:
        raise ValueError(
            f"{folder} is at step {meta['step']:,} of {config.total_steps:,}: resume it"
        )
    why_not, begun = meta["changed_settings"], meta["weights_from"]
    if begun and not one_command_makes(begun):
        why_not = [*why_not, f"it began with {begun}"]
    if why_not:
        raise ValueError(f"one command does not repeat {folder}: {'; '.join(why_not)}")
    presets = [
        name
        for name, preset in PRESETS.items()
        if preset.replace(game=config.game) == config
    ]
    if not presets:
        raise ValueError(f"{folder} has settings of its own, not those of a preset")
    if not (folder / "scores.json").exists():
        raise ValueError(f"{folder} has no scores.json: see tools/ship_agent.py")
    score = json.loads((folder / "scores.json").read_text(encoding="utf-8"))["agent"][
        "mean"
    ]
    return Run(folder, meta["seed"], config, presets[0], begun, history, score)


def one_command_makes(agent: str) -> bool:
    """Whether it is a shipped agent that one command makes again."""
    return agent in shipped_agents() and len(load_made(agent)["commands"]) == 1


def median(runs: list[Run]) -> Run:
    """The run with the median score; of an even number, the lower of the two."""
    return sorted(runs, key=lambda run: run.score)[(len(runs) - 1) // 2]


def command(run: Run, name: str) -> str:
    """The command that makes such a run, in `runs/NAME` wherever it was made."""
    line = f"python -m dqn_tutorial train --run-dir runs/{name} --seed {run.seed}"
    if run.config != PRESETS[run.preset]:
        line += f" --game {run.config.game}"
    if run.preset != default_preset(run.config.game):
        line += f" --preset {run.preset}"
    if run.weights_from:
        line += f" --weights-from {run.weights_from}"
    return line


def how_it_was_made(run: Run, name: str) -> dict:
    """The agent's command, settings and cost, and what it began with."""
    begun = {}
    if run.weights_from:
        steps = steps_of_training(run.weights_from)
        begun = {"weights_from": run.weights_from, "weights_from_steps": steps}
    return {
        "seed": run.seed,
        **begun,
        "commands": [command(run, name)],
        "settings_at_the_end": dataclasses.asdict(run.config),
        "steps": int(run.history["step"][-1]),
        "updates": int(run.history["update"][-1]),
        "hours": round(float(run.history["wall_seconds"][-1]) / 3600, 2),
        "machine": describe(),
    }


def ship_network(file: Path, name: str) -> None:
    """Ship the network of one file under a name."""
    arrays, meta = checkpoints.read_arrays(file, prefix="online/")
    half = {key: array.astype(np.float16) for key, array in arrays.items()}
    checkpoints.write_arrays(SHIPPED / f"{name}.npz", half, meta)
    print(f"shipped {name}: step {meta['step']:,}, training score {meta['score']}")


def ship(name: str, folders: list[Path], steps: list[int]) -> None:
    """Ship the median of some runs and its stages of the steps, in place of older ones.

    Raises:
        ValueError: a name that cannot be one, a file that is missing, or runs that are
            not one preset's with different seeds. Nothing was changed.
    """
    if not re.fullmatch(r"\w+", name):
        raise ValueError(
            f"a name is letters, digits and _ (a - parts it from the step of a stage), "
            f"and {name!r} is not"
        )
    runs = [read(folder) for folder in folders]
    agent = median(runs)
    if any(run.config != agent.config for run in runs):
        raise ValueError("the runs do not have the same settings")
    if any(run.weights_from != agent.weights_from for run in runs):
        raise ValueError("the runs did not begin with the same network")
    if len({run.seed for run in runs}) < len(runs):
        raise ValueError("two of the runs have the same seed")
    files = {f"{name}-{s}": checkpoints.stage_path(agent.folder, s) for s in steps}
    files[name] = agent.folder / "best.npz"
    missing = [str(file) for file in files.values() if not file.exists()]
    if missing:
        raise ValueError(f"these are missing: {', '.join(missing)}")

    SHIPPED.mkdir(exist_ok=True)
    for older in [*SHIPPED.glob(f"{name}-*.npz"), *SHIPPED.glob(f"{name}_seed*")]:
        older.unlink()
    for shipped, file in files.items():
        ship_network(file, shipped)
    agent.history.write(SHIPPED / f"{name}_history.csv")
    for run in runs:
        if run is not agent:
            start = SHIPPED / f"{name}_seed{run.seed}"
            run.history.write(Path(f"{start}_history.csv"))
            shutil.copy(run.folder / "scores.json", f"{start}_scores.json")
    made = json.dumps(how_it_was_made(agent, name), indent=2) + "\n"
    (SHIPPED / f"{name}_made.json").write_text(made, encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    """Ship, or say why nothing was shipped."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("name")
    options.add_argument("runs", type=Path, nargs="+")
    options.add_argument("--stages", type=int, nargs="*", default=[], metavar="STEP")
    args = options.parse_args(argv)
    try:
        ship(args.name, args.runs, args.stages)
    except (ValueError, OSError, checkpoints.CheckpointError) as error:
        sys.exit(f"nothing was shipped: {error}")


if __name__ == "__main__":
    main()
