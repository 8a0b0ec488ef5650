"""The command line, run as a user runs it: what it writes, says and returns.

Most commands run in this process; those that are about signals run in one of their own.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from full_disk import disk_of
from unix import needs_unix
from waiting import has_a_row, wait_until

from dqn_tutorial import evaluation
from dqn_tutorial.atari import ParallelAtari
from dqn_tutorial.cli import doctor, options
from dqn_tutorial.cli import main as command_line
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.runs import checkpoints, pretrained
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.history import UNTIMED, History
from dqn_tutorial.runs.trainer import Trainer

QUICK = PRESETS["catch"].replace(
    num_envs=4,
    batch_size=8,
    learning_starts_steps=40,
    log_period_steps=100,
    checkpoint_period_steps=200,
)


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command; its exit code and everything it printed. "quick" is a preset."""
    monkeypatch.setitem(PRESETS, "quick", QUICK)

    def run_command(*words):
        try:
            code = command_line.main([str(word) for word in words])
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.out + captured.err

    return run_command


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run folder with a short run of Catch in it."""
    from dqn_tutorial.runs.trainer import Trainer

    run_dir = tmp_path_factory.mktemp("runs") / "catch"
    Trainer.start(QUICK, run_dir).run(1200)
    return run_dir


COMMANDS = ["doctor", "train", "evaluate", "watch", "play", "plot", "sweep"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_every_option(run, command):
    assert run(command, "--help")[0] == 0
    assert command in run("--help")[1]
    options = command_line.build_parser()._subparsers._group_actions[0].choices[command]
    for option in options._actions:
        assert option.help, option.dest


@pytest.mark.slow
def test_train_writes_a_run_and_says_speed_and_memory(run, tmp_path):
    code, text = run(
        "train", "--preset", "quick", "--run-dir", tmp_path / "r", "--steps", 400
    )
    assert code == 0
    assert "replay buffer: 10,000 transitions, at most" in text
    assert re.search(r"step 400: .* \d+ steps per second, peak RAM [\d,]+ MB", text)
    names = sorted(path.name for path in (tmp_path / "r").iterdir())
    assert names == [
        "checkpoint_000000000000.npz",
        "checkpoint_000000000200.npz",
        "checkpoint_000000000400.npz",
        "config.json",
        "curves.png",
        "history.csv",
        "stage_000000000000.npz",
    ]


@pytest.mark.slow
def test_train_draws_records_and_writes_what_is_asked_for(run, tmp_path, monkeypatch):
    from dqn_tutorial.runs import shows

    run_dir, drawn = tmp_path / "r", []
    monkeypatch.setattr(
        shows, "draw_curves", lambda trainer: drawn.append(trainer.step)
    )
    words = ("train", "--run-dir", run_dir, "--video-every", 120, "--tensorboard")
    assert run(*words, "--preset", "quick", "--steps", 300)[0] == 0
    assert run(*words, "--resume", "--steps", 380)[0] == 0
    assert drawn == [200, 300, 380]  # with each checkpoint, and at the end
    names = sorted(path.name for path in run_dir.glob("video_*"))
    assert names == [f"video_{step:012d}.mp4" for step in (120, 240, 360)]
    assert len(list((run_dir / "tensorboard").iterdir())) == 1


@pytest.mark.parametrize("watched", [True, False])
def test_a_log_file_gets_the_bar_once_a_minute(watched, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    with options.progress_bar(total=100, unit="step") as bar:
        for _ in range(100):
            time.sleep(0.005)
            bar.update(1)
    written = capsys.readouterr().err.count("step/s")
    assert written > 3 if watched else written == 2  # as it begins and as it ends


def test_a_second_run_in_the_same_folder_is_refused_and_resume_goes_on(run, trained):
    train = ("train", "--preset", "quick", "--run-dir", trained)
    code, text = run(*train, "--steps", 1200)
    assert code == 1 and "already holds a run: add --resume" in text
    code, text = run(*train, "--steps", 1300, "--resume")
    assert code == 0 and "step 1,300" in text
    assert "total_steps: 1300 against" in text
    code, text = run("train", "--run-dir", trained, "--resume")  # to its own end
    assert code == 0 and "already at step 1,300" in text


def test_the_table_of_another_sweep_is_left_alone(run, tmp_path):
    table, where = tmp_path / "table.csv", ("--runs-dir", tmp_path / "mistyped")
    table.write_text("of another sweep\n", encoding="utf-8")
    code, text = run("sweep", "--steps", 5_000, *where, "--table", table)
    assert code == 1 and "choose another table, or the folder of its runs" in text
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert table.read_text(encoding="utf-8") == "of another sweep\n"


def test_a_folder_whose_checkpoints_are_gone_is_left_alone(run, tmp_path):
    (tmp_path / "config.json").write_text(QUICK.to_json(), encoding="utf-8")
    code, text = run("train", "--preset", "quick", "--run-dir", tmp_path)
    assert code == 1 and "checkpoints are gone: choose another folder" in text
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


@pytest.mark.parametrize(
    "option, said",
    [
        (("--preset", "laptop"), "num_envs: 4 against 16"),
        (("--game", "pong"), 'game: "catch" against "pong"'),
        (("--seed", 7), "seed: 0 against 7"),
    ],
)
def test_resume_with_other_settings_is_refused(run, trained, option, said):
    code, text = run(
        "train", "--run-dir", trained, "--steps", 1300, "--resume", *option
    )
    assert code == 1
    assert "was started with other settings" in text and said in text


@pytest.mark.slow
def test_single_settings_can_be_changed_by_name(run, tmp_path):
    words = ("train", "--preset", "quick", "--run-dir", tmp_path / "r", "--steps", 100)
    pairs = ("batch_size=16", "clip_rewards=false", "discount=9e-1", "loss=squared",
             "epsilon_decay_steps=3_000")  # fmt: skip
    changed = [word for pair in pairs for word in ("--set", pair)]
    code, _ = run(*words, *changed)
    assert code == 0
    config = DQNConfig.from_json(
        (tmp_path / "r" / "config.json").read_text(encoding="utf-8")
    )
    assert config == PRESETS["quick"].replace(
        batch_size=16,
        clip_rewards=False,
        discount=0.9,
        loss="squared",
        epsilon_decay_steps=3_000,
        total_steps=100,
    )
    code, text = run(*words[:-1], 200, "--resume", "--set", "batch_size=8")
    assert code == 1 and "was started with other settings" in text  # by --preset
    words = ("train", "--run-dir", tmp_path / "r", "--steps", 200, "--resume", "--set")
    code, text = run(*words, "batch_size=8")
    assert code == 0 and "from step 100 on, batch_size: 8 against 16" in text
    code, text = run(*words, "batch_size=0")
    assert code == 1 and "batch_size must be positive" in text
    assert "delete" not in text  # the checkpoint is good
    code, text = run(*words, "num_envs=8")
    assert code == 1 and "a run cannot change its num_envs" in text


@pytest.mark.parametrize("pair", ["batch_size", "batchsize=3", "=3", "batch_size 3"])
def test_a_setting_that_there_is_not_is_refused_with_the_names_of_all(
    run, tmp_path, pair
):
    words = ("train", "--run-dir", tmp_path / "r", "--steps", 100, "--set", pair)
    code, text = run(*words)
    assert code == 1 and "--set needs NAME=VALUE" in text and "batch_size" in text
    code, text = run(*words[:-1], "batch_size=0")
    assert code == 1 and "batch_size must be positive" in text


@pytest.mark.slow
def test_a_run_can_begin_with_the_network_of_an_agent(run, trained, tmp_path):
    start = ("train", "--preset", "quick", "--run-dir", tmp_path / "r")
    best = f"{trained.parent}//{trained.name}/best.npz"  # as somebody may spell it
    code, text = run(*start, "--steps", 100, "--weights-from", best)
    assert code == 0 and f"warm-started from {best}" in text
    theirs, _ = checkpoints.read_arrays(Path(best), prefix="online/")
    first, _ = checkpoints.read_arrays(tmp_path / "r" / "checkpoint_000000000000.npz")
    for name, array in theirs.items():
        np.testing.assert_array_equal(first[name], array)
        np.testing.assert_array_equal(first[name.replace("online", "target")], array)
    # The same command with --resume goes on; with other weights it is refused.
    code, text = run(*start, "--steps", 120, "--weights-from", best, "--resume")
    assert code == 0 and "step 120" in text and "warm-started from" in text
    code, text = run(*start, "--steps", 140, "--weights-from", "breakout", "--resume")
    assert code == 1 and f"initial weights: {best} against breakout" in text
    words = ("train", "--run-dir", trained, "--steps", 9000, "--resume")
    code, text = run(*words, "--weights-from", best)
    assert code == 1 and f"initial weights: random against {best}" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "theirs_is, ours_is", [(False, True), (True, False), (True, True)]
)
def test_a_run_takes_the_last_layer_only_of_an_agent_of_its_own_kind(
    tmp_path, theirs_is, ours_is
):
    from dqn_tutorial.runs.trainer import Trainer

    def first(name, is_c51, seed, weights_from=None):
        """The networks of a run before its first step."""
        config = QUICK.replace(algorithm="c51" if is_c51 else "dqn")
        Trainer.start(config, tmp_path / name, seed, weights_from)
        path = tmp_path / name / "checkpoint_000000000000.npz"
        return checkpoints.read_arrays(path)[0]

    theirs = first("theirs", theirs_is, seed=1)
    ours = first("ours", ours_is, seed=2, weights_from=tmp_path / "theirs")
    fresh = first("fresh", ours_is, seed=2)
    for i in range(8):
        taken = i < 6 or theirs_is == ours_is
        expected = (theirs if taken else fresh)[f"online/{i}"]
        np.testing.assert_array_equal(ours[f"online/{i}"], expected)
        np.testing.assert_array_equal(ours[f"target/{i}"], expected)


@pytest.mark.parametrize(
    "agent, words, said",
    [
        ("breakout", (), "its game is breakout, but this run's is catch"),
        ("nobody", (), "nobody is neither a run folder"),
        ("trained", ("--set", "network=dqn2015"), "its network is dqn2013, but this"),
    ],
)
def test_weights_that_do_not_fit_are_refused_before_a_folder_is_made(
    run, trained, tmp_path, agent, words, said
):
    agent = trained if agent == "trained" else agent
    start = ("train", "--preset", "quick", "--run-dir", tmp_path / "r", "--steps", 100)
    code, text = run(*start, "--weights-from", agent, *words)
    assert code == 1 and said in text
    assert not (tmp_path / "r").exists()


def test_a_run_that_has_got_there_already_says_so(run, trained):
    code, text = run("train", "--run-dir", trained, "--steps", 1000, "--resume")
    assert code == 0 and "ask for more with --steps" in text


def test_resume_with_nothing_there_is_said(run, tmp_path):
    words = ("train", "--run-dir", tmp_path / "none", "--steps", 100, "--resume")
    code, text = run(*words)
    assert code == 1 and "no checkpoint to resume from" in text
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["Breakout", "ALE/Breakout-v5", "brekout"])
def test_a_game_that_is_not_known_by_that_name_is_suggested(run, tmp_path, name):
    words = ("train", "--game", name, "--run-dir", tmp_path / "r", "--steps", 100)
    code, text = run(*words)
    assert code == 1 and 'did you mean "breakout"?' in text
    assert not (tmp_path / "r").exists()


def test_a_replay_buffer_beyond_ram_is_refused_before_anything_is_written(
    run, tmp_path, monkeypatch
):
    huge = QUICK.replace(replay_capacity_transitions=10**12)
    monkeypatch.setitem(PRESETS, "huge", huge)
    code, text = run(
        "train", "--preset", "huge", "--run-dir", tmp_path / "r", "--steps", 100
    )
    assert code == 1 and "GB of RAM is free" in text
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--run-dir", "r", "--steps", "0"),
        ("train", "--run-dir", "r", "--steps", "many"),
        ("train", "--steps", "10"),
        ("train", "--run-dir", "r", "--video-every", "0"),
        ("plot",),
        ("plot", "breakout", "--x", "games"),
        ("evaluate", "r", "--epsilon", "2"),
        ("evaluate", "r", "--episodes", "-1"),
        ("watch", "r"),
        ("train", "--run-dir", "r", "--steps", "9", "--seed", "3000"),
        ("evaluate", "r", "--seed", "-1"),
        ("evaluate", "r", "--seed", "10000"),
        ("fly",),
        (),
    ],
)
def test_wrong_options_are_told_with_the_usage(run, words):
    code, text = run(*words)
    assert code == 2 and "usage: python -m dqn_tutorial" in text


def test_evaluate_reports_agent_and_random_agent_and_writes_every_score(
    run, trained, tmp_path
):
    code, text = run(
        "evaluate", trained, "--episodes", 12, "--json", tmp_path / "score.json"
    )
    assert code == 0
    assert text.count("12 whole games, distinct seeds from 0, epsilon 0.05") == 1
    assert text.count("12 whole games, distinct seeds from 0, epsilon 1") == 1
    assert "FIRE" not in text  # there is none in Catch
    assert "random agent, measured the same way" in text
    data = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))
    for player in (data["agent"], data["random"]):
        assert len(player["scores"]) == 12 and set(player["scores"]) <= {-1.0, 1.0}
        assert player["seeds"] == list(range(12))


@pytest.mark.parametrize(
    ("words", "settings", "keywords"),
    [
        ([], {}, {"epsilon": 0.05, "seed": 0, "num_episodes": 100}),
        (["--epsilon", "0.01"], {}, {"epsilon": 0.01}),
        (["--seed", "300"], {}, {"seed": 300}),
        (["--sticky", "0.25"], {"sticky_action_probability": 0.25}, {}),
        (["--no-fire"], {"automatic_fire": False}, {}),
    ],
)
def test_options_of_evaluate_reach_the_measurement(
    run, monkeypatch, words, settings, keywords
):
    asked = []

    def measure(player, games, config, **options):
        asked.append((player, config, options))
        raise ValueError("measured")

    monkeypatch.setattr(evaluation, "evaluate", measure)
    monkeypatch.setattr(evaluation, "GAMES_AT_ONCE", 1)  # so many take seconds to begin
    assert "measured" in run("evaluate", "breakout", *words)[1]
    ((_, config, options),) = asked
    standard = {"sticky_action_probability": 0.0, "automatic_fire": True}
    for name, value in (standard | settings).items():
        assert getattr(config, name) == value
    assert keywords.items() <= options.items()


def test_a_folder_named_as_a_shipped_agent_does_not_hide_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "breakout").mkdir()
    assert pretrained.load_agent("breakout")[2].startswith("breakout, step 4,00")
    with pytest.raises(CheckpointError, match="breakout holds no checkpoint"):
        pretrained.load_agent("./breakout")


def test_watch_writes_an_mp4(run, trained, tmp_path):
    code, text = run("watch", trained, "--out", tmp_path / "game.mp4")
    assert code == 0 and "catch: score" in text
    assert (tmp_path / "game.mp4").read_bytes()[4:8] == b"ftyp"


def test_watch_writes_a_page_whose_suffix_asks_for_it(run, trained, tmp_path):
    code, text = run("watch", trained, "--out", tmp_path / "game.html")
    assert code == 0 and "catch: score" in text and "in 9 steps" in text
    page = (tmp_path / "game.html").read_text("utf-8")
    assert "<h1>Catch, as the network sees it</h1>" in page
    assert "in 9 steps. Each button is random with probability 0.05." in page


def test_watch_names_the_two_things_it_can_write(run, trained, tmp_path):
    code, text = run("watch", trained, "--out", tmp_path / "game.gif")
    assert code == 1 and "game.gif must be the name of a .mp4 or .html file" in text


@pytest.mark.parametrize("name", ["none/x.json", "x.txt", "."])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    run, trained, tmp_path, name
):
    for words in (("evaluate", "--episodes", 1, "--json"), ("watch", "--out")):
        name = name.replace(".json", ".mp4" if words[0] == "watch" else ".json")
        code, text = run(words[0], trained, *words[1:], tmp_path / name)
        assert code == 1 and text.startswith("error: ")
        assert "there is no folder" in text or "must be the name of a" in text


def test_catch_has_no_sticky_actions(run, trained):
    code, text = run("evaluate", trained, "--sticky", 0.25)
    assert code == 1 and "must be 0 in Catch, which has no sticky actions" in text


def test_an_agent_is_loaded_from_a_checkpoint_file_as_from_its_folder(trained):
    newest = checkpoints.checkpoint_paths(trained)[0]
    states = np.random.default_rng(0).integers(0, 256, (2, 4, 84, 84)).astype("uint8")
    by_folder, by_file = (pretrained.load_agent(p)[0] for p in (trained, newest))
    np.testing.assert_array_equal(by_folder.q_values(states), by_file.q_values(states))


def test_what_is_no_agent_is_said(run, tmp_path):
    code, text = run("evaluate", "nobody")
    assert code == 1 and "nobody is neither a run folder, nor a checkpoint file" in text
    (tmp_path / "x.npz").write_bytes(b"not a checkpoint")
    code, text = run("watch", tmp_path / "x.npz", "--out", tmp_path / "x.mp4")
    assert code == 1 and "x.npz is not a complete checkpoint" in text
    code, text = run("evaluate", tmp_path)
    assert code == 1 and "holds no checkpoint" in text


def test_doctor_finds_this_machine_fit(run, monkeypatch):
    monkeypatch.setattr(doctor, "ENOUGH_RAM_GB", 1)  # others may be using it now
    code, text = run("doctor")
    assert code == 0, text
    for what in ("tensorflow", "rom", "games", "ffmpeg", "opencv", "device", "ram"):
        assert f"ok    {what}" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("doctor",), ("train", "--run-dir", "r", "--steps", "9")]
)
def test_without_libgl_a_user_is_told_what_to_install(tmp_path, command):
    """A `cv2` that fails as it does on a bare server stands before the real one."""
    (tmp_path / "cv2.py").write_text(
        "raise ImportError('libGL.so.1: cannot open shared object file')",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "dqn_tutorial", *command],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "libGL.so.1: cannot open shared object file" in said
    assert "apt-get install libgl1" in said and "Traceback" not in said
    if command == ("doctor",):
        failed = re.findall(r"FAIL  (\w+)", said)
        assert failed == ["opencv", "games"] and "ok    rom" in said


@pytest.mark.parametrize(
    "name", ["opencv", "rom", "games", "ffmpeg", "cores", "ram", "device"]
)
def test_whatever_doctor_meets_is_a_finding_with_a_fix(monkeypatch, name):
    def raises():
        raise RuntimeError("it is broken\nin two lines")

    raises.__name__ = f"_{name}"
    monkeypatch.setattr(doctor, f"_{name}", raises)
    (bad,) = [
        finding for finding in doctor.diagnose() if finding.detail == "it is broken"
    ]
    assert not bad.ok and bad.what == name and bad.fix


def test_doctor_steps_the_games_that_train_plays(monkeypatch):
    """The single emulator may play where the many, with their threads, do not."""

    def step(*_):
        raise RuntimeError("the threads are gone")

    monkeypatch.setattr(ParallelAtari, "step", step)
    failed = [finding.what for finding in doctor.diagnose() if not finding.ok]
    assert "games" in failed and "rom" not in failed


def test_doctor_tells_of_too_little_ram(run, monkeypatch):
    monkeypatch.setattr(doctor, "ENOUGH_RAM_GB", 10**6)
    code, text = run("doctor")
    assert code == 1 and "FAIL  ram" in text and "close something" in text


def start_training(run_dir, steps, *words):
    command = [sys.executable, "-m", "dqn_tutorial", "train", "--game", "catch"]
    return subprocess.Popen(
        [*command, "--run-dir", run_dir, "--steps", str(steps), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory):
    """The history of 1,000 steps of Catch in one go."""
    run_dir = tmp_path_factory.mktemp("whole")
    Trainer.start(PRESETS["catch"].replace(total_steps=1000), run_dir).run()
    return History.read(run_dir / "history.csv")


@needs_unix
@pytest.mark.slow
@pytest.mark.parametrize(
    "sent", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_ctrl_c_saves_says_how_to_go_on_and_nothing_is_lost(
    run, tmp_path, sent, never_stopped
):
    process = start_training(tmp_path / "cut", 1000, "--tensorboard")
    wait_until(lambda: has_a_row(tmp_path / "cut"), process, 120)
    process.send_signal(sent)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (
        "stopped at step" in out
        and "to resume:" in out
        and "--resume --tensorboard" in out
    )
    assert "Traceback" not in err
    assert run("train", "--run-dir", tmp_path / "cut", "--resume")[0] == 0
    history = History.read(tmp_path / "cut" / "history.csv")
    for column in UNTIMED:
        np.testing.assert_array_equal(history[column], never_stopped[column])


@pytest.mark.slow
def test_a_full_disk_ends_a_run_with_one_clear_line(run, tmp_path):
    """The kernel refuses files beyond 9 MB; a first checkpoint needs about 11."""
    train = "train", "--preset", "quick", "--steps", 100, "--run-dir", tmp_path / "r"
    with disk_of(9_000_000):
        code, text = run(*train)
    assert code == 1
    assert "error: cannot write" in text
    assert "make room on the disk, then start again" in text
    assert not list((tmp_path / "r").glob("*.part"))
    assert run(*train)[0] == 0
