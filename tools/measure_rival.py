"""Measure the rival as the agent was measured: a hundred games by each protocol.

    python -m tools.measure_rival

The rival reads the colours of the screen, so it plays one game at a time and not with
`evaluate`; the rules are the same. An emulator computes with whole numbers, so the
scores are the same on every machine. They go to
dqn_tutorial/lessons/rival_breakout.json; it takes minutes.
"""

import json

import numpy as np

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.config import SCORE_EPSILON, DQNConfig
from dqn_tutorial.evaluation import Evaluation
from dqn_tutorial.lessons.rival import STORED, play_as_rival

# What differs from the standard protocol, by the name of each.
PROTOCOLS = {
    "standard": {},
    "epsilon_0.01": {"epsilon": 0.01},
    "no_fire": {"automatic_fire": False},
    "sticky_0.25": {"sticky_action_probability": 0.25},
}


def measure(
    num_episodes: int, epsilon: float = SCORE_EPSILON, **settings
) -> Evaluation:
    """The rival's games with the seeds from 0, by one protocol.

    Args:
        num_episodes: how many games.
        epsilon: how often an action is random.
        **settings: of `DQNConfig`, the same as for an agent's evaluation.
    """
    config = DQNConfig(**settings)
    rules = {
        "noop_max_frames": config.noop_max_frames,
        "sticky_action_probability": config.sticky_action_probability,
        "max_frames_per_game": config.max_frames_per_game,
        "automatic_fire": config.automatic_fire,
    }
    game, seeds = SingleAtari(config.game, **rules), list(range(num_episodes))
    played = []
    for seed in seeds:
        game.reset(seed=seed)
        played.append(play_as_rival(game, epsilon, np.random.default_rng(seed)))
    scores, steps, cut = (list(column) for column in zip(*played, strict=True))
    return Evaluation(config.game, scores, seeds, steps, sum(cut), epsilon, **rules)


def main() -> None:
    """Measure all protocols and write the file."""
    stored = {}
    for name, changes in PROTOCOLS.items():
        stored[name] = measure(100, **changes).to_dict()
        print(name, stored[name]["mean"], stored[name]["interval_95"], flush=True)
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
