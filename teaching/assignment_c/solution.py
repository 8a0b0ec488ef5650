"""Assignment C, solved: DQN from a blank page, until it plays Catch."""

from collections import deque

import numpy as np

from dqn_tutorial.catch import Catch
from dqn_tutorial.quiet_tensorflow import keras, tf

ACTIONS, DISCOUNT = 3, 0.9


def board(frame: np.ndarray) -> np.ndarray:
    return frame[6:86:8, 26:66:8]


def make_network():
    return keras.Sequential(
        [
            keras.Input((10, 5)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(ACTIONS),
        ]
    )


def sync(online, target) -> None:
    target.set_weights(online.get_weights())


def epsilon(step: int) -> float:
    return max(0.05, 1 - step / 2_000)


def targets(rewards, terminated, next_q, discount) -> np.ndarray:
    return rewards + discount * np.where(terminated, 0, np.max(next_q, axis=1))


class Replay:
    def __init__(self, capacity: int):
        self.transitions = deque(maxlen=capacity)

    def add(self, state, action, reward, next_state, terminated) -> None:
        # Copies, because the caller's boards may change.
        kept = np.array(state), action, reward, np.array(next_state), terminated
        self.transitions.append(kept)

    def sample(self, batch_size: int, rng: np.random.Generator) -> tuple:
        drawn = rng.integers(len(self.transitions), size=batch_size)
        return tuple(
            map(np.array, zip(*[self.transitions[i] for i in drawn], strict=True))
        )


def learn(online, target, optimizer, batch: tuple, discount: float) -> float:
    states, actions, rewards, next_states, terminated = batch
    wanted = targets(rewards, terminated, target(next_states).numpy(), discount)
    with tf.GradientTape() as tape:
        chosen = tf.reduce_sum(online(states) * tf.one_hot(actions, ACTIONS), axis=1)
        loss = tf.reduce_mean((wanted.astype(np.float32) - chosen) ** 2)
    weights = online.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return float(loss)


def train(num_steps: int, seed: int):
    keras.utils.set_random_seed(seed)
    rng, env = np.random.default_rng(seed), Catch()
    online, target, replay = make_network(), make_network(), Replay(5_000)
    optimizer = keras.optimizers.Adam(3e-3)
    sync(online, target)
    state = board(env.reset(seed=seed + 1_000)[0])
    for step in range(num_steps):
        if rng.random() < epsilon(step):
            action = int(rng.integers(ACTIONS))
        else:
            action = int(np.argmax(online(state[None])))
        frame, reward, terminated, _, _ = env.step(action)
        replay.add(state, action, reward, board(frame), terminated)
        state = board(env.reset()[0] if terminated else frame)
        if step >= 500 and step % 4 == 0:
            learn(online, target, optimizer, replay.sample(32, rng), DISCOUNT)
        if step % 200 == 0:
            sync(online, target)
    return online
