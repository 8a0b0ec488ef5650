"""The variants of notebook 08 take away what they say, and nothing else."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from histories import history_of
from scipy import stats

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.cli.main import build_parser
from dqn_tutorial.cli.options import wanted_config
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.lessons.lesson_08.ablations import (
    TITLES,
    Effect,
    a_moment_of_catch,
    effects_of,
    holm,
    read_stored,
    report,
    scores_of,
    train_now,
)
from dqn_tutorial.preprocessing import clip_reward
from dqn_tutorial.replay import Batch
from dqn_tutorial.runs.checkpoints import assign_variables, variable_arrays
from dqn_tutorial.runs.sweep_table import read_table, rows_of, write_table
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
def test_the_one_frame_agent_does_not_learn_from_older_frames(
    states, agent_class, same
):
    newest, older = states
    batch = Batch(
        states=newest,
        actions=np.zeros(16, np.int32),
        rewards=np.ones(16, np.float32),
        next_states=newest[::-1].copy(),
        terminated=np.zeros(16, bool),
    )
    agent = agent_class(CATCH, 3, seed=0)
    parts = {"online": agent.online.variables, "adam": agent.optimizer.variables}
    before = {name: variable_arrays(parts[name], name) for name in parts}

    def learned_from(batch):
        for name in parts:
            assign_variables(parts[name], before[name], name)
        agent.learn(batch)
        return np.concatenate([v.numpy().ravel() for v in parts["online"]])

    plain = learned_from(batch)
    for changed in ({"states": older}, {"next_states": older[::-1].copy()}):
        assert np.array_equal(learned_from(batch._replace(**changed)), plain) == same


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


FULL, WORSE = np.array([5.0, 6.0, 7.0]), np.array([1.0, 2.0, 3.0])


def test_the_effect_is_what_is_lost_with_the_interval_of_welch():
    # By hand: each mean varies by 1/3, so the difference by 2/3, with 4 degrees of
    # freedom; a table of Student's t says 2.776, so 4 plus or minus 2.776 * 0.8165.
    (effect,) = effects_of({"full": FULL, "no_replay": WORSE}).values()
    assert effect.lost == 4.0
    assert [effect.low, effect.high] == pytest.approx([1.733, 6.267], abs=1e-3)
    assert effect.p == pytest.approx(0.0081, abs=1e-4)  # t = 4.899, two-sided
    assert effect.shown


def test_the_spreads_of_the_two_may_differ():
    # By hand: the means vary by 1/3 and 5/3, in all by 2, so Welch's degrees of freedom
    # are 2² / ((1/3)²/3 + (5/3)²/3) = 108 / 26.
    full, other = np.array([8.0, 10.0, 8.0, 10.0]), np.array([1.0, 3.0, 5.0, 7.0])
    (effect,) = effects_of({"full": full, "one_frame": other}).values()
    half = stats.t.ppf(0.975, 108 / 26) * np.sqrt(2)
    assert [effect.low, effect.high] == pytest.approx([5 - half, 5 + half])


def test_one_seed_of_a_variant_is_refused():
    with pytest.raises(ValueError, match=r"at least two seeds .* one of no_target"):
        effects_of({"full": FULL, "no_target": np.array([1.0])})


def test_holm_multiplies_the_smallest_by_all_and_never_falls():
    # By hand: 0.01 * 4, 0.02 * 3, 0.03 * 2 but not below 0.06, 0.9 * 1.
    found = holm([0.03, 0.9, 0.01, 0.02])
    np.testing.assert_allclose(found, [0.06, 0.9, 0.04, 0.06])
    np.testing.assert_allclose(holm([0.4, 0.5, 0.6]), [1, 1, 1])


def test_several_variants_are_several_tests():
    scores = {"full": FULL, "no_replay": WORSE, "one_frame": FULL, "no_target": FULL}
    effects = effects_of(scores)
    assert list(effects) == ["no_replay", "one_frame", "no_target"]
    assert effects["no_replay"].p == pytest.approx(3 * 0.0081, abs=3e-4)
    assert effects["one_frame"].p == 1.0


def test_equal_agents_are_told_apart_once_in_twenty():
    draws = np.random.default_rng(0).normal(size=(1000, 2, 5))
    shown = [effects_of({"full": a, "no_replay": b})["no_replay"].shown
             for a, b in draws]  # fmt: skip
    assert 0.03 < np.mean(shown) < 0.07


def test_the_report_says_not_shown_where_the_seeds_cannot_show_it(capsys):
    report({"no_replay": Effect(4.0, 1.73, 6.27, 0.008),
            "one_frame": Effect(-0.001, -2.0, 2.0, 0.9)})  # fmt: skip
    first, second = capsys.readouterr().out.splitlines()
    assert first == (
        "no replay                     4.00 (  1.73 to   6.27), p 0.008, shown"
    )
    assert second.endswith("p 0.900, not shown")


# --- the stored tables


def test_a_stored_table_comes_with_the_settings_beside_it(tmp_path):
    row = rows_of("full", 0, history_of(step=[1]), 0.5)
    write_table(tmp_path / "t.csv", [row])
    (tmp_path / "t.json").write_text(
        CATCH.replace(batch_size=8).to_json(), encoding="utf-8"
    )
    runs, settings = read_stored(tmp_path / "t.csv")
    assert runs["full"][0]["score"].tolist() == [0.5]
    assert settings.batch_size == 8


@pytest.mark.slow
def test_what_is_trained_now_has_a_score_for_each_name(capsys):
    config = CATCH.replace(learning_starts_steps=80, log_period_steps=80)
    live = train_now(["full", "one_frame"], config, seed=3, steps=160)
    assert list(live) == ["full", "one_frame"]
    assert all(-1 <= score <= 1 for score in live.values())


def test_in_the_moment_of_catch_the_ball_falls_a_row_a_frame():
    (frames,) = a_moment_of_catch()
    rows = [np.flatnonzero((frame == frame.max()).any(axis=1))[0] for frame in frames]
    assert len({*np.diff(rows)} - {8, 9}) == 0  # 84 pixels for ten rows


@pytest.mark.parametrize("game", ["catch", "breakout"])
def test_a_stored_table_holds_the_runs_of_the_command_beside_it(game):
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    text = "\n".join(cell.source for cell in cells).replace("\\\n", " ")
    file = f"notebooks/data/ablations_{game}.csv"
    (command,) = re.findall(rf"python -m dqn_tutorial (sweep .*{file})", text)
    args = build_parser().parse_args(command.split())
    runs = read_table(NOTEBOOK.parent.parent / file)
    settings = (
        (NOTEBOOK.parent.parent / file).with_suffix(".json").read_text(encoding="utf-8")
    )
    assert DQNConfig.from_json(settings) == wanted_config(args, args.game)
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
