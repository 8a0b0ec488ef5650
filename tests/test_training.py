"""The loop: what is stored is what happened, and a stopped run goes on unharmed.

The runs are short: a few hundred steps, so that a gradient step count can be worked
out by hand and a history compared to the last bit.
"""

import json
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from same_run import assert_same_arrays, assert_same_file, contents
from unix import needs_unix

from dqn_tutorial.atari import ParallelAtari
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.parallel_env import FinishedGame, ParallelEnv, Step
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs import trainer as trainer_module
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.signals import StopOnSignal
from dqn_tutorial.runs.trainer import GAMES_PER_SEED, Trainer
from dqn_tutorial.training import FIRST_TRAINING_SEED

CATCH = PRESETS["catch"].replace(
    num_envs=4,
    batch_size=8,
    learning_starts_steps=40,
    epsilon_decay_steps=200,
    target_sync_period_updates=10,
    log_period_steps=50,
    checkpoint_period_steps=100,
)
BREAKOUT = CATCH.replace(game="breakout", update_period_steps=8)


def assert_same_run(one: Trainer, other: Trainer):
    """They are at the same step, and saved the same there, to the last bit."""
    assert one.step == other.step
    of_both = (checkpoints.checkpoint_path(t.run_dir, one.step) for t in (one, other))
    assert_same_file(*of_both)


def copy_of(run: Trainer, folder) -> Path:
    """A copy of its folder."""
    return Path(shutil.copytree(run.run_dir, folder))


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """One run of 400 steps that was never stopped; test_resume.py has Breakout's."""
    trainer = Trainer.start(CATCH, tmp_path_factory.mktemp("whole") / "run", seed=3)
    trainer.run(400)
    return trainer


@pytest.mark.slow
@pytest.mark.parametrize("stopped_at", [0, 36, 152, 200])
def test_a_run_stopped_anywhere_and_resumed_equals_one_that_was_not(
    tmp_path, whole_run, stopped_at
):
    first = Trainer.start(CATCH, tmp_path / "parts", seed=3)
    first.run(stopped_at)
    assert first.step == stopped_at
    second = Trainer.resume(tmp_path / "parts")
    assert second.step == stopped_at
    second.run(400)
    assert_same_run(second, whole_run)
    on_disk = History.read(tmp_path / "parts" / "history.csv")
    np.testing.assert_array_equal(
        on_disk["step"], [52, 100, 152, 200, 252, 300, 352, 400]
    )


@pytest.mark.slow
def test_another_seed_is_another_run(tmp_path):
    runs = [Trainer.start(CATCH, tmp_path / str(seed), seed) for seed in (0, 1)]
    for part in ("acting_rng", "sampling_rng"):
        states = [getattr(run, part).bit_generator.state["state"] for run in runs]
        assert states[0] != states[1], part
    kernels = [run.agent.online.variables[0].numpy() for run in runs]
    assert not np.array_equal(*kernels)
    for run in runs:
        run.run(200)
    assert not np.array_equal(runs[0].history["loss"], runs[1].history["loss"])


def test_a_row_of_the_history_is_about_the_updates_and_steps_since_the_last(
    tmp_path, monkeypatch
):
    """One update every 4 steps from step 40 on, rows at 52 and 100, worked by hand.

    The updates reach steps 44, 48, 52 (numbers 1, 2, 3) and 56 to 100 (4 to 15).
    """
    trainer = Trainer.start(CATCH, tmp_path / "run")
    numbers = iter(range(1, 100))
    trainer.agent.learn = lambda batch: (next(numbers), 10.0)
    clock = iter(range(1_000))  # a second for each look: one at the start, one a step
    looked_at = SimpleNamespace(perf_counter=lambda: float(next(clock)))
    monkeypatch.setattr(trainer_module, "time", looked_at)
    trainer.run(100)
    assert trainer.history["loss"].tolist() == [2.0, 9.5]
    assert trainer.history["mean_q"].tolist() == [10.0, 10.0]
    assert trainer.history["wall_seconds"].tolist() == [13.0, 25.0]
    assert trainer.history["steps_per_second"].tolist() == [4.0, 4.0]


