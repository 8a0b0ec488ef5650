"""The Atari games that can be played: `check_game` catches a misspelt name before ALE.

ale-py has included the games, as ROM files, since 0.12.1.
"""

import difflib
import os
import re

import ale_py
from ale_py import roms

# ALE refuses to start these without a second player.
NEEDS_TWO_PLAYERS = frozenset({"combat", "joust", "maze_craze", "warlords"})


def _letters(name: str) -> str:
    """`name` reduced to what all spellings of one game share."""
    name = re.sub(r"^ALE/|(Deterministic|NoFrameskip)?-v\d+$", "", name)
    return re.sub(r"[^a-z0-9]", "", name.lower())


def check_game(name: str) -> str:
    """Return `name` if it is a game that can be played.

    Raises:
        ValueError: there is no such game; the message suggests the right id.
        FileNotFoundError: ale-py knows the game but came without its ROM.
    """
    ids = sorted(set(roms.get_all_rom_ids()) - NEEDS_TWO_PLAYERS)
    if name in NEEDS_TWO_PLAYERS:
        raise ValueError(f"game {name!r} needs two players, so an agent can't play it")
    if name not in ids:
        by_letters = {_letters(game): game for game in ids}
        close = difflib.get_close_matches(_letters(str(name)), by_letters, n=1)
        hint = (
            f'did you mean "{by_letters[close[0]]}"?'
            if close
            else "ale_py.roms.get_all_rom_ids() lists them all"
        )
        raise ValueError(
            f"game must be the name of an Atari ROM in snake case, such as "
            f'"breakout" or "ms_pacman", got {name!r}: {hint}'
        )
    # From before 0.12.1: other ROMs, and a line with their path in every output.
    os.environ.pop("ALE_ROMS_DIR", None)
    try:
        roms.get_rom_path(name)
    except OSError as error:
        raise FileNotFoundError(
            f"ale-py {ale_py.__version__} has no usable ROM for {name!r}: "
            'pip install --force-reinstall "ale-py>=0.12.1"'
        ) from error
    return name
