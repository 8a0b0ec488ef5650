"""C51 against numbers done by hand and against the paper's own algorithm, in loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dqn_tutorial.beyond.c51 import (
    ATOMS,
    build_c51_network,
    c51_head,
    c51_loss,
    project,
    return_probabilities,
    with_logits,
)
from dqn_tutorial.beyond.factory import make_agent
from dqn_tutorial.config import PRESETS
from dqn_tutorial.learning import make_train_step
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.runs.trainer import Trainer

CONFIG = PRESETS["catch"].replace(algorithm="c51")


def all_on(*returns):
    """Distributions that have all their probability on one atom each."""
    rows = [[float(abs(atom - value) < 1e-3) for atom in ATOMS] for value in returns]
    assert np.sum(rows, axis=1).tolist() == [1.0] * len(returns)
    return np.array(rows, np.float32)


def projected(rewards, terminated, probabilities, discount):
    return project(
        tf.constant(rewards, tf.float32),
        tf.constant(terminated),
        tf.constant(probabilities, tf.float32),
        discount,
    ).numpy()


def papers_projection(rewards, terminated, probabilities, discount):
    """Algorithm 1 as it is printed: floor and ceiling, atom by atom, in float64."""
    gap, out = 20 / 50, np.zeros(np.shape(probabilities))
    for row, (reward, over) in enumerate(zip(rewards, terminated, strict=True)):
        for j in range(51):
            to_come = 0.0 if over else discount * (-10 + j * gap)
            b = (min(max(reward + to_come, -10), 10) + 10) / gap
            low, high = int(np.floor(b)), int(np.ceil(b))
            if low == high:  # forgotten in the paper: all of it is on that atom
                out[row, low] += probabilities[row][j]
            else:
                out[row, low] += probabilities[row][j] * (high - b)
                out[row, high] += probabilities[row][j] * (b - low)
    return out


def test_the_atoms_are_those_of_the_paper():
    assert ATOMS.shape == (51,) and ATOMS.dtype == np.float32
    assert ATOMS[[0, 25, 26, 50]].tolist() == pytest.approx([-10, 0, 0.4, 10])


def test_a_return_between_two_atoms_is_shared_by_nearness():
    # 1 + 0.5 x 2 = 2: an atom. 0.5 x 0.4 = 0.2: half way from 0 to 0.4.
    # 1 + 0.5 x 0.4 = 1.2: an atom. 0.1 + 0.5 x 0.4 = 0.3: 0.1 from 0.4, 0.3 from 0.
    result = projected(
        [1.0, 0.0, 1.0, 0.1], [False] * 4, all_on(2.0, 0.4, 0.4, 0.4), discount=0.5
    )
    np.testing.assert_allclose(result[0], all_on(2.0)[0], atol=1e-6)
    np.testing.assert_allclose(
        result[1], 0.5 * all_on(0.0)[0] + 0.5 * all_on(0.4)[0], atol=1e-6
    )
    np.testing.assert_allclose(result[2], all_on(1.2)[0], atol=1e-5)
    np.testing.assert_allclose(
        result[3], 0.25 * all_on(0.0)[0] + 0.75 * all_on(0.4)[0], atol=1e-5
    )


def test_after_a_terminal_transition_nothing_comes():
    result = projected([1.0, 0.0], [True, True], all_on(8.0, -3.2), 0.99)
    expected = 0.5 * (all_on(0.8) + all_on(1.2))[0]  # 1 is half way between them
    np.testing.assert_allclose(result[0], expected, atol=1e-5)
    np.testing.assert_allclose(result[1], all_on(0.0)[0], atol=1e-6)


def test_returns_beyond_the_last_atom_count_as_it():
    result = projected([1.0, -1.0], [False, False], all_on(10.0, -10.0), 1.0)
    np.testing.assert_allclose(result, all_on(10.0, -10.0), atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(
    rewards=hnp.arrays(np.float32, 3, elements=st.floats(-1, 1, width=32)),
    terminated=hnp.arrays(bool, 3),
    weights=hnp.arrays(np.float32, (3, 51), elements=st.floats(0.0625, 1, width=32)),
    discount=st.floats(0, 1),
)
def test_the_projection_is_the_papers_and_keeps_sum_and_mean(
    rewards, terminated, weights, discount
):
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    result = projected(rewards, terminated, probabilities, discount)
    assert result.shape == (3, 51) and result.dtype == np.float32
    expected = papers_projection(rewards, terminated, probabilities, discount)
    np.testing.assert_allclose(result, expected, atol=1e-5)
    np.testing.assert_allclose(result.sum(axis=1), 1.0, rtol=1e-4)
    if discount <= 0.9:  # then no return is beyond the last atom
        to_come = np.where(terminated, 0, discount * (probabilities @ ATOMS))
        np.testing.assert_allclose(result @ ATOMS, rewards + to_come, atol=1e-3)


@pytest.mark.parametrize("wrong", ["rewards", "terminated"])
def test_columns_are_refused_not_broadcast(wrong):
    parts = {"rewards": np.zeros(3), "terminated": np.zeros(3, bool)}
    parts[wrong] = parts[wrong][:, None]
    with pytest.raises(ValueError, match=rf"{wrong} must have shape \(3,\)"):
        projected(*parts.values(), all_on(0.0, 0.0, 0.0), 0.9)


@pytest.mark.parametrize(
    "shape, told", [((3, 50), r"\(3, 50\)"), ((3, 2, 51), r"\(3, 2, 51\)")]
)
def test_what_is_no_distribution_on_the_atoms_is_refused(shape, told):
    with pytest.raises(ValueError, match=rf"shape \(B, 51\), got {told}"):
        projected(np.zeros(3), np.zeros(3, bool), np.zeros(shape), 0.9)


def test_numbers_that_say_what_is_terminal_are_refused():
    with pytest.raises(ValueError, match="terminated must be bool"):
        projected(np.zeros(3), np.zeros(3), all_on(0.0, 0.0, 0.0), 0.9)


def linear_network(seed):
    """Three numbers -> 2 actions of 51 atoms, with no hidden layer."""
    rng = np.random.default_rng(seed)
    state = keras.Input((3,))
    network = keras.Model(
        state, c51_head(keras.layers.Dense(102)(state), num_actions=2)
    )
    network.set_weights([rng.normal(size=w.shape) for w in network.get_weights()])
    return network


def numpy_probabilities(weights, states):
    powers = np.exp(states.astype(np.float64) @ weights[0] + weights[1])
    powers = powers.reshape(-1, 2, 51)
    return powers / powers.sum(axis=2, keepdims=True)


def train_step_of(online, target):
    return make_train_step(online, target, keras.optimizers.SGD(0.5), c51_loss(0.9))


def tensors(batch):
    return Batch(*map(tf.constant, batch))


def linear_batch():
    rng = np.random.default_rng(0)
    states, next_states = rng.normal(size=(2, 5, 3)).astype(np.float32)
    actions = np.array([0, 1, 1, 0, 1], np.int32)
    rewards = np.array([0, 1, 0.5, -1, 0], np.float32)
    terminated = np.array([False, False, True, False, True])
    return Batch(states, actions, rewards, next_states, terminated)


@pytest.mark.parametrize("plain", [("online", "target"), ("online",), ("target",)])
def test_a_network_without_the_head_is_refused(plain):
    networks = {"online": linear_network(1), "target": linear_network(2)}
    for name in plain:
        state = keras.Input((3,))
        networks[name] = keras.Model(state, keras.layers.Dense(2)(state))
        with pytest.raises(ValueError, match="logits"):
            with_logits(networks[name])
    with pytest.raises(ValueError, match="logits"):
        c51_loss(0.9)(*networks.values(), tensors(linear_batch()))
    with pytest.raises(ValueError, match="logits"):
        train_step_of(*networks.values())(tensors(linear_batch()))


def test_a_network_with_logits_gives_both_from_the_same_weights():
    network, states = linear_network(1), linear_batch().states
    logits, q_values = with_logits(network)(states)
    weights, biases = network.get_weights()
    expected = (states @ weights + biases).reshape(5, 2, 51)
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    np.testing.assert_allclose(q_values, network(states), atol=1e-5)
    network.set_weights([0 * weights, np.arange(102) / 100])  # the layers are shared
    logits, _ = with_logits(network)(states)
    np.testing.assert_allclose(logits[0, 1], np.arange(51, 102) / 100, atol=1e-6)


def test_a_step_is_that_of_numpy_and_leaves_the_target_alone():
    online, target = linear_network(1), linear_network(2)
    batch = linear_batch()
    states, actions, rewards, next_states, terminated = batch
    before, judge = online.get_weights(), target.get_weights()
    next_probabilities = numpy_probabilities(judge, next_states)
    best = (next_probabilities @ ATOMS).argmax(axis=1)
    assert set(best.tolist()) == {0, 1}
    targets = papers_projection(
        rewards, terminated, next_probabilities[range(5), best], 0.9
    )
    probabilities = numpy_probabilities(before, states)
    chosen = probabilities[range(5), actions]
    # The gradient of the cross-entropy by the logits is p - target (only the action's).
    by_logits = np.zeros((5, 2, 51))
    by_logits[range(5), actions] = (chosen - targets) / 5
    by_logits = by_logits.reshape(5, 102)

    loss, mean_q = train_step_of(online, target)(tensors(batch))

    np.testing.assert_allclose(loss, -(targets * np.log(chosen)).sum() / 5, rtol=1e-5)
    np.testing.assert_allclose(mean_q, (probabilities @ ATOMS).max(axis=1).mean(), 1e-4)
    weights, biases = online.get_weights()
    np.testing.assert_allclose(weights, before[0] - 0.5 * states.T @ by_logits, 1e-4)
    np.testing.assert_allclose(biases, before[1] - 0.5 * by_logits.sum(axis=0), 1e-4)
    assert all((a == b).all() for a, b in zip(judge, target.get_weights(), strict=True))


def test_the_step_is_the_same_when_target_and_online_are_one_network():
    # The targets are numbers to reach, even if the same weights computed them.
    one, copy, twin = linear_network(1), linear_network(1), linear_network(1)
    train_step_of(one, one)(tensors(linear_batch()))
    train_step_of(copy, twin)(tensors(linear_batch()))
    for a, b in zip(one.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_large_logits_give_a_finite_loss_and_step():
    """exp(200) is beyond float32: the softmax must subtract the largest first."""
    online, target = linear_network(1), linear_network(2)
    for network in (online, target):
        network.set_weights([200 * np.sign(w) for w in network.get_weights()])
    states = np.eye(3, dtype=np.float32)
    actions, rewards = np.zeros(3, np.int32), np.ones(3, np.float32)
    batch = Batch(states, actions, rewards, states, np.zeros(3, bool))
    loss, mean_q = train_step_of(online, target)(tensors(batch))
    assert 10 < loss < 1000 and abs(mean_q) <= 10.001
    assert all(np.isfinite(w).all() for w in online.get_weights())


def random_states(count, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(256, size=(count, 4, 84, 84), dtype=np.uint8)


def random_batch():
    return Batch(
        states=random_states(6, seed=0),
        actions=np.array([0, 1, 2, 0, 1, 2], np.int32),
        rewards=np.array([0, 0, 1, -1, 0, 0], np.float32),
        next_states=random_states(6, seed=1),
        terminated=np.array([False, False, True, False, False, False]),
    )


@pytest.mark.parametrize("name", ["dqn2013", "dqn2015"])
def test_the_network_is_the_plain_one_with_51_outputs_for_each_action(name):
    network = build_c51_network(name, 4, seed=3)
    assert network.name == f"c51_{name}"
    assert network.output.shape == (None, 4)
    assert network.get_layer("logits").output.shape == (None, 4, 51)
    plain = build_q_network(name, 4 * 51, seed=3)
    states = random_states(2, seed=0)
    outputs = plain(states).numpy().astype(np.float64).reshape(2, 4, 51)
    powers = np.exp(outputs)
    expected = (powers / powers.sum(axis=2, keepdims=True)) @ ATOMS
    np.testing.assert_allclose(network(states), expected, atol=1e-4)


def test_an_agent_with_it_acts_and_learns_as_any_other():
    agent, batch = make_agent(CONFIG, 3, seed=0), random_batch()
    q_values = agent.q_values(batch.states)
    assert q_values.shape == (6, 3) and q_values.dtype == np.float32
    actions = agent.act(batch.states, 0.0, np.random.default_rng(0))
    assert (actions == q_values.argmax(axis=1)).all()
    target = [w.copy() for w in agent.target.get_weights()]
    losses, mean_qs = zip(*[agent.learn(batch) for _ in range(60)], strict=True)
    np.testing.assert_allclose(mean_qs[0], q_values.max(axis=1).mean(), rtol=1e-3)
    # The terminal one of six goes from log 51 to log 2; the others stay near log 51.
    assert losses[0] - losses[-1] > 0.8 * (np.log(51) - np.log(2)) / 6
    # What ended with 1 is worth 1, whatever it was thought to be worth before.
    assert agent.q_values(batch.states)[2, 2] == pytest.approx(1.0, abs=0.3)
    assert all(
        (a == b).all() for a, b in zip(target, agent.target.get_weights(), strict=True)
    )


# For three steps the next value counts 0.9 x 0.9 x 0.9.
@pytest.mark.parametrize("n_steps, discount", [(1, 0.9), (3, 0.729)])
def test_an_agents_loss_is_made_with_its_target_network_and_its_discount(
    n_steps, discount
):
    agent = make_agent(CONFIG.replace(n_steps=n_steps), 3, seed=0)
    batch = random_batch()
    # Other weights, and a larger last layer: the first networks' are nearly uniform.
    for network, factor in ((agent.online, 20), (agent.target, -30)):
        *hidden, kernel, bias = network.get_weights()
        network.set_weights([*hidden, factor * kernel, bias])

    def probabilities(network, states):
        logits = keras.Model(network.input, network.get_layer("logits").output)
        powers = np.exp(logits(states).numpy().astype(np.float64))
        return powers / powers.sum(axis=2, keepdims=True)

    after = probabilities(agent.target, batch.next_states)
    after = after[range(6), (after @ ATOMS).argmax(axis=1)]
    targets = papers_projection(batch.rewards, batch.terminated, after, discount)
    now = probabilities(agent.online, batch.states)[range(6), batch.actions]
    loss, _ = agent.learn(batch)
    assert loss == pytest.approx(-(targets * np.log(now)).sum() / 6, rel=1e-4)


@pytest.mark.parametrize("name", ["actions", "rewards", "terminated"])
def test_one_number_or_a_column_for_a_batch_is_refused_not_broadcast(name):
    agent, batch = make_agent(CONFIG, 3, seed=0), random_batch()
    part = getattr(batch, name)
    for wrong in (part[:, None], part[:1]):
        with pytest.raises(ValueError, match=rf"{name} must have shape \(6,\)"):
            agent.learn(batch._replace(**{name: wrong}))


def test_fewer_next_states_than_states_are_refused_not_broadcast():
    agent, batch = make_agent(CONFIG, 3, seed=0), random_batch()
    ends = {n: getattr(batch, n)[:1] for n in ("rewards", "next_states", "terminated")}
    with pytest.raises(ValueError, match=r"rewards must have shape \(6,\)"):
        agent.learn(batch._replace(**ends))


@pytest.mark.parametrize(
    "setting, said",
    [
        ({"clip_rewards": False}, "algorithm c51 needs clip_rewards"),
        ({"loss": "squared"}, "algorithm c51 has a loss of its own"),
    ],
)
def test_settings_that_it_would_pass_over_are_refused(setting, said):
    with pytest.raises(ValueError, match=said):
        CONFIG.replace(**setting)


@pytest.mark.slow
def test_a_run_of_it_is_stored_resumed_and_loaded_to_play(tmp_path):
    config = CONFIG.replace(learning_starts_steps=64, checkpoint_period_steps=200)
    Trainer.start(config, tmp_path, seed=0).run(200)
    trainer = Trainer.resume(tmp_path)
    trainer.run(264)
    agent, loaded, _ = load_agent(tmp_path)
    assert loaded == config and agent.num_actions == 3
    states = random_states(2, seed=0)
    q_values = agent.q_values(states)
    assert q_values.shape == (2, 3)
    np.testing.assert_array_equal(q_values, trainer.agent.q_values(states))
    with pytest.raises(ValueError, match="a run cannot change its algorithm"):
        Trainer.resume(tmp_path, algorithm="dqn")


def test_a_network_is_asked_for_probabilities_whose_mean_is_its_q_value():
    network = build_c51_network("dqn2013", 3, seed=1)
    states = np.random.default_rng(0).integers(0, 256, (2, 4, 84, 84), dtype=np.uint8)
    probabilities = return_probabilities(network)(states)
    assert probabilities.shape == (2, 3, 51)
    assert probabilities.sum(axis=2) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(probabilities @ ATOMS, network(states), atol=1e-4)


def test_a_plain_network_has_no_probabilities_of_returns():
    with pytest.raises(ValueError, match="logits"):
        return_probabilities(build_q_network("dqn2013", 3, seed=1))
