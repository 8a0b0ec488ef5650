"""The page of a game that a trained agent plays: from its moments to HTML."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.c51 import ATOMS, return_probabilities
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.viewing.game_page import Answers, game_page
from dqn_tutorial.viewing.video import Moment
from dqn_tutorial.viewing.watched_game import WatchedGame, in_batches, watch_game

MAX_STEPS = 4_500  # five minutes of Atari; a page holds all its pictures in memory


class GamePage(NamedTuple):
    """The page of a game, and what is in it."""

    html: str
    game: WatchedGame
    names: list[str]  # of the actions
    answers: Answers


def page_of(
    moments: Iterable[Moment],
    agent: DQNAgent,
    config: DQNConfig,
    *,
    title: str,
    about: str,
) -> GamePage:
    """Make the page of a game, with what the agent's network answers to each state.

    Args:
        moments: of the game, as `play` yields them; after `MAX_STEPS` it is cut off.
        agent, config: as `load_agent` gives them.
        title, about: as for `game_page`. In `about`, {score} and {steps} stand for
            those of the game.

    Raises:
        ValueError: as `watch_game` and `game_page`.
    """
    game = watch_game(islice(moments, MAX_STEPS + 1))
    env = make_single_env(config)
    bare = env.unwrapped
    names = list(getattr(bare, "action_meanings", None) or bare.ACTION_MEANINGS)
    answers = answers_of(agent, config, game.states)
    page = game_page(
        game,
        names,
        answers,
        title=title,
        about=about.format(score=f"{game.scores[-1]:g}", steps=f"{len(game):,}"),
        steps_per_second=env.metadata["render_fps"],
        automatic_fire=config.automatic_fire,
    )
    return GamePage(page, game, names, answers)


def answers_of(agent: DQNAgent, config: DQNConfig, states: np.ndarray) -> Answers:
    """What an agent's network answers to (T, 4, 84, 84) uint8 states."""
    q_values = in_batches(agent.q_values, states)
    if config.algorithm != "c51":
        return Answers(q_values)
    probabilities = in_batches(return_probabilities(agent.online), states)
    return Answers(q_values, probabilities, ATOMS)
