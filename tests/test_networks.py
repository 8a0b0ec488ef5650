"""The Q-networks against hand arithmetic and a forward pass written in NumPy."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.networks import ARCHITECTURES, build_q_network, check_states

NAMES = list(ARCHITECTURES)


@pytest.fixture(scope="module")
def networks():
    return {name: build_q_network(name, 4, seed=0) for name in NAMES}


@pytest.fixture(scope="module")
def breakout_state():
    game = SingleAtari("breakout")
    state, _ = game.reset(seed=0)
    for action in [1, 0, 2, 2, 0, 3, 0, 0, 2, 0]:
        state = game.step(action)[0]
    assert len(np.unique(state)) > 5  # greys, not an empty screen
    return state


def convolve(image, kernel, bias, stride):
    """VALID convolution with ReLU: one product of patches and kernels, no Keras."""
    height, width, _, filters = kernel.shape  # as Keras stores it, channels third
    rows = (image.shape[0] - height) // stride + 1
    columns = (image.shape[1] - width) // stride + 1
    out = np.zeros((rows, columns, filters))
    for r in range(rows):
        for c in range(columns):
            patch = image[
                r * stride : r * stride + height, c * stride : c * stride + width
            ]
            out[r, c] = np.tensordot(patch, kernel, axes=3) + bias
    return np.maximum(out, 0)


def forward(network, state):
    """Q-values of one uint8 state in float64; strides from the papers."""
    strides = {"dqn2013": [4, 2], "dqn2015": [4, 2, 1]}[network.name]
    weights = [w.astype(np.float64) for w in network.get_weights()]
    x = np.stack(list(state / 255), axis=-1)
    for stride in strides:
        x = convolve(x, weights.pop(0), weights.pop(0), stride)
    hidden = np.maximum(x.ravel() @ weights.pop(0) + weights.pop(0), 0)
    return hidden @ weights.pop(0) + weights.pop(0)


def randomised(network, rng):
    """The same network with biases too: as built they are 0 and would hide a slip."""
    for layer in network.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel, rng.normal(0, 0.3, bias.shape)])
    return network


def test_the_2013_network_has_677172_parameters_for_4_actions(networks):
    expected = [
        4 * 8 * 8 * 16 + 16,  # conv1: 16 filters of 8x8 over 4 frames = 4,112
        16 * 4 * 4 * 32 + 32,  # conv2: 32 filters of 4x4 over 16 maps = 8,224
        9 * 9 * 32 * 256 + 256,  # dense: 2,592 inputs = 663,808
        256 * 4 + 4,  # q_values = 1,028
    ]
    counts = [n.count_params() for n in networks["dqn2013"].layers if n.weights]
    assert counts == expected and sum(counts) == 677_172


def test_the_2015_network_has_1686180_parameters_for_4_actions(networks):
    expected = [
        4 * 8 * 8 * 32 + 32,  # conv1 = 8,224
        32 * 4 * 4 * 64 + 64,  # conv2 = 32,832
        64 * 3 * 3 * 64 + 64,  # conv3 = 36,928
        7 * 7 * 64 * 512 + 512,  # dense: 3,136 inputs = 1,606,144
        512 * 4 + 4,  # q_values = 2,052
    ]
    counts = [n.count_params() for n in networks["dqn2015"].layers if n.weights]
    assert counts == expected and sum(counts) == 1_686_180


@pytest.mark.parametrize(
    "name, shapes",
    [
        # (84 - 8) / 4 + 1 = 20;  (20 - 4) / 2 + 1 = 9;  (9 - 3) / 1 + 1 = 7
        ("dqn2013", [(20, 20, 16), (9, 9, 32), (2592,), (256,), (4,)]),
        ("dqn2015", [(20, 20, 32), (9, 9, 64), (7, 7, 64), (3136,), (512,), (4,)]),
    ],
)
def test_without_padding_the_layers_shrink_as_worked_out_by_hand(
    networks, name, shapes
):
    layers = networks[name].layers
    got = [layer.output.shape[1:] for layer in layers[3:]]
    assert [layer.name for layer in layers[:3]] == ["states", "scale", "channels_last"]
    assert got == shapes
    assert networks[name].input.shape == (None, 4, 84, 84)
    assert networks[name].input.dtype == "uint8"
    assert networks[name].output.shape == (None, 4)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_state_gets_the_q_values_of_a_forward_pass_in_numpy(
    breakout_state, name
):
    network = randomised(build_q_network(name, 4, seed=3), np.random.default_rng(0))
    q_values = network(breakout_state[None]).numpy()
    assert q_values.shape == (1, 4) and q_values.dtype == np.float32
    assert q_values[0] == pytest.approx(forward(network, breakout_state), abs=1e-4)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_each_state_of_a_batch_is_judged_alone(networks, seed):
    network = networks["dqn2013"]
    rng = np.random.default_rng(seed)
    states = rng.integers(0, 256, (2, 4, 84, 84), dtype=np.uint8)
    together = network(states).numpy()
    for state, q_values in zip(states, together, strict=True):
        assert q_values == pytest.approx(forward(network, state), abs=1e-4)


def test_pixels_are_divided_by_255(networks):
    scaled = networks["dqn2013"].get_layer("scale")
    pixels = np.array([0, 51, 128, 255], np.uint8)
    assert scaled(pixels).numpy() == pytest.approx([0, 0.2, 128 / 255, 1.0])


@pytest.mark.parametrize("name", NAMES)
def test_every_hidden_layer_has_relu_and_the_last_layer_has_none(networks, name):
    layers = [layer for layer in networks[name].layers if layer.weights]
    activations = [layer.activation.__name__ for layer in layers]
    assert activations == ["relu"] * (len(layers) - 1) + ["linear"]


@pytest.mark.parametrize("name", NAMES)
def test_a_q_value_can_be_negative(name):
    network = build_q_network(name, 2, seed=0)
    last = network.get_layer("q_values")
    last.set_weights([np.zeros(last.kernel.shape), np.array([-3.0, 2.0])])
    q_values = network(np.zeros((1, 4, 84, 84), np.uint8)).numpy()
    assert q_values.tolist() == [[-3.0, 2.0]]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(networks, name):
    again, other = (build_q_network(name, 4, seed) for seed in (0, 1))
    for ours, same, different in zip(
        networks[name].weights, again.weights, other.weights, strict=True
    ):
        assert np.array_equal(ours, same)
        if ours.name == "kernel":
            assert not np.allclose(ours, different)
        else:
            assert not np.any(ours)  # biases begin at 0


def test_the_first_weights_do_not_depend_on_what_was_drawn_before():
    first = build_q_network("dqn2013", 4, seed=5).get_weights()
    np.random.seed(99)  # noqa: NPY002, the global generator must not matter
    build_q_network("dqn2015", 18, seed=6)
    second = build_q_network("dqn2013", 4, seed=5).get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_first_weights_are_glorots_uniform_and_no_two_layers_begin_alike(
    networks, name
):
    kernels = [w.numpy() for w in networks[name].weights if w.name == "kernel"]
    for kernel in kernels:
        area = int(np.prod(kernel.shape[:-2]))
        limit = np.sqrt(6 / (area * (kernel.shape[-2] + kernel.shape[-1])))
        assert 0.95 * limit < np.abs(kernel).max() <= limit
        assert np.unique(kernel).size > 0.99 * min(kernel.size, 1000)
    relative = [k.ravel()[:1000] / np.abs(k).max() for k in kernels]
    for a, b in itertools.pairwise(relative):
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.2


def test_numbers_from_numpy_are_taken(networks):
    network = build_q_network("dqn2013", np.int64(4), np.int64(0))
    assert network.output.shape == (None, 4)
    pairs = zip(network.get_weights(), networks["dqn2013"].get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("num_actions", [1, 18])
def test_there_is_one_q_value_for_each_action(num_actions):
    network = build_q_network("dqn2013", num_actions, seed=0)
    q_values = network(np.zeros((3, 4, 84, 84), np.uint8))
    assert q_values.shape == (3, num_actions)


def test_calling_it_on_bytes_leaves_stderr_empty(networks, breakout_state, capfd):
    networks["dqn2015"](breakout_state[None])
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (("dqn", 4, 0), "network must be one of dqn2013, dqn2015, got 'dqn'"),
        (("dqn2013", 0, 0), "num_actions must be an integer of at least 1, got 0"),
        (("dqn2013", -4, 0), "num_actions must be .* got -4"),
        (("dqn2013", 4.7, 0), "num_actions must be .* got 4.7"),
        (("dqn2013", 4, None), "seed must be an integer of at least 0, got None"),
        (("dqn2013", 4, -1), "seed must be an integer of at least 0, got -1"),
    ],
)
def test_what_no_network_can_be_built_from_is_named(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        build_q_network(*arguments)


@pytest.mark.parametrize(
    "states, complaint",
    [
        (np.zeros((4, 84, 84), np.uint8), r"\(B, 4, 84, 84\), got \(4, 84, 84\); one"),
        (np.zeros((1, 84, 84, 4), np.uint8), r"got \(1, 84, 84, 4\)"),
        (np.zeros((1, 1, 4, 84, 84), np.uint8), r"got \(1, 1, 4, 84, 84\)"),
        (np.zeros((1, 4, 84, 84), np.float32), "must be uint8, 0 to 255, got float32"),
        (np.zeros((1, 4, 84, 84), np.int64), "must be uint8, 0 to 255, got int64"),
    ],
)
def test_states_of_another_shape_or_dtype_are_refused(states, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_states(states)


@pytest.mark.parametrize("batch", [0, 1, 16])
def test_states_as_they_are_stored_pass(batch):
    check_states(np.zeros((batch, 4, 84, 84), np.uint8))
