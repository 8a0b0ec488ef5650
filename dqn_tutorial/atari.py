"""The real Atari games: many at once for training, one at a time for looking.

`AtariGames` wraps ALE's C++ vector environment, which runs on its own threads and does
the preprocessing of Mnih 2015 (Methods, "Preprocessing") itself. `AtariGame` does the
same to one game with our own functions, and keeps the screens for you to look at.

A game is named by its ROM, in snake case: "breakout", "ms_pacman".

Glossary
    no-op         the action that presses nothing; a game starts with a few of them
    sticky        the emulator repeats the last action instead of taking the new one,
                  with some probability at every frame (Machado 2018)
    life loss     ends an episode for the learner, but not the game
"""

import difflib
import re

import ale_py
import numpy as np
from ale_py import roms
from gymnasium.vector import AutoresetMode

from dqn_tutorial.games import VectorGames

try:
    from ale_py.vector_env import AtariVectorEnv
except ImportError as error:
    raise ImportError(
        f"ale-py {ale_py.__version__} has no vector environment: "
        'pip install --upgrade "ale-py>=0.12.1"'
    ) from error

FRAMES_PER_STEP = 4
MAX_FRAMES = 108_000  # 30 minutes at 60 frames a second (Machado 2018, table 5)
LARGEST_SEED = 2**31 - 1  # ALE keeps a seed in a C int
NEVER = 2**31 - 2  # a frame count ALE does not live to see

# ALE refuses to start these without a second player.
NEEDS_TWO_PLAYERS = frozenset({"combat", "joust", "maze_craze", "warlords"})


def _letters(name: str) -> str:
    """`name` without what different spellings of one game differ in."""
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
    try:
        roms.get_rom_path(name)
    except OSError as error:
        raise FileNotFoundError(
            f"ale-py {ale_py.__version__} has no usable ROM for {name!r}: "
            'pip install --force-reinstall "ale-py>=0.12.1", and unset ALE_ROMS_DIR'
        ) from error
    return name


def _check_options(noop_max: int, repeat_probability: float, max_frames: int) -> None:
    if noop_max < 0:
        raise ValueError(f"noop_max must be 0 or more frames, got {noop_max}")
    if not 0.0 <= repeat_probability <= 1.0:
        raise ValueError(
            f"repeat_action_probability must be in 0..1, got {repeat_probability}"
        )
    if max_frames < FRAMES_PER_STEP:
        raise ValueError(
            f"max_frames must be at least {FRAMES_PER_STEP}, one step, got {max_frames}"
        )


class AtariGames(VectorGames):
    """N copies of one Atari game, for training and evaluation.

    Rewards are unclipped. Losing a life sets `terminated`, and the game goes on. Where
    the game has a FIRE button, it is pressed in the first step of a game and in the
    first step after a lost life, whatever was asked for: without it Breakout serves no
    ball. `Step.actions` holds what was pressed.
    """

    def __init__(
        self,
        game: str,
        num_games: int = 1,
        first_seed: int = 0,
        *,
        noop_max: int = 30,
        repeat_action_probability: float = 0.0,
        max_frames: int = MAX_FRAMES,
        num_threads: int = 0,
    ):
        """Start the emulators.

        Args:
            game: ROM name in snake case, see `check_game`.
            num_games: how many copies to play at once.
            first_seed: seed of the first game, 0..2^31-1; the next game gets the next.
            noop_max: each game starts after 0 to `noop_max` frames of no-ops.
            repeat_action_probability: 0.25 makes actions sticky.
            max_frames: emulator frames after which a game is truncated.
            num_threads: emulator threads; 0 takes one for each core.

        Raises:
            ValueError: an argument out of its range, or no such game.
            FileNotFoundError: the game's ROM is missing.
        """
        check_game(game)
        _check_options(noop_max, repeat_action_probability, max_frames)
        if not 0 <= first_seed <= LARGEST_SEED:
            raise ValueError(
                f"first_seed must be in 0..{LARGEST_SEED}, got {first_seed}"
            )
        self._env = AtariVectorEnv(
            game,
            max(num_games, 1),  # the base class says what is wrong with less
            num_threads=num_threads,
            noop_max=noop_max + 1,  # ALE draws from 0 to one less than it is told
            repeat_action_probability=repeat_action_probability,
            # ALE's own frame limit blends an old frame into the last state, and marks
            # no truncation where a life is lost in the same step: we count ourselves.
            max_num_frames_per_episode=NEVER,
            life_loss_info=True,
            reward_clipping=False,
            use_fire_reset=False,
            autoreset_mode=AutoresetMode.NEXT_STEP,  # never comes to it, see _reset_games
        )
        meanings = [action.name for action in self._env.ale.get_action_set()]
        super().__init__(num_games, meanings, first_seed)
        self._fire = meanings.index("FIRE") if "FIRE" in meanings else None
        self._press_fire = np.zeros(num_games, bool)
        self._max_frames = max_frames
        self._frames = np.zeros(num_games, np.int64)

    def close(self) -> None:
        self._env = None  # ends the emulators' threads

    def _reset_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        # A reset before the next step takes the place of the automatic one, and leaves
        # the games outside the mask as they are.
        options = None if mask.all() else {"reset_mask": mask}
        states, _ = self._env.reset(seed=seeds, options=options)
        self._press_fire[mask] = self._fire is not None
        self._frames[mask] = 0
        return states

    def _send(self, actions: np.ndarray) -> np.ndarray:
        if self._fire is not None:
            actions = np.where(self._press_fire, np.int32(self._fire), actions)
        self._env.send(actions)
        return actions

    def _recv(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        states, rewards, terminated, _, info = self._env.recv()
        self._frames += FRAMES_PER_STEP
        game_over = terminated & (info["lives"] == 0)
        truncated = ~game_over & (self._frames >= self._max_frames)
        self._press_fire = terminated & (self._fire is not None)
        # [N, 4, 84, 84], [N], [N], [N]
        return (
            states,
            rewards.astype(np.float32),
            terminated & ~truncated,
            game_over | truncated,
        )
