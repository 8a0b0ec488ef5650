"""Dead units are found: a bias far below zero kills one."""

import numpy as np

from dqn_tutorial.networks import build_q_network
from tools.live_filters import live_units


def test_a_unit_that_is_negative_for_every_state_is_counted_as_dead():
    network = build_q_network("dqn2013", 3, seed=0)
    for layer in map(network.get_layer, ("conv1", "conv2", "dense")):
        kernel, bias = layer.get_weights()
        layer.set_weights([np.abs(kernel), bias + 1.0])  # nothing can be negative
    states = np.random.default_rng(0).integers(256, size=(5, 4, 84, 84), dtype=np.uint8)
    assert live_units(network, states) == {
        "conv1": (16, 16),
        "conv2": (32, 32),
        "dense": (256, 256),
    }
    kernel, bias = network.get_layer("conv1").get_weights()
    bias[[2, 7, 9]] = -1e4
    network.get_layer("conv1").set_weights([kernel, bias])
    assert live_units(network, states)["conv1"] == (13, 16)
    # Alive in one state only is alive.
    kernel[..., 2], bias[2] = 1.0, -50.0  # 4 x 64 weights, pixels up to 1
    network.get_layer("conv1").set_weights([kernel, bias])
    states[:] = 0
    assert live_units(network, states)["conv1"] == (13, 16)
    states[3] = 255
    assert live_units(network, states)["conv1"] == (14, 16)
