"""Adam, the optimizer, with one kernel for each variable.

Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1, in the
form of its section 2: epsilon is added to the root of the uncorrected second moment.
Keras' Adam does the same with about ten operations, each a pass over all weights, and
TensorFlow has it as one. What that buys is measured in `benchmarks/README.md`.
"""

import math

from dqn_tutorial.config import DQNConfig
from dqn_tutorial.quiet_tensorflow import keras, tf

CUTS = (0.5, 0.9)  # where the learning rate is cut, as shares of the run's steps


class OneKernelAdam(keras.optimizers.Adam):
    """Keras' Adam, its variables and all, but updated by one kernel."""

    def update_step(self, gradient, variable, learning_rate) -> None:
        """Change one variable, called by Keras for each."""
        i = self._get_variable_index(variable)
        updates = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[i].value.handle,
            v=self._velocities[i].value.handle,
            beta1_power=self.beta_1**updates,
            beta2_power=self.beta_2**updates,
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def falling_rate(config: DQNConfig) -> keras.optimizers.schedules.LearningRateSchedule:
    """The learning rate by updates: it is cut at half of the run, and at nine tenths.

    Both cuts divide it by the same number, which leads from `learning_rate` to
    `learning_rate_end`.
    """
    first, last = config.learning_rate, config.learning_rate_end
    return keras.optimizers.schedules.PiecewiseConstantDecay(
        # The rate of the update at a boundary is still the one before.
        [config.updates_by(round(cut * config.total_steps)) - 1 for cut in CUTS],
        [first, math.sqrt(first * last), last],
    )


def make_optimizer(config: DQNConfig) -> keras.optimizers.Optimizer:
    """Adam, with the learning rate of `falling_rate`."""
    return OneKernelAdam(falling_rate(config), epsilon=config.adam_epsilon)
