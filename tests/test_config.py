"""The settings of a run: what is refused, and that nothing is lost in a file."""

import dataclasses
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqn_tutorial import learning
from dqn_tutorial.config import (
    A_STEP,
    ALGORITHMS,
    NOT_NEGATIVE,
    POSITIVE,
    PRESETS,
    SHARE,
    DQNConfig,
    check_settings,
)
from dqn_tutorial.training import updates_due

DEFAULTS = DQNConfig()
FIELDS = {field.name: field for field in dataclasses.fields(DQNConfig)}
NAMES = list(FIELDS)
NAN, INF = float("nan"), float("inf")


def test_a_config_cannot_be_changed_only_replaced():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULTS.batch_size = 64
    changed = DEFAULTS.replace(batch_size=64)
    assert (changed.batch_size, DEFAULTS.batch_size) == (64, 32)
    assert changed.replace(batch_size=32) == DEFAULTS


# --- ranges: made from the fields, so that a new setting is tested by itself ---------


def names_where(**metadata):
    """Names of the settings that have this in their metadata."""
    return [f.name for f in FIELDS.values() if metadata.items() <= f.metadata.items()]


def whole(name):
    return FIELDS[name].type is int


def refused(name, value, end):
    """The value is refused with a message that is the name and this end, no more."""
    message = re.escape(f"{name} must be {end}")
    with pytest.raises(ValueError, match=f"^{message}$"):
        DQNConfig(**{name: value})


def test_each_setting_has_the_range_that_it_needs():
    """By hand, so that a range that was forgotten is noticed."""
    assert names_where(must_be=POSITIVE) == [
        "num_envs",
        "total_steps",
        "replay_capacity_transitions",
        "learning_starts_steps",
        "batch_size",
        "update_period_steps",
        "learning_rate",
        "learning_rate_end",
        "adam_epsilon",
        "n_steps",
        "target_sync_period_updates",
        "epsilon_decay_steps",
        "log_period_steps",
        "checkpoint_period_steps",
        "stage_period_steps",
    ]
    assert names_where(must_be=NOT_NEGATIVE) == ["noop_max_frames"]
    assert names_where(must_be=A_STEP) == ["max_frames_per_game"]
    assert names_where(must_be=SHARE) == [
        "sticky_action_probability",
        "discount",
        "epsilon_start",
        "epsilon_end",
    ]
    # And what has no range: two texts that the game and the network check, yes or no.
    assert names_where(must_be=None, one_of=()) == [
        "game",
        "network",
        "automatic_fire",
        "replay_compressed",
        "clip_rewards",
    ]
    words = {name: f.metadata["one_of"] for name, f in FIELDS.items()}
    assert {name: one_of for name, one_of in words.items() if one_of} == {
        "algorithm": ("dqn", "double_dqn", "c51"),
        "loss": ("huber", "squared"),
    }


@pytest.mark.parametrize("name", names_where(must_be=POSITIVE))
def test_counts_periods_and_rates_must_be_positive(name):
    for value in (0, -1) if whole(name) else (0, -1, 0.0, -1e-9, NAN, INF):
        refused(name, value, f"positive, got {value}")


@pytest.mark.parametrize("name", names_where(must_be=NOT_NEGATIVE))
def test_what_may_be_zero_may_not_be_negative(name):
    assert getattr(DQNConfig(**{name: 0}), name) == 0
    for value in (-1,) if whole(name) else (-1, -1e-9, NAN, INF):
        refused(name, value, f"not negative, got {value}")


@pytest.mark.parametrize("name", names_where(must_be=A_STEP))
def test_a_number_of_frames_is_at_least_one_step(name):
    assert getattr(DQNConfig(**{name: 4}), name) == 4
    for value in (3, 0, -1):
        refused(name, value, f"at least 4, which is one step, got {value}")


def test_a_few_settings_are_checked_without_a_whole_config():
    check_settings(num_envs=np.int64(1), discount=np.float32(0.5))
    for name, value in {"num_envs": 0, "discount": 1.5, "n_steps": -3}.items():
        with pytest.raises(ValueError, match=f"^{name} must be "):
            check_settings(**{name: value})


@pytest.mark.parametrize("name", names_where(must_be=SHARE))
def test_probabilities_and_the_discount_are_between_0_and_1(name):
    for value in (0, 0.0, 0.5, 1, 1.0):
        assert getattr(DQNConfig(**{name: value}), name) == value
    for value in (-1, -0.1, -1e-9, 1.0001, 1.1, 2, NAN, INF, -INF):
        refused(name, value, f"between 0 and 1, got {value}")


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.metadata["one_of"]])
def test_a_word_that_is_none_of_those_is_refused(name):
    words = FIELDS[name].metadata["one_of"]
    for word in words:
        assert getattr(DQNConfig(**{name: word}), name) == word
    for wrong in ("x", "", words[0].upper(), ", ".join(words)):
        refused(name, wrong, f"one of {', '.join(words)}, got {wrong!r}")


OTHER_TYPES = {  # JSON can say them all
    int: ["16", 32.0, 2.5, True, None],
    float: ["0.99", True, None],
    bool: ["yes", "true", 1, 0, None],
    str: [7, True, None],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_another_type_is_refused(name):
    wanted = FIELDS[name].type
    for value in OTHER_TYPES[wanted]:
        refused(name, value, f"of type {wanted.__name__}, got {value!r}")


def test_the_types_are_those_of_the_values():
    for name in NAMES:
        assert type(getattr(DEFAULTS, name)) is FIELDS[name].type


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.type is float])
def test_a_whole_number_will_do_where_a_float_is_meant(name):
    assert getattr(DQNConfig(**{name: 1}), name) == 1


