"""The agent: what it sees, chooses and learns, and that a seed settles all of it.

And that the factory makes the agent of each algorithm.
"""

import numpy as np
import pytest

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.c51 import build_c51_network
from dqn_tutorial.beyond.factory import make_agent, make_replay
from dqn_tutorial.config import ALGORITHMS, PRESETS
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch, ReplayBuffer

CONFIG = PRESETS["catch"]
ACTIONS = 3


def random_states(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(256, size=(count, 4, 84, 84), dtype=np.uint8)


def random_batch(count=8):
    rng = np.random.default_rng(1)
    return Batch(
        states=random_states(count, seed=2),
        actions=rng.integers(ACTIONS, size=count, dtype=np.int32),
        rewards=rng.choice([-1.0, 0.0, 1.0], size=count).astype(np.float32),
        next_states=random_states(count, seed=3),
        terminated=rng.random(count) < 0.3,
    )


def weights(network):
    return [value.numpy().copy() for value in network.variables]


def equal(some, others):
    return all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


@pytest.fixture(scope="module")
def agent():
    """An agent for the tests that change nothing."""
    return DQNAgent(CONFIG, ACTIONS, seed=0)


def test_there_is_one_q_value_for_each_state_and_action(agent):
    q_values = agent.q_values(random_states(5))
    assert q_values.shape == (5, 3) and q_values.dtype == np.float32
    assert np.isfinite(q_values).all()


def test_a_state_has_the_same_q_values_alone_as_in_a_batch(agent):
    states = random_states(3)
    alone = np.concatenate([agent.q_values(state[None]) for state in states])
    np.testing.assert_allclose(agent.q_values(states), alone, atol=1e-5)


@pytest.mark.parametrize(
    ("states", "what"),
    [
        (random_states(1)[0], "needs a batch axis"),
        (random_states(2)[:, :, :80], r"shape \(B, 4, 84, 84\), got \(2, 4, 80, 84\)"),
        (random_states(2).transpose(0, 2, 3, 1), r"got \(2, 84, 84, 4\)"),
        (random_states(2) / 255.0, "must be uint8, 0 to 255, got float64"),
        (random_states(2).astype(np.float32), "must be uint8, 0 to 255, got float32"),
    ],
)
def test_states_of_another_shape_or_dtype_are_refused(agent, states, what):
    batch = random_batch(2)
    with pytest.raises(ValueError, match=what):
        agent.q_values(states)
    with pytest.raises(ValueError, match=what):
        agent.act(states, 0.1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=what):
        agent.learn(batch._replace(states=states))
    with pytest.raises(ValueError, match=what):
        agent.learn(batch._replace(next_states=states))


@pytest.mark.parametrize("wrong", [-1, 3, 255])
def test_an_action_the_game_does_not_have_is_not_learned_from(agent, wrong):
    batch = random_batch(4)
    actions = batch.actions.copy()
    actions[2] = wrong
    with pytest.raises(ValueError, match="actions must be between 0 and 2, got"):
        agent.learn(batch._replace(actions=actions))


def test_actions_in_a_column_are_refused_not_broadcast(agent):
    batch = random_batch(4)
    with pytest.raises(ValueError, match=r"actions must have shape \(4,\)"):
        agent.learn(batch._replace(actions=batch.actions[:, None]))


def test_without_exploration_the_action_is_the_argmax(agent):
    states = random_states(20)
    actions = agent.act(states, epsilon=0.0, rng=np.random.default_rng(0))
    assert actions.shape == (20,) and actions.dtype == np.int32
    assert (actions == agent.q_values(states).argmax(axis=1)).all()


def test_with_epsilon_one_every_action_comes_up(agent):
    states = np.zeros((60, 4, 84, 84), np.uint8)  # one state: one greedy action
    actions = agent.act(states, epsilon=1.0, rng=np.random.default_rng(0))
    assert set(actions.tolist()) == {0, 1, 2}


def test_epsilon_out_of_range_is_refused(agent):
    with pytest.raises(ValueError, match=r"between 0 and 1, got 1\.5"):
        agent.act(random_states(1), 1.5, np.random.default_rng(0))


def test_both_networks_begin_alike(agent):
    assert equal(weights(agent.online), weights(agent.target))
    pairs = zip(agent.online.variables, agent.target.variables, strict=True)
    assert all(a is not b for a, b in pairs)


def test_learning_reduces_the_loss_on_one_batch_and_leaves_the_target_alone():
    agent, batch = DQNAgent(CONFIG, ACTIONS, seed=0), random_batch()
    first_weights = weights(agent.target)
    losses, mean_qs = zip(*[agent.learn(batch) for _ in range(30)], strict=True)
    assert type(losses[0]) is float and type(mean_qs[0]) is float
    assert losses[-1] < 0.1 * losses[0]
    assert equal(weights(agent.target), first_weights)
    assert not equal(weights(agent.online), first_weights)
    agent.sync_target()
    assert equal(weights(agent.target), weights(agent.online))


def test_the_mean_q_is_that_of_the_best_actions_before_the_step():
    agent, batch = DQNAgent(CONFIG, ACTIONS, seed=0), random_batch()
    expected = agent.q_values(batch.states).max(axis=1).mean()
    _, mean_q = agent.learn(batch)
    np.testing.assert_allclose(mean_q, expected, rtol=1e-4)
    assert agent.q_values(batch.states).max(axis=1).mean() != pytest.approx(
        mean_q, rel=1e-4
    )


def test_what_is_learned_changes_what_is_seen():
    # The compiled forward pass reads the weights of now, not those it was made with.
    agent, states = DQNAgent(CONFIG, ACTIONS, seed=0), random_states(2)
    before = agent.q_values(states)
    agent.learn(random_batch())
    after = agent.q_values(states)
    assert (before != after).any()
    np.testing.assert_allclose(after, agent.online(states), atol=1e-4)


def test_a_seed_settles_the_weights_and_the_learning():
    agents = [DQNAgent(CONFIG, ACTIONS, seed=seed) for seed in (5, 5, 6)]
    first, same, other = [weights(agent.online) for agent in agents]
    assert equal(first, same) and not equal(first, other)
    results = [[agent.learn(random_batch()) for _ in range(3)] for agent in agents[:2]]
    np.testing.assert_allclose(*results, rtol=1e-4)
    for a, b in zip(weights(agents[0].online), weights(agents[1].online), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def enlarge(network, factor):
    """Multiply what a network says by a factor."""
    *hidden, kernel, bias = network.get_weights()
    network.set_weights([*hidden, factor * kernel, factor * bias])


def has_learned(agent, batch):
    """An agent whose two networks prefer different actions, some of its errors large.

    The target network is made to hope for 10 times as much as it did, so that it
    matters what that is counted for.
    """
    for _ in range(5):
        agent.learn(batch)
    enlarge(agent.target, 10)
    worth = agent.target(batch.next_states).numpy()
    chosen = agent.q_values(batch.next_states).argmax(axis=1)
    assert (chosen != worth.argmax(axis=1)).any()
    return agent


def expected_loss(algorithm, td_loss, agent, batch, discount):
    """The loss of DQN or Double DQN in NumPy, from what the agent's networks say."""
    rows = np.arange(len(batch.actions))
    worth = agent.target(batch.next_states).numpy()
    chosen = agent.q_values(batch.next_states).argmax(axis=1)
    best = worth[rows, chosen] if algorithm == "double_dqn" else worth.max(axis=1)
    targets = batch.rewards + discount * best * ~batch.terminated
    sizes = np.abs(targets - agent.q_values(batch.states)[rows, batch.actions])
    losses = {
        "squared": sizes**2 / 2,
        "huber": np.where(sizes <= 1, sizes**2 / 2, sizes - 0.5),
    }
    return losses[td_loss].mean()


# For three steps the next value counts 0.9 x 0.9 x 0.9.
@pytest.mark.parametrize(("n_steps", "discount"), [(1, 0.9), (3, 0.729)])
@pytest.mark.parametrize("td_loss", ["huber", "squared"])
@pytest.mark.parametrize("algorithm", ["dqn", "double_dqn"])
def test_with_double_dqn_the_online_network_chooses_the_next_action(
    algorithm, td_loss, n_steps, discount
):
    config = CONFIG.replace(algorithm=algorithm, loss=td_loss, n_steps=n_steps)
    batch = random_batch(32)
    agent = has_learned(make_agent(config, 3, seed=0), batch)
    expected = {
        (a, t, d): expected_loss(a, t, agent, batch, d)
        for a in ("dqn", "double_dqn")
        for t in ("huber", "squared")
        for d in (0.9, 0.729)
    }
    loss, _ = agent.learn(batch)
    right = expected.pop((algorithm, td_loss, discount))
    np.testing.assert_allclose(loss, right, rtol=1e-4)
    # Every other loss would have been seen to be another.
    assert all(other != pytest.approx(right, rel=1e-3) for other in expected.values())


@pytest.mark.parametrize("network", ["dqn2013", "dqn2015"])
@pytest.mark.parametrize(
    ("algorithm", "build", "name"),
    [
        ("dqn", build_q_network, "{}"),
        ("double_dqn", build_q_network, "{}"),
        ("c51", build_c51_network, "c51_{}"),
    ],
)
def test_the_factory_builds_the_network_of_each_algorithm(
    algorithm, build, name, network
):
    config = CONFIG.replace(algorithm=algorithm, network=network)
    agent = make_agent(config, 4, seed=5)
    first_weights = build(network, 4, 5).get_weights()
    last = 4 * 51 if algorithm == "c51" else 4
    for made in (agent.online, agent.target):
        assert made.name == name.format(network)
        assert made.output_shape == (None, 4)
        assert made.get_layer("q_values").units == last
        assert equal(made.get_weights(), first_weights)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_that_can_be_set_can_be_made_and_learns(algorithm):
    agent = make_agent(CONFIG.replace(algorithm=algorithm), ACTIONS, seed=0)
    assert agent.q_values(random_states(2)).shape == (2, ACTIONS)
    before = weights(agent.online)
    loss, mean_q = agent.learn(random_batch())
    assert np.isfinite([loss, mean_q]).all()
    assert not equal(weights(agent.online), before)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("n_steps", [1, 3])
def test_the_factory_makes_the_replay_buffer_that_the_settings_describe(
    n_steps, compressed
):
    replay = make_replay(CONFIG.replace(n_steps=n_steps, replay_compressed=compressed))
    assert type(replay) is (ReplayBuffer if n_steps == 1 else NStepReplayBuffer)
    assert replay.num_envs == 8 and replay.slots == 1_250  # 10,000 for 8 games
    assert replay.compressed is compressed
    if n_steps == 3:
        assert (replay.n_steps, replay.discount) == (3, 0.9)


@pytest.mark.parametrize("td_loss", ["huber", "squared"])
def test_an_agent_that_is_told_no_loss_has_that_of_dqn(td_loss):
    batch = random_batch(32)
    agent = has_learned(DQNAgent(CONFIG.replace(loss=td_loss), 3, seed=0), batch)
    expected = expected_loss("dqn", td_loss, agent, batch, 0.9)
    loss, _ = agent.learn(batch)
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


def test_an_agent_takes_a_loss_and_a_network_of_ones_own():
    built, given = [], []

    def own_network(*arguments):
        built.append(arguments)
        network = build_q_network(*arguments)
        return keras.Model(network.input, 2 * network.output, name="own")

    def own_loss(online, target, batch):
        given[:] = online, target, batch
        q_values = online(batch.states)
        return tf.reduce_mean(q_values**2), q_values

    agent = DQNAgent(CONFIG, ACTIONS, 7, own_loss, own_network)
    assert built == [("dqn2013", 3, 7)] * 2
    assert agent.online.name == agent.target.name == "own"
    batch = random_batch()
    plain = build_q_network("dqn2013", 3, 7)(batch.states).numpy()
    q_values = agent.q_values(batch.states)
    np.testing.assert_allclose(q_values, 2 * plain, atol=1e-4)
    loss, mean_q = agent.learn(batch)
    assert loss == pytest.approx((q_values**2).mean(), rel=1e-4)
    assert mean_q == pytest.approx(q_values.max(axis=1).mean(), rel=1e-4)
    assert given[0] is agent.online and given[1] is agent.target
    assert type(given[2]) is Batch


def test_the_settings_reach_the_optimizer_and_the_networks():
    config = CONFIG.replace(network="dqn2015", learning_rate=0.125, adam_epsilon=0.5)
    agent = DQNAgent(config, 7, seed=0)
    assert agent.online.name == agent.target.name == "dqn2015"
    assert agent.online.output_shape == (None, 7)
    assert float(agent.optimizer.learning_rate) == 0.125
    assert agent.optimizer.epsilon == 0.5


def test_a_plain_agent_refuses_a_network_that_there_is_not():
    with pytest.raises(ValueError, match="network must be one of dqn2013, dqn2015"):
        DQNAgent(CONFIG.replace(network="dqn2016"), ACTIONS, seed=0)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_network_that_there_is_not_is_refused_for_every_algorithm(algorithm):
    config = CONFIG.replace(algorithm=algorithm, network="dqn2016")
    with pytest.raises(ValueError, match="network must be one of dqn2013, dqn2015"):
        make_agent(config, ACTIONS, seed=0)
    with pytest.raises(ValueError, match="num_actions must be an integer of at least"):
        make_agent(CONFIG.replace(algorithm=algorithm), 0, seed=0)


@pytest.mark.parametrize("algorithm", [a for a in ALGORITHMS if a != "dqn"])
def test_a_plain_agent_does_not_pass_over_settings_of_another_algorithm(algorithm):
    with pytest.raises(ValueError, match=r"use beyond\.factory\.make_agent"):
        DQNAgent(CONFIG.replace(algorithm=algorithm), 3, seed=0)


@pytest.mark.parametrize("n_steps", [1, 3])
def test_a_plain_agent_is_the_one_that_the_settings_make(n_steps):
    config, batch = CONFIG.replace(n_steps=n_steps), random_batch()
    learned = [make(config, 3, seed=0).learn(batch) for make in (DQNAgent, make_agent)]
    assert learned[0] == learned[1]
    assert learned[0] != DQNAgent(CONFIG.replace(n_steps=7), 3, seed=0).learn(batch)
