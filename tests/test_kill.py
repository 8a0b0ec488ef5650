"""Kill -9 at any moment: a run can be gone on with, and nothing on disk is half a file.

A real run, TensorFlow and all, is killed many times in a row at random moments. A
small writer dies before each single call it makes to the system, so that no moment of
the writing is left to chance. A real run dies between any two of its files, so that
none is missing in the end.

What a killed process has written, the system still has; after a power cut it may not.
Files are synced before they are renamed against that, which no test here can show.
"""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import short_lives
from same_run import assert_same_arrays, assert_same_files, untimed
from short_lives import (
    Life,
    arrays_of,
    history_until,
    one_openblas_thread,
    save_step,
)
from unix import needs_unix

from dqn_tutorial.config import PRESETS
from dqn_tutorial.runs import trainer as trainer_module
from dqn_tutorial.runs.checkpoints import (
    KEEP,
    CheckpointError,
    checkpoint_path,
    checkpoint_paths,
    load_latest_valid,
    read_arrays,
    stage_path,
)
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.trainer import Trainer

pytestmark = [pytest.mark.slow, needs_unix]

# 8 games at once; learning begins late, since the first update of a life is slow.
CATCH = PRESETS["catch"].replace(
    batch_size=8,
    replay_capacity_transitions=700,
    learning_starts_steps=400,
    update_period_steps=16,
    target_sync_period_updates=10,
    log_period_steps=40,
    checkpoint_period_steps=16,
    stage_period_steps=160,
)


# --- a real run, at random moments ---------------------------------------------------


class Chain:
    """Lives on one run folder, one after the other, and what they left behind."""

    def __init__(self, run_dir: Path):
        self.run_dir = run_dir
        self.rng = np.random.default_rng(0)
        self.step: int | None = None  # the last that any life reported
        self.saved: int | None = None  # the newest checkpoint known to be there
        self.histories: list[np.ndarray] = []
        self.killed_before_the_first_checkpoint = 0
        self.killed_while_writing = 0

    def live_and_die(self) -> None:
        """One life: it is killed some reports and some hundredths of a second old."""
        with Life(self.run_dir, CATCH, total_steps=1_000_000) as life:
            if self.saved is not None or self.rng.random() < 0.5:
                for _ in range(self.rng.choice([0, 1, 3, 6, 9])):
                    self.hear(*life.next_report())
            parts_before = self.parts()
            time.sleep(self.rng.uniform(0, 0.1))  # a step and its checkpoint take half
            for report in life.kill():
                self.hear(*report)
        self.killed_while_writing += self.parts() != parts_before

    def hear(self, what: str, step: int) -> None:
        if what == "ready":
            assert self.saved in (None, step)  # the one that the check has found
            assert step >= (self.step or 0) - CATCH.checkpoint_period_steps
        if what in ("ready", "saved"):
            self.saved = step
        self.step = step

    def parts(self) -> dict[str, int]:
        found = {}
        for path in self.run_dir.glob("*.part"):
            with contextlib.suppress(FileNotFoundError):  # just put into its place
                found[path.name] = path.stat().st_mtime_ns
        return found

    def check(self) -> None:
        """The newest checkpoint is whole and no older than the last one reported."""
        try:
            (_, meta), problems = load_latest_valid(self.run_dir, read_arrays)
        except CheckpointError:
            assert self.saved is None and not list(self.run_dir.glob("checkpoint*npz"))
            self.killed_before_the_first_checkpoint += 1
            return
        assert problems == []
        assert meta["step"] >= (self.saved or 0)
        self.saved = meta["step"]
        checkpoint_files = checkpoint_paths(self.run_dir)
        assert len(checkpoint_files) <= KEEP + 1  # killed before it deleted the oldest
        assert len(self.parts()) <= 4  # checkpoint, best, stage, history
        for name in ("best.npz", "stage_*.npz"):
            for path in sorted(self.run_dir.glob(name))[-1:]:
                read_arrays(path)
        if (self.run_dir / "history.csv").exists():
            history = History.read(self.run_dir / "history.csv")
            self.histories.append(untimed(history))


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.long)])
def test_a_run_killed_at_random_moments_ends_as_one_that_was_not(tmp_path, kills):
    chain = Chain(tmp_path / "chain")
    lives = itertools.count(1)
    while next(lives) <= kills or chain.saved is None:  # nothing yet to go on from
        chain.live_and_die()
        chain.check()
    if kills == 50:  # fewer may miss these moments
        assert chain.killed_before_the_first_checkpoint >= 1
        assert chain.killed_while_writing >= 5

    total_steps = max(1_200, chain.saved + 40)
    Trainer.resume(chain.run_dir).run(total_steps)
    Trainer.start(CATCH, tmp_path / "whole", seed=3).run(total_steps)
    assert_same_files(chain.run_dir, tmp_path / "whole")
    assert len(checkpoint_paths(chain.run_dir)) == KEEP
    assert not list(chain.run_dir.glob("*.npz.part"))
    final = untimed(History.read(tmp_path / "whole" / "history.csv"))
    for history in chain.histories:
        np.testing.assert_array_equal(history, final[: len(history)])


# --- a small writer, before every call to the system ---------------------------------


@pytest.fixture(scope="module")
def deaths(tmp_path_factory) -> list[Path]:
    """A folder for each call before which a writer of step 5 died, in order.

    The last writer was not killed. What all of them found had been left by others who
    were: a checkpoint too many, and half of one that will never be written again.
    """
    before = tmp_path_factory.mktemp("deaths") / "before"
    before.mkdir()
    for step in range(1, 5):
        save_step(before, step)
    shutil.copy(before / "stage_000000000001.npz", checkpoint_path(before, 1))
    checkpoint_path(before, 99).with_suffix(".npz.part").write_bytes(b"PK" * 100)
    command = [sys.executable, short_lives.__file__, before, "5"]
    with one_openblas_thread():
        run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return [before.with_name(str(i + 1)) for i in range(int(run.stdout) + 1)]


