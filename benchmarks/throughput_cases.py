"""The same work described for our trainer, Stable-Baselines3's DQN and CleanRL's.

Breakout, the same network, batch 32, one update every 4 steps, Adam, a replay buffer of
100,000 transitions that play at random has filled before the clock starts.
"""

from typing import NamedTuple

from dqn_tutorial.config import PRESETS
from dqn_tutorial.networks import ARCHITECTURES

PERIOD = 4  # steps between two updates
LAPTOP = PRESETS["laptop"]
PEER_GAME = "BreakoutNoFrameskip-v4"
BUFFER = 100_000  # transitions


class Sizes(NamedTuple):
    """How long a run is, in steps."""

    fill: int = BUFFER  # the whole buffer, before the clock starts
    laptop_fill: int = LAPTOP.replay_capacity_transitions
    warm: int = 1_000  # training before the clock starts
    steps: int = 5_000  # training that is measured
    laptop_steps: int = LAPTOP.checkpoint_period_steps  # one checkpoint is in them


FULL = Sizes()
QUICK = Sizes(fill=500, laptop_fill=5_000, warm=64, steps=128, laptop_steps=500)
TRIAL = Sizes(fill=2_000, warm=200, steps=1_200)  # to choose what suits the peer


class Case(NamedTuple):
    """One way to do the work."""

    who: str  # "ours", "sb3" or "cleanrl"
    network: str
    games: int = 1
    variant: str = "like for like"  # or "memory optimised", or "preset laptop"


def all_cases() -> list[Case]:
    """The cases of one round, ours and the peers' in turn."""
    listed = []
    for network in ARCHITECTURES:
        listed += [Case("ours", network), Case("sb3", network)]
        listed += [Case("ours", network, 16), Case("sb3", network, 8)]
        listed += [Case("sb3", network, 1, "memory optimised")]
        listed += [Case("cleanrl", network, 1, "memory optimised")]  # as it comes
    return [*listed, Case("ours", LAPTOP.network, LAPTOP.num_envs, "preset laptop")]


def our_options(case: Case, sizes: Sizes) -> dict:
    """What `our_run` is asked to do in a case."""
    if case.variant == "preset laptop":
        changes = {"replay_capacity_transitions": sizes.laptop_fill}
        options = {"fill": sizes.laptop_fill, "steps": sizes.laptop_steps}
    else:
        changes = {
            "network": case.network,
            "num_envs": case.games,
            "update_period_steps": PERIOD,
            "batch_size": 32,
            "n_steps": 1,
            "replay_capacity_transitions": sizes.fill,
            "epsilon_end": 0.1,
            "epsilon_decay_steps": sizes.fill,
            "checkpoint_period_steps": 10**9,  # the peer writes none either
        }
        options = {"fill": sizes.fill, "steps": sizes.steps}
    return {"changes": changes, "warm": sizes.warm} | options


def sb3_options(case: Case, sizes: Sizes, threads: int, subprocesses: bool) -> dict:
    """What `peer_sb3` is asked to do in a case."""
    start, total = sizes.fill + sizes.warm, 100 * sizes.fill
    optimised = case.variant == "memory optimised"
    dqn = {
        "buffer_size": sizes.fill,
        "learning_starts": sizes.fill,
        "batch_size": 32,
        "train_freq": PERIOD,  # steps of each game
        "gradient_steps": case.games,  # so there is one update every 4 steps
        "learning_rate": LAPTOP.learning_rate,
        "target_update_interval": LAPTOP.target_sync_period_updates * PERIOD,
        "exploration_final_eps": 0.1,
        "exploration_fraction": sizes.fill / total,
        "optimize_memory_usage": optimised,
        # It cannot do both.
        "replay_buffer_kwargs": {"handle_timeout_termination": not optimised},
        "seed": 0,
    }
    games = {"game": PEER_GAME, "num_envs": case.games, "seed": 0}
    return {
        "games": games | {"subprocesses": subprocesses},
        "dqn": dqn,
        "total_steps": total,
        "layers": peer_layers(case.network),
        "threads": threads,
        "stretch": {"first": start, "last": start + sizes.steps},
    }


def cleanrl_options(case: Case, sizes: Sizes, threads: int) -> dict:
    """What `peer_cleanrl` is asked to do in a case."""
    start = sizes.fill + sizes.warm
    settings = {
        "buffer_size": sizes.fill,
        "learning_starts": sizes.fill,
        "batch_size": 32,
        "train_frequency": PERIOD,
        "learning_rate": LAPTOP.learning_rate,
        "discount": LAPTOP.discount,
        "target_sync_period_steps": LAPTOP.target_sync_period_updates * PERIOD,
        "epsilon_end": 0.1,
        "epsilon_decay_steps": sizes.fill,
        "seed": 0,
    }
    return {
        "game": PEER_GAME,
        "layers": peer_layers(case.network),
        "settings": settings,
        "first": start,
        "last": start + sizes.steps,
        "threads": threads,
    }


def peer_layers(network: str) -> dict:
    """One of our architectures as `peer_sb3.Layers` takes it."""
    convolutions, dense = ARCHITECTURES[network]
    return {"convolutions": convolutions, "dense": dense}
