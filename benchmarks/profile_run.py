"""What `profile_training` starts in a process of its own: one network, clocked.

python -m benchmarks.profile_run '{"network": "dqn2013", "fill": 5000,
                                   "warm": 1000, "steps": 2000, "windows": 3}'
python -m benchmarks.profile_run '{"sgemm_threads": 2}'
"""

import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np

from benchmarks import measure
from benchmarks.our_run import fill_at_random
from benchmarks.profile_training import PARTS
from dqn_tutorial import agent
from dqn_tutorial.adam import falling_rate
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.runs.trainer import Trainer

COMPARED = ("update_ms", "cpu_ms", "steps_per_second")  # our Adam's and Keras'


class Clocks:
    """Seconds spent in methods, added up by part."""

    def __init__(self):
        self.seconds = Counter()

    def wrap(self, owner, method: str, part: str) -> None:
        """Put a clock around a method of one object."""
        inner = getattr(owner, method)

        def timed(*args, **kwargs):
            began = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.seconds[part] += time.perf_counter() - began

        setattr(owner, method, timed)


def put_clocks_on(trainer: Trainer) -> Clocks:
    """Clocks around each part of a trainer's loop; "wait" has "reset" in it."""
    clocks = Clocks()
    clocks.wrap(trainer.agent, "act", "act")
    clocks.wrap(trainer.env, "send", "send")
    clocks.wrap(trainer.replay, "sample", "sample")
    clocks.wrap(trainer.agent, "learn", "update")
    clocks.wrap(trainer.agent, "sync_target", "update")
    clocks.wrap(trainer.env, "recv", "wait")
    clocks.wrap(trainer.env, "_restart", "reset")
    clocks.wrap(trainer.replay, "add", "remember")
    return clocks


def emulation_alone_ms(config, rounds: int) -> float:
    """Milliseconds for one step of all games when nothing else goes on."""
    env, rng = make_env(config, config.num_envs, 0), np.random.default_rng(0)
    env.reset()
    times = []
    for _ in range(rounds):
        actions = rng.integers(env.num_actions, size=env.num_envs)
        began = time.perf_counter()
        over = env.step(actions).game_over
        if not over.any():  # a reset is another part
            times.append(time.perf_counter() - began)
    env.close()
    return 1e3 * float(np.median(times))


def one_window(trainer: Trainer, clocks: Clocks, steps: int) -> dict:
    """Train for some steps; milliseconds of each part for a step of all games."""
    clocks.seconds.clear()
    first, update, wall = trainer.step, trainer.update, trainer.wall_seconds
    cpu = time.process_time()
    trainer.run(first + steps)
    cpu, wall = time.process_time() - cpu, trainer.wall_seconds - wall
    spent = clocks.seconds
    spent["wait"] -= spent["reset"]
    spent["rest"] = wall - sum(spent.values())
    rounds = (trainer.step - first) / trainer.config.num_envs
    row = {part: 1e3 * spent[part] / rounds for part in PARTS}
    return row | {
        "cpu_ms": 1e3 * cpu / rounds,
        "steps_per_second": (trainer.step - first) / wall,
        "update_ms": 1e3 * spent["update"] / (trainer.update - update),
        "cores_busy": cpu / wall,
    }


def adam_of_keras(config: DQNConfig) -> keras.optimizers.Optimizer:
    """What `make_optimizer` makes, but of Keras' many operations."""
    return keras.optimizers.Adam(falling_rate(config), epsilon=config.adam_epsilon)


def warmed_up(config: DQNConfig, folder: Path, steps: int) -> tuple[Trainer, Clocks]:
    """A trainer that has learned for some steps, with clocks on."""
    trainer = Trainer.start(config, folder)
    trainer.save = lambda: None  # a checkpoint is no part of a second
    fill_at_random(trainer, config.learning_starts_steps)
    trainer.run(config.learning_starts_steps + steps)
    return trainer, put_clocks_on(trainer)


def profile(network: str, fill: int, warm: int, steps: int, windows: int) -> dict:
    """Train the preset "laptop" and clock it, in windows, with our Adam and Keras'.

    The two take turns, so that a change of the machine meets both.
    """
    changes = {"network": network, "learning_starts_steps": fill}
    config = PRESETS["laptop"].replace(**changes)
    alone = emulation_alone_ms(config, rounds=max(20, steps // 20))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        ours = warmed_up(config, Path(folder) / "ours", warm)
        with mock.patch.object(agent, "make_optimizer", adam_of_keras):
            other = warmed_up(config, Path(folder) / "keras", warm)
        for _ in range(windows):
            row, keras_row = one_window(*ours, steps), one_window(*other, steps)
            of_keras = {f"keras_adam_{name}": keras_row[name] for name in COMPARED}
            rows.append(row | of_keras | {"emulation_alone": alone})
    return {"windows": rows}


def sgemm(threads: int, repeats: int = 15) -> dict:
    """The most GFLOP/s that products of two 2048 x 2048 float32 matrices reach."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    side, best = 2048, np.inf
    matrix = tf.random.normal((side, side))
    product = tf.function(lambda a: tf.matmul(a, a))
    for _ in range(repeats):
        began = time.perf_counter()
        product(matrix).numpy()
        best = min(best, time.perf_counter() - began)
    return {"gflops": 2 * side**3 / best / 1e9}


if __name__ == "__main__":
    options = json.loads(sys.argv[1])
    threads = options.pop("sgemm_threads", None)
    measure.report(sgemm(threads) if threads else profile(**options))
