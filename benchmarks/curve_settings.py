"""The settings of Stable-Baselines3's DQN for its learning curves."""

from benchmarks.throughput_cases import PEER_GAME, peer_layers
from dqn_tutorial.config import PRESETS

BUFFER = 100_000  # transitions; ours of 400,000 would take 22.6 GB there
TOTAL_STEPS = 10_000_000  # what its exploration is a fraction of

# RL Baselines3 Zoo, hyperparams/dqn.yml, "atari". Its network is that of 2015.
PUBLISHED = {
    "buffer_size": BUFFER,
    "learning_rate": 1e-4,
    "batch_size": 32,
    "learning_starts": 100_000,
    "target_update_interval": 1_000,
    "train_freq": 4,
    "gradient_steps": 1,
    "exploration_fraction": 0.1,
    "exploration_final_eps": 0.01,
    "optimize_memory_usage": False,
}


def our_settings() -> dict:
    """The preset "laptop" in Stable-Baselines3's words: everything that it has."""
    laptop = PRESETS["laptop"]
    # One call of train() after so many steps of each game, with the updates then due.
    period, games = laptop.update_period_steps, laptop.num_envs
    train_freq = max(1, -(-period // games))
    return {
        "buffer_size": BUFFER,
        "learning_rate": {  # in a line; ours is cut twice
            "start": laptop.learning_rate,
            "end": laptop.learning_rate_end,
            "end_fraction": laptop.total_steps / TOTAL_STEPS,
        },
        "policy_kwargs": {"optimizer_kwargs": {"eps": laptop.adam_epsilon}},
        "batch_size": laptop.batch_size,
        "gamma": laptop.discount,
        "n_steps": laptop.n_steps,
        "learning_starts": laptop.learning_starts_steps,
        "target_update_interval": laptop.target_sync_period_updates * period,
        "train_freq": train_freq,
        "gradient_steps": games * train_freq // period,
        "exploration_fraction": laptop.epsilon_decay_steps / TOTAL_STEPS,
        "exploration_final_eps": laptop.epsilon_end,
        "optimize_memory_usage": False,
    }


def peer_options(who: str, seed: int, minutes: float, path: str, threads: int) -> dict:
    """What `peer_sb3` is asked to do for one curve.

    Args:
        who: "sb3" (as published) or "sb3_our_settings".
        seed, minutes: of the run.
        path: of the CSV it writes.
        threads: of PyTorch; 0 for its own choice.
    """
    laptop, ours = PRESETS["laptop"], who == "sb3_our_settings"
    games = laptop.num_envs if ours else 1
    return {
        "games": {"game": PEER_GAME, "num_envs": games, "seed": seed,
                  "subprocesses": False},
        "dqn": (our_settings() if ours else PUBLISHED) | {"seed": seed},
        "total_steps": TOTAL_STEPS,
        "layers": peer_layers(laptop.network) if ours else None,
        "threads": threads,
        "curve": {"path": path, "minutes": minutes},
    }  # fmt: skip