def test_updates_syncs_and_epsilon_fall_due_when_worked_out_by_hand(tmp_path):
    """4 games at once, one update every 8 steps once 40 steps are made, sync every 10.

    Steps begin at 0, 4, 8, ...; those that begin at 40 or later and reach a multiple of
    8 bring an update: 40->44 no, 44->48 yes, ... up to 116->120: 48, 56, ..., 120,
    which are 10 updates.
    """
    config = CATCH.replace(update_period_steps=8)
    trainer = Trainer.start(config, tmp_path / "run")
    syncs = []
    trainer.agent.sync_target = lambda: syncs.append(1)
    trainer.run(116)
    assert (trainer.step, trainer.update, len(syncs)) == (116, 9, 0)
    trainer.run(120)
    assert (trainer.step, trainer.update, len(syncs)) == (120, 10, 1)
    assert trainer.history["epsilon"].tolist() == pytest.approx(
        [1 - 0.95 * 52 / 200, 1 - 0.95 * 100 / 200]
    )


def test_more_than_one_update_is_made_where_a_step_of_all_games_covers_several(
    tmp_path,
):
    config = CATCH.replace(num_envs=8, update_period_steps=4)
    trainer = Trainer.start(config, tmp_path / "run")
    trainer.run(80)
    assert trainer.update == 2 * (80 - 40) // 8


def test_one_game_at_a_time_is_allowed(tmp_path):
    trainer = Trainer.start(CATCH.replace(num_envs=1), tmp_path / "run")
    trainer.run(60)
    assert (trainer.step, trainer.update) == (60, 5)
    assert trainer.games_finished == 60 // 9


@pytest.mark.slow
def test_what_is_learned_from_is_what_happened_in_the_emulator(tmp_path):
    """Every sampled transition is found in a list written by a loop of its own.

    That loop plays the same seeds with the actions recorded at the emulator, keeps
    whole stacks instead of frames, and knows nothing of the trainer or the buffer.
    """
    config = BREAKOUT.replace(update_period_steps=4, checkpoint_period_steps=10_000)
    trainer = Trainer.start(config, tmp_path / "run", seed=5)
    batches, actions = [], []
    learn, recv = trainer.agent.learn, trainer.env.recv

    def spy_on_learn(batch):
        batches.append(batch)
        return learn(batch)

    def spy_on_recv():
        step = recv()
        actions.append(step.actions)
        return step

    trainer.agent.learn, trainer.env.recv = spy_on_learn, spy_on_recv
    trainer.run(1200)

    env = ParallelAtari(
        "breakout", 4, FIRST_TRAINING_SEED * 6, games_per_seed=GAMES_PER_SEED
    )
    states = env.reset().copy()
    happened = set()
    for executed in actions:
        step = env.step(executed)
        assert (step.actions == executed).all()  # FIRE was recorded as it was pressed
        for g in range(4):
            after = np.concatenate([states[g, 1:], step.next_frames[g][None]])
            happened.add(
                (
                    states[g].tobytes(),
                    int(executed[g]),
                    float(np.sign(step.rewards[g])),
                    after.tobytes(),
                    bool(step.terminated[g]),
                )
            )
        states = env.states.copy()
    lost_lives = sum(terminated for *_, terminated in happened)
    assert lost_lives > 10 and trainer.games_finished > 2
    sampled = 0
    for batch in batches:
        for s, a, r, s_next, terminated in zip(*batch, strict=True):
            key = (s.tobytes(), int(a), float(r), s_next.tobytes(), bool(terminated))
            assert key in happened
            sampled += 1
    assert sampled == 8 * trainer.update > 2_000


class RichGames(ParallelEnv):
    """Every step pays 7; a game is three steps long."""

    def start_games(self, mask, seeds):
        self.clock = np.where(mask, 0, getattr(self, "clock", np.zeros(len(mask), int)))
        return np.zeros((self.num_envs, 4, 84, 84), np.uint8)

    def send_actions(self, actions):
        return actions

    def receive(self):
        self.clock = self.clock + 1
        states = np.zeros((self.num_envs, 4, 84, 84), np.uint8)
        over = self.clock == 3
        return states, np.full(self.num_envs, 7, np.float32), over, over


