"""Make a run's best network an agent that comes with the package.

    python tools/ship_agent.py runs/breakout breakout

Copies the network (as float16, half the size), the settings, the history and the
command's seed into `dqn_tutorial/pretrained_agents/`. Measure it afterwards:

    python -m dqn_tutorial evaluate breakout --episodes 100 --epsilon 0.05 \\
        --json dqn_tutorial/pretrained_agents/breakout_scores.json
"""

import sys
from pathlib import Path

import numpy as np

from dqn_tutorial import checkpoints
from dqn_tutorial.history import History
from dqn_tutorial.pretrained import SHIPPED


def main(run_dir: Path, name: str) -> None:
    """Ship the network of `run_dir/best.npz` under a name."""
    arrays, meta = checkpoints.read_arrays(run_dir / "best.npz", prefix="online/")
    half = {key: array.astype(np.float16) for key, array in arrays.items()}
    SHIPPED.mkdir(exist_ok=True)
    checkpoints.write_arrays(SHIPPED / f"{name}.npz", half, meta)
    History.read(run_dir / "history.csv").write(SHIPPED / f"{name}_history.csv")
    print(f"shipped {name}: step {meta['step']:,}, training score {meta['score']:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
