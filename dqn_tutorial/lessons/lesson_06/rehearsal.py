"""A rehearsal of a training loop: real games and memory, and a player who keeps a list.

A loop of some forty steps is watched, so that what it leaves out can be named before
any time goes into training.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np

from dqn_tutorial import training
from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.lessons.lesson_06.helpers import greedy_score, schedule
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.replay import Batch, ReplayBuffer


class Games(ParallelCatch):
    """Games of Catch that note what a loop does, with them and with the others.

    Attributes:
        counts: how often each verb came, and how often an array was not as it was
            given, by the array's name.
        told: of each round, its epsilon, whether the states were stale, and whether
            the actions were those chosen.
    """

    def __init__(self, num_envs: int):
        super().__init__(num_envs)
        self.counts = Counter()
        self.told: dict[str, list] = {"epsilon": [], "stale": [], "actions": []}
        self.newest = {}  # what must be handed on as it is

    def send(self, actions) -> None:
        chosen = self.newest.pop("actions", None)
        self.told["actions"].append(np.array_equal(actions, chosen))
        super().send(actions)

    def recv(self) -> Step:
        self.newest["step"] = super().recv()
        return self.newest["step"]


class Memory(ReplayBuffer):
    """A replay buffer that says to the games what it was given."""

    def __init__(self, games: Games):
        super().__init__(1_000, games.num_envs)
        self.games = games

    def add(self, step: Step) -> None:
        right = self.games.newest.pop("step", step)
        for name in ("terminated", "game_over", "rewards"):
            same = np.array_equal(getattr(step, name), getattr(right, name))
            self.games.counts[name] += not same
        self.games.counts["add"] += 1
        super().add(step)

    def sample(self, batch_size: int, rng) -> Batch:
        self.games.counts["sample", batch_size] += 1
        self.games.newest["batch"] = super().sample(batch_size, rng)
        return self.games.newest["batch"]


class Player:
    """Stands in for the agent: acts at random, learns nothing, and keeps count."""

    def __init__(self, games: Games):
        self.games = games

    def act(self, states, epsilon: float, rng) -> np.ndarray:
        told = self.games.told
        told["epsilon"].append(float(epsilon))
        told["stale"].append(not np.array_equal(states, self.games.states))
        actions = rng.integers(3, size=len(states))
        self.games.newest["actions"] = actions
        return actions

    def learn(self, batch: Batch) -> tuple[float, float]:
        drawn = self.games.newest.pop("batch", batch)
        same = np.array_equal(batch.terminated, drawn.terminated)
        self.games.counts["terminated"] += not same
        self.games.counts["learn"] += 1
        return 0.0, 0.0

    def sync_target(self) -> None:
        self.games.counts["sync"] += 1


def rehearse(config: DQNConfig) -> tuple:
    """The arguments of a loop, all for a rehearsal; the games have begun."""
    games = Games(config.num_envs)
    memory = Memory(games)
    memory.reset(games.reset()[:, -1])
    rng = np.random.default_rng(0)
    return games, Player(games), memory, schedule(config), config, rng


def score_after_training(loop: Callable) -> float:
    """Train on Catch with a loop, 6,000 steps; the greedy score of 100 fresh games."""
    config = PRESETS["catch"].replace(total_steps=6_000)
    env = ParallelCatch(config.num_envs, training.FIRST_TRAINING_SEED)
    agent = DQNAgent(config, env.num_actions, seed=0)
    replay = ReplayBuffer(config.replay_capacity_transitions, config.num_envs)
    replay.reset(env.reset()[:, -1])
    loop(env, agent, replay, schedule(config), config, np.random.default_rng(0))
    return greedy_score(agent, config)
