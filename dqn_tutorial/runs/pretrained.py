"""Trained agents: from a run folder, a file, or the package itself.

TensorFlow is imported when an agent is loaded. Scores are read without it, because
`play` shows them, and cannot open a window beside TensorFlow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dqn_tutorial.config import DQNConfig
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.history import History

if TYPE_CHECKING:
    from dqn_tutorial.agent import DQNAgent

SHIPPED = Path(__file__).parents[1] / "pretrained_agents"


def shipped_names() -> list[str]:
    """Names of the agents that come with the package, and of their stages."""
    return sorted(path.stem for path in SHIPPED.glob("*.npz"))


def shipped_agents() -> list[str]:
    """Names of the agents that come with the package, without their stages."""
    return [name for name in shipped_names() if "-" not in name]


def stages(name: str) -> list[str]:
    """Names of the stages of an agent's training, from untrained to the agent itself.

    `stages("breakout")` begins with "breakout-0": the network after 0 steps.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    _shipped(f"{name}.npz")
    earlier = [n for n in shipped_names() if n.startswith(f"{name}-")]
    return [*sorted(earlier, key=lambda n: int(n.removeprefix(f"{name}-"))), name]


def _shipped(file_name: str) -> Path:
    path = SHIPPED / file_name
    if not path.exists():
        names = ", ".join(shipped_names()) or "none yet"
        raise CheckpointError(f"the package ships no {file_name}; its agents: {names}")
    return path


def load_history(name: str) -> History:
    """What was measured while a shipped agent was trained.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    return History.read(_shipped(f"{name}_history.csv"))


def load_scores(name: str, protocol: str = "standard") -> dict[str, dict]:
    """The stored scores of a shipped agent and of a random one: "agent", "random".

    Each holds every game's score and the protocol, as `evaluate --json` wrote them.

    Args:
        name: the agent's.
        protocol: by which it was measured; `protocols(name)` lists them.

    Raises:
        CheckpointError: no agent of that name comes with the package, or it was not
            measured that way.
    """
    end = "" if protocol == "standard" else f"_{protocol}"
    return json.loads(_shipped(f"{name}_scores{end}.json").read_text(encoding="utf-8"))


def load_seeds(name: str) -> dict[int, tuple[History, dict[str, dict]]]:
    """The history and the stored scores of each seed an agent was chosen from.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    seeds = {load_made(name)["seed"]: (load_history(name), load_scores(name))}
    for path in SHIPPED.glob(f"{name}_seed*_history.csv"):
        other = path.name.removesuffix("_history.csv")
        seed = int(other.removeprefix(f"{name}_seed"))
        seeds[seed] = load_history(other), load_scores(other)
    return dict(sorted(seeds.items()))


def load_made(name: str) -> dict:
    """How a shipped agent was made: commands, seed, settings, changes, machine.

    Raises:
        CheckpointError: no agent of that name comes with the package.
    """
    return json.loads(_shipped(f"{name}_made.json").read_text(encoding="utf-8"))


def protocols(name: str) -> list[str]:
    """The protocols an agent was measured by: "standard" first, then the others."""
    start = f"{name}_scores_"
    others = sorted(path.stem for path in SHIPPED.glob(f"{start}*.json"))
    return ["standard", *(stem.removeprefix(start) for stem in others)]


def _read_network(path: Path) -> tuple[dict, dict]:
    arrays, meta = checkpoints.read_arrays(path, prefix="online/")
    if not arrays or "config" not in meta:
        raise CheckpointError(f"{path} holds no network")
    return arrays, meta


def load_agent(where: str | Path) -> tuple[DQNAgent, DQNConfig, str]:
    """Load an agent to play with.

    Args:
        where: the name of a shipped agent, a run folder (its newest complete
            checkpoint), or a checkpoint file. ./breakout is always a folder.

    Returns:
        The agent, its settings, and one line that says where it is from.

    Raises:
        CheckpointError: there is nothing there, or nothing that can be read.
    """
    from dqn_tutorial.beyond.c51 import NUM_ATOMS
    from dqn_tutorial.beyond.factory import make_agent

    path = Path(where)
    shipped = str(where) in shipped_names()
    if path.is_dir() and not shipped:
        (arrays, meta), problems = checkpoints.load_latest_valid(path, _read_network)
        for line in problems:
            print(line)
        origin = f"{path}, step {meta['step']:,}"
    else:
        if not path.exists() and not shipped:
            names = ", ".join(shipped_names()) or "none yet"
            raise CheckpointError(
                f"{where} is neither a run folder, nor a checkpoint file, nor an agent "
                f"that comes with the package ({names})"
            )
        file = SHIPPED / f"{where}.npz" if shipped else path
        arrays, meta = _read_network(file)
        name = file.stem if file.parent == SHIPPED else where
        origin = f"{name}, step {meta['step']:,}"
    config = DQNConfig.from_json(meta["config"])
    outputs = arrays[f"online/{len(arrays) - 1}"].shape[0]  # the last layer's bias
    num_actions = outputs // NUM_ATOMS if config.algorithm == "c51" else outputs
    agent = make_agent(config, num_actions, seed=0)
    checkpoints.assign_variables(agent.online.variables, arrays, "online")
    agent.sync_target()
    return agent, config, origin
