"""Make docs/breakout.gif: a shipped agent digs its tunnel.

    python tools/make_readme_picture.py

Takes the thirty seconds with the most points of the agent's recorded games, and keeps
one screen for each step.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from dqn_tutorial.lessons.lesson_00.clips import liveliest
from dqn_tutorial.lessons.lesson_07.breakout import load_recorded_games
from dqn_tutorial.viewing.video import enlarge

AGENT, SECONDS = "breakout", 30
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
    """Take the best stretch of the recorded games, and write it."""
    best = liveliest(load_recorded_games(AGENT), SECONDS)
    write_gif(PATH, [moment.screens[-1] for moment in best.moments()])
    print(
        f"{AGENT}, seed {best.game.seed}: steps {best.first:,} to {best.last:,}, score "
        f"{best.scores[best.first]:g} to {best.scores[best.last]:g}; docs/{PATH.name}: "
        f"{PATH.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
