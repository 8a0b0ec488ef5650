"""The search for the presets: what each changed setting learns in equal CPU time.

    python -m benchmarks.recipe [--minutes 8] [--seeds 0 1] [--only NAME ...]
        [--quick] [--fresh]

Each run is the start of a long one: Breakout, from nothing, the learning rate still
near its beginning. It has one core for itself, and ends when its process has used so
many minutes of CPU, so what else the machine does hardly matters. As many run at once
as there are cores. A run that was interrupted begins again.

The score is the training score: the mean of the last 100 games, with the exploration
of its settings, after `EARLY` updates and at the end, there averaged over the last rows
of the history. Beside it is what 30 games by the protocol (epsilon 0.05) give for the
network, and for the moving average of its weights over about the last `AVERAGED`
updates.
"""

import multiprocessing
import os
import shutil
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from benchmarks import processes, results
from dqn_tutorial.machine import core_numbers

C51 = {"algorithm": "c51", "adam_epsilon": 0.01 / 32}
BASE = {"n_steps": 3, "learning_rate": 5e-4, "adam_epsilon": 1e-4}
BASE |= {"total_steps": 8_000_000}
TRIED = {
    "base": {},
    "C51": C51,
    "1 reward": {"n_steps": 1},
    "5 rewards": {"n_steps": 5},
    "rate 0.001": {"learning_rate": 1e-3},
    "rate 0.00025": {"learning_rate": 2.5e-4},
    "Adam's epsilon 1e-8": {"adam_epsilon": 1e-8},
    "exploration over 250,000": {"epsilon_decay_steps": 250_000},
    "an update every 4": {"update_period_steps": 4},
    "C51, rate 0.00025": C51 | {"learning_rate": 2.5e-4},
    "C51, 5 rewards": C51 | {"n_steps": 5},
    "Double DQN": {"algorithm": "double_dqn"},
    "dueling": {"network": "dueling2013"},
    "exploration to 0.01": {"epsilon_end": 0.01},
    "Adam's epsilon 5e-6": {"adam_epsilon": 1.5e-4 / 32},
    "target sync every 1,000": {"target_sync_period_updates": 1_000},
    "network of 2015": {"network": "dqn2015"},
    "C51, Adam's epsilon 1e-8": C51 | {"adam_epsilon": 1e-8},
    "5 rewards, Adam's epsilon 1e-8": {"n_steps": 5, "adam_epsilon": 1e-8},
    "rate 0.001, Adam's epsilon 1e-8": {"learning_rate": 1e-3, "adam_epsilon": 1e-8},
}
EARLY = 15_000  # updates
LAST_ROWS = 5  # of the history, whose mean is the score at the end
GAMES = 30
AVERAGED = 1_000  # updates
AVERAGE_EVERY = 10  # updates


def train(changes: dict, seed: int, minutes: float, run_dir: Path) -> dict:
    """One run, in this process: what it reached."""
    from dqn_tutorial.config import PRESETS
    from dqn_tutorial.envs import make_env
    from dqn_tutorial.evaluation import GAMES_AT_ONCE, evaluate
    from dqn_tutorial.runs.trainer import Trainer

    class Averaging(Trainer):
        """Keeps a moving average of the weights beside the run."""

        average: list | None = None

        def _count(self, step, updates):
            super()._count(step, updates)
            if self.update % AVERAGE_EVERY or not updates:
                return
            now = [np.array(v.numpy()) for v in self.agent.online.variables]
            if self.average is None:
                self.average = now
            for mean, value in zip(self.average, now, strict=True):
                mean += (value - mean) * (AVERAGE_EVERY / AVERAGED)

    shutil.rmtree(run_dir, ignore_errors=True)
    config = PRESETS["laptop"].replace(**BASE | changes)
    trainer = Averaging.start(config, run_dir, seed)
    begin = time.process_time()
    while time.process_time() - begin < 60 * minutes:
        wanted = trainer.step + 5_000
        trainer.run(wanted)
        if trainer.step < wanted:
            raise SystemExit("stopped")  # by Ctrl-C or SIGTERM
    cpu = time.process_time() - begin

    def protocol() -> float:
        env = make_env(config, GAMES_AT_ONCE, first_seed=0)
        return evaluate(trainer.agent, env, config, num_episodes=GAMES).mean

    history = trainer.history.to_frame()
    early = history["mean_score_100"][history["update"] >= EARLY]
    row = {
        "cpu_minutes": round(cpu / 60, 2),
        "steps": trainer.step,
        "updates": trainer.update,
        "score_at_15000": float(early.iloc[0]) if len(early) else float("nan"),
        "score": float(history["mean_score_100"][-LAST_ROWS:].mean()),
        "protocol": protocol(),
    }
    for variable, mean in zip(
        trainer.agent.online.variables, trainer.average, strict=True
    ):
        variable.assign(mean)
    return row | {"protocol_averaged": protocol()}


def job(name: str, seed: int, minutes: float, folder: Path, cores) -> dict:
    """One run on one core, in a process of its own."""
    core = cores.get()
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {core})
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
    try:
        return train(TRIED[name], seed, minutes, folder)
    finally:
        cores.put(core)


def main(argv: list[str] | None = None) -> None:
    """Train what is missing from the table."""
    options = results.parser(__doc__)
    options.add_argument("--minutes", type=float, default=8.0)
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    options.add_argument("--only", nargs="+", choices=TRIED, default=list(TRIED))
    options.add_argument("--runs-dir", type=Path, default=results.ROOT / "runs/recipe")
    args = options.parse_args(argv)
    if args.quick:
        args.runs_dir, args.minutes = args.runs_dir / "quick", 0.2
    processes.take_turn()
    table = results.Table(
        results.folder(args) / "recipe.csv", ("tried", "seed"), args.fresh
    )
    wanted = [(name, seed) for seed in args.seeds for name in args.only]
    waiting = [job for job in wanted if not table.has(tried=job[0], seed=job[1])]
    spawn = multiprocessing.get_context("spawn")  # TensorFlow does not like forks
    cores = spawn.Manager().Queue()
    for core in core_numbers():
        cores.put(core)
    with ProcessPoolExecutor(
        len(core_numbers()), mp_context=spawn, max_tasks_per_child=1
    ) as pool:
        running = {}
        for name, seed in waiting:
            folder = args.runs_dir / f"{list(TRIED).index(name):02d}_seed{seed}"
            run = pool.submit(job, name, seed, args.minutes, folder, cores)
            running[run] = {"tried": name, "seed": seed}
        try:
            for run in as_completed(running):
                table.add(**running[run], **run.result())
        except BaseException:  # a run that failed, or Ctrl-C: begin no other
            pool.shutdown(wait=False, cancel_futures=True)
            raise


if __name__ == "__main__":
    main()
