"""A sweep: every variant of the agent with every seed, and one table of all of them.

A job is one variant and one seed. It has its own run folder and resumes from its newest
checkpoint, so a sweep may be stopped or killed at any moment and started again.

There are two executors. `one_by_one` runs the jobs here. `with_ray` runs as many at
once as there are cores, on this machine or on a cluster, and gives a job to another
worker if its own dies. The table is the same, to the last digit, on processors of one
kind. Results come back through Ray; only the checkpoints need a disk that all machines
share. Without one, a job whose machine is lost starts over elsewhere.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dqn_tutorial.config import SCORE_GAMES, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import GAMES_AT_ONCE, evaluate
from dqn_tutorial.replay import estimate_bytes
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.sweep_table import rows_of, write_table
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.runs.variants import Variant

RETRIES = 10  # of a job whose worker has died
PROCESS_BYTES = 10**9  # RAM of a worker without its replay buffer, rounded up


class Stopped(Exception):
    """A job was told to stop, and has saved its progress."""


class Job(NamedTuple):
    """One variant and one seed."""

    variant: str
    seed: int
    config: DQNConfig
    trainer: type[Trainer]
    steps: int
    run_dir: Path

    @property
    def name(self) -> str:
        return f"{self.variant}, seed {self.seed}"

    @property
    def rows(self) -> Path:
        """The file with its rows of the table; it exists once the job is done."""
        return self.run_dir / f"rows_{self.steps}.csv"

    @property
    def bytes(self) -> int:
        """The RAM it takes at most."""
        capacity = self.config.replay_capacity_transitions
        compressed = self.config.replay_compressed
        return PROCESS_BYTES + estimate_bytes(capacity, compressed=compressed)


def make_jobs(
    variants: dict[str, Variant],
    seeds: Iterable[int],
    config: DQNConfig,
    steps: int,
    runs_dir: Path | str,
) -> list[Job]:
    """The jobs of a sweep: all variants with the first seed, then with the next.

    A sweep that is cut short thus has nearly the same seeds of each variant.

    Raises:
        ValueError: too few steps for a row, a variant that the settings do not allow,
            or a folder that holds a run with other settings.
    """
    if steps < config.log_period_steps:
        raise ValueError(
            f"steps must be at least log_period_steps ({config.log_period_steps}), or "
            f"the table would have no rows; got {steps}"
        )
    changed_configs, refused = {}, {}
    for name, (changes, _) in variants.items():
        try:
            changed_configs[name] = config.replace(**changes(config))
        except ValueError as error:
            refused[name] = str(error)
    if refused:
        raise ValueError(
            f"these settings do not allow the variants {', '.join(refused)} "
            f"({'; '.join(dict.fromkeys(refused.values()))}). Leave them out, with "
            f"--variants {' '.join(changed_configs)}"
        )
    runs_dir, jobs = Path(runs_dir).absolute(), []
    for seed in seeds:
        for name, (_, trainer) in variants.items():
            changed = changed_configs[name]
            run_dir = runs_dir / f"{name}_seed_{seed}"
            _refuse_other_settings(run_dir, changed)
            jobs.append(Job(name, seed, changed, trainer, steps, run_dir))
    return jobs


def _refuse_other_settings(run_dir: Path, config: DQNConfig) -> None:
    path = run_dir / "config.json"
    if path.exists():
        there = DQNConfig.from_json(path.read_text(encoding="utf-8"))
        if differences := there.differences(config):
            raise ValueError(
                f"{run_dir} holds a run with other settings: {'; '.join(differences)}. "
                "Choose another folder for the runs"
            )


def run_job(job: Job, progress=None) -> str:
    """Finish a job's training from wherever it stands, and score its network.

    Each seed has a hundred games of its own. On the same hundred, the scores of several
    runs would look more alike than they are.

    Returns:
        Its rows of the table.

    Raises:
        Stopped: by Ctrl-C or SIGTERM. The progress is saved.
        ValueError: the run has already made more steps.
    """
    if checkpoints.checkpoint_paths(job.run_dir):
        trainer = job.trainer.resume(job.run_dir)
    else:
        trainer = job.trainer.start(job.config, job.run_dir, job.seed)
    if trainer.step >= job.steps + job.config.num_envs:
        raise ValueError(
            f"it is at step {trainer.step:,} already; ask for that many steps, or "
            "choose another folder for the runs"
        )
    if progress is not None:
        progress.update(trainer.step)
    history = trainer.run(job.steps, progress)
    if trainer.step < job.steps:
        raise Stopped(f"{job.name}: stopped at step {trainer.step:,}")
    own_games = SCORE_GAMES * job.seed  # so that no two runs share their luck
    env = make_env(job.config, GAMES_AT_ONCE, first_seed=own_games)
    score = evaluate(trainer.agent, env, job.config, seed=job.seed).mean
    env.close()
    trainer.env.close()
    for older in checkpoints.checkpoint_paths(job.run_dir)[1:]:
        older.unlink()  # one is enough to resume from, and there are many runs
    return rows_of(job.variant, job.seed, history, score)


Done = tuple[Job, str | Exception]  # with its rows, or with what went wrong


def one_by_one(jobs: list[Job], progress=None) -> Iterator[Done]:
    """Run the jobs here, one after the other.

    Raises:
        Stopped: see `run_job`.
    """
    for job in jobs:
        try:
            result = run_job(job, progress)
        except Stopped:
            raise
        except Exception as error:
            result = error
        yield job, result


def with_ray(jobs: list[Job], address: str | None = None) -> Iterator[Done]:
    """Run the jobs with Ray, a task for each; yield them in the order they finish.

    A job begins where a core and the RAM it can take are free, so that many large
    replay buffers do not fill a machine with many cores.

    Args:
        jobs: the jobs to run.
        address: of a running cluster; None starts Ray on this machine.

    Raises:
        MemoryError: a job does not fit into any of the machines.
    """
    import ray

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # send nothing to its makers
    threads = "TF_NUM_INTRAOP_THREADS"  # another number changes the last digit of sums
    ray.init(
        address or "local",
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": {threads: os.environ[threads]}},
    )
    # A job was stopped, or found its folder locked by a worker that is about to die.
    again = [Stopped, checkpoints.CheckpointError]
    task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=again)(run_job)
    try:
        _refuse_too_large(jobs, ray.nodes())
        waiting = {task.options(memory=job.bytes).remote(job): job for job in jobs}
        while waiting:
            (done,), _ = ray.wait(list(waiting))
            try:
                result = ray.get(done)
            except Exception as error:
                result = getattr(error, "cause", None) or error
            yield waiting.pop(done), result
    finally:
        ray.shutdown()


def _refuse_too_large(jobs: list[Job], nodes: list[dict]) -> None:
    """Ray would let a job wait for ever that no machine has the memory for."""
    most = max(node["Resources"].get("memory", 0) for node in nodes if node["Alive"])
    for job in jobs:
        if job.bytes > most:
            raise MemoryError(
                f"{job.name} can take {job.bytes / 1e9:.1f} GB of RAM, and Ray has "
                f"{most / 1e9:.1f} GB on its largest machine: lower it with --set "
                "replay_capacity_transitions=..., or run the jobs --one-by-one"
            )


def sweep(jobs: list[Job], table: Path, executor: Callable = one_by_one) -> None:
    """Run the jobs that are not done yet, and write the table each time one finishes.

    Args:
        jobs: from `make_jobs`.
        table: the CSV file; it holds the jobs that are done, in their order.
        executor: what runs the jobs, `one_by_one` or `with_ray`.

    Raises:
        RuntimeError: some jobs failed; all others are done.
    """
    failed = []
    _collect(jobs, table)
    for job, result in executor([job for job in jobs if not job.rows.exists()]):
        if isinstance(result, Exception):
            failed.append(f"{job.name}: {result}")
            continue
        job.run_dir.mkdir(parents=True, exist_ok=True)  # if it was trained elsewhere
        checkpoints.atomic_write(
            job.rows, lambda file, r=result: file.write(r.encode())
        )
        print(f"{job.name}: done, {_collect(jobs, table)} of {len(jobs)}", flush=True)
    if failed:
        raise RuntimeError("\n".join([*failed, "all other jobs are in the table"]))


def _collect(jobs: list[Job], table: Path) -> int:
    """Write the table of the jobs that are done, if any are; return how many."""
    parts = [job.rows.read_text(encoding="utf-8") for job in jobs if job.rows.exists()]
    if parts:
        write_table(table, parts)
    return len(parts)
