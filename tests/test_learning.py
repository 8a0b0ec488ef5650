"""TD targets, losses and one gradient step, against arithmetic done by hand and NumPy.

Errors are target - Q(s, a), so a gradient with respect to Q has the opposite sign.
"""

import numpy as np
import pytest

from dqn_tutorial.beyond.double_dqn import double_dqn_loss
from dqn_tutorial.learning import (
    TD_LOSSES,
    chosen_q_values,
    dqn_loss,
    huber_loss,
    loss_towards,
    make_train_step,
    squared_loss,
    sync_target,
    td_targets,
)
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch

DISCOUNT = 0.9
DQN = dqn_loss(DISCOUNT)


def floats(*values):
    return tf.constant(values, tf.float32)


def test_an_ordinary_transition_bootstraps_from_the_best_next_action():
    target = td_targets(
        floats(1.0), tf.constant([False]), floats([2.0, 5.0, 3.0]), discount=0.9
    )
    assert target.shape == (1,) and target.dtype == tf.float32
    np.testing.assert_allclose(target, [5.5])  # 1 + 0.9 x 5


def test_a_terminal_transition_is_worth_its_reward_only():
    next_q = floats([2.0, 5.0], [np.inf, np.nan])  # whatever the network says there
    targets = td_targets(floats(-1.0, 1.0), tf.constant([True, True]), next_q, 0.9)
    assert targets.numpy().tolist() == [-1.0, 1.0]


def test_a_truncated_transition_still_bootstraps():
    # The last step of a game that was cut off: over, but not terminated.
    target = td_targets(floats(0.0), tf.constant([False]), floats([4.0, 3.0]), 0.99)
    np.testing.assert_allclose(target, [3.96])  # 0 + 0.99 x 4


def test_each_row_has_its_own_target():
    rewards, terminated = floats(0.0, 1.0, -1.0), tf.constant([False, True, False])
    next_q = floats([-2.0, -4.0], [7.0, 7.0], [0.5, 1.0])
    targets = td_targets(rewards, terminated, next_q, 0.5)
    np.testing.assert_allclose(targets, [-1.0, 1.0, -0.5])


@pytest.mark.parametrize(
    ("rewards", "terminated", "next_q", "what"),
    [
        ([[0.0], [1.0]], [False, False], [[1.0], [2.0]], "rewards must have shape"),
        ([0.0, 1.0], [[False], [False]], [[1.0], [2.0]], "terminated must have shape"),
        ([0.0], [False, False], [[1.0], [2.0]], "rewards must have shape"),
        ([0.0, 1.0], [True], [[1.0], [2.0]], "terminated must have shape"),
        ([0.0, 1.0], [False, False], [1.0, 2.0], "next_q_values must have shape"),
        ([0.0, 1.0], [False, False], [[1.0]], "rewards must have shape"),
        ([0.0, 1.0], [0.0, 1.0], [[1.0], [2.0]], "terminated must be bool"),
    ],
)
def test_targets_of_shapes_that_would_broadcast_are_refused(
    rewards, terminated, next_q, what
):
    with pytest.raises(ValueError, match=what):
        td_targets(tf.constant(rewards), tf.constant(terminated), floats(*next_q), 0.9)