@pytest.mark.parametrize("clip, learned_from", [(True, 1.0), (False, 7.0)])
def test_rewards_are_clipped_for_learning_and_counted_whole(
    tmp_path, monkeypatch, clip, learned_from
):
    monkeypatch.setattr(
        "dqn_tutorial.runs.trainer.make_env",
        lambda config, n, seed, per_seed: RichGames(n, ["NOOP", "FIRE"], seed),
    )
    trainer = Trainer.start(CATCH.replace(clip_rewards=clip), tmp_path / "run")
    trainer.run(60)
    batch = trainer.replay.sample(32, np.random.default_rng(0))
    assert set(batch.rewards.tolist()) == {learned_from}
    assert set(trainer.recent_scores) == {21.0}


def test_a_folder_that_holds_a_run_is_left_alone(tmp_path):
    Trainer.start(CATCH, tmp_path / "run").run(100)
    before = {p: p.read_bytes() for p in (tmp_path / "run").iterdir()}
    with pytest.raises(FileExistsError, match="add --resume"):
        Trainer.start(CATCH, tmp_path / "run")
    assert {p: p.read_bytes() for p in (tmp_path / "run").iterdir()} == before


@pytest.mark.slow
def test_a_second_trainer_is_kept_out_while_the_first_is_at_work(tmp_path):
    first = Trainer.start(CATCH, tmp_path / "run")
    second = Trainer.resume(tmp_path / "run")
    refusals = []

    class TryTheSecond:
        """A progress bar that starts the other one when it is first moved."""

        def update(self, n):
            if not refusals:
                with pytest.raises(CheckpointError, match="another process is"):
                    second.run(100)
                refusals.append(first.step)

        def set_postfix_str(self, *_, **__):
            pass

    first.run(100, progress=TryTheSecond())
    assert refusals and second.step == 0


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        Trainer.resume(tmp_path)


@pytest.mark.slow
def test_a_truncated_checkpoint_costs_only_the_steps_since_the_one_before(
    tmp_path, whole_run, capsys
):
    run_dir = copy_of(whole_run, tmp_path / "run")
    newest = checkpoints.checkpoint_path(run_dir, 400)
    newest.write_bytes(newest.read_bytes()[:-1000])
    resumed = Trainer.resume(run_dir)
    assert "checkpoint_000000000400.npz is not a complete" in capsys.readouterr().out
    assert resumed.step == 300
    resumed.run(400)
    assert_same_run(resumed, whole_run)


@pytest.mark.slow
def test_a_checkpoint_of_another_network_falls_back_to_the_one_before(
    tmp_path, whole_run, capsys
):
    run_dir = copy_of(whole_run, tmp_path / "run")
    newest = checkpoints.checkpoint_path(run_dir, 400)
    arrays, meta = checkpoints.read_arrays(newest)
    whole = arrays["online/0"]
    arrays["online/0"] = whole[..., :3]
    checkpoints.write_arrays(newest, arrays, meta)
    assert Trainer.resume(run_dir).step == 300
    said = capsys.readouterr().out
    assert "cannot use checkpoint_000000000400.npz: " in said and "has shape" in said
    arrays["online/0"] = whole
    del arrays["losses"]
    checkpoints.write_arrays(newest, arrays, meta)
    assert Trainer.resume(run_dir).step == 300


@pytest.mark.slow
@pytest.mark.parametrize("sent", StopOnSignal.SIGNALS, ids=lambda sent: sent.name)
def test_a_signal_ends_a_run_after_the_step_under_way_and_it_can_go_on(
    tmp_path, whole_run, sent, capsys, request
):
    """As in a notebook: the same object goes on when its cell is run again."""
    was = signal.signal(sent, signal.default_int_handler)  # nohup ignores SIGHUP
    request.addfinalizer(lambda: signal.signal(sent, was))
    trainer = Trainer.start(CATCH, tmp_path / "run", seed=3)
    learn = trainer.agent.learn

    def interrupted_once(batch):
        trainer.agent.learn = learn
        signal.raise_signal(sent)
        assert signal.getsignal(sent) == before  # the second one would end it at once
        return learn(batch)

    trainer.agent.learn = interrupted_once
    before = signal.getsignal(sent)
    trainer.run(400)
    assert trainer.step == 44
    assert signal.getsignal(sent) == before
    assert "stopped at step 44; saved in" in capsys.readouterr().out
    trainer.run(400)
    assert_same_run(trainer, whole_run)


class Gone:
    """A stderr, or a progress bar, whose reader has ended."""

    def write(self, *_):
        raise BrokenPipeError(32, "Broken pipe")

    flush = update = set_postfix_str = write


