"""The bugs of notebook 09, each as a function in place of the right one.

Each is the smallest change to the package that makes the mistake: same arguments, same
shapes, no error message. `BUGS` says where each belongs; the notebook says who wrote it
that way, and how to notice.
"""

import cv2
import numpy as np

from dqn_tutorial import agent, catch, learning, training
from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.catch import CELL, ROWS, TOP, ParallelCatch, draw
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import evaluate
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.learning import TD_LOSSES, chosen_q_values, sync_target
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.preprocessing import greyscale, resize
from dqn_tutorial.quiet_tensorflow import keras, tf
from dqn_tutorial.training import store as right_store

# The right ones, by names that they keep while a bug takes their place.
right_start_games = ParallelCatch.start_games

# What the network sees


def first_84_rows(screen):
    grey = cv2.cvtColor(screen, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (84, 110))[:84]


def whole_screen(screen):
    """The right one, for comparison."""
    return resize(greyscale(screen))


def draw_without_last_row(ball_row, ball_column, paddle_column):
    frame = draw(ball_row, ball_column, paddle_column)
    frame[TOP + (ROWS - 1) * CELL :] = 0  # the row of the paddle
    return frame


def grey_of_bgr(screen):
    return cv2.cvtColor(screen, cv2.COLOR_BGR2GRAY)


def network_scaled_twice(name, num_actions, seed):
    network = build_q_network(name, num_actions, seed)
    network.get_layer("scale").scale = 1 / 255 / 255
    return network


def reset_without_clearing(self, mask, seeds):
    before = self.states
    states = right_start_games(self, mask, seeds)
    states[mask, :-1] = before[mask, 1:]  # as if no game had ended
    return states


# What it is trained towards


def targets_without_end(rewards, terminated, next_q_values, discount):
    next_values = tf.reduce_max(next_q_values, axis=1)  # [B, A] -> [B]
    return tf.stop_gradient(rewards + discount * next_values)


def store_done(training, step):
    done = step.terminated | step.game_over
    right_store(training, step._replace(terminated=done))


def network_with_relu(name, num_actions, seed):
    network = build_q_network(name, num_actions, seed)
    network.get_layer("q_values").activation = keras.activations.relu
    return network


def sync_with_itself(self):
    sync_target(self.target, self.target)


def clipped_loss(td_errors):
    clipped = tf.clip_by_value(td_errors, -1.0, 1.0)
    return tf.reduce_mean(0.5 * tf.square(clipped))


def chosen_as_a_column(q_values, actions):
    return chosen_q_values(q_values, actions)[:, None]  # [B, 1]


def follow_through_the_end(self, games, slots):
    path = [slots]
    for _ in range(1, self.n_steps):
        # over the frame that only ends a game, and on into the next game
        over = self._terminated[games, path[-1]]
        path.append((path[-1] + 1 + over) % self.slots)
    return path[-1], *_added_up(self, games, path)


def _added_up(replay, games, path):
    """The discounted rewards on a path, and whether every slot on it is sampleable."""
    returns, whole = replay._rewards[games, path[0]], replay._sampleable[games, path[0]]
    for step, slots in enumerate(path[1:], 1):
        worth = np.float32(replay.discount**step)
        returns = returns + worth * replay._rewards[games, slots]
        whole = whole & replay._sampleable[games, slots]
    return returns, whole


# What is counted


def store_and_count(training, step):
    right_store(training, step)
    training.step += training.env.num_envs  # and once more in the training loop


def schedule_of_frames(start, end, decay_steps):
    frames = 4 * decay_steps
    return LinearSchedule(start, end, frames)


def evaluate_one_seed(agent, config, num_episodes=30):
    scores = []
    for _ in range(num_episodes):
        env = make_env(config, 1, first_seed=0)
        scores += evaluate(agent, env, config, num_episodes=1).scores
    return scores


def evaluate_many_seeds(agent, config, num_episodes=30):
    """The right one, for comparison."""
    env = make_env(config, num_episodes, first_seed=0)
    return evaluate(agent, env, config, num_episodes=num_episodes).scores


BUGS = {  # where it belongs, and what takes that place
    "paddle": (catch, "draw", draw_without_last_row),
    "scaled_twice": (agent, "build_q_network", network_scaled_twice),
    "stack": (ParallelCatch, "start_games", reset_without_clearing),
    "terminal": (learning, "td_targets", targets_without_end),
    "truncation": (training, "store", store_done),
    "relu": (agent, "build_q_network", network_with_relu),
    "never_synced": (DQNAgent, "sync_target", sync_with_itself),
    "clipped_loss": (learning, "TD_LOSSES", TD_LOSSES | {"huber": clipped_loss}),
    "broadcast": (learning, "chosen_q_values", chosen_as_a_column),
    "n_step": (NStepReplayBuffer, "_follow", follow_through_the_end),
    "steps_twice": (training, "store", store_and_count),
    "epsilon": (training, "LinearSchedule", schedule_of_frames),
}
