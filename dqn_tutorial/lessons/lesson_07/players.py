"""Who is compared in notebook 07: the agent, the rival and random play."""

import dataclasses
import json
from pathlib import Path

from dqn_tutorial.evaluation import Evaluation
from dqn_tutorial.runs.pretrained import load_scores


def load_players(name: str, rival: str, variant: str = "standard") -> dict[str, dict]:
    """The stored games of "agent", "rival" and "random" by one protocol.

    Args:
        name: of a shipped agent.
        rival: the file that `tools/measure_rival.py` has written.
        variant: of the protocol, as in `load_scores`.
    """
    stored = load_scores(name, variant)
    followed = json.loads(Path(rival).read_text(encoding="utf-8"))[variant]
    return {"agent": stored["agent"], "rival": followed, "random": stored["random"]}


def as_evaluation(stored: dict) -> Evaluation:
    """The `Evaluation` that stored games came from."""
    names = [field.name for field in dataclasses.fields(Evaluation)]
    return Evaluation(**{name: stored[name] for name in names})
