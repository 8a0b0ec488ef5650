"""The optimizer: Kingma and Ba's algorithm, written again, and Keras' own."""

import numpy as np
import pytest

from dqn_tutorial.adam import OneKernelAdam, make_optimizer
from dqn_tutorial.config import PRESETS
from dqn_tutorial.quiet_tensorflow import keras

RATE, EPSILON = 0.02, 1e-4


def by_hand(weights, gradients, rate=RATE, epsilon=EPSILON, beta1=0.9, beta2=0.999):
    """Algorithm 1 of the paper in NumPy, with section 2's form of the step."""
    m = v = np.zeros_like(weights, np.float64)
    weights = weights.astype(np.float64)
    for t, gradient in enumerate(gradients.astype(np.float64), start=1):
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient**2
        alpha = rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        weights = weights - alpha * m / (np.sqrt(v) + epsilon)
    return weights


@pytest.mark.parametrize("scale", [1e-6, 1e-2, 100.0])
def test_it_is_the_paper_s_algorithm_and_keras_adam(scale):
    rng = np.random.default_rng(0)
    first = [rng.normal(size=s).astype(np.float32) for s in ((5, 3), (7,))]
    gradients = [
        (scale * rng.normal(size=(50, *w.shape))).astype(np.float32) for w in first
    ]
    results = {}
    for kind in (OneKernelAdam, keras.optimizers.Adam):
        optimizer = kind(RATE, epsilon=EPSILON)
        variables = [keras.Variable(w) for w in first]
        for step in range(50):
            optimizer.apply([g[step] for g in gradients], variables)
        results[kind] = [v.numpy() for v in variables]
    for i, (weights, history) in enumerate(zip(first, gradients, strict=True)):
        wanted = by_hand(weights, history)
        assert np.abs(wanted - weights).max() > 10 * RATE or scale < 1e-4
        for result in results.values():
            np.testing.assert_allclose(result[i], wanted, rtol=1e-4, atol=1e-5)


def test_its_state_is_that_of_keras_adam():
    # So what Keras saved can be read.
    ours, theirs = OneKernelAdam(RATE), keras.optimizers.Adam(RATE)
    weights = [keras.Variable(np.ones((2, 2), np.float32))]
    for optimizer in (ours, theirs):
        optimizer.build(weights)
    names = [[v.name for v in o.variables] for o in (ours, theirs)]
    assert names[0] == names[1]


def test_the_rate_is_cut_at_half_of_the_run_and_at_nine_tenths():
    # 1,000 steps, the first 100 without an update, then one every 4: by step 500 are
    # made 100 updates, number 0 to 99, and by step 900 200.
    config = PRESETS["catch"].replace(
        learning_starts_steps=100,
        total_steps=1_000,
        num_envs=4,
        update_period_steps=4,
        learning_rate=0.016,
        learning_rate_end=0.001,
    )
    rate = make_optimizer(config)._learning_rate
    rates = [float(rate(i)) for i in (0, 99, 100, 199, 200, 224)]
    assert rates == pytest.approx([0.016, 0.016, 0.004, 0.004, 0.001, 0.001])


def test_the_rate_of_a_run_that_ends_before_it_learns_is_its_last():
    config = PRESETS["catch"].replace(learning_starts_steps=500, total_steps=100)
    assert float(make_optimizer(config).learning_rate) == pytest.approx(
        config.learning_rate_end
    )
