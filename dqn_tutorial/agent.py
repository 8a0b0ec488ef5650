"""The agent: two networks, an optimizer, and what an agent does with them.

`act` looks at states and chooses actions, `learn` takes one gradient step on a batch,
`sync_target` copies the online network into the target network.
"""

from collections.abc import Callable

import numpy as np

from dqn_tutorial.adam import make_optimizer
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.exploration import epsilon_greedy
from dqn_tutorial.learning import Loss, dqn_loss, make_train_step, sync_target
from dqn_tutorial.networks import build_q_network, check_states
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch


class DQNAgent:
    """A Deep Q-Network agent (Mnih 2015, algorithm 1).

    Args:
        config: network, loss, discount, n_steps, learning rate and for how long.
        num_actions: A, how many actions the game has.
        seed: for the initial weights.
        loss: another algorithm's loss (`dqn_tutorial.beyond`); None for DQN's.
        build_network: another algorithm's; takes name, number of actions and seed.

    Raises:
        ValueError: an unknown network or loss, no actions, or settings of another
            algorithm without its loss.
    """

    def __init__(
        self,
        config: DQNConfig,
        num_actions: int,
        seed: int,
        loss: Loss | None = None,
        build_network: Callable[[str, int, int], keras.Model] | None = None,
    ):
        self.num_actions = num_actions
        build_network = build_network or build_q_network
        self.online = build_network(config.network, num_actions, seed)
        self.target = build_network(config.network, num_actions, seed)
        self.optimizer = make_optimizer(config)
        if loss is None:
            if config.algorithm != "dqn":
                raise ValueError(
                    f"a DQNAgent by itself is plain DQN, and the settings ask for "
                    f"algorithm {config.algorithm}: use beyond.factory.make_agent"
                )
            loss = dqn_loss(config.discount**config.n_steps, config.loss)
        self._train_step = make_train_step(
            self.online, self.target, self.optimizer, loss
        )
        self._forward = tf.function(self.online)
        self.sync_target()

    def q_values(self, states: np.ndarray) -> np.ndarray:
        """Q-values of (N, 4, 84, 84) uint8 states: (N, A) float32.

        Raises:
            ValueError: wrong shape or dtype.
        """
        check_states(states)
        return self._forward(tf.constant(states)).numpy()

    def act(
        self, states: np.ndarray, epsilon: float, rng: np.random.Generator
    ) -> np.ndarray:
        """Choose epsilon-greedy actions for (N, 4, 84, 84) uint8 states: (N,) int32.

        Raises:
            ValueError: states of the wrong shape or dtype, or epsilon not in [0, 1].
        """
        return epsilon_greedy(self.q_values(states), epsilon, rng)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """Take one gradient step; return the loss and the batch's mean max Q.

        Raises:
            ValueError: states of the wrong shape or dtype (floats would silently be
                truncated to integers), or an action that the game does not have
                (compiled code would take the nearest one).
        """
        check_states(batch.states)
        check_states(batch.next_states)
        low, high = batch.actions.min(), batch.actions.max()
        if low < 0 or high >= self.num_actions:
            raise ValueError(
                f"actions must be between 0 and {self.num_actions - 1}, got {low} to "
                f"{high}"
            )
        loss, mean_q = self._train_step(Batch(*map(tf.constant, batch)))
        return float(loss), float(mean_q)

    def sync_target(self) -> None:
        """Copy the online network into the target network."""
        sync_target(self.online, self.target)
