"""C51: a network that learns how likely each return is, not only the mean.

Bellemare, Dabney and Munos 2017, "A Distributional Perspective on Reinforcement
Learning", algorithm 1. For each action the network gives a probability to each of 51
returns, the atoms z_1 to z_51. Their mean is the Q-value, so it acts, is evaluated and
is looked at like any other Q-network. Its targets are distributions, too:

    with probability p_j(s', a*) the return is   r + discount * z_j

where a* is the best action by the mean; for a terminal transition the return is r. Such
a return lies between two atoms and shares its probability between them, more to the
nearer one. The loss is the cross-entropy.

Glossary
    B   transitions in a batch
    A   actions of the game
    Z   atoms, 51
"""

from collections.abc import Callable

import numpy as np

from dqn_tutorial.learning import Loss, check_batch, check_terminated
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.quiet_tensorflow import keras, tf

# Section 5: 51 atoms from V_min = -10 to V_max = 10, for rewards clipped to [-1, 1].
V_MIN, V_MAX, NUM_ATOMS = -10, 10, 51
ATOMS = np.linspace(V_MIN, V_MAX, NUM_ATOMS, dtype=np.float32)
GAP = (V_MAX - V_MIN) / (NUM_ATOMS - 1)  # from one atom to the next


def c51_head(outputs: tf.Tensor, num_actions: int) -> tf.Tensor:
    """Q-values from a network's last outputs: (B, A * Z) -> (B, A) float32.

    Its layer "logits" gives the outputs as (B, A, Z), before the softmax that makes
    them probabilities. A Q-value is the mean of an action's returns.

    Args:
        outputs: (B, A * Z) float32, of a Keras network under construction.
        num_actions: A, how many actions the game has.

    Raises:
        ValueError: the outputs are not A * Z.
    """
    logits = keras.layers.Reshape((num_actions, NUM_ATOMS), name="logits")(outputs)
    probabilities = keras.layers.Softmax()(logits)
    return keras.ops.sum(probabilities * ATOMS, axis=-1)  # [B, A, Z] -> [B, A]


def build_c51_network(name: str, num_actions: int, seed: int) -> keras.Model:
    """Build a Q-network whose Q-values are means: (B, 4, 84, 84) uint8 -> (B, A).

    It is `build_q_network`'s with 51 outputs for each action, followed by `c51_head`.
    Its last dense layer is still named "q_values", though here it gives the logits.

    Args:
        name: "dqn2013" or "dqn2015".
        num_actions: A, how many actions the game has.
        seed: for the initial weights, 0 or more; the same seed gives the same weights.

    Raises:
        ValueError: as `build_q_network`.
    """
    network = build_q_network(name, num_actions * NUM_ATOMS, seed)
    q_values = c51_head(network.output, num_actions)
    return keras.Model(network.input, q_values, name=f"c51_{name}")


def project(
    rewards: tf.Tensor, terminated: tf.Tensor, probabilities: tf.Tensor, discount: float
) -> tf.Tensor:
    """The distribution each chosen action is pulled towards, on the atoms.

    Args:
        rewards: (B,) float32, of this step, or the sum of n steps (`n_step.py`).
        terminated: (B,) bool; true where nothing can follow. Truncation does not count.
        probabilities: (B, Z) float32, of the returns from the next state on.
        discount: for the returns from the next state on, 0 to 1.

    Returns:
        (B, Z) float32; each row sums to 1. A return beyond the outermost atom counts
        as that atom.

    Raises:
        ValueError: the shapes do not match, or terminated is not bool.
    """
    if probabilities.shape[1:] != ATOMS.shape:
        raise ValueError(
            f"probabilities must have shape (B, {NUM_ATOMS}), got "
            f"{tuple(probabilities.shape)}"
        )
    check_batch(probabilities.shape[0], rewards=rewards)
    check_terminated(probabilities.shape[0], terminated)
    to_come = tf.where(terminated[:, None], 0.0, discount * ATOMS)  # [B, Z]
    returns = tf.clip_by_value(rewards[:, None] + to_come, V_MIN, V_MAX)
    # How near each return is to each atom: 1 on it, 0 from the next atom on.
    distances = tf.abs(returns[:, None, :] - ATOMS[:, None]) / GAP  # [B, Z to, Z from]
    shares = tf.maximum(1.0 - distances, 0.0)
    return tf.linalg.matvec(shares, probabilities)  # [B, Z]


def c51_loss(discount: float) -> Loss:
    """Make the loss of C51, the cross-entropy between two distributions of returns.

    Both networks need the `c51_head`.

    Args:
        discount: for the returns from the next state on, 0 to 1.
    """

    def loss(online, target, batch):
        # `project` compares the rewards with the next states only.
        check_batch(batch.states.shape[0], actions=batch.actions, rewards=batch.rewards)
        next_logits, next_q_values = with_logits(target)(batch.next_states)
        best = tf.argmax(next_q_values, axis=1)  # [B]
        next_logits = tf.gather(next_logits, best, axis=1, batch_dims=1)  # [B, Z]
        targets = tf.stop_gradient(
            project(
                batch.rewards, batch.terminated, tf.nn.softmax(next_logits), discount
            )
        )
        logits, q_values = with_logits(online)(batch.states)  # [B, A, Z], [B, A]
        chosen = tf.gather(logits, batch.actions, axis=1, batch_dims=1)  # [B, Z]
        losses = tf.nn.softmax_cross_entropy_with_logits(targets, chosen)  # [B]
        return tf.reduce_mean(losses), q_values

    return loss


def with_logits(network: keras.Model) -> keras.Model:
    """The same layers with two outputs: logits (B, A, Z) and Q-values (B, A).

    Raises:
        ValueError: the network has no `c51_head`, and so no layer "logits".
    """
    logits = network.get_layer("logits").output
    return keras.Model(network.input, [logits, network.output])


def return_probabilities(network: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Ask a network how likely each return is.

    Args:
        network: with a `c51_head`.

    Returns:
        A function of (B, 4, 84, 84) uint8 states that gives (B, A, Z) float32; for
        each action they sum to 1. It is compiled for each B anew.

    Raises:
        ValueError: as `with_logits`.
    """
    look = tf.function(with_logits(network))
    return lambda states: tf.nn.softmax(look(tf.constant(states))[0]).numpy()
