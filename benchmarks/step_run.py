"""What a step of all games costs with whichever `dqn_tutorial` is imported.

A process of its own for `step_cost.py`, which starts it with the package of one
checkout or of another; so it imports nothing else from here.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from dqn_tutorial.config import PRESETS
from dqn_tutorial.runs.trainer import Trainer

FILL, WARM = 5_000, 2_000  # steps before the clock starts; TensorFlow compiles in them


def measure(network: str, steps: int) -> dict:
    """Train with the preset "laptop" for so many steps, between two checkpoints."""
    config = PRESETS["laptop"].replace(
        network=network,
        learning_starts_steps=FILL,
        checkpoint_period_steps=10**9,
    )
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer.start(config, Path(folder) / "run")
        trainer.save = lambda: None  # the end of a run writes no checkpoint either
        trainer.run(FILL + WARM)
        wall, cpu, step = time.perf_counter(), time.process_time(), trainer.step
        trainer.run(step + steps)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    made = trainer.step - step
    return {
        "steps_per_second": round(made / wall, 1),
        "wall_ms": round(1e3 * wall / made * config.num_envs, 2),
        "cpu_ms": round(1e3 * cpu / made * config.num_envs, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
