"""From the settings to an agent and a replay buffer: the one place that knows them all.

A new algorithm is a loss, maybe with a network of its own: write it in a module beside
this one, name it in `config.ALGORITHMS`, and choose it here. A new way to sample is a
subclass of `ReplayBuffer`; choose it in `make_replay`.
"""

from functools import partial

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.c51 import build_c51_network, c51_loss
from dqn_tutorial.beyond.double_dqn import double_dqn_loss
from dqn_tutorial.beyond.dueling import DUELING, build_dueling_network
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.learning import dqn_loss
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.replay import ReplayBuffer


def make_agent(
    config: DQNConfig,
    num_actions: int,
    seed: int,
    agent_class: type[DQNAgent] = DQNAgent,
) -> DQNAgent:
    """The agent of the algorithm and network that the settings name.

    Args:
        config: algorithm, network, loss, discount, n_steps, learning rate.
        num_actions: A, how many actions the game has.
        seed: for the initial weights.
        agent_class: what the agent is, for a variant of it.

    Raises:
        ValueError: as `DQNAgent`, or a dueling network for C51.
    """
    discount = config.discount**config.n_steps  # for the value of the next state
    if config.algorithm == "c51":
        if config.network in DUELING:
            raise ValueError(
                "algorithm c51 goes with network dqn2013 or dqn2015, not with "
                f"{config.network}"
            )
        loss = c51_loss(discount)
        return agent_class(config, num_actions, seed, loss, build_c51_network)
    build = build_dueling_network if config.network in DUELING else None
    losses = {"dqn": dqn_loss, "double_dqn": double_dqn_loss}
    loss = losses[config.algorithm](discount, config.loss)
    return agent_class(config, num_actions, seed, loss, build)


def make_replay(config: DQNConfig) -> ReplayBuffer:
    """The replay buffer that the settings describe.

    Raises:
        ValueError, MemoryError: as `ReplayBuffer` and `NStepReplayBuffer`.
    """
    make = ReplayBuffer
    if config.n_steps > 1:
        make = partial(NStepReplayBuffer, config.n_steps, config.discount)
    return make(
        config.replay_capacity_transitions,
        config.num_envs,
        compressed=config.replay_compressed,
    )
