"""A sweep ends with the same table however often it was stopped, and wherever it ran.

The runs are of Catch and very short. The last tests need Ray: a cluster of two nodes on
this machine, one worker killed and one node lost while they train.
"""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from same_run import assert_same_files
from waiting import wait_until

from dqn_tutorial import __main__ as command_line
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import evaluate
from dqn_tutorial.replay import estimate_bytes
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs import sweep as sweeping
from dqn_tutorial.runs.history import UNTIMED, History
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.runs.sweep import (
    Stopped,
    Variant,
    make_jobs,
    one_by_one,
    run_job,
    sweep,
)
from dqn_tutorial.runs.sweep_table import COLUMNS, read_table, rows_of
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.runs.variants import VARIANTS

STEPS, SEEDS = 160, [3, 5]
TINY = {
    "num_envs": 4,
    "batch_size": 8,
    "replay_capacity_transitions": 200,
    "learning_starts_steps": 40,
    "update_period_steps": 16,
    "target_sync_period_updates": 5,
    "epsilon_decay_steps": 80,
    "log_period_steps": 40,
    "checkpoint_period_steps": 16,
}
CONFIG = PRESETS["catch"].replace(**TINY)
TWO = {name: VARIANTS[name] for name in ("full", "one_frame")}
PATIENCE_SECONDS = 240
SOME_STEPS = "checkpoint_*[1-9]*.npz"  # not the one that a run begins with