def test_the_chosen_q_values_are_those_of_the_actions_taken():
    q_values = floats([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    assert chosen_q_values(q_values, tf.constant([2, 0])).numpy().tolist() == [3, 4]


@pytest.mark.parametrize("actions", [[[0], [1]], [0], [0, 1, 1]])
def test_actions_that_are_not_one_a_row_are_refused(actions):
    with pytest.raises(ValueError, match=r"actions must have shape \(2,\)"):
        chosen_q_values(floats([1.0, 2.0], [3.0, 4.0]), tf.constant(actions))


def test_q_values_without_a_batch_axis_are_refused():
    with pytest.raises(ValueError, match=r"q_values must have shape \(B, A\)"):
        chosen_q_values(floats(1.0, 2.0), tf.constant([0]))


# Loss and gradient of one error, by hand. At 1 and -1 both branches of Huber agree.
BY_HAND = [
    # error, Huber, its gradient, squared, its gradient
    (-3.0, 2.5, -1.0, 4.5, -3.0),
    (-1.0, 0.5, -1.0, 0.5, -1.0),
    (-0.5, 0.125, -0.5, 0.125, -0.5),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.25, 0.03125, 0.25, 0.03125, 0.25),
    (0.9375, 0.439453125, 0.9375, 0.439453125, 0.9375),  # exact in binary
    (1.0, 0.5, 1.0, 0.5, 1.0),
    (1.125, 0.625, 1.0, 0.6328125, 1.125),
    (2.0, 1.5, 1.0, 2.0, 2.0),
    (100.0, 99.5, 1.0, 5000.0, 100.0),
]


def loss_and_gradient(loss, errors):
    errors = tf.constant(errors, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(errors)
        value = loss(errors)
    return float(value), tape.gradient(value, errors).numpy()


@pytest.mark.parametrize(("error", "huber", "slope", "squared", "steep"), BY_HAND)
def test_losses_and_gradients_of_one_error(error, huber, slope, squared, steep):
    assert loss_and_gradient(huber_loss, [error]) == (huber, slope)
    assert loss_and_gradient(squared_loss, [error]) == (squared, steep)


def test_a_loss_is_the_mean_over_the_batch_not_the_sum():
    errors = [-3.0, 1.0, 0.5, 0.0]  # Huber: 2.5 + 0.5 + 0.125; squared: 4.5 + ...
    value, gradient = loss_and_gradient(huber_loss, errors)
    assert value == 3.125 / 4
    assert gradient.tolist() == [-0.25, 0.25, 0.125, 0.0]
    value, gradient = loss_and_gradient(squared_loss, errors)
    assert value == 5.125 / 4
    assert gradient.tolist() == [-0.75, 0.25, 0.125, 0.0]


# One step of a tiny network: 3 numbers -> 4 tanh units -> 2 actions.


def tiny_network(seed, dtype="float32", hidden_units=4):
    keras.utils.set_random_seed(seed)
    state = keras.Input((3,), dtype=dtype)
    hidden = keras.layers.Dense(hidden_units, activation="tanh", dtype=dtype)(state)
    return keras.Model(state, keras.layers.Dense(2, dtype=dtype)(hidden))


def tiny_batch(dtype=np.float32):
    rng = np.random.default_rng(0)
    states, next_states = rng.normal(size=(2, 5, 3)).astype(dtype)
    rewards = np.array([0.0, 3.0, 0.5, -1.0, 0.0], dtype)
    terminated = np.array([False, False, True, False, True])
    actions = np.array([0, 1, 1, 0, 1], np.int32)
    return Batch(states, actions, rewards, next_states, terminated)


def tensors(batch):
    return Batch(*map(tf.constant, batch))


def weights_of(network):
    return [value.numpy().copy() for value in network.variables]


def numpy_q(weights, states):
    w1, b1, w2, b2 = weights
    return np.tanh(states @ w1 + b1) @ w2 + b2


def numpy_targets(target_weights, rewards, next_states, terminated):
    best = [max(row) for row in numpy_q(target_weights, next_states).tolist()]
    return np.array(
        [
            reward if over else reward + DISCOUNT * value
            for reward, over, value in zip(rewards, terminated, best, strict=True)
        ]
    )


def numpy_loss(weights, targets, states, actions, loss):
    """The mean loss, transition by transition, in plain Python."""
    total = 0.0
    for row, action, target in zip(
        numpy_q(weights, states), actions, targets, strict=True
    ):
        size = abs(target - row[action])
        small = loss == "squared" or size <= 1
        total += size**2 / 2 if small else size - 0.5
    return total / len(actions)


def finite_differences(weights, loss_of):
    """The gradient of loss_of(weights), one weight at a time, in float64."""
    gradients = [np.zeros_like(weight) for weight in weights]
    for weight, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(weight.shape):
            kept, losses = weight[index], []
            for value in (kept + 1e-6, kept - 1e-6):
                weight[index] = value
                losses.append(loss_of(weights))
            weight[index] = kept
            gradient[index] = (losses[0] - losses[1]) / 2e-6
    return gradients


class Recorder(keras.optimizers.SGD):
    """Keeps the gradients it is given, and changes nothing."""

    def apply(self, grads, trainable_variables=None):
        self.gradients = grads


@pytest.mark.parametrize("loss", ["huber", "squared"])
def test_the_gradient_is_that_of_finite_differences(loss):
    tf.config.run_functions_eagerly(True)  # so that the gradients can be looked at
    try:
        online, target = tiny_network(1, "float64"), tiny_network(2, "float64")
        batch, optimizer = tiny_batch(np.float64), Recorder()
        step = make_train_step(online, target, optimizer, dqn_loss(DISCOUNT, loss))
        value, mean_q = step(tensors(batch))
    finally:
        tf.config.run_functions_eagerly(False)
    states, actions, rewards, next_states, terminated = batch
    weights = weights_of(online)
    targets = numpy_targets(weights_of(target), rewards, next_states, terminated)
    errors = targets - numpy_q(weights, states)[range(5), actions]
    assert (np.abs(errors) > 1).any() and (np.abs(errors) < 1).any()  # both branches

    def loss_of(changed):
        return numpy_loss(changed, targets, states, actions, loss)

    np.testing.assert_allclose(value, loss_of(weights), rtol=1e-12)
    np.testing.assert_allclose(mean_q, numpy_q(weights, states).max(axis=1).mean())
    expected = finite_differences(weights, loss_of)
    for gradient, by_differences in zip(optimizer.gradients, expected, strict=True):
        np.testing.assert_allclose(gradient, by_differences, atol=1e-8)


def targets_of(loss, online_next, target_next, rewards, terminated):
    """What a squared loss of three transitions pulls the chosen Q-values to.

    The networks are functions of "now" and "next", a row for each transition. The
    online network says 0 now, so the gradient of a chosen Q-value is -target / 3.
    """
    q_values = tf.Variable(tf.zeros((3, 3)))
    actions = tf.constant([2, 0, 1])
    batch = Batch("now", actions, floats(*rewards), "next", tf.constant(terminated))
    with tf.GradientTape() as tape:
        online = {"now": tf.identity(q_values), "next": floats(*online_next)}
        target = {"next": floats(*target_next)}  # it is never asked about now
        value, seen = loss(online.__getitem__, target.__getitem__, batch)
    assert (seen.numpy() == 0).all() and seen.shape == (3, 3)
    gradient = tape.gradient(value, q_values).numpy()
    targets = -3 * gradient[range(3), actions]
    assert np.count_nonzero(gradient) == np.count_nonzero(targets)  # the chosen only
    np.testing.assert_allclose(value, (targets**2 / 2).mean(), rtol=1e-6)
    return targets


ONLINE_NEXT = [1.0, 9.0, 0.0], [5.0, 1.0, 2.0], [0.0, 0.0, 3.0]
TARGET_NEXT = [4.0, 2.0, 3.0], [6.0, 8.0, 7.0], [1.0, 2.0, -5.0]
GOES_ON, THE_LAST_ENDS = [False] * 3, [False, False, True]


def test_in_dqn_the_target_network_chooses_and_judges():
    loss, values = dqn_loss(1.0, "squared"), (ONLINE_NEXT, TARGET_NEXT)
    targets = targets_of(loss, *values, [0.0] * 3, GOES_ON)
    np.testing.assert_allclose(targets, [4.0, 8.0, 2.0])
    loss = dqn_loss(0.5, "squared")
    targets = targets_of(loss, *values, [1.0, 0.0, -1.0], THE_LAST_ENDS)
    np.testing.assert_allclose(targets, [3.0, 4.0, -1.0])  # 1 + 0.5 x 4, 0.5 x 8, -1


def test_in_double_dqn_one_network_chooses_and_the_other_judges():
    loss, values = double_dqn_loss(1.0, "squared"), (ONLINE_NEXT, TARGET_NEXT)
    targets = targets_of(loss, *values, [0.0] * 3, GOES_ON)
    np.testing.assert_allclose(targets, [2.0, 6.0, -5.0])
    loss = double_dqn_loss(0.5, "squared")
    targets = targets_of(loss, *values, [1.0, 0.0, -1.0], THE_LAST_ENDS)
    np.testing.assert_allclose(targets, [2.0, 3.0, -1.0])  # 1 + 0.5 x 2, 0.5 x 6, -1


def test_a_loss_towards_targets_looks_at_the_chosen_actions_only():
    def online(states):
        return floats([1.0, 9.0], [9.0, 2.0])

    batch = Batch("now", tf.constant([0, 1]), None, None, None)
    # The errors are 3 - 1 = 2 and 2.5 - 2 = 0.5; by Huber 1.5 and 0.125.
    loss, q_values = loss_towards(floats(3.0, 2.5), online, batch, "huber")
    assert float(loss) == 1.625 / 2
    assert q_values.numpy().tolist() == [[1.0, 9.0], [9.0, 2.0]]
    loss, _ = loss_towards(floats(3.0, 2.5), online, batch, "squared")
    assert float(loss) == 2.125 / 2
    with pytest.raises(ValueError, match=r"targets must have shape \(2,\)"):
        loss_towards(floats([3.0], [2.5]), online, batch, "huber")


def test_a_step_of_double_dqn_is_that_of_numpy_and_leaves_the_target_alone():
    online, target = tiny_network(1), tiny_network(3)  # they prefer other actions
    batch = tiny_batch()
    states, actions, rewards, next_states, terminated = batch
    before, judge = weights_of(online), weights_of(target)
    choices = numpy_q(before, next_states).argmax(axis=1)
    worth = numpy_q(judge, next_states)
    assert (choices != worth.argmax(axis=1)).any()
    targets = rewards + ~terminated * DISCOUNT * worth[range(5), choices]
    gradients = finite_differences(
        [weight.astype(np.float64) for weight in before],
        lambda w: numpy_loss(w, targets, states, actions, "huber"),
    )
    double = double_dqn_loss(DISCOUNT)  # Huber's
    step = make_train_step(online, target, keras.optimizers.SGD(0.1), double)
    step(tensors(batch))
    for now, weight, g in zip(weights_of(online), before, gradients, strict=True):
        np.testing.assert_allclose(now, weight - 0.1 * g, atol=1e-6)
    assert all((a == b).all() for a, b in zip(judge, weights_of(target), strict=True))


def test_only_the_chosen_actions_learn():
    online, target = tiny_network(1), tiny_network(2)
    batch = tiny_batch()._replace(actions=np.ones(5, np.int32))
    _, _, kernel, bias = weights_of(online)
    step = make_train_step(online, target, keras.optimizers.SGD(0.1), DQN)
    step(tensors(batch))
    _, _, new_kernel, new_bias = weights_of(online)
    assert (new_kernel[:, 0] == kernel[:, 0]).all() and new_bias[0] == bias[0]
    assert (new_kernel[:, 1] != kernel[:, 1]).all() and new_bias[1] != bias[1]


def test_no_gradient_flows_through_the_targets():
    next_q_values, rewards = tf.Variable([[1.0, 2.0]]), tf.Variable([1.0])
    with tf.GradientTape() as tape:
        targets = td_targets(rewards + 0.0, tf.constant([False]), next_q_values, 0.9)
    assert tape.gradient(targets, [next_q_values, rewards]) == [None, None]


@pytest.mark.parametrize("make_loss", [dqn_loss, double_dqn_loss])
def test_the_step_is_the_same_when_target_and_online_are_one_network(make_loss):
    # The target is a number to reach, even if the same weights computed it.
    one, copy, twin = tiny_network(1), tiny_network(1), tiny_network(1)
    batch, loss = tensors(tiny_batch()), make_loss(DISCOUNT)
    make_train_step(one, one, keras.optimizers.SGD(0.1), loss)(batch)
    make_train_step(copy, twin, keras.optimizers.SGD(0.1), loss)(batch)
    for a, b in zip(weights_of(one), weights_of(copy), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_target_network_moves_only_at_a_sync():
    online, target = tiny_network(1), tiny_network(2)
    before = weights_of(target)
    step = make_train_step(online, target, keras.optimizers.Adam(0.01), DQN)
    for _ in range(3):
        step(tensors(tiny_batch()))
    assert all((a == b).all() for a, b in zip(before, weights_of(target), strict=True))
    learned = weights_of(online)
    sync_target(online, target)
    assert all((a == b).all() for a, b in zip(learned, weights_of(target), strict=True))
    step(tensors(tiny_batch()))  # a copy, not the same variables: it stays behind
    assert all((a == b).all() for a, b in zip(learned, weights_of(target), strict=True))
    assert any((a != b).any() for a, b in zip(learned, weights_of(online), strict=True))


def test_the_step_sees_a_synced_target_without_being_made_again():
    online, target = tiny_network(1), tiny_network(2)
    step = make_train_step(online, target, keras.optimizers.SGD(0.0), DQN)
    batch = tiny_batch()
    states, actions, rewards, next_states, terminated = batch
    step(tensors(batch))
    sync_target(online, target)
    loss, _ = step(tensors(batch))
    weights = weights_of(online)
    targets = numpy_targets(weights, rewards, next_states, terminated)
    expected = numpy_loss(weights, targets, states, actions, "huber")
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def deeper_network(seed):
    """The tiny network, with one more layer before the last."""
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(units) for units in (4, 4, 2)]
    return keras.Sequential([keras.Input((3,)), *layers])


@pytest.mark.parametrize(
    "online, target, told",
    [
        (tiny_network, deeper_network, "list of length 4, but .* expecting 6 weights"),
        (deeper_network, tiny_network, "list of length 6, but .* expecting 4 weights"),
    ],
)
def test_networks_of_unequal_depth_cannot_be_synced_and_the_target_stays(
    online, target, told
):
    target = target(2)
    before = weights_of(target)
    with pytest.raises(ValueError, match=told):
        sync_target(online(1), target)
    assert all((a == b).all() for a, b in zip(before, weights_of(target), strict=True))


def test_networks_of_unequal_width_cannot_be_synced():
    narrow, wide = (tiny_network(1, hidden_units=units) for units in (4, 5))
    with pytest.raises(ValueError, match=r"shape \(3, 5\) is not .* \(3, 4\)"):
        sync_target(narrow, wide)


def test_many_steps_bring_the_loss_down():
    online, target = tiny_network(1), tiny_network(2)
    step = make_train_step(online, target, keras.optimizers.Adam(0.03), DQN)
    losses = [float(step(tensors(tiny_batch()))[0]) for _ in range(200)]
    assert losses[-1] < 0.01 * losses[0]


@pytest.mark.parametrize("loss", ["hubert", "", None, "mse"])
def test_an_unknown_loss_is_refused_by_name(loss):
    with pytest.raises(ValueError, match="td_loss must be one of huber, squared, got"):
        dqn_loss(0.9, loss)
    assert loss not in TD_LOSSES


def test_a_step_goes_down_any_loss_and_tells_what_that_saw():
    """Of a loss that is the sum of all weights, each weight falls by the rate."""
    online, target = tiny_network(1), tiny_network(2)
    given, before = [], weights_of(online)

    def own_loss(*arguments):
        given[:] = arguments
        total = sum(tf.reduce_sum(weight) for weight in online.variables)
        return total, floats([3.0, 5.0], [2.0, -1.0])

    batch = tensors(tiny_batch())
    step = make_train_step(online, target, keras.optimizers.SGD(0.25), own_loss)
    loss, mean_q = step(batch)
    np.testing.assert_allclose(loss, sum(w.sum() for w in before), atol=1e-5)
    assert float(mean_q) == 3.5  # the mean of 5 and 2
    assert given[0] is online and given[1] is target
    assert type(given[2]) is Batch
    for now, weight in zip(weights_of(online), before, strict=True):
        np.testing.assert_allclose(now, weight - 0.25, atol=1e-6)


@pytest.mark.parametrize("make_loss", [dqn_loss, double_dqn_loss])
@pytest.mark.parametrize("name", ["actions", "rewards", "terminated"])
def test_a_batch_with_a_column_in_place_of_a_vector_is_refused(make_loss, name):
    step = make_train_step(
        tiny_network(1), tiny_network(2), keras.optimizers.SGD(), make_loss(DISCOUNT)
    )
    batch = tiny_batch()
    column = getattr(batch, name)[:, None]  # (B, 1): would broadcast to (B, B)
    with pytest.raises(ValueError, match=f"{name} must have shape"):
        step(tensors(batch._replace(**{name: column})))


@pytest.mark.parametrize("make_loss", [dqn_loss, double_dqn_loss])
def test_a_batch_with_one_next_state_for_all_is_refused(make_loss):
    step = make_train_step(
        tiny_network(1), tiny_network(2), keras.optimizers.SGD(), make_loss(DISCOUNT)
    )
    states, actions, rewards, next_states, terminated = tensors(tiny_batch())
    with pytest.raises(ValueError, match="targets must have shape"):
        step(Batch(states, actions, rewards[:1], next_states[:1], terminated[:1]))


@pytest.mark.parametrize("make_loss", [dqn_loss, double_dqn_loss])
def test_a_name_that_no_loss_of_td_errors_has_is_refused_at_once(make_loss):
    with pytest.raises(ValueError, match="td_loss must be one of huber, squared, got"):
        make_loss(DISCOUNT, "mse")