def test_the_losses_are_those_of_the_lesson_and_no_other():
    assert FIELDS["loss"].metadata["one_of"] == tuple(learning.TD_LOSSES)
    with pytest.raises(ValueError, match="loss must be one of huber, squared, got 'm"):
        DQNConfig(loss="mse")


def test_the_algorithms_are_those_that_the_settings_allow():
    assert FIELDS["algorithm"].metadata["one_of"] == ALGORITHMS


# --- what only several settings together can be --------------------------------------


def test_catch_has_no_sticky_actions():
    with pytest.raises(ValueError, match="must be 0 in Catch"):
        PRESETS["catch"].replace(sticky_action_probability=0.25)


def test_learning_cannot_start_before_there_is_a_batch():
    DQNConfig(learning_starts_steps=32, batch_size=32, n_steps=1)
    with pytest.raises(ValueError, match=r"learning_starts_steps \(31\) must be at"):
        DQNConfig(learning_starts_steps=31, batch_size=32, n_steps=1)


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
        ('{"double_dgn": true}', "no such setting: double_dgn"),
        ('{"algorithm": "c52"}', "algorithm must be one of dqn, double_dqn, c51, got"),
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


# --- what a run cannot change --------------------------------------------------------

FIXED = [  # by hand: networks, replay buffer and games are made of them
    "game",
    "network",
    "num_envs",
    "sticky_action_probability",
    "noop_max_frames",
    "automatic_fire",
    "max_frames_per_game",
    "replay_capacity_transitions",
    "replay_compressed",
    "clip_rewards",
]


def another(name):
    """The defaults with another value of one setting."""
    value, words = getattr(DEFAULTS, name), FIELDS[name].metadata["one_of"]
    if words:
        return DEFAULTS.replace(**{name: words[1]})  # not C51, see below
    others = {bool: lambda: not value, int: lambda: value + 1}
    others |= {float: lambda: 0.25, str: lambda: "another"}
    return DEFAULTS.replace(**{name: others[type(value)]()})


@pytest.mark.parametrize("name", NAMES)
def test_a_run_can_change_what_nothing_is_made_of(name):
    changed = another(name)
    assert [line.partition(":")[0] for line in DEFAULTS.differences(changed)] == [name]
    fixed = [name] if name in FIXED else []
    assert DEFAULTS.fixed_differences(changed) == fixed
    assert changed.fixed_differences(DEFAULTS) == fixed


@pytest.mark.parametrize("before", ALGORITHMS)
@pytest.mark.parametrize("after", ALGORITHMS)
def test_a_run_can_change_to_double_dqn_and_back_but_not_to_c51(before, after):
    may = {("dqn", "double_dqn"), ("double_dqn", "dqn")} | {(a, a) for a in ALGORITHMS}
    ours, theirs = DEFAULTS.replace(algorithm=before), DQNConfig(algorithm=after)
    names = [] if (before, after) in may else ["algorithm"]
    assert ours.fixed_differences(theirs) == names


def test_all_that_a_run_cannot_change_is_named_in_order():
    other = DEFAULTS.replace(
        num_envs=8, batch_size=64, algorithm="c51", game="pong", discount=0.9
    )
    assert DEFAULTS.fixed_differences(DEFAULTS) == []
    assert DEFAULTS.fixed_differences(other) == ["game", "algorithm", "num_envs"]


@given(
    starts=st.integers(32, 200),
    games=st.integers(1, 20),
    period=st.integers(1, 20),
    calls=st.integers(0, 60),
)
def test_the_updates_by_a_step_are_those_that_fell_due_until_then(
    starts, games, period, calls
):
    config = DQNConfig(
        learning_starts_steps=starts, num_envs=games, update_period_steps=period
    )
    total = 0
    for step in range(0, calls * games, games):
        reached = range(step + 1, step + games + 1) if step >= starts else ()
        due = sum(counter % period == 0 for counter in reached)
        assert updates_due(SimpleNamespace(config=config, step=step)) == due
        total += due
    assert config.updates_by(calls * games) == total


# --- the presets ---------------------------------------------------------------------


def test_the_laptop_preset_is_the_default_and_what_notebook_06_says():
    laptop = PRESETS["laptop"]
    assert laptop == DQNConfig()
    assert (laptop.network, laptop.num_envs, laptop.batch_size) == ("dqn2013", 16, 32)
    assert laptop.replay_capacity_transitions == 400_000
    assert (laptop.learning_starts_steps, laptop.update_period_steps) == (5_000, 8)
    assert (laptop.learning_rate, laptop.learning_rate_end) == (0.00025, 0.00001)
    assert (laptop.adam_epsilon, laptop.total_steps) == (1e-4, 4_000_000)
    assert (laptop.discount, laptop.loss) == (0.99, "huber")
    assert (laptop.algorithm, laptop.n_steps) == ("dqn", 1)
    assert laptop.target_sync_period_updates == 500
    assert (laptop.epsilon_start, laptop.epsilon_end) == (1.0, 0.05)
    assert laptop.epsilon_decay_steps == 50_000


def test_beyond_differs_from_the_default_in_its_algorithm_and_adam_s_epsilon():
    differences = PRESETS["beyond"].differences(PRESETS["laptop"])
    assert differences == [
        'algorithm: "c51" against "dqn"',
        "adam_epsilon: 0.0003125 against 0.0001",
    ]


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
    assert (paper.algorithm, paper.n_steps) == ("dqn", 1)
