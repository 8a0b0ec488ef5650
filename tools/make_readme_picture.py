"""Make docs/breakout.gif: a shipped agent digs its tunnel.

    python tools/make_readme_picture.py

Plays one game as `python -m dqn_tutorial watch breakout --seed 1` does, and keeps the
450 steps in a row that bring the most points: one screen for each step.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from dqn_tutorial.config import SCORE_EPSILON
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.viewing.video import best_stretch, enlarge, play

AGENT, SEED = "breakout", 1
STEPS = 450
MILLISECONDS = 30  # for each step, which lasts 67 on the console
PATH = Path(__file__).parent.parent / "docs" / "breakout.gif"


def write_gif(path: Path, screens: list[np.ndarray]) -> None:
    """Write (210, 160, 3) screens, twice as large, with their own few colours."""
    colours = sorted({tuple(c) for s in screens for c in np.unique(_rows(s), axis=0)})
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.array(colours, np.uint8).tobytes())
    pictures = [
        Image.fromarray(enlarge(s, 2)).quantize(palette=palette, dither=0)
        for s in screens
    ]
    pictures[0].save(
        path,
        save_all=True,
        append_images=pictures[1:],
        duration=MILLISECONDS,
        loop=0,
    )


def _rows(screen: np.ndarray) -> np.ndarray:
    return screen.reshape(-1, 3)


def main() -> None:
    """Play the game, and write its best stretch."""
    agent, config, origin = load_agent(AGENT)
    screens, scores = [], []
    for moment in play(make_single_env(config), agent, SCORE_EPSILON, SEED):
        screens.append(moment.screens[-1])
        scores.append(moment.score)
    first = best_stretch(scores, STEPS)
    last = first + STEPS
    write_gif(PATH, screens[first:last])
    print(
        f"{origin}: steps {first:,} to {last:,} of {len(scores) - 1:,}, score "
        f"{scores[first]:g} to {scores[last]:g}; docs/{PATH.name}: "
        f"{PATH.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
