"""The loop: what is stored is what happened, and a stopped run goes on unharmed.

The runs are short: a few hundred steps, so that a gradient step count can be worked
out by hand and a history compared to the last bit.
"""

import json
import os
import signal

import numpy as np
import pytest
from same_run import TIMES

from dqn_tutorial import checkpoints
from dqn_tutorial.atari import AtariGames
from dqn_tutorial.checkpoints import CheckpointError
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.games import FinishedGame, Step, VectorGames
from dqn_tutorial.history import COLUMNS, History
from dqn_tutorial.training import FIRST_TRAINING_SEED, GAMES_PER_SEED, Trainer

CATCH = PRESETS["catch"].replace(
    num_games=4,
    batch_size=8,
    learning_starts_steps=40,
    epsilon_decay_steps=200,
    target_sync_period_updates=10,
    log_period_steps=50,
    checkpoint_period_steps=100,
)
BREAKOUT = CATCH.replace(game="breakout", update_period_steps=8)


def stop_after(steps, trainer):
    """A `stop` that becomes true once `trainer` has made this many steps."""
    return lambda: trainer.step >= steps


def assert_same_run(one: Trainer, other: Trainer):
    """Everything that is not a time is equal, to the last bit."""
    assert one._COUNTERS == other._COUNTERS
    for name in set(one._COUNTERS) - {"wall_seconds"}:
        assert getattr(one, name) == getattr(other, name), name
    for column in set(COLUMNS) - set(TIMES):
        np.testing.assert_array_equal(one.history[column], other.history[column])
    pairs = zip(one.agent.online.variables, other.agent.online.variables, strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    np.testing.assert_array_equal(one.games.states, other.games.states)
    assert one.recent_scores == other.recent_scores


@pytest.fixture(scope="module")
def whole_runs(tmp_path_factory):
    """One run of 400 steps of each game that was never stopped."""
    runs = {}
    for config in (CATCH, BREAKOUT):
        run_dir = tmp_path_factory.mktemp("whole") / config.game
        runs[config.game] = Trainer.start(config, run_dir, seed=3)
        runs[config.game].run(400)
    return runs


@pytest.mark.parametrize(
    "config, stopped_at", [(CATCH, 36), (CATCH, 152), (CATCH, 200), (BREAKOUT, 152)]
)
def test_a_run_stopped_anywhere_and_resumed_equals_one_that_was_not(
    tmp_path, whole_runs, config, stopped_at
):
    first = Trainer.start(config, tmp_path / "parts", seed=3)
    first.run(400, stop=stop_after(stopped_at, first))
    assert first.step == stopped_at
    second = Trainer.resume(tmp_path / "parts")
    assert second.step == stopped_at
    second.run(400)
    assert_same_run(second, whole_runs[config.game])
    on_disk = History.read(tmp_path / "parts" / "history.csv")
    np.testing.assert_array_equal(
        on_disk["step"], [52, 100, 152, 200, 252, 300, 352, 400]
    )


def test_another_seed_is_another_run(tmp_path):
    runs = [Trainer.start(CATCH, tmp_path / str(seed), seed) for seed in (0, 1)]
    for run in runs:
        run.run(200)
    assert not np.array_equal(runs[0].history["loss"], runs[1].history["loss"])


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
    config = CATCH.replace(num_games=8, update_period_steps=4)
    trainer = Trainer.start(config, tmp_path / "run")
    trainer.run(80)
    assert trainer.update == 2 * (80 - 40) // 8


def test_one_game_at_a_time_is_allowed(tmp_path):
    trainer = Trainer.start(CATCH.replace(num_games=1), tmp_path / "run")
    trainer.run(60)
    assert (trainer.step, trainer.update) == (60, 5)
    assert trainer.games_finished == 60 // 9


def test_what_is_learned_from_is_what_happened_in_the_emulator(tmp_path):
    """Every sampled transition is found in a list written by a loop of its own.

    That loop plays the same seeds with the actions recorded at the emulator, keeps
    whole stacks instead of frames, and knows nothing of the trainer or the buffer.
    """
    config = BREAKOUT.replace(update_period_steps=4, checkpoint_period_steps=10_000)
    trainer = Trainer.start(config, tmp_path / "run", seed=5)
    batches, actions = [], []
    learn, recv = trainer.agent.learn, trainer.games.recv

    def spy_on_learn(batch):
        batches.append(batch)
        return learn(batch)

    def spy_on_recv():
        step = recv()
        actions.append(step.actions)
        return step

    trainer.agent.learn, trainer.games.recv = spy_on_learn, spy_on_recv
    trainer.run(1200)

    games = AtariGames(
        "breakout", 4, FIRST_TRAINING_SEED * 6, games_per_seed=GAMES_PER_SEED
    )
    states = games.reset().copy()
    happened = set()
    for executed in actions:
        step = games.step(executed)
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
        states = games.states.copy()
    lost_lives = sum(terminated for *_, terminated in happened)
    assert lost_lives > 10 and trainer.games_finished > 2
    sampled = 0
    for batch in batches:
        for s, a, r, s_next, terminated in zip(*batch, strict=True):
            key = (s.tobytes(), int(a), float(r), s_next.tobytes(), bool(terminated))
            assert key in happened
            sampled += 1
    assert sampled == 8 * trainer.update > 2_000


class RichGames(VectorGames):
    """Every step pays 7; a game is three steps long."""

    def _reset_games(self, mask, seeds):
        self.clock = np.where(mask, 0, getattr(self, "clock", np.zeros(len(mask), int)))
        return np.zeros((self.num_games, 4, 84, 84), np.uint8)

    def _send(self, actions):
        return actions

    def _recv(self):
        self.clock = self.clock + 1
        states = np.zeros((self.num_games, 4, 84, 84), np.uint8)
        over = self.clock == 3
        return states, np.full(self.num_games, 7, np.float32), over, over


@pytest.mark.parametrize("clip, learned_from", [(True, 1.0), (False, 7.0)])
def test_rewards_are_clipped_for_learning_and_counted_whole(
    tmp_path, monkeypatch, clip, learned_from
):
    monkeypatch.setattr(
        "dqn_tutorial.training.make_games",
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


def test_a_second_trainer_is_kept_out_while_the_first_is_at_work(tmp_path):
    first = Trainer.start(CATCH, tmp_path / "run")
    second = Trainer.resume(tmp_path / "run")
    refusals = []

    def try_the_second():
        if not refusals:
            with pytest.raises(CheckpointError, match="another process is training"):
                second.run(100)
            refusals.append(first.step)

    first.run(100, stop=try_the_second)
    assert refusals and second.step == 0
    Trainer.resume(tmp_path / "run").run(200)  # free again


def test_there_is_something_to_resume_from_the_first_moment_on(tmp_path):
    Trainer.start(CATCH, tmp_path / "run", seed=2)
    resumed = Trainer.resume(tmp_path / "run")
    resumed.run(60)
    whole = Trainer.start(CATCH, tmp_path / "whole", seed=2)
    whole.run(60)
    assert_same_run(resumed, whole)


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint to resume from"):
        Trainer.resume(tmp_path)


def test_a_truncated_checkpoint_costs_only_the_steps_since_the_one_before(
    tmp_path, capsys
):
    run_dir = tmp_path / "run"
    Trainer.start(CATCH, run_dir, seed=1).run(200)
    newest = checkpoints.checkpoint_paths(run_dir)[0]
    newest.write_bytes(newest.read_bytes()[:-1000])
    resumed = Trainer.resume(run_dir)
    assert "checkpoint_000000000200.npz is not a whole" in capsys.readouterr().out
    assert resumed.step == 100
    resumed.run(200)
    whole = Trainer.start(CATCH, tmp_path / "whole", seed=1)
    whole.run(200)
    assert_same_run(resumed, whole)


def test_a_checkpoint_of_another_network_falls_back_to_the_one_before(tmp_path, capsys):
    run_dir = tmp_path / "run"
    Trainer.start(CATCH, run_dir).run(200)
    newest = checkpoints.checkpoint_paths(run_dir)[0]
    arrays, meta = checkpoints.read_arrays(newest)
    arrays["online/0"] = arrays["online/0"][..., :3]
    checkpoints.write_arrays(newest, arrays, meta)
    assert Trainer.resume(run_dir).step == 100
    said = capsys.readouterr().out
    assert "cannot use checkpoint_000000000200.npz" in said and "has shape" in said
    del arrays["losses"]
    checkpoints.write_arrays(newest, arrays, meta)
    assert Trainer.resume(run_dir).step == 100


def test_a_resumed_run_knows_the_best_score_so_far(tmp_path):
    first = Trainer.start(CATCH, tmp_path / "run")
    first.run(1500, stop=stop_after(1052, first))  # between two periodic checkpoints
    _, meta = checkpoints.read_arrays(tmp_path / "run" / "best.npz")
    resumed = Trainer.resume(tmp_path / "run")
    assert resumed.best_mean_score == first.best_mean_score == meta["score"] > -1


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_after_the_step_under_way_and_it_can_go_on(
    tmp_path, whole_runs, sent, capsys
):
    """As in a notebook: the same object goes on when its cell is run again."""
    trainer = Trainer.start(CATCH, tmp_path / "run", seed=3)
    learn = trainer.agent.learn

    def interrupted_once(batch):
        trainer.agent.learn = learn
        os.kill(os.getpid(), sent)
        return learn(batch)

    trainer.agent.learn = interrupted_once
    before = signal.getsignal(sent)
    trainer.run(400)
    assert trainer.step == 44
    assert signal.getsignal(sent) == before
    assert "stopped at step 44; saved in" in capsys.readouterr().out
    trainer.run(400)
    assert_same_run(trainer, whole_runs["catch"])


def test_a_loss_that_is_no_number_ends_the_run(tmp_path):
    trainer = Trainer.start(CATCH, tmp_path / "run")
    trainer.agent.learn = lambda batch: (float("nan"), 0.0)
    with pytest.raises(FloatingPointError, match="the loss is nan at step 52"):
        trainer.run(100)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(NotADirectoryError, match="choose a folder"):
        Trainer.start(CATCH, tmp_path / "run")


def test_the_best_network_is_kept_when_a_hundred_games_have_been_played(tmp_path):
    trainer = Trainer.start(CATCH, tmp_path / "run")
    trainer.run(400)
    assert not (tmp_path / "run" / "best.npz").exists()  # 44 games so far
    trainer.run(1000)
    _, meta = checkpoints.read_arrays(tmp_path / "run" / "best.npz")
    assert meta["score"] == trainer.best_mean_score
    assert json.loads(meta["config"])["game"] == "catch"


def test_a_game_in_the_history_is_a_whole_game(tmp_path):
    """The mean score is that of games as the emulator reports them, all lives."""
    trainer = Trainer.start(BREAKOUT, tmp_path / "run", seed=1)
    finished: list[FinishedGame] = []
    recv = trainer.games.recv

    def spy() -> Step:
        step = recv()
        finished.extend(step.finished)
        return step

    trainer.games.recv = spy
    trainer.run(1500)
    assert len(finished) == trainer.games_finished > 4
    assert trainer.history["games"][-1] == len(finished)
    expected = np.mean([game.score for game in finished])
    assert np.mean(trainer.recent_scores) == pytest.approx(expected)


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


def test_a_setting_that_is_changed_on_resume_holds_from_there_on_and_is_told(tmp_path):
    run_dir = tmp_path / "run"
    Trainer.start(CATCH, run_dir, seed=3).run(200)
    changed = {"learning_rate": 1e-5, "learning_rate_end": 1e-5}
    Trainer.resume(run_dir, **changed).run(300)
    again = Trainer.resume(run_dir)
    assert again.config == CATCH.replace(**changed)
    told = DQNConfig.from_json((run_dir / "config.json").read_text())
    assert told == again.config
    assert float(again.agent.optimizer.learning_rate) == pytest.approx(1e-5)
    assert again.changed_settings == [
        "from step 200 on, learning_rate: 1e-05 against 0.00025",
        "from step 200 on, learning_rate_end: 1e-05 against 0.00025",
    ]
    with pytest.raises(ValueError, match="a run cannot change its network"):
        Trainer.resume(run_dir, network="dqn2015")
