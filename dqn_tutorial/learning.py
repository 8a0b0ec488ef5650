"""What the network is trained towards, and one step of it. Pure TensorFlow.

Mnih 2015, Methods, "Training algorithm for deep Q-networks":

    y_j = r_j                                  if the transition is terminal
    y_j = r_j + discount * max_a Q_target(s_{j+1}, a)   otherwise

A truncated game is not terminal: it was cut off, not lost, so it still bootstraps.

Glossary
    B   transitions in a batch
    A   actions of the game
    online, target   the network that learns, and its older copy, held fixed
"""

from collections.abc import Callable

from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.replay import Batch


def check_batch(size: int, **vectors: tf.Tensor) -> None:
    """Refuse what is not (B,): (B,) minus (B, 1) would silently become (B, B).

    Args:
        size: B.
        vectors: by name; each must have shape (B,).

    Raises:
        ValueError: a wrong shape; the message names the vector.
    """
    for name, vector in vectors.items():
        if not tf.TensorShape(vector.shape).is_compatible_with([size]):
            raise ValueError(
                f"{name} must have shape ({size},), one number for each transition, "
                f"got {tuple(vector.shape)}"
            )


def check_terminated(size: int, terminated: tf.Tensor) -> None:
    """Refuse anything but one bool for each transition.

    Args:
        size: B.
        terminated: must be (B,) bool.

    Raises:
        ValueError: wrong shape or dtype.
    """
    check_batch(size, terminated=terminated)
    if terminated.dtype != "bool":
        raise ValueError(f"terminated must be bool, got {terminated.dtype}")


def _check_q_values(name: str, q_values: tf.Tensor) -> None:
    if len(q_values.shape) != 2:
        raise ValueError(f"{name} must have shape (B, A), got {tuple(q_values.shape)}")


def td_targets(
    rewards: tf.Tensor,
    terminated: tf.Tensor,
    next_q_values: tf.Tensor,
    discount: float,
) -> tf.Tensor:
    """The value each chosen action is pulled towards.

    Args:
        rewards: (B,) float32, of this step.
        terminated: (B,) bool; true where nothing can follow. Truncation does not count.
        next_q_values: (B, A) float32, the target network's values of the next states.
        discount: what a reward one step later is worth, 0 to 1.

    Returns:
        (B,) float32, with no gradient through it.

    Raises:
        ValueError: the shapes do not match, or terminated is not bool.
    """
    _check_q_values("next_q_values", next_q_values)
    check_batch(next_q_values.shape[0], rewards=rewards)
    check_terminated(next_q_values.shape[0], terminated)
    next_values = tf.reduce_max(next_q_values, axis=1)  # [B, A] -> [B]
    next_values = tf.where(terminated, tf.zeros_like(next_values), next_values)
    return tf.stop_gradient(rewards + discount * next_values)


def chosen_q_values(q_values: tf.Tensor, actions: tf.Tensor) -> tf.Tensor:
    """Q(s, a) of the actions actually taken.

    Args:
        q_values: (B, A) float32.
        actions: (B,) int32, each from 0 to A - 1.

    Returns:
        (B,) float32; its gradient reaches the chosen actions only.

    Raises:
        ValueError: the shapes do not match.
    """
    _check_q_values("q_values", q_values)
    check_batch(q_values.shape[0], actions=actions)
    return tf.gather(q_values, actions, axis=1, batch_dims=1)  # [B, A] -> [B]


def squared_loss(td_errors: tf.Tensor) -> tf.Tensor:
    """Mean over the batch of error^2 / 2: (B,) -> (). Its gradient is error / B."""
    return tf.reduce_mean(0.5 * tf.square(td_errors))


def huber_loss(td_errors: tf.Tensor) -> tf.Tensor:
    """Mean of error^2 / 2 where |error| <= 1, else of |error| - 1/2: (B,) -> ().

    Its gradient is the error clipped to [-1, 1], divided by B (Mnih 2015, Methods).
    Clipping the *loss* instead would make the gradient of large errors zero: nothing
    would be learned where there is most to learn.
    """
    size = tf.abs(td_errors)
    return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * tf.square(td_errors), size - 0.5))


TD_LOSSES = {"huber": huber_loss, "squared": squared_loss}
Loss = Callable[[keras.Model, keras.Model, Batch], tuple[tf.Tensor, tf.Tensor]]


def loss_towards(
    targets: tf.Tensor, online: keras.Model, batch: Batch, td_loss: str
) -> tuple[tf.Tensor, tf.Tensor]:
    """How far the Q-values of the chosen actions are from their targets.

    Args:
        targets: (B,) float32.
        online: the network that learns.
        batch: the transitions the targets belong to.
        td_loss: "huber" or "squared".

    Returns:
        The loss, () float32, and the Q-values of the batch's states, (B, A) float32.
    """
    q_values = online(batch.states)  # [B, 4, 84, 84] -> [B, A]
    check_batch(q_values.shape[0], targets=targets)
    td_errors = targets - chosen_q_values(q_values, batch.actions)  # [B]
    return TD_LOSSES[td_loss](td_errors), q_values


def check_td_loss(td_loss: str) -> None:
    """Refuse a name that no loss of TD errors has.

    Raises:
        ValueError: neither "huber" nor "squared".
    """
    if td_loss not in TD_LOSSES:
        known = ", ".join(TD_LOSSES)
        raise ValueError(f"td_loss must be one of {known}, got {td_loss!r}")


def dqn_loss(discount: float, td_loss: str = "huber") -> Loss:
    """Make the loss of DQN (Mnih 2015, algorithm 1).

    An algorithm is such a function of the online network, the target network and a
    batch; `make_train_step` takes any of them. Others are in `dqn_tutorial.beyond`.

    Args:
        discount: what the value of the next state is worth, 0 to 1.
        td_loss: what turns TD errors into a loss, "huber" or "squared".

    Raises:
        ValueError: an unknown `td_loss`.
    """
    check_td_loss(td_loss)

    def loss(online, target, batch):
        next_q_values = target(batch.next_states)  # [B, 4, 84, 84] -> [B, A]
        targets = td_targets(batch.rewards, batch.terminated, next_q_values, discount)
        return loss_towards(targets, online, batch, td_loss)

    return loss


def sync_target(online: keras.Model, target: keras.Model) -> None:
    """Copy every weight of the online network into the target network.

    Raises:
        ValueError: the networks are not of one shape.
    """
    target.set_weights(online.get_weights())


def make_train_step(
    online: keras.Model,
    target: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    loss: Loss,
) -> Callable[[Batch], tuple[tf.Tensor, tf.Tensor]]:
    """Make the function that takes one gradient step on a batch.

    Args:
        online: the network that learns.
        target: its older copy, or any function of states; it is not changed.
        optimizer: what turns gradients into changes of `online`.
        loss: the algorithm's, such as `dqn_loss(0.99)`.

    Returns:
        `train_step(batch)`, compiled on its first call; it changes `online` and returns
        the loss and the mean over the batch of max_a Q(s, a), both float32 scalars,
        from before the step. Shapes that do not match raise ValueError.
    """
    optimizer.build(online.trainable_variables)

    def train_step(batch):
        with tf.GradientTape() as tape:
            batch_loss, q_values = loss(online, target, batch)
        gradients = tape.gradient(batch_loss, online.trainable_variables)
        optimizer.apply(gradients)
        return batch_loss, tf.reduce_mean(tf.reduce_max(q_values, axis=1))

    return tf.function(train_step)
