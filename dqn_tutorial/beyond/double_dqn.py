"""Double DQN: one network chooses the next action, the other judges it.

Van Hasselt, Guez and Silver 2016, "Deep Reinforcement Learning with Double Q-learning".
The largest of several noisy values is usually too large. Here the online network says
which next action is best, and the target network what it is worth:

    y_j = r_j + discount * Q_target(s_{j+1}, argmax_a Q_online(s_{j+1}, a))
"""

from dqn_tutorial.learning import (
    Loss,
    check_td_loss,
    chosen_q_values,
    loss_towards,
    td_targets,
)
from dqn_tutorial.quiet_tensorflow import tf


def double_dqn_loss(discount: float, td_loss: str = "huber") -> Loss:
    """Make the loss of Double DQN; arguments and errors as for `dqn_loss`."""
    check_td_loss(td_loss)

    def loss(online, target, batch):
        best = tf.argmax(online(batch.next_states), axis=1, output_type=tf.int32)  # [B]
        values = chosen_q_values(target(batch.next_states), best)  # [B, A] -> [B]
        # [B, 1]: the largest of one value is that value.
        targets = td_targets(batch.rewards, batch.terminated, values[:, None], discount)
        return loss_towards(targets, online, batch, td_loss)

    return loss
