"""One way to take an update, timed in a process of its own.

    python -m benchmarks.update_run '{"network": "dqn2013", "batch": 32, "threads": 2,
                                      "repeats": 100, "way": "plain"}'

way         what differs
plain       the package's update as it is
xla         compiled by XLA
eager       not compiled at all
two         two updates, on two batches, in one call
window      the five frames of a transition copied once, not two stacks of four
space       the first convolution over 4 x 4 blocks of pixels as channels
fused       Adam's arithmetic as one kernel of TensorFlow's, not Keras's dozen
sample      an update and the drawing of its batch, one after the other
prefetch    the same, the next batch drawn on another thread meanwhile
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks import measure
from benchmarks.flops import BREAKOUT_ACTIONS
from dqn_tutorial.agent import make_optimizer
from dqn_tutorial.config import PRESETS, STATE_SHAPE
from dqn_tutorial.envs import make_env
from dqn_tutorial.learning import make_train_step
from dqn_tutorial.networks import ARCHITECTURES, build_q_network
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch, ReplayBuffer


def space_to_depth_network(network: str) -> keras.Model:
    """The same function, its 8 x 8 kernels of stride 4 written as 2 x 2 of stride 1."""
    ((filters, kernel, stride), *others), dense = ARCHITECTURES[network]
    channels, side, _ = STATE_SHAPE
    blocks = side // stride
    layers = keras.layers
    states = keras.Input(STATE_SHAPE, dtype="uint8")
    x = layers.Rescaling(1 / 255)(states)
    x = layers.Reshape((channels, blocks, stride, blocks, stride))(x)
    x = layers.Permute((2, 4, 3, 5, 1))(x)  # [B, 21, 21, 4, 4, C]
    x = layers.Reshape((blocks, blocks, stride * stride * channels))(x)
    x = layers.Conv2D(filters, kernel // stride, activation="relu")(x)
    for filters, kernel, stride in others:
        x = layers.Conv2D(filters, kernel, strides=stride, activation="relu")(x)
    x = layers.Dense(dense, activation="relu")(layers.Flatten()(x))
    return keras.Model(states, layers.Dense(BREAKOUT_ACTIONS)(x))


class FusedAdam(keras.optimizers.Adam):
    """Keras's Adam, its step taken by the one kernel that TensorFlow has for it."""

    def update_step(self, gradient, variable, learning_rate):
        place = self._get_variable_index(variable)
        number = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=tf.pow(self.beta_1, number),
            beta2_power=tf.pow(self.beta_2, number),
            lr=tf.cast(learning_rate, tf.float32),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def real_replay(transitions: int) -> ReplayBuffer:
    """A replay buffer filled by random play of Breakout."""
    config = PRESETS["laptop"]
    env, rng = make_env(config, config.num_envs, 0), np.random.default_rng(0)
    replay = ReplayBuffer(transitions, env.num_envs)
    replay.reset(env.reset()[:, -1])
    for _ in range(transitions // env.num_envs):
        step = env.step(rng.integers(env.num_actions, size=env.num_envs))
        replay.add(*step[:5], first_frames=env.states[:, -1])
    return replay


def make_update(network: str, way: str):
    """The function that takes an update: a Batch of NumPy arrays -> the loss."""
    build = space_to_depth_network if way == "space" else None
    online, target = (
        build(network) if build else build_q_network(network, BREAKOUT_ACTIONS, seed)
        for seed in (0, 1)
    )
    config = PRESETS["laptop"]
    optimizer = make_optimizer(config)
    if way == "fused":
        optimizer = FusedAdam(config.learning_rate, epsilon=config.adam_epsilon)
    compiled = make_train_step(online, target, optimizer, config.discount, config.loss)
    step = compiled.python_function
    if way == "eager":
        return lambda batch: float(step(*map(tf.constant, batch))[0])
    if way == "two":
        twice = tf.function(lambda a, b: (step(*a), step(*b)))
        return lambda batch: float(
            twice([tf.constant(x) for x in batch], [tf.constant(x) for x in batch])[1][
                0
            ]
        )
    if way == "window":
        once = tf.function(lambda w, a, r, t: step(w[:, :4], a, r, w[:, 1:], t))

        def update(batch):
            window = batch.states.base  # [B, 5, 84, 84]: both stacks are views of it
            parts = (window, batch.actions, batch.rewards, batch.terminated)
            return float(once(*map(tf.constant, parts))[0])

        return update
    if way == "xla":
        compiled = tf.function(step, jit_compile=True)
    return lambda batch: float(compiled(*map(tf.constant, batch))[0])


def run(network: str, way: str, batch: int, threads: int, repeats: int) -> dict:
    """Time one way; milliseconds per update: median and quartiles."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    update, rng = make_update(network, way), np.random.default_rng(0)
    replay = real_replay(4_000)
    fixed: Batch = replay.sample(batch, rng)
    if way == "sample":
        times = measure.time_it(lambda: update(replay.sample(batch, rng)), repeats)
    elif way == "prefetch":
        with ThreadPoolExecutor(1) as pool:
            coming = [pool.submit(replay.sample, batch, rng)]

            def step():
                ready = coming.pop().result()
                coming.append(pool.submit(replay.sample, batch, rng))
                update(ready)

            times = measure.time_it(step, repeats)
    else:
        times = measure.time_it(lambda: update(fixed), repeats)
    low, middle, high = np.percentile(times, (25, 50, 75)) / (2 if way == "two" else 1)
    return {"ms": middle, "ms_quarter": low, "ms_three_quarters": high}


if __name__ == "__main__":
    measure.report(run(**json.loads(sys.argv[1])))
