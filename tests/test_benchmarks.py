"""The benchmarks count, resume and report rightly; what they measure is not judged."""

import contextlib
import os
import platform
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from histories import history_of

from benchmarks import (
    curve_plot,
    curve_runs,
    curve_settings,
    learning_curves,
    machine,
    measure,
    our_run,
    processes,
    profile_run,
    report,
    report_training,
    results,
    throughput,
    throughput_cases,
)
from benchmarks.flops import layer_flops, update_flops
from dqn_tutorial.config import PRESETS
from dqn_tutorial.machine import core_numbers
from dqn_tutorial.runs.pretrained import load_scores
from dqn_tutorial.runs.trainer import Trainer

ROOT = Path(__file__).parent.parent
TINY = {"num_envs": 2, "replay_capacity_transitions": 200, "update_period_steps": 4}


def test_the_arithmetic_of_each_layer_is_what_one_counts_by_hand():
    # 20 x 20 places, 16 filters of 8 x 8 x 4; 9 x 9, 32 of 4 x 4 x 16; 2592, 256, 4
    assert layer_flops("dqn2013", 4) == [3_276_800, 1_327_104, 1_327_104, 2_048]
    # 32 of 8 x 8 x 4; 64 of 4 x 4 x 32; 7 x 7, 64 of 3 x 3 x 64; 3136, 512, 4
    expected = [6_553_600, 5_308_416, 3_612_672, 3_211_264, 4_096]
    assert layer_flops("dqn2015", 4) == expected


def test_an_update_is_four_passes_less_the_first_layers_input_gradient():
    assert update_flops("dqn2013", 4, 1) == 4 * 5_933_056 - 3_276_800
    assert update_flops("dqn2013", 4, 32) == 654_573_568


def test_the_machine_is_described_without_a_name_or_a_path():
    text = str(machine.describe()) + machine.sentence(machine.describe())
    assert f"Python {platform.python_version()}" in text
    for secret in (platform.node(), str(Path.home()), str(ROOT), os.sep + "home"):
        assert len(secret) < 4 or secret not in text


@pytest.mark.slow
def test_a_childs_peak_ram_is_its_own_and_not_its_parents():
    ballast = np.ones(400_000_000, np.uint8)
    code = "from benchmarks.measure import *; import mmap; m = mmap.mmap(-1, 10**9); "
    code += "report({'peak': peak_ram_mb()})"  # set aside, never touched: no RAM
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert 3 < measure.reported(done.stdout)["peak"] < 100
    assert measure.peak_ram_mb() > ballast.nbytes / 1e6


def test_a_run_that_reports_nothing_is_an_error_with_its_output():
    assert measure.reported('banner\nRESULT {"a": 1}\n') == {"a": 1}
    with pytest.raises(ValueError, match="nothing; it printed: 'banner'"):
        measure.reported("banner")


def test_a_run_that_fails_is_an_error_with_its_last_words():
    with pytest.raises(RuntimeError, match=r"No module named benchmarks\.no_such"):
        processes.run_child("no_such", {})


def test_a_table_goes_on_where_it_was_and_refuses_another_machine(
    tmp_path, monkeypatch
):
    path = tmp_path / "t.csv"
    results.Table(path, ("round", "who")).add(round=1, who="ours", value=1 / 3)
    table = results.Table(path, ("round", "who"))
    assert table.has(round=1, who="ours") and not table.has(round=2, who="ours")
    assert path.read_text(encoding="utf-8") == "round,who,value\n1,ours,0.333333\n"
    monkeypatch.setattr(machine, "describe", lambda: {"cpu": "another"})
    with pytest.raises(ValueError, match=r"t\.csv was begun on another machine"):
        results.Table(path, ("round", "who"))
    assert results.Table(path, ("round", "who"), fresh=True).rows == []


