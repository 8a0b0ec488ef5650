"""The rubric of assignment C as tests: each says in its docstring what it is worth.

    python -m pytest teaching/assignment_c/rubric.py

looks at `my_dqn.py` beside it; MY_DQN=path in the environment names another file.
Each test is one that found a bug of notebook 09, or would have.
"""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from dqn_tutorial.catch import Catch
from dqn_tutorial.quiet_tensorflow import keras

FILE = Path(os.environ.get("MY_DQN", Path(__file__).parent / "my_dqn.py"))


@pytest.fixture(scope="module")
def mine():
    spec = importlib.util.spec_from_file_location("my_dqn", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def boards(number: int) -> np.ndarray:
    """Boards with one ball each, all different, (number, 10, 5) uint8."""
    states = np.zeros((number, 50), np.uint8)
    states[np.arange(number), np.arange(number)] = 255
    return states.reshape(-1, 10, 5)


def transition(k: int) -> tuple:
    """The transition number k: its action, reward and end follow from k alone."""
    return boards(10)[k], k % 3, float(k), boards(11)[k + 1], k % 2 == 0


def values(network, states) -> np.ndarray:
    return np.asarray(network(states))


def test_the_network_gives_three_q_values_of_any_sign(mine):
    """1 point. No ReLU at the end: over a few networks some Q-values are below 0."""
    said = np.array([values(mine.make_network(), boards(50)) for _ in range(5)])
    assert said.shape == (5, 50, 3)
    assert said.min() < 0 < said.max()


def test_the_network_sees_the_board_and_sees_it_once_scaled(mine):
    """1 point. Not divided twice: one bright cell changes the Q-values visibly."""
    said = values(mine.make_network(), boards(50))
    assert said.std(axis=0).min() > 0.005
    assert np.abs(said).max() < 10


def test_the_target_network_is_a_copy_that_stands_still(mine):
    """1 point. After a sync both say the same; then only one of them changes."""
    online, target = mine.make_network(), mine.make_network()
    mine.sync(online, target)
    before = values(target, boards(50))
    assert np.array_equal(values(online, boards(50)), before)
    online.set_weights([weights + 1 for weights in online.get_weights()])
    assert np.array_equal(values(target, boards(50)), before)


def test_exploration_begins_with_everything_and_counts_in_steps(mine):
    """1 point. From 1 to 0.1 or less within 4,000 steps, and never up again."""
    said = np.array([mine.epsilon(step) for step in range(4_000)])
    assert said[0] == pytest.approx(1, abs=0.01)
    assert 0 < said[-1] <= 0.1
    assert (np.diff(said) <= 0).all() and said[100] > 0.5


def test_the_targets_are_right_by_hand(mine):
    """2 points. The best next Q-value of each row, and nothing after the end."""
    rewards, terminated = np.array([0.0, 1.0, -1.0]), np.array([False, True, False])
    next_q = np.array([[0.2, 0.6, -1.0], [9.0, 9.0, 9.0], [-0.4, -0.2, -0.8]])
    said = np.asarray(mine.targets(rewards, terminated, next_q, 0.5))
    np.testing.assert_allclose(said, [0.3, 1.0, -1.1], rtol=1e-6)


def test_a_replay_buffer_gives_back_what_went_in(mine):
    """2 points. Copies, whole transitions, and shapes without a stray axis."""
    replay, (state, action, reward, next_state, ended) = mine.Replay(100), transition(3)
    replay.add(state, action, reward, next_state, ended)
    state[:], next_state[:] = 0, 0  # what the caller does next is not remembered
    states, actions, rewards, next_states, terminated = replay.sample(4, rng())
    assert [np.shape(part) for part in (states, next_states)] == [(4, 10, 5)] * 2
    assert [np.shape(part) for part in (actions, rewards, terminated)] == [(4,)] * 3
    for said, right in zip(
        (states, actions, rewards, next_states, terminated), transition(3), strict=True
    ):
        assert np.array_equal(said, np.stack([right] * 4))


def test_a_replay_buffer_draws_from_all_it_has_and_forgets_the_oldest(mine):
    """1 point. Ten go into a buffer of six: the last six are drawn, alike."""
    replay = mine.Replay(6)
    for k in range(10):
        replay.add(*transition(k))
    rewards = np.concatenate([replay.sample(6, rng(seed))[2] for seed in range(100)])
    numbers, counts = np.unique(rewards, return_counts=True)
    assert numbers.tolist() == [4, 5, 6, 7, 8, 9]
    assert counts.min() > 60  # 100 each, if all are equally likely


def test_learning_moves_the_chosen_action_towards_the_target(mine):
    """2 points. The right way, for that action most; the target network stays."""
    online, target = mine.make_network(), mine.make_network()
    before, held = values(online, boards(2))[1], values(target, boards(2))
    reward = before[2] + 1.0  # and the game is over: the target is one above
    batch = (
        boards(2)[1:],
        np.array([2]),
        np.array([reward]),
        boards(1),
        np.array([True]),
    )
    optimizer = keras.optimizers.SGD(0.01)
    losses = [
        float(mine.learn(online, target, optimizer, batch, 0.9)) for _ in range(5)
    ]
    moved = values(online, boards(2))[1] - before
    assert 0 < moved[2] <= 1 and np.abs(moved).argmax() == 2
    assert losses[0] > losses[-1] > 0
    assert np.array_equal(values(target, boards(2)), held)


def test_learning_bootstraps_from_the_target_network(mine):
    """1 point. Nothing is learned from a target that the online network set itself."""
    losses = []
    for height in (0.0, 3.0):
        keras.utils.set_random_seed(0)
        online, target = mine.make_network(), mine.make_network()
        weights = target.get_weights()
        weights[-1] = weights[-1] + np.float32(height)  # the last biases
        target.set_weights(weights)
        batch = boards(1), np.array([0]), np.array([2.0]), boards(1), np.array([False])
        optimizer = keras.optimizers.SGD(0.0)
        losses.append(float(mine.learn(online, target, optimizer, batch, 0.9)))
    assert losses[1] > losses[0] + 1


@pytest.mark.parametrize("seed", [0, 1])
def test_it_plays_catch(mine, seed):
    """3 points, if both pass. 100 games on other seeds, no random action: above 0.9."""
    network = mine.train(num_steps=4_000, seed=seed)
    scores = []
    for game in range(100):
        env, over = Catch(), False
        frame, _ = env.reset(seed=game)
        while not over:
            action = int(values(network, mine.board(frame)[None])[0].argmax())
            frame, score, over, _, _ = env.step(action)
        scores.append(score)
    assert np.mean(scores) > 0.9


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)