@pytest.mark.slow
def test_a_run_whose_output_nobody_reads_any_more_is_saved(tmp_path, monkeypatch):
    """As after Ctrl-C in `train 2>&1 | tee log`, which ends tee as well."""
    trainer = Trainer.start(CATCH, tmp_path / "run", seed=3)
    learn = trainer.agent.learn

    def interrupted_once(batch):
        trainer.agent.learn = learn
        signal.raise_signal(signal.SIGINT)
        return learn(batch)

    trainer.agent.learn = interrupted_once
    monkeypatch.setattr("sys.stderr", Gone())
    trainer.run(400, progress=Gone())
    assert trainer.step == 44
    assert Trainer.resume(tmp_path / "run").step == 44


@needs_unix
def test_nohup_keeps_a_run_alive_when_the_terminal_is_closed(tmp_path):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        trainer = Trainer.start(CATCH, tmp_path / "run")
        learn = trainer.agent.learn

        def hung_up(batch):
            signal.raise_signal(signal.SIGHUP)
            return learn(batch)

        trainer.agent.learn = hung_up
        trainer.run(60)
        assert trainer.step == 60
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_loss_that_is_no_number_ends_the_run_and_is_never_saved(tmp_path):
    trainer = Trainer.start(CATCH, tmp_path / "run")
    trainer.agent.learn = lambda batch: (float("nan"), 0.0)
    with pytest.raises(FloatingPointError, match="the loss is nan at step 40"):
        trainer.run(44)
    assert Trainer.resume(tmp_path / "run").step == 0


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "run").write_text("", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match="choose a folder"):
        Trainer.start(CATCH, tmp_path / "run")


@pytest.mark.slow
def test_the_best_network_is_kept_when_a_hundred_games_have_been_played(tmp_path):
    trainer = Trainer.start(CATCH, tmp_path / "run")
    trainer.run(400)
    assert not (tmp_path / "run" / "best.npz").exists()  # 44 games so far
    trainer.run(1052)  # between two periodic checkpoints
    _, meta = checkpoints.read_arrays(tmp_path / "run" / "best.npz")
    assert json.loads(meta["config"])["game"] == "catch"
    resumed = Trainer.resume(tmp_path / "run")
    assert resumed.best_mean_score == trainer.best_mean_score == meta["score"] > -1


@pytest.mark.slow
def test_a_game_in_the_history_is_a_whole_game(tmp_path):
    """The mean score is that of games as the emulator reports them, all lives."""
    trainer = Trainer.start(BREAKOUT, tmp_path / "run", seed=1)
    finished: list[FinishedGame] = []
    recv = trainer.env.recv

    def spy() -> Step:
        step = recv()
        finished.extend(step.finished)
        return step

    trainer.env.recv = spy
    trainer.run(1500)
    assert len(finished) == trainer.games_finished > 4
    assert trainer.history["games"][-1] == len(finished)
    expected = np.mean([game.score for game in finished])
    assert np.mean(trainer.recent_scores) == pytest.approx(expected)


@pytest.mark.slow
def test_the_network_is_kept_at_each_stage_from_the_first_step_on(tmp_path):
    config = CATCH.replace(stage_period_steps=120, checkpoint_period_steps=10_000)
    trainer = Trainer.start(config, tmp_path / "run", seed=3)
    untrained = [v.numpy() for v in trainer.agent.online.variables]
    trainer.run(400)
    stages = sorted((tmp_path / "run").glob("stage_*.npz"))
    assert [path.name for path in stages] == [
        f"stage_{step:012d}.npz" for step in (0, 120, 240, 360)
    ]
    arrays, meta = checkpoints.read_arrays(stages[0])
    assert meta["step"] == 0 and meta["score"] is None
    for i, array in enumerate(untrained):
        np.testing.assert_array_equal(arrays[f"online/{i}"], array)
    later, meta = checkpoints.read_arrays(stages[1])
    assert meta["step"] == 120
    assert not np.array_equal(later["online/0"], arrays["online/0"])


