"""How many bytes a frame takes when LZ4 has packed it, for every Atari game.

    python tools/measure_frame_bytes.py [steps]

Plays each game at random (300 steps unless told) and prints the mean and the largest
frame, the hungriest game last. `frame_store.EXPECTED_COMPRESSED_FRAME_BYTES` must lie
above all of them.
"""

import sys

import numpy as np
from ale_py import roms

from dqn_tutorial.atari import ParallelAtari
from dqn_tutorial.atari_roms import NEEDS_TWO_PLAYERS
from dqn_tutorial.frame_store import pack


def frame_bytes(game: str, steps: int) -> list[int]:
    """The packed size of each frame of one random game, in bytes."""
    env, rng = ParallelAtari(game), np.random.default_rng(0)
    env.reset()
    frames = (
        env.step(rng.integers(env.num_actions, size=1)).next_frames[0]
        for _ in range(steps)
    )
    return [len(pack(frame)) for frame in frames]


def main(steps: int) -> None:
    """Measure all games and print a line for each."""
    env = sorted(set(roms.get_all_rom_ids()) - NEEDS_TWO_PLAYERS)
    sizes = {game: frame_bytes(game, steps) for game in env}
    for game in sorted(sizes, key=lambda game: np.mean(sizes[game])):
        print(f"{game:20} mean {np.mean(sizes[game]):6.0f}  max {max(sizes[game]):5}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 300)
