"""Short runs, recorded.

Each folder in `data/recorded_runs` is a run: its settings, and two checkpoints,
half-way and at the end. They show that old runs can be resumed, and that training
still makes the same bits.

    python tests/recorded_runs.py

records them again: only for a change that is meant to change the bits.
"""

import hashlib
import shutil
import sys
from pathlib import Path
from unittest import mock

import numpy as np

from dqn_tutorial import networks
from dqn_tutorial.quiet_tensorflow import keras, tf

FOLDER = Path(__file__).parent / "data" / "recorded_runs"
SEED, STEPS = 3, 1_200
# So that a checkpoint takes kilobytes; every other part is as in a real run.
TINY = {"tiny": ([(4, 8, 8)], 16)}
with_tiny_network = mock.patch.dict(networks.ARCHITECTURES, TINY)

COMMON = {
    "network": "tiny",
    "num_envs": 4,
    "batch_size": 8,
    "replay_capacity_transitions": 400,  # written over: 100 frames of each game
    "learning_starts_steps": 100,
    "update_period_steps": 4,
    "learning_rate": 1e-3,
    "adam_epsilon": 1e-4,
    "n_steps": 1,
    "target_sync_period_updates": 20,
    "epsilon_decay_steps": 600,
    "log_period_steps": 100,
    "checkpoint_period_steps": STEPS // 2,
    "stage_period_steps": 10 * STEPS,
}
RUNS = {
    "catch": {"game": "catch"},
    "catch_double_dqn": {"game": "catch", "algorithm": "double_dqn"},
    "catch_c51": {"game": "catch", "algorithm": "c51"},
    "catch_n_steps": {"game": "catch", "n_steps": 3},
    "catch_squared_raw": {
        "game": "catch",
        "loss": "squared",
        "clip_rewards": False,
        "replay_compressed": False,
    },
    "breakout": {"game": "breakout"},
}


def record(name: str) -> None:
    """Train one of them in its folder, as the package does it now."""
    from dqn_tutorial.config import DQNConfig
    from dqn_tutorial.runs.trainer import Trainer

    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    with with_tiny_network:
        config = DQNConfig(**COMMON | RUNS[name])
        Trainer.start(config, folder, SEED).run(STEPS)
    kept = {"config.json", checkpoint(STEPS // 2), checkpoint(STEPS)}
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
        elif path.suffix == ".npz":
            pack(path)


def pack(path: Path) -> None:
    """Compress a checkpoint, because it is kept in the repository."""
    with np.load(path) as file:
        arrays = dict(file)
    np.savez_compressed(path, **arrays)


def checkpoint(step: int) -> str:
    return f"checkpoint_{step:012d}.npz"


def arithmetic_of_this_machine() -> str:
    """A digest of convolutions, products and their gradients, by TensorFlow alone.

    Processors differ in the order in which they add up, so in a last digit, and after
    some hundred updates in the game that is played: bits can be compared only where
    this digest is that of the machine that recorded.
    """
    rng = np.random.default_rng(0)
    images = tf.constant(rng.random((8, 84, 84, 4), np.float32))
    kernel = tf.Variable(rng.random((8, 8, 4, 4), np.float32))
    dense = tf.Variable(rng.random((400, 16), np.float32))

    @tf.function
    def compute():
        with tf.GradientTape() as tape:
            maps = tf.nn.relu(tf.nn.conv2d(images, kernel, 8, "VALID"))
            loss = tf.reduce_mean(tf.reshape(maps, (8, -1)) @ dense)
        return [loss, *tape.gradient(loss, [kernel, dense])]

    digest = hashlib.sha256(f"{tf.__version__} {keras.__version__}".encode())
    for part in compute():
        digest.update(part.numpy().tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "arithmetic.txt").write_text(
        arithmetic_of_this_machine() + "\n", encoding="utf-8"
    )
    for name in sys.argv[1:] or RUNS:
        record(name)
