"""CleanRL's DQN, doing the same work. Runs in the peers' own environment.

    .venv-peers/bin/python -m benchmarks.peer_cleanrl '{"first": 101000, ...}'

CleanRL is not installed but copied: its `dqn_atari.py` is one file with fixed parts.
This is its loop written again with the versions that Stable-Baselines3 wants, with the
same parts in the same order: Gymnasium's games in the wrappers of Stable-Baselines3,
that library's replay buffer with `optimize_memory_usage`, one game at once, the squared
error, gradients clipped to a norm of 0.5. The network is the one that is asked for.
TensorBoard's files are left out.
"""

import importlib.metadata
import json
import sys
import time

import ale_py
import gymnasium as gym
import numpy as np
import torch
from stable_baselines3.common import atari_wrappers
from stable_baselines3.common.buffers import ReplayBuffer
from torch.nn import functional

from benchmarks import measure
from benchmarks.peer_sb3 import Layers

MAX_GRADIENT_NORM = 0.5


def make_game(game: str, seed: int):
    """One game in CleanRL's wrappers; observations are (4, 84, 84) uint8."""
    env = gym.make(game)
    env = gym.wrappers.RecordEpisodeStatistics(env)
    env = atari_wrappers.NoopResetEnv(env, noop_max=30)
    env = atari_wrappers.MaxAndSkipEnv(env, skip=4)
    env = atari_wrappers.EpisodicLifeEnv(env)
    env = atari_wrappers.FireResetEnv(env)
    env = atari_wrappers.ClipRewardEnv(env)
    env = gym.wrappers.ResizeObservation(env, (84, 84))
    env = gym.wrappers.GrayscaleObservation(env)
    env = gym.wrappers.FrameStackObservation(env, 4)
    env.action_space.seed(seed)
    return env


class QNetwork(torch.nn.Module):
    """Pixels in, one number per action out."""

    def __init__(self, games, layers: dict):
        super().__init__()
        hidden = Layers(games.single_observation_space, **layers)
        outputs = int(games.single_action_space.n)
        self.network = torch.nn.Sequential(
            hidden, torch.nn.Linear(layers["dense"], outputs)
        )

    def forward(self, observations):
        return self.network(observations / 255.0)


def epsilon_at(step: int, settings: dict) -> float:
    """Linear from 1 to its end."""
    slope = (settings["epsilon_end"] - 1) / settings["epsilon_decay_steps"]
    return max(1 + slope * step, settings["epsilon_end"])


def run(
    game: str, layers: dict, settings: dict, first: int, last: int, threads=0
) -> dict:
    """Train, and measure the steps from `first` to `last`.

    Args:
        game: its Gymnasium id.
        layers: arguments of `peer_sb3.Layers`.
        settings: of the loop below; steps before `learning_starts` are random.
        first, last: of the stretch that is measured.
        threads: of PyTorch; 0 for its own choice.
    """
    gym.register_envs(ale_py)
    if threads:
        torch.set_num_threads(threads)
    rng = np.random.default_rng(settings["seed"])
    torch.manual_seed(settings["seed"])
    games = gym.vector.SyncVectorEnv(
        [lambda: make_game(game, settings["seed"])],
        autoreset_mode=gym.vector.AutoresetMode.SAME_STEP,
    )
    online, target = QNetwork(games, layers), QNetwork(games, layers)
    target.load_state_dict(online.state_dict())
    optimizer = torch.optim.Adam(online.parameters(), lr=settings["learning_rate"])
    replay = ReplayBuffer(
        settings["buffer_size"],
        games.single_observation_space,
        games.single_action_space,
        device="cpu",
        optimize_memory_usage=True,
        handle_timeout_termination=False,
    )
    updates, marks = 0, []
    observations, _ = games.reset(seed=settings["seed"])
    for step in range(last + 1):
        if step in (first, last):
            marks.append((updates, time.perf_counter()))
        filling = step < settings["learning_starts"]
        if filling or rng.random() < epsilon_at(step, settings):
            actions = np.array([games.single_action_space.sample()])
        else:
            with torch.no_grad():
                values = online(torch.as_tensor(observations, dtype=torch.float32))
            actions = values.argmax(dim=1).numpy()
        following, rewards, terminated, truncated, infos = games.step(actions)
        real_following = following.copy()
        if (terminated | truncated).any():
            real_following[0] = infos["final_obs"][0]
        replay.add(observations, real_following, actions, rewards, terminated, [{}])
        observations = following
        if filling or step % settings["train_frequency"]:
            continue
        batch = replay.sample(settings["batch_size"])
        with torch.no_grad():
            best = target(batch.next_observations.float()).max(dim=1).values
            later = settings["discount"] * best * (1 - batch.dones.flatten())
            targets = batch.rewards.flatten() + later
        chosen = online(batch.observations.float()).gather(1, batch.actions).squeeze()
        loss = functional.mse_loss(targets, chosen)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(online.parameters(), MAX_GRADIENT_NORM)
        optimizer.step()
        updates += 1
        if step % settings["target_sync_period_steps"] == 0:
            target.load_state_dict(online.state_dict())
    (update0, time0), (update1, time1) = marks
    arrays = [a for a in vars(replay).values() if isinstance(a, np.ndarray)]
    return {
        "steps": last - first,
        "updates": update1 - update0,
        "seconds": time1 - time0,
        "steps_per_second": (last - first) / (time1 - time0),
        "peak_ram_mb": measure.peak_ram_mb(),
        "transitions": replay.size(),
        "replay_mb": sum(array.nbytes for array in arrays) / 1e6,
        "threads": torch.get_num_threads(),
        "versions": "CleanRL's dqn_atari, torch " + importlib.metadata.version("torch"),
    }


if __name__ == "__main__":
    measure.report(run(**json.loads(sys.argv[1])))