def test_rows_that_are_to_be_forgotten_are_gone_before_the_machine_is_noted(tmp_path):
    path = tmp_path / "x.csv"
    results.Table(path, ("a",)).add(a=1)
    assert results.Table(path, ("a",), fresh=True).rows == []
    assert not path.exists() and (tmp_path / "machine.csv").exists()


def test_two_benchmarks_do_not_run_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOCK", tmp_path / "runs" / "lock")
    monkeypatch.setattr(processes, "_held", [])
    processes.take_turn()
    with pytest.raises(RuntimeError, match="another benchmark is running"):
        processes.take_turn()


@pytest.fixture(scope="module")
def tiny_run():
    options = {"changes": TINY | {"learning_rate": 1e-3}}
    return our_run.run(**options, fill=80, warm=16, steps=40)


def test_our_run_counts_the_steps_and_updates_of_its_stretch(tiny_run):
    assert (tiny_run["steps"], tiny_run["updates"]) == (40, 10)
    assert tiny_run["steps_per_second"] == pytest.approx(40 / tiny_run["seconds"])
    assert 100 < tiny_run["transitions"] <= 136
    assert tiny_run["peak_ram_mb"] > tiny_run["replay_mb"] > 0.03


def test_filling_asks_no_network_and_gives_it_back(tmp_path):
    config = PRESETS["catch"].replace(learning_starts_steps=80)
    trainer = Trainer.start(config, tmp_path / "run")
    trainer.agent.q_values = None  # calling it would fail
    our_run.fill_at_random(trainer, 80)
    assert (trainer.step, len(trainer.replay), trainer.update) == (80, 80, 0)
    assert "act" not in vars(trainer.agent)


@pytest.mark.slow
def test_the_parts_of_a_second_add_up_to_it(tmp_path):
    config = PRESETS["catch"].replace(learning_starts_steps=80)
    trainer = Trainer.start(config, tmp_path / "run")
    trainer.run(160)
    restart = trainer.env._restart
    trainer.env._restart = lambda *args: [time.sleep(0.2), restart(*args)]
    row = profile_run.one_window(trainer, profile_run.put_clocks_on(trainer), 160)
    whole = 1e3 * config.num_envs / row["steps_per_second"]
    assert sum(row[part] for part in profile_run.PARTS) == pytest.approx(whole)
    assert all(row[part] > 0 for part in profile_run.PARTS)
    assert row["wait"] < row["reset"] / 2  # a reset is within recv, and counted apart
    assert row["update_ms"] * 40 == pytest.approx(row["update"] * 20)


def test_ours_and_the_peers_update_once_in_four_steps_with_a_full_buffer():
    full = throughput_cases.FULL
    for case in throughput_cases.all_cases():
        if case.who == "sb3":
            options = throughput_cases.sb3_options(case, full, 0, False)
            dqn = options["dqn"]
            steps = dqn["train_freq"] * options["games"]["num_envs"]
            assert steps == 4 * dqn["gradient_steps"]
            assert dqn["buffer_size"] == dqn["learning_starts"] == 100_000
            assert options["stretch"] == {"first": 101_000, "last": 106_000}
        elif case.who == "cleanrl":
            options = throughput_cases.cleanrl_options(case, full, 0)
            settings = options["settings"]
            assert settings["train_frequency"] == 4
            assert settings["buffer_size"] == settings["learning_starts"] == 100_000
            assert (options["first"], options["last"]) == (101_000, 106_000)
        elif case.variant == "like for like":
            options = throughput_cases.our_options(case, full)
            assert options["changes"]["update_period_steps"] == 4
            assert options["changes"]["n_steps"] == 1  # as the peers learn
            assert options["changes"]["replay_capacity_transitions"] == options["fill"]


def test_the_peer_is_run_the_way_that_was_quickest_for_it():
    trials = [
        {"network": "dqn2013", "games": g, "subprocesses": s, "threads": t,
         "steps_per_second": v}
        for g, s, t, v in [("1", "False", "1", "90"), ("1", "False", "2", "100.5"),
                           ("8", "False", "2", "99"), ("8", "True", "1", "101")]
    ]  # fmt: skip
    best = throughput.best_for_peer
    assert best(trials, throughput_cases.Case("sb3", "dqn2013")) == (2, False)
    assert best(trials, throughput_cases.Case("sb3", "dqn2013", 8)) == (1, True)


