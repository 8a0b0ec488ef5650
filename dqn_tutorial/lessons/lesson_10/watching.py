"""What a C51 agent expects, step by step, in a recorded game of Breakout."""

from typing import NamedTuple

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.c51 import with_logits
from dqn_tutorial.lessons.lesson_07.breakout import RecordedGame, replay
from dqn_tutorial.quiet_tensorflow import tf

AT_ONCE = 64  # states in one pass through the network


class Watched(NamedTuple):
    """A recorded game of T steps, and what an agent expected in it."""

    distributions: np.ndarray  # (T, Z), the returns of the best action
    q_values: np.ndarray  # (T, A)
    points: np.ndarray  # (T,), of each step
    ends: np.ndarray  # the steps in which a life ended


def watch(agent: DQNAgent, game: RecordedGame) -> Watched:
    """Play a recorded game again and ask a C51 agent about each state."""
    look = tf.function(with_logits(agent.online), reduce_retracing=True)
    states, points, life_ended = [], [], []
    for step in replay(game):
        states.append(step.state)
        points.append(step.reward)
        life_ended.append(step.life_ended)
    logits, q_values = [], []
    for first in range(0, len(states), AT_ONCE):
        answers = look(tf.constant(np.array(states[first : first + AT_ONCE])))
        logits.append(answers[0].numpy())
        q_values.append(answers[1].numpy())
    logits, q_values = np.concatenate(logits), np.concatenate(q_values)
    best = logits[np.arange(len(logits)), q_values.argmax(axis=1)]
    distributions = tf.nn.softmax(best).numpy()
    ends = np.flatnonzero(life_ended)
    return Watched(distributions, q_values, np.array(points), ends)


def screens_of(game: RecordedGame, steps) -> list[np.ndarray]:
    """The screens of some steps of a recorded game, in the order asked for."""
    found = {t: step.screen for t, step in enumerate(replay(game)) if t in steps}
    return [found[t] for t in steps]
