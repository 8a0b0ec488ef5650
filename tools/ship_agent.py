"""Make a run's best network, and stages of it, agents that come with the package.

    python -m tools.ship_agent runs/breakout breakout 0 250_000 1_250_000

Copies the network of the best training score, and those of the steps named, as float16
(half the size), with the history, into `dqn_tutorial/pretrained_agents/`, and writes
down how it was made: commands, settings, seed, hours, machine (the one this runs on).
Then measure it, on seeds that training never used:

    into=dqn_tutorial/pretrained_agents/breakout_scores
    python -m dqn_tutorial evaluate breakout --json $into.json
    python -m dqn_tutorial evaluate breakout --epsilon 0.01 \\
        --json ${into}_epsilon_0.01.json
    python -m dqn_tutorial evaluate breakout --sticky 0.25 \\
        --json ${into}_sticky_0.25.json
    python -m dqn_tutorial evaluate breakout --no-fire --json ${into}_no_fire.json
    python tools/score_table.py
    python -m tools.record_games breakout

and record notebooks 00, 06 and 07 again (`make notebooks NOTEBOOKS=...`). A new name
needs its two markers in docs/results.md, `<!-- scores of NAME -->` and
`<!-- end of scores -->`, for `score_table.py` to write between.
"""

import dataclasses
import json
import re
import sys
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from dqn_tutorial.config import PRESETS, DQNConfig, current_names
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import SHIPPED, shipped_agents

CHANGE = r"from step ([\d,]+) on, (\w+): (\S+) against (\S+)"


def ship(file: Path, name: str) -> None:
    """Ship the network of one file under a name."""
    arrays, meta = checkpoints.read_arrays(file, prefix="online/")
    half = {key: array.astype(np.float16) for key, array in arrays.items()}
    checkpoints.write_arrays(SHIPPED / f"{name}.npz", half, meta)
    print(f"shipped {name}: step {meta['step']:,}, training score {meta['score']}")


def as_text(value) -> str:
    """A setting as `--set` reads it."""
    return value if isinstance(value, str) else json.dumps(value)


def commands(
    run_dir: str,
    end: dict,
    changed: list[str],
    seed: int,
    steps: int,
    weights_from: str | None = None,
) -> list[str]:
    """The commands that make such a run, one for each stretch of equal settings.

    Args:
        run_dir: folder of the run.
        end: the settings at its end.
        changed: the trainer's `changed_settings`, which are undone one by one.
        seed, steps: of the run.
        weights_from: the shipped agent it began with, if with one.
    """
    settings, stretches = dict(end), {}  # first step: what is set there
    for line in reversed(changed):
        step, name, new, old = re.fullmatch(CHANGE, line).groups()
        # Written by version 0.1, a line may have a setting's older name.
        ((name, value),) = current_names({name: json.loads(new)}).items()
        stretches.setdefault(int(step.replace(",", "")), {})[name] = as_text(value)
        settings |= current_names({name: json.loads(old)})
    preset = dataclasses.asdict(PRESETS["laptop"])
    game = settings.pop("game")
    first = {n: as_text(v) for n, v in settings.items() if v != preset[n]}
    stretches = {0: first} | dict(sorted(stretches.items()))
    ends = [*list(stretches)[1:], steps]
    start = f" --preset laptop --seed {seed}"
    if game != preset["game"]:
        start += f" --game {game}"
    if weights_from:
        start += f" --weights-from {weights_from}"
    lines = []
    for (begin, given), stop in zip(stretches.items(), ends, strict=True):
        line = f"python -m dqn_tutorial train --run-dir {run_dir} --steps {stop}"
        line += " --resume" if begin else start
        lines.append(line + "".join(f" --set {n}={v}" for n, v in given.items()))
    return lines


def how_it_was_made(run_dir: Path, name: str) -> dict:
    """Seed, settings and what was changed on the way, steps, hours, machine.

    The commands make it in `runs/NAME`, wherever it was made.
    """
    newest = checkpoints.checkpoint_paths(run_dir)[0]
    meta = checkpoints.read_arrays(newest, prefix=checkpoints.META)[1]
    history = History.read(run_dir / "history.csv")
    end, changed, steps = (
        dataclasses.asdict(DQNConfig.from_json(meta["config"])),
        meta["changed_settings"], int(history["step"][-1])
    )  # fmt: skip
    weights_from = meta.get("weights_from")
    made_by = commands(f"runs/{name}", end, changed, meta["seed"], steps, weights_from)
    return {
        "seed": meta["seed"],
        "weights_from": weights_from,
        "commands": made_by,
        "settings_at_the_end": end,
        "changed_settings": changed,
        "steps": steps,
        "updates": int(history["update"][-1]),
        "hours": round(float(history["wall_seconds"][-1]) / 3600, 2),
        "machine": describe(),
    }


def main(run_dir: Path, name: str, steps: list[int]) -> None:
    """Ship `run_dir/best.npz` and the stages of the steps, in place of older ones.

    Raises:
        SystemExit: a name that cannot be one, a file that is missing, or a run that
            began with an agent that is not shipped.
    """
    if not re.fullmatch(r"\w+", name):
        sys.exit(
            f"nothing was shipped: a name is letters, digits and _ (a - parts it from "
            f"the step of a stage), and {name!r} is not"
        )
    files = {f"{name}-{step}": checkpoints.stage_path(run_dir, step) for step in steps}
    files[name] = run_dir / "best.npz"
    missing = [str(file) for file in files.values() if not file.exists()]
    if missing:
        sys.exit(f"nothing was shipped, these are missing: {', '.join(missing)}")
    made = how_it_was_made(run_dir, name)
    begun = made["weights_from"]
    if begun:
        start = f"nothing was shipped: the run began with the network of {begun}, "
        if begun not in shipped_agents():
            sys.exit(
                f"{start}which is no shipped agent: ship that one first, under a name "
                "of its own, so that all of the training is told"
            )
        if begun == name:
            sys.exit(f"{start}which {name} would replace: choose another name")
        if 0 in steps:
            sys.exit(f"{start}so stage 0 is not untrained: leave out 0")
    SHIPPED.mkdir(exist_ok=True)
    for stage in SHIPPED.glob(f"{name}-*.npz"):
        stage.unlink()
    for shipped, file in files.items():
        ship(file, shipped)
    History.read(run_dir / "history.csv").write(SHIPPED / f"{name}_history.csv")
    text = json.dumps(made, indent=2) + "\n"
    (SHIPPED / f"{name}_made.json").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(step) for step in sys.argv[3:]])
