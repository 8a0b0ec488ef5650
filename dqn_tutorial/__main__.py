"""The command line: `python -m dqn_tutorial doctor | train | evaluate | ...`."""

import argparse
import contextlib
import functools
import importlib.util
import json
import os
import sys
from pathlib import Path

from dqn_tutorial.config import PRESETS, DQNConfig

EPILOG = """\
a first session:
  python -m dqn_tutorial doctor
  python -m dqn_tutorial train --game breakout --run-dir runs/first --steps 300000
  (press Ctrl-C whenever you like; the same command with --resume goes on)
  python -m dqn_tutorial evaluate runs/first --episodes 20
  python -m dqn_tutorial watch runs/first --out game.mp4

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

    commands.add_parser(
        "doctor",
        help="check this machine; exit 1 and the exact fix where something is missing",
    )

    train = commands.add_parser("train", help="train an agent, or go on with a run")
    add_settings(train, "the preset, or of the run from here on")
    train.add_argument(
        "--run-dir", required=True, type=Path, help="folder of the run; made if needed"
    )
    train.add_argument(
        "--steps",
        required=True,
        type=positive,
        help="train until this many steps have been made since the run began",
    )
    train.add_argument(
        "--seed", type=small_seed, help="of everything random (default 0)"
    )
    train.add_argument(
        "--weights-from",
        metavar="DIR_OR_NAME",
        help="begin with the network of this agent, as evaluate takes it, in place of "
        "random weights; without its last layer if only one is distributional",
    )
    train.add_argument(
        "--resume", action="store_true", help="go on with the run in --run-dir"
    )

    evaluate = commands.add_parser(
        "evaluate", help="score an agent: whole games, distinct seeds"
    )
    add_agent_argument(evaluate)
    evaluate.add_argument(
        "--episodes", type=positive, default=100, help="games to play (default 100)"
    )
    evaluate.add_argument(
        "--epsilon", type=probability, default=0.05, help="default 0.05"
    )
    evaluate.add_argument(
        "--seed", type=game_seed, default=0, help="of the first game (default 0)"
    )
    evaluate.add_argument(
        "--sticky", type=probability, default=0.0, help="sticky actions (default 0)"
    )
    evaluate.add_argument(
        "--no-fire",
        action="store_true",
        help="do not press FIRE for the agent at the start and after a lost life",
    )
    evaluate.add_argument(
        "--json", type=Path, help="write every game's score, of both agents, here"
    )

    watch = commands.add_parser("watch", help="record one game as an mp4")
    add_agent_argument(watch)
    watch.add_argument("--out", required=True, type=Path, help="the mp4 to write")
    watch.add_argument("--epsilon", type=probability, default=0.05, help="default 0.05")
    watch.add_argument(
        "--seed", type=game_seed, default=0, help="of the game (default 0)"
    )
    add_sweep(commands)
    return parser


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


def add_sweep(commands) -> None:
    sweep = commands.add_parser(
        "sweep", help="train variants of the agent from several seeds, into one table"
    )
    add_settings(sweep, "the full agent")
    sweep.add_argument(
        "--variants",
        nargs="+",
        metavar="NAME",
        help="which (default: all); lessons/lesson_08/ablations.py lists them",
    )
    sweep.add_argument(
        "--seeds",
        nargs="+",
        type=small_seed,
        default=[0],
        metavar="SEED",
        help="train each variant from each of these (default 0)",
    )
    sweep.add_argument(
        "--steps", required=True, type=positive, help="train each run for so many steps"
    )
    sweep.add_argument(
        "--runs-dir",
        required=True,
        type=Path,
        help="folder of the runs, a folder for each in it; the same command goes on "
        "with what is there",
    )
    sweep.add_argument(
        "--table",
        required=True,
        type=Path,
        help="the CSV to write, whenever a run ends",
    )
    engine = sweep.add_mutually_exclusive_group()
    engine.add_argument(
        "--one-by-one",
        action="store_true",
        help="one run after the other, also where Ray is installed; with Ray there are "
        "as many at once as there are cores",
    )
    engine.add_argument("--address", help="of a Ray cluster to join")


def add_agent_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "agent",
        metavar="DIR_OR_NAME",
        help="a run folder (its newest checkpoint is taken), one checkpoint file such "
        "as RUN/best.npz, or the name of an agent that comes with the package",
    )


def positive(text: str) -> int:
    """An integer above zero, underscores allowed."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return value