def test_whichever_call_is_the_last_the_newest_checkpoint_is_whole(deaths):
    assert len(deaths) > 100
    newest, unfinished = [], 0
    for folder in deaths:
        (arrays, meta), problems = load_latest_valid(folder, read_arrays)
        assert problems == []
        assert_same_arrays(arrays, arrays_of(meta["step"]))
        newest.append(meta["step"])
        unfinished += checkpoint_path(folder, 5).with_suffix(".npz.part").exists()
    assert newest == sorted(newest) and set(newest) == {4, 5}
    assert unfinished > 20  # so many died while they wrote the checkpoint


def test_whichever_call_is_the_last_every_other_file_is_the_old_or_the_new(deaths):
    for folder in deaths:
        arrays, meta = read_arrays(folder / "best.npz")
        assert meta["step"] in (4, 5)
        assert_same_arrays(arrays, arrays_of(meta["step"]))
        for path in folder.glob("stage_*.npz"):
            arrays, meta = read_arrays(path)
            assert path == stage_path(folder, meta["step"])
            assert_same_arrays(arrays, arrays_of(meta["step"]))
        rows = untimed(History.read(folder / "history.csv"))
        assert len(rows) in (4, 5)
        np.testing.assert_array_equal(rows, untimed(history_until(len(rows))))


def test_whichever_call_is_the_last_the_next_writer_tidies_up(deaths):
    """The last to look at these folders, since it writes into them."""
    for folder in deaths:
        whole = checkpoint_paths(folder)
        if checkpoint_path(folder, 5).with_suffix(".npz.part").exists():
            # There is room for one more only after what is too many has gone.
            assert len(whole) == KEEP and len(list(folder.glob("checkpoint*part"))) == 1
        assert len(whole) <= KEEP + 1
        save_step(folder, 6)
        newest = [checkpoint_path(folder, 6), *whole[: KEEP - 1]]
        assert checkpoint_paths(folder) == newest
        assert not list(folder.glob("*.part"))


# --- a real run, between any two of its files ----------------------------------------


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill -9."""


SHORT = CATCH.replace(stage_period_steps=32, log_period_steps=24)
SHORT_STEPS = 32


def run(trainer: Trainer) -> None:
    """Run to the end, by chance alone: it learns nothing, and networks take long."""
    games = trainer.config.num_envs
    trainer.agent.act = lambda states, epsilon, rng: rng.integers(3, size=games)
    trainer.run(SHORT_STEPS)


def run_until_file(number: int, run_dir: Path) -> bool:
    """Run, but die before the `number`th file gets its name; did it come to that?"""
    files = itertools.count(1)

    def rename_or_die(aside, path):
        if next(files) == number:
            raise Killed
        os.rename(aside, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", rename_or_die)
        try:
            run(Trainer.start(SHORT, run_dir, seed=3))
        except Killed:
            return True
    return False


@pytest.fixture(scope="module")
def runs_gone_on_with(tmp_path_factory) -> list[Path]:
    """Runs that died, each before another of their files, and went on to the end.

    The last one is a run that did not die.
    """
    folder, runs = tmp_path_factory.mktemp("files"), []
    for number in itertools.count(1):
        runs.append(folder / str(number))
        if not run_until_file(number, runs[-1]):
            return runs
        try:
            trainer = Trainer.resume(runs[-1])
        except CheckpointError:
            trainer = Trainer.start(SHORT, runs[-1], seed=3)
        run(trainer)


def test_whichever_file_is_the_last_a_run_ends_as_one_that_was_not_killed(
    runs_gone_on_with,
):
    *died, whole = runs_gone_on_with
    assert len(died) == 10  # four to begin with, two, one, and three at the end
    for run_dir in died:
        assert_same_files(run_dir, whole)


def test_whichever_file_is_the_last_none_is_missing_in_the_end(runs_gone_on_with):
    names = [sorted(path.name for path in run.iterdir()) for run in runs_gone_on_with]
    for found in names:
        assert found == names[-1]


# --- room on the disk ----------------------------------------------------------------


def test_a_run_takes_no_more_of_the_disk_than_checkpoints_py_says(
    tmp_path, monkeypatch
):
    """32 checkpoints, 4 stages; looked at whenever a file is full and not yet in place.

    That is the fullest moment: then the old file and the new one are both there.
    """
    sizes, run_dir = [], tmp_path / "run"

    def look(_):
        sizes.append({path.name: path.stat().st_size for path in run_dir.iterdir()})

    monkeypatch.setattr(os, "fsync", look)
    monkeypatch.setattr(trainer_module, "RECENT_GAMES", 4)  # for a best.npz
    Trainer.start(CATCH, run_dir, seed=3).run(512)

    network = sizes[-1]["best.npz"]
    assert 2.6e6 < network < 2.8e6
    checkpoint = max(sizes[-1][path.name] for path in checkpoint_paths(run_dir))
    for moment in sizes:
        stages = sum(name.startswith("stage") for name in moment)
        assert stages <= 1 + 512 // 160
        networks = stages + 1  # and the best
        bound = (KEEP + 1) * checkpoint + networks * network + 100_000
        assert sum(moment.values()) <= bound
    assert max(len(moment) for moment in sizes) == KEEP + 1 + 4 + 1 + 3  # .lock, too
