"""One measured stretch of our training, in a process of its own.

    python -m benchmarks.our_run '{"changes": {"num_envs": 1}, "fill": 5000,
                                   "warm": 1000, "steps": 2000}'

changes   settings that differ from the preset "laptop"
fill      steps of random play that fill the replay buffer, before anything is measured
warm      steps of training before the clock starts: TensorFlow compiles in them
steps     steps of training that are measured
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import measure
from dqn_tutorial.config import PRESETS
from dqn_tutorial.runs.trainer import Trainer


def fill_at_random(trainer: Trainer, steps: int) -> None:
    """Play at random without asking the network, as the peer does while it fills."""
    rng, env = np.random.default_rng(0), trainer.env

    def act(states, epsilon, acting_rng):
        return rng.integers(env.num_actions, size=env.num_envs, dtype=np.int32)

    trainer.agent.act = act
    trainer.run(steps)
    del trainer.agent.act  # the method again


def run(changes: dict, fill: int, warm: int, steps: int) -> dict:
    """Train and measure; see the module's words for the arguments."""
    config = PRESETS["laptop"].replace(**changes | {"learning_starts_steps": fill})
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer.start(config, Path(folder) / "run")
        fill_at_random(trainer, fill)
        trainer.run(fill + warm)
        before = trainer.step, trainer.update, trainer.wall_seconds
        trainer.run(trainer.step + steps)
        seconds = trainer.wall_seconds - before[2]  # checkpoints on the way included
        return {
            "steps": trainer.step - before[0],
            "updates": trainer.update - before[1],
            "seconds": seconds,
            "steps_per_second": (trainer.step - before[0]) / seconds,
            "peak_ram_mb": measure.peak_ram_mb(),
            "transitions": len(trainer.replay),
            "replay_mb": trainer.replay.nbytes / 1e6,
            "threads": "all",
        }


if __name__ == "__main__":
    measure.report(run(**json.loads(sys.argv[1])))
