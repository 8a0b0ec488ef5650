"""Who is compared in notebook 07: the agent, the rival and random play."""

import dataclasses

from dqn_tutorial.evaluation import Evaluation
from dqn_tutorial.lessons.rival import load_rival_scores
from dqn_tutorial.runs.pretrained import load_scores


def load_players(name: str, protocol: str = "standard") -> dict[str, dict]:
    """The stored games of "agent", "rival" and "random" by one protocol.

    Args:
        name: of a shipped agent.
        protocol: as in `load_scores`.
    """
    stored = load_scores(name, protocol)
    players = {"agent": stored["agent"], "rival": load_rival_scores(protocol)}
    return players | {"random": stored["random"]}


def as_evaluation(stored: dict) -> Evaluation:
    """The `Evaluation` that stored games came from."""
    names = [field.name for field in dataclasses.fields(Evaluation)]
    return Evaluation(**{name: stored[name] for name in names})