def jobs_in(folder, variants=TWO, seeds=SEEDS):
    return make_jobs(variants, seeds, CONFIG, STEPS, folder / "runs")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A folder with a sweep that was never stopped: runs/ and table.csv."""
    folder = tmp_path_factory.mktemp("swept")
    sweep(jobs_in(folder), folder / "table.csv")
    return folder


# --- the table


@pytest.mark.slow
def test_the_table_has_all_runs_seed_after_seed_and_all_their_rows(swept):
    lines = (swept / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    keys = [tuple(line.split(",")[:3]) for line in lines[1:]]
    assert keys == [
        (variant, str(seed), str(step))
        for seed in SEEDS
        for variant in TWO
        for step in (40, 80, 120, 160)
    ]


@pytest.mark.slow
def test_the_rows_are_those_of_the_histories(swept):
    for variant, of_variant in read_table(swept / "table.csv").items():
        for seed, columns in of_variant.items():
            run_dir = swept / "runs" / f"{variant}_seed_{seed}"
            history = History.read(run_dir / "history.csv")
            for name in UNTIMED:
                np.testing.assert_array_equal(columns[name], history[name])


@pytest.mark.slow
def test_the_score_stands_in_the_last_row_and_is_that_of_the_last_network(swept):
    columns = read_table(swept / "table.csv")["full"][5]
    assert np.isnan(columns["score"][:-1]).all()
    agent, config, _ = load_agent(str(swept / "runs" / "full_seed_5"))
    env = make_env(config, 32, first_seed=500)  # games 500 to 599 are those of seed 5
    evaluation = evaluate(agent, env, config, num_episodes=100, epsilon=0.05, seed=5)
    assert columns["score"][-1] == pytest.approx(evaluation.mean, rel=1e-5)


@pytest.mark.slow
def test_variants_and_seeds_differ_in_the_table(swept):
    runs = read_table(swept / "table.csv")
    losses = {
        (variant, seed): tuple(columns["loss"][1:])
        for variant, of_variant in runs.items()
        for seed, columns in of_variant.items()
    }
    assert len(set(losses.values())) == 4


def test_counts_are_written_in_full_and_the_rest_with_six_digits():
    history = History()
    values = dict.fromkeys(COLUMNS[2:-1], 1 / 3) | {"step": 12_345_678, "update": 7}
    values |= {"games": 2, "steps_per_second": 9.0, "wall_seconds": 9.0}
    history.append(**values)
    history.append(**values | {"mean_score_100": float("nan")})
    assert rows_of("full", 4, history, 2 / 3).splitlines() == [
        "full,4,12345678,7,0.333333,0.333333,0.333333,2,0.333333,nan",
        "full,4,12345678,7,0.333333,0.333333,0.333333,2,nan,0.666667",
    ]


@pytest.mark.slow
def test_another_csv_is_no_table_of_a_sweep(swept):
    with pytest.raises(ValueError, match=r"history\.csv is not the table of a sweep"):
        read_table(swept / "runs" / "full_seed_3" / "history.csv")


@pytest.mark.slow
def test_only_the_last_checkpoint_of_a_finished_run_is_kept(swept):
    for run_dir in (swept / "runs").iterdir():
        names = [path.name for path in run_dir.glob("checkpoint_*")]
        assert names == ["checkpoint_000000000160.npz"]


# --- stopped and begun again


def never_called(jobs):
    assert jobs == []
    return iter(())


@pytest.mark.slow
def test_jobs_that_are_done_are_not_done_again(swept, tmp_path):
    sweep(jobs_in(swept), tmp_path / "again.csv", never_called)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == (
        swept / "table.csv"
    ).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_job_goes_on_from_its_newest_checkpoint(swept, tmp_path):
    (job,) = jobs_in(tmp_path, {"one_frame": TWO["one_frame"]}, [5])
    job.trainer.start(job.config, job.run_dir, job.seed).run(88)
    bar = Bar()
    rows = run_job(job, bar)
    assert bar.moved[0] == 88 and sum(bar.moved) == STEPS
    assert rows in (swept / "table.csv").read_text(encoding="utf-8")
    assert_same_files(job.run_dir, swept / "runs" / "one_frame_seed_5")


class Bar:
    def __init__(self):
        self.moved = []

    def update(self, n):
        self.moved.append(n)

    def set_postfix_str(self, text, refresh):
        pass


@pytest.mark.slow
def test_a_killed_sweep_begun_again_ends_as_one_that_was_not(swept, tmp_path):
    run_dir = tmp_path / "runs" / "one_frame_seed_3"
    first = start_sweep(tmp_path, "--one-by-one")
    wait_until(lambda: list(run_dir.glob(SOME_STEPS)), first, PATIENCE_SECONDS)
    first.kill()
    first.communicate()
    assert not (run_dir / f"rows_{STEPS}.csv").exists()
    begun = (tmp_path / "table.csv").read_text(
        encoding="utf-8"
    )  # the first job was done
    assert begun.count("full,3,") == 4 and "one_frame" not in begun
    assert_ends_well(start_sweep(tmp_path, "--one-by-one"))
    assert_same_sweep(tmp_path, swept)


class StopsAtOnce(Trainer):
    def run(self, total_steps, progress=None):
        return super().run(0, progress)


def test_a_sweep_that_is_told_to_stop_does_no_other_job(tmp_path):
    stops = Variant(lambda config: {}, StopsAtOnce)
    variants = {"stops": stops, "full": VARIANTS["full"]}
    jobs = jobs_in(tmp_path, variants, [0])
    with pytest.raises(Stopped, match="stops, seed 0: stopped at step 0"):
        sweep(jobs, tmp_path / "table.csv")
    assert not jobs[1].run_dir.exists()


# --- what goes wrong


class Fails(Trainer):
    def run(self, *_):
        raise FloatingPointError("the loss is nan")


def test_a_job_that_fails_is_named_in_the_end_and_the_others_are_done(tmp_path):
    variants = {"fails": Variant(lambda config: {}, Fails), "full": VARIANTS["full"]}
    with pytest.raises(RuntimeError, match=r"^fails, seed 3: the loss is nan\n"):
        sweep(jobs_in(tmp_path, variants, [3]), tmp_path / "table.csv")
    assert list(read_table(tmp_path / "table.csv")) == ["full"]


def test_the_table_is_written_after_each_job_in_the_order_of_the_jobs(tmp_path):
    table, jobs = tmp_path / "table.csv", jobs_in(tmp_path)
    seen = []

    def do(waiting):
        for job in reversed(waiting):
            seen.append(table.read_text(encoding="utf-8").splitlines()[1:])
            yield job, f"{job.variant},{job.seed}\n"

    table.write_text("header\nof another sweep\n", encoding="utf-8")
    sweep(jobs, table, do)
    assert seen[0] == ["of another sweep"]  # until there is something to write
    assert seen[1:3] == [["one_frame,5"], ["full,5", "one_frame,5"]]
    in_order = ["full,3", "one_frame,3", "full,5", "one_frame,5"]
    assert table.read_text(encoding="utf-8").splitlines()[1:] == in_order


@pytest.mark.slow
def test_a_folder_with_runs_of_other_settings_is_refused(swept):
    with pytest.raises(ValueError, match=r"with other settings: discount"):
        other = CONFIG.replace(discount=0.5)
        make_jobs(TWO, SEEDS, other, STEPS, swept / "runs")


def test_too_few_steps_for_a_row_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"at least log_period_steps \(40\).*got 39"):
        make_jobs(TWO, SEEDS, CONFIG, 39, tmp_path)


def test_variants_that_the_settings_do_not_allow_are_named_all_at_once(tmp_path):
    config = CONFIG.replace(algorithm="c51")
    with pytest.raises(
        ValueError, match="variants no_clipping, large_rewards "
    ) as told:
        make_jobs(VARIANTS, SEEDS, config, STEPS, tmp_path)
    names = str(told.value).split("--variants ")[1].split()
    assert names == [n for n in VARIANTS if n not in ("no_clipping", "large_rewards")]
    make_jobs({n: VARIANTS[n] for n in names}, SEEDS, config, STEPS, tmp_path)


@pytest.mark.slow
def test_a_run_that_is_further_on_is_not_scored_as_if_it_were_not(swept):
    jobs = make_jobs(TWO, SEEDS, CONFIG, 80, swept / "runs")
    ((_, error),) = one_by_one(jobs[:1])
    assert isinstance(error, ValueError) and "at step 160 already" in str(error)


@pytest.fixture
def command(capsys, tmp_path):
    """Run `sweep` in this process; its exit code and what it said."""

    def run(*words, table="t.csv"):
        needed = ["--steps", 5_000, "--runs-dir", tmp_path, "--table", tmp_path / table]
        words = ["sweep", "--game", "catch", *needed, *words]
        try:
            code = command_line.main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--variants", "ful"], "no variant ful; choose from full, no_replay,"),
        (["--seeds", "2001"], "must be in 0..2000"),
        (["--set", "log_period_steps=5001"], "steps must be at least log_period_steps"),
        (["--one-by-one", "--address", "auto"], "not allowed with"),
        (["--set", "gamma=1"], "--set needs NAME=VALUE"),
    ],
)
def test_a_command_that_cannot_work_says_why(command, words, said):
    code, text = command(*words)
    assert code in (1, 2) and said in text and "Traceback" not in text


def test_the_table_must_be_a_csv(command):
    assert "must be the name of a .csv file" in command(table="t.txt")[1]


def test_without_ray_an_address_is_refused_with_what_to_install(command, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    code, text = command("--address", "auto")
    assert code == 1 and 'needs Ray: pip install "dqn-tutorial[cluster]"' in text


def test_the_command_does_the_variants_and_seeds_that_are_named_once(
    command, monkeypatch
):
    asked = []
    monkeypatch.setattr(sweeping, "sweep", lambda jobs, *_: asked.extend(jobs))
    names = ["no_target", "full", "no_target"]
    assert command("--variants", *names, "--seeds", 7, 0, 7)[0] == 0
    assert [job.name for job in asked] == [
        "no_target, seed 7", "full, seed 7", "no_target, seed 0", "full, seed 0",
    ]  # fmt: skip
    assert asked[0].config.target_sync_period_updates == 1


def test_the_settings_of_the_full_agent_stand_beside_the_table(
    command, monkeypatch, tmp_path
):
    monkeypatch.setattr(sweeping, "sweep", lambda *_: None)
    assert command("--variants", "no_target", "--set", "batch_size=8")[0] == 0
    written = DQNConfig.from_json((tmp_path / "t.json").read_text(encoding="utf-8"))
    assert written == PRESETS["catch"].replace(batch_size=8)


def test_a_stopped_command_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def stops(*_):
        raise Stopped("full, seed 0: stopped at step 8")

    monkeypatch.setattr(sweeping, "sweep", stops)
    words = ["sweep", "--game", "catch", "--steps", "5000", "--runs-dir", "r"]
    assert command_line.main([*words, "--table", "t.csv"]) == 130
    assert "stopped at step 8; the same command resumes it" in capsys.readouterr().out


# --- in a process of its own, and with Ray


class OneMachine:
    """What `with_ray` uses of Ray: a machine with some memory, done at once."""

    def __init__(self, memory: int):
        self.memory, self.reserved = memory, []

    def nodes(self):
        gone = {"Alive": False, "Resources": {"memory": 10**15}}
        return [{"Alive": True, "Resources": {"memory": self.memory}}, gone]

    def remote(self, **_):
        return lambda run: self

    def options(self, memory):
        self.reserved.append(memory)
        return SimpleNamespace(remote=lambda job: job.name)

    def wait(self, waiting):
        return waiting[:1], waiting[1:]

    def get(self, name):
        return f"rows of {name}"

    def init(self, *_, **__): ...
    def shutdown(self): ...


def with_one_machine(memory, tmp_path, monkeypatch):
    ray = OneMachine(memory)
    monkeypatch.setitem(sys.modules, "ray", ray)
    config = PRESETS["catch"].replace(replay_capacity_transitions=1_000_000)
    jobs = make_jobs({"full": VARIANTS["full"]}, SEEDS, config, 5000, tmp_path)
    return ray, jobs, list(sweeping.with_ray(jobs))


def test_with_ray_a_job_reserves_the_memory_of_its_full_buffer(tmp_path, monkeypatch):
    ray, jobs, done = with_one_machine(10**11, tmp_path, monkeypatch)
    assert [(job, rows) for job, rows in done] == [
        (job, f"rows of {job.name}") for job in jobs
    ]
    (needed, _) = ray.reserved
    assert needed == jobs[0].bytes == 10**9 + estimate_bytes(1_000_000)
    assert needed > 2 * 10**9  # a million transitions, 3 KB each at most (replay.py)


def test_with_ray_a_job_that_no_machine_has_room_for_is_refused(tmp_path, monkeypatch):
    """Ray itself would wait for ever."""
    with pytest.raises(MemoryError, match=r"full, seed 3 can take .* 1\.5 GB on its"):
        with_one_machine(1_500_000_000, tmp_path, monkeypatch)


def start_sweep(folder, *engine):
    """The sweep of `swept`, as a command of its own."""
    settings = [
        word for pair in TINY.items() for word in ("--set", "{}={}".format(*pair))
    ]
    command = [sys.executable, "-m", "dqn_tutorial", "sweep", "--game", "catch",
               "--variants", *TWO, "--seeds", *SEEDS, "--steps", STEPS,
               "--runs-dir", folder / "runs", "--table", folder / "table.csv",
               *settings, *engine]  # fmt: skip
    return subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_ends_well(process):
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, out + err
    assert "4 of 4" in out


def assert_same_sweep(folder, other):
    assert (folder / "table.csv").read_text(encoding="utf-8") == (
        other / "table.csv"
    ).read_text(encoding="utf-8")
    for job in jobs_in(folder):
        assert_same_files(job.run_dir, other / "runs" / job.run_dir.name)


def trainer_in(run_dir: Path) -> int | None:
    """The process that holds the lock of a run folder."""
    for process in psutil.process_iter():
        try:
            for handle in Path(f"/proc/{process.pid}/fd").iterdir():
                if os.readlink(handle) == str(run_dir.resolve() / checkpoints.LOCK):
                    return process.pid
        except OSError:  # it has ended, or is another user's
            continue
    return None


needs_a_cluster = pytest.mark.skipif(
    sys.platform != "linux" or importlib.util.find_spec("ray") is None,
    reason='needs Linux and Ray, not in the lock: pip install "dqn-tutorial[cluster]"',
)


@needs_a_cluster
@pytest.mark.slow
def test_with_ray_the_same_command_needs_no_address_on_one_machine(swept, tmp_path):
    assert_ends_well(start_sweep(tmp_path))
    assert_same_sweep(tmp_path, swept)


@pytest.fixture
def cluster(monkeypatch):
    """A Ray cluster on this machine: a head that does no jobs, a node that does one."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    cluster.add_node(num_cpus=1)
    yield cluster
    cluster.shutdown()


