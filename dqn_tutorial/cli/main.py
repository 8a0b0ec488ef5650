"""The command line: `python -m dqn_tutorial doctor | train | evaluate | ...`.

Each command is a module here: `add_parser` declares its options, `run` does the work.
Whatever is slow to import, such as TensorFlow, is imported by `run`, so that `--help`
answers at once.
"""

import argparse
import contextlib
import os
import sys

from dqn_tutorial.cli import doctor, evaluate, play, plot, sweep, train, watch

COMMANDS = {
    "doctor": doctor,
    "train": train,
    "evaluate": evaluate,
    "watch": watch,
    "play": play,
    "plot": plot,
    "sweep": sweep,
}

EPILOG = """\
a first session:
  python -m dqn_tutorial doctor
  python -m dqn_tutorial train --game breakout --run-dir runs/first --steps 300000
  (press Ctrl-C whenever you like; the same command with --resume continues)
  python -m dqn_tutorial evaluate runs/first --episodes 20
  python -m dqn_tutorial watch runs/first --out game.mp4
  python -m dqn_tutorial watch runs/first --out game.html   (step through it)
  python -m dqn_tutorial plot runs/first breakout --out curves.png
  python -m dqn_tutorial play breakout

A step is one action of one game, four emulator frames.
"""


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(
        prog="python -m dqn_tutorial",
        description="Train, score and watch a Deep Q-Network on Atari games.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS.values():
        command.add_parser(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; an error is reported in one line, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # not a stream of the system
            # A letter that a terminal on Windows lacks becomes "?", not an error.
            stream.reconfigure(errors="replace")
    args = build_parser().parse_args(argv)
    try:
        return COMMANDS[args.command].run(args)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("DQN_TUTORIAL_TRACEBACK"):
            raise
        text = str(error) if str(error) and not isinstance(error, KeyError) else ""
        print(f"error: {text or repr(error)}", file=sys.stderr)
        return 1
