"""The small worlds of notebook 05: one game of Catch, and a world of two states."""

import numpy as np

from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch

LEFT, STAY, RIGHT = 0, 1, 2  # the actions of Catch
FAR, NEAR, NOWHERE = (1.0, 0.0), (2.0, 1.0), (0.0, 0.0)  # what the network sees


def stay_in_catch(seed: int) -> list[Batch]:
    """Play one game of Catch with STAY alone: nine batches of one transition each.

    Args:
        seed: of the game. With 1 the ball falls into the paddle.
    """
    env, transitions = ParallelCatch(1, first_seed=seed), []
    state = env.reset().copy()
    while not transitions or not transitions[-1].terminated:
        env.send(np.array([STAY]))
        step = env.recv()
        next_state = np.concatenate([state[:, 1:], step.next_frames[:, None]], axis=1)
        transitions.append(
            Batch(state, step.actions, step.rewards, next_state, step.terminated)
        )
        state = next_state
    return transitions


def together(batches: list[Batch]) -> Batch:
    """Several batches as one."""
    return Batch(*map(np.concatenate, zip(*batches, strict=True)))


def two_weights(start: tuple[float, float]) -> keras.Model:
    """The smallest network: Q = first weight x first number + second x second.

    Args:
        start: the two weights.
    """
    layer = keras.layers.Dense(1, use_bias=False)
    network = keras.Sequential([keras.Input((2,)), layer])
    layer.set_weights([np.reshape(start, (2, 1))])
    return network


def mixture(far: int, near: int) -> Batch:
    """A batch of transitions from far to near, and from near to the end.

    Args:
        far, near: how many of each.
    """
    count = far + near
    batch = Batch(
        states=np.array([FAR] * far + [NEAR] * near, np.float32),
        actions=np.zeros(count, np.int32),
        rewards=np.array([0.0] * far + [1.0] * near, np.float32),
        next_states=np.array([NEAR] * far + [NOWHERE] * near, np.float32),
        terminated=np.array([False] * far + [True] * near),
    )
    return Batch(*map(tf.constant, batch))