def small_seed(text: str) -> int:
    """A seed of a run: its games take a million numbers from each."""
    return seed_up_to(2_000, text)


def game_seed(text: str) -> int:
    """A seed of a game, far from those that training plays."""
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


def doctor(_) -> int:
    from dqn_tutorial.cli.doctor import look, report

    findings = look()
    print(report(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def progress_bar(**options):
    """A tqdm bar; in a file, where nobody watches, it is written once a minute."""
    from tqdm import tqdm

    seconds = 0.1 if sys.stderr.isatty() else 60
    return tqdm(mininterval=seconds, maxinterval=max(10, seconds), **options)


def train(args) -> int:
    from dqn_tutorial.machine import peak_ram_mb
    from dqn_tutorial.runs.trainer import Trainer

    trainer = open_run(args, Trainer)
    if trainer.weights_from:
        print(f"begun with the weights of {trainer.weights_from}", flush=True)
    first_step, first_seconds = trainer.step, trainer.wall_seconds
    if first_step >= args.steps:
        print(f"already at step {first_step:,}: ask for more with --steps")
        return 0
    with progress_bar(total=args.steps, initial=first_step, unit="step") as bar:
        trainer.run(args.steps, progress=bar)
    seconds = max(trainer.wall_seconds - first_seconds, 1e-9)
    print(
        f"step {trainer.step:,}: {trainer.status()}; "
        f"{(trainer.step - first_step) / seconds:.0f} steps per second, "
        f"peak RAM {peak_ram_mb():,.0f} MB"
    )
    if trainer.step < args.steps:
        print(
            f"to go on: python -m dqn_tutorial train --run-dir {args.run_dir} "
            f"--steps {args.steps} --resume"
        )
        return 130
    return 0


def open_run(args, trainer_class):
    """Start or resume the run that `train`'s options name."""
    from dqn_tutorial.runs import checkpoints
    from dqn_tutorial.runs.trainer import settings_of

    if not args.resume:
        config = wanted_config(args, args.game)
        print(memory_needed(config), flush=True)
        return trainer_class.start(
            config, args.run_dir, args.seed or 0, args.weights_from
        )
    if not checkpoints.checkpoint_paths(args.run_dir):
        raise checkpoints.CheckpointError(
            f"{args.run_dir} holds no checkpoint to resume from: start without --resume"
        )
    config, seed, weights_from = settings_of(args.run_dir)
    expected = wanted_config(args, args.game or config.game) if args.preset else config
    expected = expected.replace(game=args.game or config.game)
    differences = config.differences(expected)
    if args.seed not in (None, seed):
        differences.append(f"seed: {seed} against {args.seed}")
    if args.weights_from not in (None, weights_from):
        begun = weights_from or "random"
        differences.append(f"first weights: {begun} against {args.weights_from}")
    if differences:
        raise ValueError(
            f"{args.run_dir} was begun with other settings: {'; '.join(differences)}. "
            "Resume without --game, --preset, --seed and --weights-from, or choose "
            "another folder"
        )
    print(memory_needed(config), flush=True)
    trainer = trainer_class.resume(args.run_dir, **changes(args.set))
    for line in trainer.changed_settings:
        print(line)
    return trainer


def wanted_config(args, game):
    """The settings that --preset, --game and --set ask for."""
    config = PRESETS[args.preset or ("catch" if game == "catch" else "laptop")]
    return config.replace(**{"game": game or config.game} | changes(args.set))


def changes(pairs: list[str]) -> dict:
    """The settings that --set names, read as JSON where they are: 64, 1e-4, true.

    An integer may have underscores, as --steps may: 1_000_000.

    Raises:
        ValueError: no NAME=VALUE, or a name that no setting has.
    """
    found = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        known = [field for field in DQNConfig.__dataclass_fields__ if field != "game"]
        if not equals or name not in known:
            raise ValueError(
                f"--set wants NAME=VALUE, got {pair!r}; names: {', '.join(known)}; the "
                "game is chosen with --game"
            )
        found[name] = text
        for read in (int, json.loads):
            with contextlib.suppress(ValueError):
                found[name] = read(text)
                break
    return found


def memory_needed(config) -> str:
    """One line about the RAM the replay buffer may take, before it is taken."""
    from dqn_tutorial.replay import estimate_bytes

    needed = estimate_bytes(
        config.replay_capacity_transitions, compressed=config.replay_compressed
    )
    return (
        f"replay buffer: {config.replay_capacity_transitions:,} transitions, at most "
        f"{needed / 1e6:,.0f} MB of RAM when full"
    )


def evaluate(args) -> int:
    from dqn_tutorial.evaluation import GAMES_AT_ONCE, RandomAgent
    from dqn_tutorial.evaluation import evaluate as score
    from dqn_tutorial.runs.pretrained import load_agent
    from dqn_tutorial.runs.trainer import make_games

    if args.json:
        check_place(args.json, ".json")
    agent, config, origin = load_agent(args.agent)
    config = config.replace(
        sticky_action_probability=args.sticky,
        automatic_fire=config.automatic_fire and not args.no_fire,
    )
    results = {}
    for name in ("agent", "random"):
        games = make_games(config, min(args.episodes, GAMES_AT_ONCE), args.seed)
        player, epsilon = agent, args.epsilon
        if name == "random":
            player, epsilon = RandomAgent(games.num_actions), 1.0
        bar = progress_bar(total=args.episodes, unit="game", desc=name, leave=False)
        with bar:
            results[name] = score(
                player,
                games,
                config,
                num_games=args.episodes,
                epsilon=epsilon,
                seed=args.seed,
                progress=bar,
            )
        games.close()
    print(f"{origin}\n{results['agent'].summary()}")
    print(f"random agent, measured the same way: {results['random'].summary()}")
    if args.json:
        scores = {name: result.to_dict() for name, result in results.items()}
        args.json.write_text(json.dumps({"origin": origin} | scores, indent=2) + "\n")
    return 0


def check_place(path: Path, suffix: str) -> None:
    """Refuse a file that could not be written, before the work that fills it.

    Raises:
        ValueError: another suffix, a folder of that name, or a folder that is missing.
    """
    if path.suffix != suffix or path.is_dir():
        raise ValueError(f"{path} must be the name of a {suffix} file")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {path.parent}: make it first")


def watch(args) -> int:
    from dqn_tutorial.runs.pretrained import load_agent
    from dqn_tutorial.viewing.video import make_game, record

    check_place(args.out, ".mp4")
    agent, config, origin = load_agent(args.agent)
    recording = record(
        make_game(config), agent, args.out, epsilon=args.epsilon, seed=args.seed
    )
    print(
        f"{origin}\n{config.game}: score {recording.score:g} in {recording.steps} "
        f"steps, recorded in {args.out}"
    )
    return 0


def sweep(args) -> int:
    # One thread a run: the other cores have other runs, and wherever a run is made, its
    # sums are added up in one order.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    from dqn_tutorial.lessons.lesson_08.ablations import VARIANTS
    from dqn_tutorial.runs import sweep as sweeping

    check_place(args.table, ".csv")
    ray_is_here = importlib.util.find_spec("ray") is not None
    if args.address and not ray_is_here:
        raise ValueError('--address needs Ray: pip install -e ".[cluster]"')
    names = list(dict.fromkeys(args.variants or VARIANTS))
    if unknown := [name for name in names if name not in VARIANTS]:
        known = ", ".join(VARIANTS)
        raise ValueError(f"no variant {', '.join(unknown)}; there are {known}")
    jobs = sweeping.make_jobs(
        {name: VARIANTS[name] for name in names},
        dict.fromkeys(args.seeds),
        wanted_config(args, args.game),
        args.steps,
        args.runs_dir,
    )
    try:
        if ray_is_here and not args.one_by_one:
            do = functools.partial(sweeping.with_ray, address=args.address)
            sweeping.sweep(jobs, args.table, do)
        else:
            total = args.steps * sum(not job.rows.exists() for job in jobs)
            with progress_bar(total=total, unit="step") as bar:
                do = functools.partial(sweeping.one_by_one, progress=bar)
                sweeping.sweep(jobs, args.table, do)
    except sweeping.Stopped as stopped:
        print(f"{stopped}; the same command goes on")
        return 130
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run one command; what went wrong is told in a line, never in a traceback."""
    args = build_parser().parse_args(argv)
    commands = [doctor, train, evaluate, watch, sweep]
    command = {command.__name__: command for command in commands}[args.command]
    try:
        return command(args)
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


if __name__ == "__main__":
    sys.exit(main())