@pytest.mark.slow
def test_a_setting_that_is_changed_on_resume_holds_from_there_on_and_is_told(
    tmp_path, whole_run
):
    run_dir = copy_of(whole_run, tmp_path / "run")
    changed = {"learning_rate": 1e-5, "learning_rate_end": 1e-5}
    Trainer.resume(run_dir, **changed).run(440)
    again = Trainer.resume(run_dir)
    assert again.config == CATCH.replace(**changed)
    told = DQNConfig.from_json((run_dir / "config.json").read_text(encoding="utf-8"))
    assert told == again.config
    assert float(again.agent.optimizer.learning_rate) == pytest.approx(1e-5)
    assert again.changed_settings == [
        "from step 400 on, learning_rate: 1e-05 against 0.00025",
        "from step 400 on, learning_rate_end: 1e-05 against 0.00025",
    ]


@pytest.mark.slow
def test_the_cuts_of_one_command_are_those_of_three_that_change_the_rate(tmp_path):
    cut_twice = {"total_steps": 400, "learning_rate": 0.0016, "learning_rate_end": 1e-4}
    one = Trainer.start(CATCH.replace(**cut_twice), tmp_path / "one", seed=3)
    one.run()

    def standing(rate):
        return {"learning_rate": rate, "learning_rate_end": rate}

    run_dir = tmp_path / "three"
    Trainer.start(CATCH.replace(**standing(0.0016)), run_dir, seed=3).run(200)
    Trainer.resume(run_dir, **standing(0.0004)).run(360)
    Trainer.resume(run_dir, **standing(0.0001)).run(400)
    (arrays, meta), (others, told) = (
        contents(checkpoints.checkpoint_path(tmp_path / name, 400))
        for name in ("one", "three")
    )
    assert_same_arrays(arrays, others)
    assert {k for k in meta if meta[k] != told[k]} == {"config", "changed_settings"}


OTHERS = {
    "game": "breakout",
    "network": "dqn2015",
    "num_envs": 5,
    "noop_max_frames": 7,
    "automatic_fire": False,
    "max_frames_per_game": 400,
    "replay_capacity_transitions": 9_999,
    "replay_compressed": False,
    "clip_rewards": False,
}


def test_what_a_run_is_made_of_cannot_be_changed_on_resume_but_can_be_repeated(
    tmp_path, capsys
):
    Trainer.start(CATCH, tmp_path)
    for name, other in OTHERS.items():
        with pytest.raises(ValueError, match=f"a run cannot change its {name}$"):
            Trainer.resume(tmp_path, **{name: other})
    again = Trainer.resume(tmp_path, **{name: getattr(CATCH, name) for name in OTHERS})
    assert again.changed_settings == []
    assert "cannot use" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"loss": "mse"}, "loss must be one of huber, squared, got 'mse'"),
        ({"learning_rate": -1}, "learning_rate must be positive"),
    ],
)
def test_a_setting_that_cannot_work_is_not_blamed_on_the_checkpoints(
    tmp_path, capsys, changes, said
):
    Trainer.start(CATCH, tmp_path / "run")
    with pytest.raises(ValueError, match=said):
        Trainer.resume(tmp_path / "run", **changes)
    assert capsys.readouterr().out == ""


def test_a_folder_in_which_another_trains_is_not_touched(tmp_path):
    run_dir = tmp_path / "run"
    first = Trainer.start(CATCH, run_dir)
    before = {p: p.read_bytes() for p in run_dir.iterdir()}
    with checkpoints.run_lock(run_dir):  # as the first one does while it runs
        second = Trainer.resume(run_dir, learning_rate=1e-5)
        with pytest.raises(CheckpointError, match="another process is training"):
            second.run(100)
    assert {p: p.read_bytes() for p in run_dir.iterdir()} == before
    assert first.config.learning_rate != second.config.learning_rate


def test_of_two_runs_that_begin_in_one_folder_at_once_one_is_refused(
    tmp_path, monkeypatch
):
    run_dir = tmp_path / "run"
    begin = Trainer.__init__

    def slowly(trainer, *args):
        begin(trainer, *args)
        monkeypatch.setattr(Trainer, "__init__", begin)
        Trainer.start(CATCH, run_dir, seed=7)  # another, meanwhile

    monkeypatch.setattr(Trainer, "__init__", slowly)
    with pytest.raises(FileExistsError, match="already holds a run"):
        Trainer.start(CATCH, run_dir, seed=8)
    assert Trainer.resume(run_dir).seed == 7
