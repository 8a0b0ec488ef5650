"""Count the units of a network that still answer to something.

    python -m tools.live_filters breakout runs/pong

A unit with a ReLU whose input is negative for every state gives zero, and gets no
gradient any more: it is dead. Each agent plays a while (epsilon 0.05), and a filter or
unit counts as alive if it was above zero anywhere in any of the states it saw.
"""

import sys

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import SCORE_EPSILON, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.quiet_tensorflow import keras
from dqn_tutorial.runs.pretrained import load_agent

NUM_GAMES, STEPS, KEPT_STEPS = 8, 300, 5  # every fifth of 300 steps: 480 states


def states_seen(agent: DQNAgent, config: DQNConfig) -> np.ndarray:
    """States (480, 4, 84, 84) uint8 of games that the agent plays."""
    env = make_env(config, NUM_GAMES, first_seed=0)
    env.reset()
    rng, seen = np.random.default_rng(0), []
    for step in range(STEPS):
        env.step(agent.act(env.states, SCORE_EPSILON, rng))
        if step % KEPT_STEPS == 0:
            seen.append(env.states.copy())
    env.close()
    return np.concatenate(seen)


def live_units(network: keras.Model, states: np.ndarray) -> dict[str, tuple[int, int]]:
    """For each layer with a ReLU: how many units are alive, and how many there are."""
    layers = [
        layer
        for layer in network.layers
        if getattr(layer, "activation", None) is keras.activations.relu
    ]
    outputs = keras.Model(network.input, [layer.output for layer in layers])(states)
    counts = {}
    for layer, output in zip(layers, outputs, strict=True):
        alive = output.numpy().reshape(-1, output.shape[-1]).max(axis=0) > 0
        counts[layer.name] = (int(alive.sum()), len(alive))
    return counts


if __name__ == "__main__":
    for where in sys.argv[1:]:
        agent, config, origin = load_agent(where)
        counts = live_units(agent.online, states_seen(agent, config))
        told = ", ".join(
            f"{n} {alive} of {all_}" for n, (alive, all_) in counts.items()
        )
        print(f"{origin}: alive in {told}")