def at_work(folder):
    """The folder and the trainer of a job that is on its way, if there is one."""
    for job in jobs_in(folder):
        if list(job.run_dir.glob(SOME_STEPS)) and (pid := trainer_in(job.run_dir)):
            return job, pid


@needs_a_cluster
@pytest.mark.slow
def test_on_a_cluster_a_worker_killed_in_mid_job_loses_nothing(
    cluster, swept, tmp_path
):
    cluster.add_node(num_cpus=1)
    process = start_sweep(tmp_path, "--address", cluster.address)
    job, pid = wait_until(lambda: at_work(tmp_path), process, PATIENCE_SECONDS)
    os.kill(pid, signal.SIGKILL)
    assert not job.rows.exists()
    assert_ends_well(process)
    assert_same_sweep(tmp_path, swept)


@needs_a_cluster
@pytest.mark.slow
def test_on_a_cluster_a_node_lost_in_mid_job_loses_nothing(cluster, swept, tmp_path):
    (node,) = cluster.worker_nodes
    process = start_sweep(tmp_path, "--address", cluster.address)
    job, _ = wait_until(lambda: at_work(tmp_path), process, PATIENCE_SECONDS)
    cluster.remove_node(node, allow_graceful=False)
    assert not job.rows.exists()
    cluster.add_node(num_cpus=1)
    assert_ends_well(process)
    assert_same_sweep(tmp_path, swept)