def test_the_peers_curve_with_our_settings_updates_as_often_as_ours():
    laptop, theirs = PRESETS["laptop"], curve_settings.our_settings()
    steps = theirs["train_freq"] * laptop.num_envs
    assert theirs["gradient_steps"] * laptop.update_period_steps == steps


def points(*pairs):
    return np.array(pairs, float)


def test_the_minutes_to_a_score_are_those_of_the_first_row_that_has_it():
    curve = points((1, 2), (2, 31), (3, 29), (4, 40))
    assert curve_plot.minutes_to(curve, 30) == 2
    assert curve_plot.minutes_to(curve, 41) == float("inf")


def test_the_mean_curve_is_taken_where_every_seed_has_a_score():
    seeds = {"0": points((0, 0), (10, 10)), "1": points((2, 4), (8, 16))}
    minutes, scores = curve_plot.mean_curve(seeds)
    assert (minutes[0], minutes[-1]) == (2, 8)
    assert (scores[0], scores[-1]) == (3, 12)


def test_runs_that_are_there_become_the_table_and_the_figure(tmp_path):
    ours, peer = tmp_path / "r" / "ours_seed0", tmp_path / "r" / "sb3_seed0"
    ours.mkdir(parents=True), peer.mkdir()
    history = history_of(
        step=[1_000, 2_000, 3_000, 60_000],
        mean_score_100=[np.nan, 4, 6, 120],
        wall_seconds=[60, 120, 180, 3_600],
    )
    history.write(ours / "history.csv")
    (peer / "curve.csv").write_text(
        "minute,step,score\n0.5,400,nan\n3.01,900,1.5\n", encoding="utf-8"
    )
    learning_curves.main(
        ["--collect", "--runs-dir", str(tmp_path / "r"), "--results", str(tmp_path)]
    )
    rows = results.read_rows(tmp_path / "learning_curves.csv")
    assert [(r["who"], r["minute"], r["step"], r["score"]) for r in rows] == [
        ("ours", "1.00", "1000", "nan"),
        ("ours", "2.00", "2000", "4"),
        ("ours", "3.00", "3000", "6"),
        ("sb3", "0.50", "400", "nan"),
        ("sb3", "3.01", "900", "1.5"),
    ]
    assert (tmp_path / "learning_curves.png").read_bytes().startswith(b"\x89PNG")


def pretend(monkeypatch, code: str) -> None:
    """Let runs be a line of Python with `path` of the CSV and `minutes` at hand."""

    def command(run, minutes, threads):
        run.folder.mkdir(parents=True, exist_ok=True)
        path = str(run.folder / "curve.csv")
        return [sys.executable, "-c", f"path, minutes = {path!r}, {minutes}; {code}"]

    monkeypatch.setattr(curve_runs.Run, "command", command)


@pytest.mark.slow
def test_runs_take_turns_on_their_cores_until_all_are_done(tmp_path, monkeypatch):
    row = "open(path, 'w').write(f'minute,step,score\\n{minutes},1,2\\n')"
    pretend(monkeypatch, row)
    runs = [curve_runs.Run("sb3", seed, tmp_path / f"s{seed}") for seed in range(3)]
    cores = core_numbers()
    curve_runs.train_all(runs, 0.1, [{cores[0]}, {cores[-1]}])
    assert [run.minutes() for run in runs] == [0.1] * 3
    assert (tmp_path / "s0.cores").read_text(encoding="utf-8") == "1"


