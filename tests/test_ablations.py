"""The variants of notebook 08 take away what they say, and nothing else."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.cli.main import build_parser
from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.lesson_08 import ablations
from dqn_tutorial.lessons.lesson_08.ablations import (
    TITLES,
    effect,
    interval,
    scores_of,
    sentence,
)
from dqn_tutorial.preprocessing import clip_reward
from dqn_tutorial.replay import Batch
from dqn_tutorial.runs.sweep_table import read_table
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.runs.variants import (
    VARIANTS,
    LargeRewards,
    OneFrameAgent,
    newest_frame_only,
)

CATCH = PRESETS["catch"]
NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "08_ablations.ipynb"


def rng():
    return np.random.default_rng(0)


# --- what is changed


@pytest.mark.parametrize(
    ("name", "preset", "changed"),
    [
        ("no_replay", "catch", ["replay_capacity_transitions: 80 against 10000",
                                "learning_starts_steps: 80 against 500"]),
        ("no_replay", "laptop", ["replay_capacity_transitions: 160 against 400000",
                                 "learning_starts_steps: 160 against 5000"]),
        ("small_replay", "catch", ["replay_capacity_transitions: 500 against 10000"]),
        ("small_replay", "laptop",
         ["replay_capacity_transitions: 5000 against 400000"]),
        ("no_target", "laptop", ["target_sync_period_updates: 1 against 500"]),
        ("no_exploration", "catch", ["epsilon_start: 0.0 against 1.0",
                                     "epsilon_end: 0.0 against 0.05"]),
        ("no_clipping", "laptop", ["clip_rewards: false against true"]),
        ("large_rewards", "catch", ["clip_rewards: false against true"]),
        ("one_frame", "laptop", []),
        ("full", "catch", []),
    ],
)  # fmt: skip
def test_a_variant_changes_these_settings_and_no_other(name, preset, changed):
    full = PRESETS[preset]
    assert full.replace(**VARIANTS[name].changes(full)).differences(full) == changed


def test_every_variant_has_a_title():
    assert list(TITLES) == list(VARIANTS)
    plain = [name for name, variant in VARIANTS.items() if variant.trainer is Trainer]
    assert set(VARIANTS) - set(plain) == {"one_frame", "large_rewards"}


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["catch", "laptop"])
def test_without_replay_there_is_a_batch_and_only_of_the_last_frames(tmp_path, preset):
    """So few are remembered that a batch might be missing when learning starts."""
    full = PRESETS[preset]
    config = full.replace(**VARIANTS["no_replay"].changes(full))
    trainer = Trainer.start(config, tmp_path / "run")
    trainer.run(20 * config.num_envs)
    assert trainer.update > 0
    assert config.batch_size <= len(trainer.replay) <= 10 * config.num_envs


# --- one frame for four


def test_all_four_frames_are_the_newest():
    states = np.arange(2 * 4).reshape(2, 4, 1, 1)
    assert newest_frame_only(states)[..., 0, 0].tolist() == [[3] * 4, [7] * 4]


@pytest.fixture(scope="module")
def states():
    """(16, 4, 84, 84) random states, and the same with other older frames."""
    states = rng().integers(0, 256, (16, 4, 84, 84), np.uint8)
    other = rng().permutation(states)
    other[:, -1] = states[:, -1]
    return states, other


@pytest.mark.parametrize(
    ("agent_class", "same"), [(OneFrameAgent, True), (DQNAgent, False)]
)
def test_the_one_frame_agent_does_not_see_older_frames(states, agent_class, same):
    agent = agent_class(CATCH, 3, seed=0)
    q_values, other = map(agent.q_values, states)
    assert np.array_equal(q_values, other) == same
    assert np.array_equal(agent.act(states[0], 0.0, rng()), q_values.argmax(axis=1))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("agent_class", "same"), [(OneFrameAgent, True), (DQNAgent, False)]
)
@pytest.mark.parametrize("which", ["states", "next_states"])
def test_the_one_frame_agent_does_not_learn_from_older_frames(
    states, agent_class, same, which
):
    batch = Batch(
        states=states[0],
        actions=np.zeros(16, np.int32),
        rewards=np.ones(16, np.float32),
        next_states=states[0][::-1].copy(),
        terminated=np.zeros(16, bool),
    )
    older = states[1] if which == "states" else states[1][::-1].copy()
    weights = []
    for learned_from in (batch, batch._replace(**{which: older})):
        agent = agent_class(CATCH, 3, seed=0)
        agent.learn(learned_from)
        weights.append(
            np.concatenate([v.numpy().ravel() for v in agent.online.variables])
        )
    assert np.array_equal(*weights) == same


def test_the_one_frame_trainer_has_that_agent_and_the_first_weights_of_the_full(
    tmp_path,
):
    trainers = [
        VARIANTS[name].trainer(CATCH, tmp_path, 4) for name in ("one_frame", "full")
    ]
    assert type(trainers[0].agent) is OneFrameAgent
    for ours, theirs in zip(*(t.agent.online.variables for t in trainers), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


# --- rewards


def test_large_rewards_are_learned_from_and_not_scored(tmp_path):
    config = CATCH.replace(clip_rewards=False)
    trainer = LargeRewards.start(config, tmp_path / "run")
    trainer.run(40 * config.num_envs)  # four games of each, nine steps long
    batch = trainer.replay.sample(300, rng())
    assert set(batch.rewards.tolist()) == {-100.0, 0.0, 100.0}
    assert set(trainer.recent_scores) == {-1.0, 1.0}


def test_clipping_changes_no_reward_of_catch():
    env = ParallelCatch(20)
    env.reset()
    rewards = [env.step(np.full(20, 1)).rewards for _ in range(9)]
    assert set(np.ravel(rewards).tolist()) == {-1.0, 0.0, 1.0}
    np.testing.assert_array_equal(clip_reward(np.array(rewards)), rewards)


# --- what a sweep shows


def test_scores_are_those_of_the_last_rows():
    run = {"score": np.array([np.nan, 2.0])}
    other = {"score": np.array([np.nan, np.nan, 5.0])}
    scores = scores_of({"full": {0: run, 7: other}, "no_target": {0: other}})
    assert {k: v.tolist() for k, v in scores.items()} == {
        "full": [2, 5],
        "no_target": [5],
    }


def test_the_interval_is_that_of_means_of_scores_drawn_again():
    # Of (0, 0, 3), means are 0, 1, 2, 3 with 8, 12, 6, 1 chances in 27: 1/27 > 0.025.
    assert interval(np.array([0.0, 0.0, 3.0]), rng()) == (0.0, 3.0)
    assert interval(np.full(5, 2.0), rng()) == (2.0, 2.0)


def test_fewer_than_three_seeds_have_no_interval():
    three, two = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0])
    assert interval(two, rng()) is None
    assert effect(three, two, rng()) == (0.0, None)
    assert effect(two, three, rng()) == (0.0, None)


def test_the_effect_is_what_is_lost():
    full, worse = np.array([5.0, 6.0, 7.0]), np.array([1.0, 1.0, 1.0])
    lost, (low, high) = effect(full, worse, rng())
    assert lost == 5.0
    # Of (5, 6, 7), the mean is 5 or 7 with one chance in 27 each, so both are within.
    assert (low, high) == (4.0, 6.0)


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ([1.0, 1.0, 1.0], "replay: 1.00 in place of 6.00: the loss is 5.00 (4.00 to "),
        ([9.0, 9.0, 9.0], "the loss is -3.00 (-4.00 to -2.00), a gain."),
        ([5.0, 6.0, 7.0], "no effect that 3 seeds can show."),
        ([1.0, 2.0], "1.50 in place of 6.00, with 2 seeds: too few to tell an effect"),
        ([1.0], "with 1 seed: too few"),
    ],
)  # fmt: skip
def test_the_sentence_says_no_more_than_the_seeds_can_show(theirs, said):
    scores = {"full": np.array([5.0, 6.0, 7.0]), "no_replay": np.array(theirs)}
    assert said in sentence("no_replay", scores, rng())


def test_a_loss_that_may_be_none_is_no_effect(monkeypatch):
    monkeypatch.setattr(ablations, "effect", lambda *_: (1.0, (0.0, 2.0)))
    scores = {"full": np.zeros(3), "no_target": np.zeros(3)}
    assert "no effect" in sentence("no_target", scores, rng())


def test_a_loss_of_nothing_has_no_sign(monkeypatch):
    monkeypatch.setattr(ablations, "effect", lambda *_: (-0.001, (-0.004, 0.004)))
    scores = {"full": np.zeros(3), "no_target": np.zeros(3)}
    assert "is 0.00 (0.00 to 0.00)," in sentence("no_target", scores, rng())


# --- the stored tables


@pytest.mark.parametrize("game", ["catch", "breakout"])
def test_a_stored_table_holds_the_runs_of_the_command_beside_it(game):
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    text = "\n".join(cell.source for cell in cells).replace("\\\n", " ")
    file = f"notebooks/data/ablations_{game}.csv"
    (command,) = re.findall(rf"python -m dqn_tutorial (sweep .*{file})", text)
    args = build_parser().parse_args(command.split())
    runs = read_table(NOTEBOOK.parent.parent / file)
    assert list(runs) == args.variants
    for of_variant in runs.values():
        assert list(of_variant) == args.seeds
        for run in of_variant.values():
            assert run["step"][-1] == args.steps
            assert np.isnan(run["score"][:-1]).all() and run["score"][-1] >= -1


def test_one_frame_and_large_rewards_obey_the_other_settings(tmp_path):
    config = CATCH.replace(clip_rewards=False, n_steps=3, discount=0.5)
    one = VARIANTS["one_frame"].trainer(config, tmp_path / "one", 0)
    assert type(one.agent) is OneFrameAgent
    trainer = LargeRewards.start(config, tmp_path / "run")
    trainer.run(40 * config.num_envs)
    batch = trainer.replay.sample(300, rng())
    # Three rewards in a row; the one that is not 0 ends the game: 100, 50, 25 or less.
    assert {abs(r) for r in batch.rewards.tolist()} <= {0.0, 25.0, 50.0, 100.0}
    assert {abs(r) for r in batch.rewards.tolist()} >= {25.0, 50.0, 100.0}
