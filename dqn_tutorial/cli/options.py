"""What several commands share: argument types, settings, agents, progress bars."""

import argparse
import contextlib
import json
import sys
from pathlib import Path

from dqn_tutorial.config import PRESETS, SCORE_EPSILON, DQNConfig


def positive(text: str) -> int:
    """An integer above zero, underscores allowed."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return value


def run_seed(text: str) -> int:
    """A run's seed; each has a million seeds for its games."""
    return seed_up_to(2_000, text)


def game_seed(text: str) -> int:
    """A game's seed, far from those used in training."""
    return seed_up_to(9_999, text)


def seed_up_to(largest: int, text: str) -> int:
    value = int(text)
    if not 0 <= value <= largest:
        raise argparse.ArgumentTypeError(f"must be in 0..{largest}, got {text}")
    return value


def probability(text: str) -> float:
    """A number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be between 0 and 1, got {text}")
    return value


def add_settings(parser: argparse.ArgumentParser, whose: str) -> None:
    """The options that `wanted_config` reads."""
    parser.add_argument(
        "--game",
        help='ALE game id such as "breakout", "pong", "ms_pacman", or "catch" '
        "(default: the preset's)",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help='settings to use (default "laptop"; "catch" with --game catch); '
        "dqn_tutorial/config.py lists them",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"change one setting of {whose}, for instance --set batch_size=64; can "
        "be given several times",
    )


def add_agent_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "agent",
        metavar="DIR_OR_NAME",
        help="a run folder (its newest checkpoint is used), one checkpoint file such "
        "as RUN/best.npz, or the name of an agent that comes with the package",
    )


def add_epsilon_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--epsilon",
        type=probability,
        default=SCORE_EPSILON,
        help=f"share of random actions (default {SCORE_EPSILON})",
    )


def default_preset(game: str | None) -> str:
    """The preset that a command without --preset uses."""
    return "catch" if game == "catch" else "laptop"


def wanted_config(args, game):
    """The settings that --preset, --game and --set ask for."""
    config = PRESETS[args.preset or default_preset(game)]
    return config.replace(**{"game": game or config.game} | parse_overrides(args.set))


def parse_overrides(pairs: list[str]) -> dict:
    """The settings that --set names, read as JSON where possible: 64, 1e-4, true.

    An integer may have underscores, as in --steps: 1_000_000.

    Raises:
        ValueError: not NAME=VALUE, or an unknown name.
    """
    known = [name for name in DQNConfig.__dataclass_fields__ if name != "game"]
    found = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or name not in known:
            raise ValueError(
                f"--set needs NAME=VALUE, got {pair!r}; names: {', '.join(known)}; the "
                "game is chosen with --game"
            )
        found[name] = text
        for read in (int, json.loads):
            with contextlib.suppress(ValueError):
                found[name] = read(text)
                break
    return found


def check_place(path: Path, *suffixes: str) -> None:
    """Refuse a file that could not be written, before the work that would fill it.

    Raises:
        ValueError: the wrong suffix, a folder of that name, or a missing folder.
    """
    if path.suffix not in suffixes or path.is_dir():
        raise ValueError(f"{path} must be the name of a {' or '.join(suffixes)} file")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {path.parent}: create it first")


def progress_bar(**options):
    """A tqdm bar; in a log file, where nobody watches, it is written once a minute."""
    from tqdm import tqdm

    seconds = 0.1 if sys.stderr.isatty() else 60
    return tqdm(mininterval=seconds, maxinterval=max(10, seconds), **options)