@pytest.mark.slow
def test_a_run_that_fails_is_named_and_the_others_are_stopped(tmp_path, monkeypatch):
    pretend(monkeypatch, "import time; time.sleep(60 if 's0' in path else 0)")
    runs = [curve_runs.Run("sb3", seed, tmp_path / f"s{seed}") for seed in range(2)]
    began, cores = time.perf_counter(), set(core_numbers())
    with pytest.raises(RuntimeError, match=r"see s1\.log"):
        curve_runs.train_all(runs, 1.0, [cores, cores])
    assert time.perf_counter() - began < 30


@pytest.mark.slow
@pytest.mark.parametrize("status", [0, 1])
def test_a_run_of_ours_may_end_before_the_minutes_but_not_fail(
    tmp_path, monkeypatch, status
):
    pretend(monkeypatch, f"raise SystemExit({status})")
    run = curve_runs.Run("ours", 0, tmp_path / "o0")
    fails = pytest.raises(RuntimeError, match=r"see o0\.log")
    with fails if status else contextlib.nullcontext():
        curve_runs.train_all([run], 1.0, [set(core_numbers())])


def rows_of_throughput(folder: Path) -> None:
    speeds = {"ours": (200, 210, 240), "sb3": (100, 100, 80)}
    rams = {"ours": (500, 500, 500), "sb3": (5000, 5000, 5000)}
    rows = [
        {"round": i + 1, "who": who, "network": "dqn2013", "games": 1,
         "variant": "like for like", "steps_per_second": speeds[who][i],
         "peak_ram_mb": rams[who][i], "transitions": 99_990, "threads": "2",
         "peer_versions": "stable-baselines3 1.2.3" if who == "sb3" else ""}
        for i in range(3) for who in speeds
    ]  # fmt: skip
    results.write_rows(folder / "throughput.csv", rows)


def test_the_report_gives_medians_with_spread_and_ratios_round_by_round(tmp_path):
    rows_of_throughput(tmp_path)
    assert report.section("throughput", tmp_path).splitlines()[2:] == [
        "| dqn2013, ours, 1 at once, like for like | 210 (200 to 240) | 500 | 99,990 "
        "| 2 | 3 |",
        "| dqn2013, sb3, 1 at once, like for like | 100 (80 to 100) | 5,000 | 99,990 "
        "| 2 | 3 |",
        "",
        "sb3 is stable-baselines3 1.2.3.",
    ]
    # 200 / 100, 210 / 100, 240 / 80
    assert report.section("ratios", tmp_path).splitlines()[2:] == [
        "| dqn2013: 1 at once against sb3, 1 | 2.10 (2.00 to 3.00) | 0.10 |"
    ]
    assert report.section("profile", tmp_path) == "Not measured yet."


def test_a_run_that_never_reached_human_level_says_so(tmp_path, monkeypatch):
    seeds = {
        seed: (
            history_of(step=[500, 900], wall_seconds=[60, 90], mean_score_100=[1, end]),
            load_scores("breakout"),
        )
        for seed, end in [(7, 31.8), (8, 31.7)]
    }
    monkeypatch.setattr(report_training, "load_seeds", lambda agent: seeds)
    told = report_training.evening([], tmp_path)
    assert "| 7 | 1.5 (900) |" in told and "| 8 | not reached |" in told


def test_the_report_refuses_a_readme_without_a_tables_markers(tmp_path):
    text = report.README.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="the tables are"):
        report.filled(text.replace("<!-- begin ratios -->", ""), tmp_path)


def test_the_tables_are_what_the_results_give():
    text = report.README.read_text(encoding="utf-8")
    assert report.filled(text, results.RESULTS) == text, "run: make bench-report"
    text = report.COSTS.read_text(encoding="utf-8")
    assert report.with_costs(text, results.RESULTS) == text, "run: make bench-report"


def test_benchmarks_are_not_installed_and_the_peers_versions_are_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["packages"] == {
        "find": {"include": ["dqn_tutorial*"]}
    }
    lines = (
        (ROOT / "benchmarks/requirements-peers.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    pins = [line.split("#")[0].strip() for line in lines]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", pin) for pin in pins if pin)
