"""Recorded runs resume, and training makes the same bits as when they were recorded."""

import shutil

import numpy as np
import pytest
from recorded_runs import (
    FOLDER,
    RUNS,
    SEED,
    STEPS,
    arithmetic_of_this_machine,
    checkpoint,
    with_tiny_network,
)
from same_run import assert_same_arrays, contents

from dqn_tutorial.config import DQNConfig
from dqn_tutorial.runs.trainer import Trainer

# `make check` sees at least that the plain run still makes the same bits.
QUICK_AND_SLOW = ["catch"] + [
    pytest.param(name, marks=pytest.mark.slow) for name in RUNS if name != "catch"
]


@pytest.fixture(scope="module")
def same_arithmetic():
    if (FOLDER / "arithmetic.txt").read_text(
        encoding="utf-8"
    ).strip() != arithmetic_of_this_machine():
        pytest.skip("this processor or TensorFlow adds up in another order")


@pytest.fixture
def tiny_network():
    with with_tiny_network:
        yield


def assert_same_run(run_dir, recorded):
    """All there is of a run: weights, optimizer, every transition, generators."""
    arrays, meta = contents(run_dir / checkpoint(STEPS))
    recorded_arrays, recorded_meta = contents(recorded / checkpoint(STEPS))
    assert meta == recorded_meta
    assert_same_arrays(arrays, recorded_arrays)
    assert meta["update"] > 250 and arrays["replay/written"].min() > 2 * 100


@pytest.mark.parametrize("name", QUICK_AND_SLOW)
@pytest.mark.usefixtures("same_arithmetic", "tiny_network")
def test_training_makes_the_same_bits_as_when_it_was_recorded(name, tmp_path):
    config = DQNConfig.from_json(
        (FOLDER / name / "config.json").read_text(encoding="utf-8")
    )
    Trainer.start(config, tmp_path / "run", SEED).run(STEPS)
    assert_same_run(tmp_path / "run", FOLDER / name)


@pytest.mark.parametrize("name", QUICK_AND_SLOW)
@pytest.mark.usefixtures("tiny_network")
def test_an_old_run_is_resumed_half_way(name, tmp_path, request):
    run_dir = tmp_path / "run"
    shutil.copytree(FOLDER / name, run_dir)
    (run_dir / checkpoint(STEPS)).unlink()
    trainer = Trainer.resume(run_dir)
    assert trainer.step == STEPS // 2
    before = [v.numpy() for v in trainer.agent.online.variables]
    trainer.run(STEPS)
    after = [v.numpy() for v in trainer.agent.online.variables]
    assert not any(map(np.array_equal, before, after))
    request.getfixturevalue("same_arithmetic")
    assert_same_run(run_dir, FOLDER / name)
