"""The dueling network, against its equation worked by hand and in NumPy."""

import numpy as np
import pytest

from dqn_tutorial.beyond.dueling import build_dueling_network
from dqn_tutorial.beyond.factory import make_agent
from dqn_tutorial.config import PRESETS
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.quiet_tensorflow import keras
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.runs.trainer import Trainer

STATES = np.random.default_rng(0).integers(256, size=(5, 4, 84, 84), dtype=np.uint8)


def test_with_value_10_and_advantages_1_2_6_the_q_values_are_8_9_13():
    """The advantages' mean is 3: 10 + 1 - 3, 10 + 2 - 3, 10 + 6 - 3."""
    network = build_dueling_network("dueling2013", 3, seed=0)
    for layer in ("value", "advantages"):
        network.get_layer(layer).kernel.assign(
            np.zeros(network.get_layer(layer).kernel.shape)
        )
    network.get_layer("value").bias.assign([10.0])
    network.get_layer("advantages").bias.assign([1.0, 2.0, 6.0])
    np.testing.assert_allclose(network(STATES).numpy(), [[8.0, 9.0, 13.0]] * 5)


def test_the_q_values_are_those_of_equation_9():
    network = build_dueling_network("dueling2013", 4, seed=1)
    outputs = [network.get_layer(n).output for n in ("value", "advantages")]
    value, advantages = (
        part.numpy() for part in keras.Model(network.input, outputs)(STATES)
    )
    expected = value + advantages - advantages.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(network(STATES).numpy(), expected, rtol=1e-5)
    assert np.ptp(value) > 0 and np.ptp(advantages) > 0


def test_it_has_the_convolutions_of_the_plain_network_and_a_second_dense_stream():
    plain = build_q_network("dqn2013", 4, seed=2)
    network = build_dueling_network("dueling2013", 4, seed=2)
    for ours, theirs in zip(network.variables[:4], plain.variables[:4], strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    more = 2592 * 256 + 256 + 256 + 1  # the value's stream: 9 x 9 x 32 features
    assert network.count_params() == plain.count_params() + more


def test_the_same_seed_gives_the_same_network_and_another_gives_another():
    weights = [
        build_dueling_network("dueling2013", 3, seed).get_weights()
        for seed in (4, 4, 5)
    ]
    assert all(map(np.array_equal, weights[0], weights[1]))
    assert not np.array_equal(weights[0][-2], weights[2][-2])


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="must be one of dueling2013, dueling2015"):
        build_dueling_network("dueling2014", 3, 0)


def test_a_run_with_it_learns_is_resumed_and_loaded(tmp_path):
    config = PRESETS["catch"].replace(
        network="dueling2013", num_envs=4, learning_starts_steps=40
    )
    trainer = Trainer.start(config, tmp_path, seed=0)
    before = trainer.agent.q_values(STATES)
    trainer.run(80)
    assert trainer.update > 0
    q_values = trainer.agent.q_values(STATES)
    assert not np.array_equal(q_values, before)
    for again in (Trainer.resume(tmp_path).agent, load_agent(tmp_path)[0]):
        assert again.num_actions == 3
        np.testing.assert_array_equal(again.q_values(STATES), q_values)


def test_it_goes_with_double_dqn_and_not_with_c51():
    config = PRESETS["catch"].replace(network="dueling2013", algorithm="double_dqn")
    assert make_agent(config, 3, 0).q_values(STATES).shape == (5, 3)
    with pytest.raises(ValueError, match="c51 goes with network dqn2013 or dqn2015"):
        make_agent(config.replace(algorithm="c51"), 3, 0)
