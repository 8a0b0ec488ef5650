"""From the settings to the game: N copies to train on, or one to look at.

A new game is a `ParallelEnv` (three hooks, as `ParallelCatch` shows) and a single
environment with the same states; both are chosen here.
"""

import gymnasium as gym

from dqn_tutorial.atari import ParallelAtari, SingleAtari
from dqn_tutorial.catch import Catch, ParallelCatch
from dqn_tutorial.config import STACK_SIZE, DQNConfig
from dqn_tutorial.parallel_env import ParallelEnv


def make_env(
    config: DQNConfig, num_envs: int, first_seed: int, games_per_seed: int = 1
) -> ParallelEnv:
    """N copies of the game that the settings name: Catch, or an Atari game.

    Args:
        config: game, sticky actions, no-ops, frame limit, automatic FIRE.
        num_envs: N.
        first_seed: seed of the first game.
        games_per_seed: as for `ParallelAtari`. It is 1 where it saves no time (Catch)
            and where it cannot be larger (sticky actions).

    Raises:
        ValueError: no such game; the message suggests the right name.
    """
    if config.game == "catch":
        return ParallelCatch(num_envs, first_seed)
    return ParallelAtari(
        config.game,
        num_envs,
        first_seed,
        games_per_seed=1 if config.sticky_action_probability else games_per_seed,
        **_atari_options(config),
    )


def make_single_env(config: DQNConfig) -> gym.Env:
    """One game to look at, with the (4, 84, 84) states that an agent sees.

    Raises:
        ValueError: no such game.
    """
    if config.game == "catch":
        env = Catch(render_mode="rgb_array")
        return gym.wrappers.FrameStackObservation(env, STACK_SIZE, padding_type="zero")
    return SingleAtari(config.game, **_atari_options(config))


def _atari_options(config: DQNConfig) -> dict:
    return {
        "sticky_action_probability": config.sticky_action_probability,
        "noop_max_frames": config.noop_max_frames,
        "max_frames_per_game": config.max_frames_per_game,
        "automatic_fire": config.automatic_fire,
    }
