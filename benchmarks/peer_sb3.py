"""Stable-Baselines3's DQN, doing the same work. Runs in the peer's own environment.

    .venv-peers/bin/python -m benchmarks.peer_sb3 '{"games": {...}, "dqn": {...}, ...}'

The games are those of Stable-Baselines3's own `make_atari_env`: no sticky actions, a
lost life is terminal, four frames stacked, 84 x 84, rewards clipped. Its Monitor is
inside all that, so scores are unclipped and of whole games, as ours.
"""

import csv
import importlib.metadata
import json
import sys
import time

import ale_py
import gymnasium as gym
import numpy as np
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_atari_env
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.common.utils import LinearSchedule
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecFrameStack

from benchmarks import measure


class Layers(BaseFeaturesExtractor):
    """The network up to its last layer: our architecture in PyTorch.

    Args:
        convolutions: of each its filters, kernel side and stride.
        dense: units of the layer after them.
    """

    def __init__(self, observation_space, convolutions, dense: int):
        super().__init__(observation_space, dense)
        channels, layers = observation_space.shape[0], []
        for filters, kernel, stride in convolutions:
            layers += [torch.nn.Conv2d(channels, filters, kernel, stride)]
            layers += [torch.nn.ReLU()]
            channels = filters
        layers.append(torch.nn.Flatten())
        with torch.no_grad():
            example = torch.zeros(1, *observation_space.shape)
            inputs = torch.nn.Sequential(*layers)(example).shape[1]
        layers += [torch.nn.Linear(inputs, dense), torch.nn.ReLU()]
        self.layers = torch.nn.Sequential(*layers)

    def forward(self, observations):
        return self.layers(observations)


class Stretch(BaseCallback):
    """Times the steps from `first` to `last`, then stops."""

    def __init__(self, first: int, last: int):
        super().__init__()
        self.first, self.last, self.marks = first, last, []

    def _on_step(self) -> bool:
        step = self.num_timesteps
        if step >= self.last or (step >= self.first and not self.marks):
            self.marks.append((step, self.model._n_updates, time.perf_counter()))
        return step < self.last

    def result(self) -> dict:
        (step0, update0, time0), (step1, update1, time1) = self.marks
        return {
            "steps": step1 - step0,
            "updates": update1 - update0,
            "seconds": time1 - time0,
            "steps_per_second": (step1 - step0) / (time1 - time0),
        }


class Curve(BaseCallback):
    """Writes a row every so many steps, and stops when the minutes are over."""

    def __init__(self, path: str, minutes: float, period_steps: int = 5_000):
        super().__init__()
        self.path, self.minutes, self.period = path, minutes, period_steps
        self.rows, self.began = [], time.perf_counter()

    def _on_step(self) -> bool:
        minute = (time.perf_counter() - self.began) / 60
        over = minute >= self.minutes
        if over or self.num_timesteps // self.period > len(self.rows):
            scores = [game["r"] for game in self.model.ep_info_buffer]
            score = np.mean(scores) if scores else float("nan")
            self.rows.append((f"{minute:.3f}", self.num_timesteps, f"{score:.4g}"))
            with open(self.path, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(("minute", "step", "score"))
                writer.writerows(self.rows)
        return not over


def make_games(game: str, num_games: int, seed: int, subprocesses: bool):
    gym.register_envs(ale_py)
    kind = SubprocVecEnv if subprocesses else DummyVecEnv
    games = make_atari_env(game, num_games, seed=seed, vec_env_cls=kind)
    return VecFrameStack(games, n_stack=4)


def run(
    games: dict, dqn: dict, total_steps: int, layers=None, threads=0, stretch=None,
    curve=None,
) -> dict:  # fmt: skip
    """Train, and measure a stretch or write a curve.

    Args:
        games: arguments of `make_games`.
        dqn: arguments of Stable-Baselines3's DQN; where the learning rate falls, it is
            the arguments of a LinearSchedule.
        total_steps: what its exploration schedule counts from.
        layers: arguments of `Layers`; None for its own network (that of 2015).
        threads: of PyTorch; 0 for its own choice.
        stretch, curve: arguments of the one that is wanted.
    """
    if threads:
        torch.set_num_threads(threads)
    policy, rate = dqn.pop("policy_kwargs", {}), dqn["learning_rate"]
    dqn["learning_rate"] = LinearSchedule(**rate) if isinstance(rate, dict) else rate
    if layers:
        policy |= {"features_extractor_class": Layers, "net_arch": []}
        policy["features_extractor_kwargs"] = layers
    games = make_games(**games)
    model = DQN("CnnPolicy", games, policy_kwargs=policy, device="cpu", **dqn)
    callback = Curve(**curve) if curve else Stretch(**stretch)
    model.learn(total_steps, callback=callback)
    result = callback.result() if stretch else {"rows": len(callback.rows)}
    buffer = model.replay_buffer
    arrays = [a for a in vars(buffer).values() if isinstance(a, np.ndarray)]
    versions = {
        n: importlib.metadata.version(n) for n in ("stable-baselines3", "torch")
    }
    return result | {
        "peak_ram_mb": measure.peak_ram_mb(),
        "transitions": buffer.size() * buffer.n_envs,
        "replay_mb": sum(array.nbytes for array in arrays) / 1e6,
        "threads": torch.get_num_threads(),
        "versions": ", ".join(f"{name} {v}" for name, v in versions.items()),
    }


if __name__ == "__main__":
    measure.report(run(**json.loads(sys.argv[1])))
