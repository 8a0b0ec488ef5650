"""The settings of a run: what is refused, and that nothing is lost in a file."""

import dataclasses
import json

import pytest

from dqn_tutorial import learning
from dqn_tutorial.config import LOSSES, PRESETS, DQNConfig

DEFAULTS = DQNConfig()
NAMES = [field.name for field in dataclasses.fields(DQNConfig)]


def test_a_config_cannot_be_changed_only_replaced():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULTS.batch_size = 64
    changed = DEFAULTS.replace(batch_size=64)
    assert (changed.batch_size, DEFAULTS.batch_size) == (64, 32)
    assert changed.replace(batch_size=32) == DEFAULTS


@pytest.mark.parametrize(
    "name",
    [
        "num_envs",
        "max_frames_per_game",
        "replay_capacity_transitions",
        "batch_size",
        "update_period_steps",
        "learning_rate",
        "learning_rate_end",
        "learning_rate_decay_updates",
        "adam_epsilon",
        "target_sync_period_updates",
        "epsilon_decay_steps",
        "log_period_steps",
        "checkpoint_period_steps",
        "stage_period_steps",
    ],
)
@pytest.mark.parametrize("value", [0, -1])
def test_counts_periods_and_rates_must_be_positive(name, value):
    with pytest.raises(ValueError, match=f"{name} must be positive, got {value}"):
        DQNConfig(**{name: value})


def test_the_losses_are_those_of_the_lesson_and_no_other():
    assert set(LOSSES) == set(learning.LOSSES)
    with pytest.raises(ValueError, match="loss must be one of huber, squared, got 'm"):
        DQNConfig(loss="mse")


def test_catch_has_no_sticky_actions():
    with pytest.raises(ValueError, match="must be 0 in Catch"):
        PRESETS["catch"].replace(sticky_action_probability=0.25)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_learning_rate_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="learning_rate must be positive, got"):
        DQNConfig(learning_rate=value)


@pytest.mark.parametrize(
    "name", ["discount", "epsilon_start", "epsilon_end", "sticky_action_probability"]
)
def test_probabilities_and_the_discount_are_between_0_and_1(name):
    for value in (0, 0.5, 1.0):
        assert getattr(DQNConfig(**{name: value}), name) == value
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match=f"{name} must be between 0 and 1, got"):
            DQNConfig(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("num_envs", "16", "int"),
        ("batch_size", 32.0, "int"),
        ("num_envs", True, "int"),
        ("clip_rewards", 1, "bool"),
        ("double_dqn", "yes", "bool"),
        ("discount", "0.99", "float"),
        ("discount", None, "float"),
        ("game", 7, "str"),
    ],
)
def test_a_value_of_another_type_is_refused(name, value, wanted):
    with pytest.raises(ValueError, match=f"{name} must be of type {wanted}, got"):
        DQNConfig(**{name: value})


def test_a_whole_number_will_do_where_a_float_is_meant():
    assert DQNConfig(discount=1).discount == 1


def test_a_negative_number_of_no_ops_is_refused():
    assert DQNConfig(noop_max_frames=0).noop_max_frames == 0
    with pytest.raises(ValueError, match="noop_max_frames must not be negative"):
        DQNConfig(noop_max_frames=-1)


def test_learning_cannot_start_before_there_is_a_batch():
    DQNConfig(learning_starts_steps=32, batch_size=32)
    with pytest.raises(ValueError, match=r"learning_starts_steps \(31\) must be at"):
        DQNConfig(learning_starts_steps=31, batch_size=32)


def test_the_replay_buffer_must_hold_what_is_collected_first():
    DQNConfig(learning_starts_steps=500, replay_capacity_transitions=500)
    with pytest.raises(ValueError, match=r"replay_capacity_transitions \(499\) is"):
        DQNConfig(learning_starts_steps=500, replay_capacity_transitions=499)


@pytest.mark.parametrize("name", PRESETS)
def test_json_brings_back_the_same_settings(name):
    text = PRESETS[name].to_json()
    assert DQNConfig.from_json(text) == PRESETS[name]
    assert list(json.loads(text)) == NAMES  # every one of them, in order


def test_a_setting_that_is_not_in_the_json_has_its_default():
    assert DQNConfig.from_json('{"batch_size": 64}') == DQNConfig(batch_size=64)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"batch_sise": 32}', "no such setting: batch_sise"),
        ('{"b": 1, "a": 2}', "no such setting: a, b"),
        ('{"batch_size": -1}', "batch_size must be positive"),
        ('{"batch_size": "32"}', "batch_size must be of type int, got '32'"),
        ("[32]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ("batch_size: 32", "Expecting value"),
    ],
)
def test_json_that_is_no_config_is_refused(text, what):
    with pytest.raises(ValueError, match=what):
        DQNConfig.from_json(text)


def test_differences_name_each_setting_that_differs():
    other = DEFAULTS.replace(batch_size=64, game="pong")
    assert DEFAULTS.differences(DEFAULTS) == []
    assert DEFAULTS.differences(other) == [
        'game: "breakout" against "pong"',
        "batch_size: 32 against 64",
    ]
    whole = DEFAULTS.replace(clip_rewards=False)  # as --set takes it: false
    assert whole.differences(DEFAULTS) == ["clip_rewards: false against true"]


def test_the_laptop_preset_is_the_default_and_what_notebook_06_says():
    laptop = PRESETS["laptop"]
    assert laptop == DQNConfig()
    assert (laptop.network, laptop.num_envs, laptop.batch_size) == ("dqn2013", 16, 32)
    assert laptop.replay_capacity_transitions == 400_000
    assert (laptop.learning_starts_steps, laptop.update_period_steps) == (5_000, 8)
    assert (laptop.learning_rate, laptop.learning_rate_end) == (0.00025, 0.000015)
    assert laptop.learning_rate_decay_updates == 400_000
    assert (laptop.discount, laptop.loss) == (0.99, "huber")
    assert laptop.target_sync_period_updates == 500
    assert (laptop.epsilon_start, laptop.epsilon_end) == (1.0, 0.05)
    assert laptop.epsilon_decay_steps == 50_000


def test_the_paper_preset_is_what_the_paper_prints():
    # Mnih 2015, Extended Data Table 1. What it calls frames are steps: 50 million of
    # them are "around 38 days", and 200 million frames at 60 a second are 38.6.
    assert 200e6 / 60 / 86_400 == pytest.approx(38.6, abs=0.05)
    paper = PRESETS["paper_2015"]
    assert (paper.num_envs, paper.batch_size, paper.update_period_steps) == (1, 32, 4)
    assert paper.replay_capacity_transitions == 1_000_000
    assert paper.learning_starts_steps == 50_000
    assert paper.target_sync_period_updates == 10_000
    assert (paper.learning_rate, paper.discount) == (0.00025, 0.99)
    # "initial exploration 1", "final exploration 0.1", "exploration frame 1,000,000"
    assert (paper.epsilon_start, paper.epsilon_end) == (1.0, 0.1)
    assert paper.epsilon_decay_steps == 1_000_000
    assert not paper.automatic_fire  # the agent has to press it
    assert (paper.noop_max_frames, paper.network) == (30, "dqn2015")
