"""Breakout with its real replay buffer: stopped, killed, gone on with, and no bit lost.

The buffer is compressed and so small that it has been written over several times; four
games at once lose lives and end. What is compared is all there is of a run: the files
it leaves, checkpoints included (`same_run.py`).
"""

import numpy as np
import pytest
from same_run import assert_same_files
from short_lives import Life

from dqn_tutorial.config import PRESETS
from dqn_tutorial.runs.checkpoints import checkpoint_path, read_arrays
from dqn_tutorial.runs.trainer import Trainer

pytestmark = pytest.mark.slow

STEPS = 1_600
BREAKOUT = PRESETS["laptop"].replace(
    num_envs=4,
    batch_size=8,
    replay_capacity_transitions=400,  # 100 frames of each game
    learning_starts_steps=100,
    update_period_steps=16,
    target_sync_period_updates=10,
    epsilon_decay_steps=400,
    log_period_steps=60,
    checkpoint_period_steps=200,
)


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """The folder of a run that was never stopped."""
    run_dir = tmp_path_factory.mktemp("whole") / "run"
    Trainer.start(BREAKOUT, run_dir, seed=4).run(STEPS)
    return run_dir


def test_the_run_holds_all_that_makes_resuming_hard(whole_run):
    """Or the other tests here would show little."""
    arrays, meta = read_arrays(checkpoint_path(whole_run, STEPS))
    assert BREAKOUT.replay_compressed and BREAKOUT.game == "breakout"
    assert arrays["replay/written"].min() > 3 * 100  # written over three times
    assert arrays["replay/_terminated"].sum() >= 4  # lives lost, in the last 400 steps
    assert meta["games_finished"] >= 4
    lengths = arrays["games/log_lengths"]
    assert len(set(lengths.tolist())) >= 3  # the games stand at steps of their own
    assert meta["update"] == 94  # at steps 112, 128, ..., 1,600


def test_breakout_stopped_at_random_steps_and_resumed_equals_a_run_that_was_not(
    tmp_path, whole_run
):
    run_dir = tmp_path / "run"
    trainer = Trainer.start(BREAKOUT, run_dir, seed=4)
    # 1,000 and more would leave other checkpoints than the last three of every run.
    moments = np.sort(np.random.default_rng(0).integers(4, 1_000, size=3))
    for moment in moments:
        trainer.run(STEPS, stop=lambda at=moment, t=trainer: t.step >= at)
        assert trainer.step % BREAKOUT.checkpoint_period_steps != 0
        trainer = Trainer.resume(run_dir)
        assert 0 <= trainer.step - moment < BREAKOUT.num_envs
    trainer.run(STEPS)
    assert_same_files(run_dir, whole_run)


def test_breakout_killed_between_two_checkpoints_equals_a_run_that_was_not(
    tmp_path, whole_run
):
    """The steps since the last checkpoint are made again, and are the same again."""
    run_dir, rng = tmp_path / "run", np.random.default_rng(1)
    trainer = Trainer.start(BREAKOUT, run_dir, seed=4)
    made_again = 0
    for checkpoint in (200, 800):
        kill_at = checkpoint + rng.integers(4, 120)
        with Life(run_dir, BREAKOUT, STEPS) as life:
            reports = [life.next_report()]
            while reports[-1][1] < kill_at:
                reports.append(life.next_report())
            _, last_step = [*reports, *life.kill()][-1]
        trainer = Trainer.resume(run_dir)
        assert checkpoint <= trainer.step <= last_step
        made_again += last_step - trainer.step
    assert made_again > 0
    trainer.run(STEPS)
    assert_same_files(run_dir, whole_run)
