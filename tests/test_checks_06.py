"""Notebook 06: its own loop, its table of settings, and its checks that train.

What its checks say to right and wrong answers is in test_checks.py.
"""

import re
from pathlib import Path

import answers_06
import nbformat
import numpy as np
import pytest

from dqn_tutorial import training
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import PRESETS
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.lessons.lesson_06 import checks, rehearsal
from dqn_tutorial.preprocessing import clip_reward
from dqn_tutorial.replay import ReplayBuffer

NOTEBOOK = Path(__file__).parents[1] / "notebooks/06_training.ipynb"
CELLS = {c.id: c.source for c in nbformat.read(NOTEBOOK, as_version=4).cells}


class Learner:
    """Stands in for the agent of the notebook, and counts what it is asked."""

    def __init__(self, config, num_actions, seed):
        self.updates, self.syncs = 0, 0

    def act(self, states, epsilon, rng):
        return rng.integers(3, size=len(states))

    def learn(self, batch):
        self.updates += 1

    def sync_target(self):
        self.syncs += 1


@pytest.mark.parametrize(
    # By hand: from the first round that begins at step 500 or later, every 4th step.
    ("num_envs", "updates", "games"),
    [(1, 5_500 // 4, 6_000 // 9), (8, (6_000 - 504) // 4, 8 * (750 // 9))],
)
def test_the_cell_with_the_loop_is_right_for_any_number_of_games(
    num_envs, updates, games, capsys
):
    config = PRESETS["catch"].replace(num_envs=num_envs)
    names = {
        "np": np, "training": training, "LinearSchedule": LinearSchedule,
        "ParallelCatch": ParallelCatch, "DQNAgent": Learner, "config": config,
        "ReplayBuffer": ReplayBuffer, "clip_reward": clip_reward,
        "period": config.update_period_steps,
    }  # fmt: skip
    exec(CELLS["pieces"], names)
    exec(CELLS["the-loop"], names)
    assert names["updates"] == names["agent"].updates == updates
    assert names["agent"].syncs == updates // 100
    assert len(names["scores"]) == games
    assert f"{updates:,} updates" in capsys.readouterr().out


def test_the_table_of_settings_has_those_of_the_preset():
    rows = re.findall(r"^\| (.*) \|$", CELLS["settings"], re.MULTILINE)
    ours = {row.split(" | ")[0]: row.split(" | ")[-1] for row in rows}
    p = PRESETS["laptop"]
    assert p.network == "dqn2013" and ours["network"] == "as 2013"
    assert ours["games at once"] == f"{p.num_envs}"
    assert ours["no-op start"] == f"up to {p.noop_max_frames}"
    assert ours["replay capacity"] == f"{p.replay_capacity_transitions:,}"
    assert ours["learning starts"] == f"{p.learning_starts_steps:,}"
    assert f"a batch has {p.batch_size} transitions" in CELLS["settings"]
    assert ours["update period"] == f"{p.update_period_steps}"
    assert ours["target sync"] == f"{p.target_sync_period_updates}"
    assert ours["discount γ"] == f"{p.discount}"
    assert f"a target sees {p.n_steps} reward," in CELLS["settings"]
    assert ours["ε, first to last"] == f"{p.epsilon_start:g} to {p.epsilon_end}"
    assert ours["ε falls during"] == f"{p.epsilon_decay_steps:,}"
    assert ours["whole training"] == f"{p.total_steps:,}"
    first, last = re.findall(r"[\d.]+", ours["learning rate"])
    assert (float(first), float(last)) == (p.learning_rate, p.learning_rate_end)


@pytest.mark.slow
def test_a_loop_that_stops_early_does_not_train_within_the_check():
    """That a right one does is seen in the notebook of solutions."""
    assert rehearsal.score_after_training(answers_06.stops_early) < checks.ENOUGH


def test_the_expected_units_are_those_of_the_preset():
    laptop = PRESETS["laptop"]
    learning_steps = 100_000 - laptop.learning_starts_steps
    assert learning_steps / laptop.update_period_steps == 11_875
    jumps = range(0, 100_000, laptop.num_envs)  # the step before each time round
    learning = [step for step in jumps if step >= laptop.learning_starts_steps]
    assert learning[0] == 5_008 and learning[-1] + laptop.num_envs == 100_000
    assert len(learning) * laptop.num_envs / laptop.update_period_steps == 11_874
    assert laptop.epsilon_decay_steps * 4 == 200_000
    assert laptop.target_sync_period_updates * laptop.update_period_steps == 4_000
