"""The training loop: an environment, a replay buffer and an agent at work together.

Mnih 2015, algorithm 1, for N games at once (N = 1 is the papers' own loop). Each
iteration makes one step in every game:

    act      one forward pass chooses N actions
    send     the emulators start, on their own threads
    learn    meanwhile, the gradient steps that are due
    recv     the emulators are done
    store    N transitions go into the replay buffer

The loop knows nothing of files, progress bars or Ctrl-C: code that wants those iterates
over it, as `runs.trainer.Trainer` does.
"""

from __future__ import annotations  # the loop stands above what it is made of

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.parallel_env import ParallelEnv, Step
from dqn_tutorial.preprocessing import clip_reward
from dqn_tutorial.replay import ReplayBuffer

FIRST_TRAINING_SEED = 1_000_000  # of a game; the seeds of evaluation start at 0


def training_loop(training: Training) -> Iterator[tuple[Step, list[Update]]]:
    """Train for as long as the caller asks for the next step.

    Yields:
        After each step of N games, its result and the updates made meanwhile.
    """
    env, agent = training.env, training.agent
    while True:
        epsilon = training.epsilon(training.step)
        actions = agent.act(env.states, epsilon, training.acting_rng)
        env.send(actions)
        updates = [learn(training) for _ in range(updates_due(training))]
        step = env.recv()
        store(training, step)
        training.step += env.num_envs
        yield step, updates


def updates_due(training: Training) -> int:
    """How many updates fall due in this step of all games; see `updates_by`."""
    config, step = training.config, training.step
    return config.updates_by(step + config.num_envs) - config.updates_by(step)


def learn(training: Training) -> Update:
    """Take one gradient step on a sampled batch, and sync the target network if due.

    Raises:
        FloatingPointError: the loss is NaN or infinite.
    """
    config = training.config
    batch = training.replay.sample(config.batch_size, training.sampling_rng)
    update = Update(*training.agent.learn(batch))
    if not np.isfinite(update.loss):  # before any of it is saved
        raise FloatingPointError(
            f"the loss is {update.loss} at step {training.step:,}: resume from the "
            "last checkpoint with a lower learning_rate, or look at the rewards"
        )
    training.update += 1
    if training.update % config.target_sync_period_updates == 0:
        training.agent.sync_target()
    return update


def store(training: Training, step: Step) -> None:
    """Put a step into the replay buffer, its rewards clipped if the settings say so."""
    if training.config.clip_rewards:
        step = step._replace(rewards=clip_reward(step.rewards))
    training.replay.add(step)


class Update(NamedTuple):
    """What one gradient step reports."""

    loss: float
    mean_q: float  # mean over the batch of max_a Q(s, a)


class Training:
    """The parts of a training run, its counters and its random generators.

    Args:
        config: the settings.
        env: N games.
        agent: anything with `act`, `learn` and `sync_target`, such as a `DQNAgent`.
        replay: an empty replay buffer with N rings.
        seed: for random actions, and for sampling from the replay buffer.
    """

    def __init__(
        self,
        config: DQNConfig,
        env: ParallelEnv,
        agent: DQNAgent,
        replay: ReplayBuffer,
        seed: int,
    ):
        self.config, self.env, self.agent, self.replay = config, env, agent, replay
        # Two streams from one seed: neither disturbs the other.
        acting, sampling = np.random.SeedSequence(seed).spawn(2)
        self.acting_rng = np.random.default_rng(acting)
        self.sampling_rng = np.random.default_rng(sampling)
        self.epsilon = LinearSchedule(
            config.epsilon_start, config.epsilon_end, config.epsilon_decay_steps
        )
        self.step = 0  # agent steps, all games together
        self.update = 0  # gradient steps

    def begin(self) -> None:
        """Start the games, and give the replay buffer their first frames."""
        self.replay.reset(self.env.reset()[:, -1])
