"""`train`: start a run, or resume one."""

from pathlib import Path

from dqn_tutorial.cli.options import (
    add_settings,
    parse_overrides,
    positive,
    progress_bar,
    run_seed,
    wanted_config,
)


def add_parser(commands) -> None:
    """The options of `train`."""
    parser = commands.add_parser("train", help="train an agent, or resume a run")
    add_settings(parser, "the preset, or of the run from here on")
    parser.add_argument(
        "--run-dir", required=True, type=Path, help="folder for the run"
    )
    parser.add_argument(
        "--steps",
        type=positive,
        help="train until the run has made this many steps, resumed or not; the "
        "learning rate is cut at half and at nine tenths of them (default: the "
        "preset's total_steps)",
    )
    parser.add_argument(
        "--seed", type=run_seed, help="seed for everything random (default 0)"
    )
    parser.add_argument(
        "--weights-from",
        metavar="DIR_OR_NAME",
        help="warm-start from the network of this agent, given as to evaluate; "
        "without its last layer if only one of the two is C51",
    )
    parser.add_argument(
        "--resume", action="store_true", help="resume the run in --run-dir"
    )
    parser.add_argument(
        "--video-every",
        type=positive,
        metavar="STEPS",
        help="record a game of the agent as it is then into the run's folder, each "
        "time the run has made so many steps (default: no videos)",
    )
    parser.add_argument(
        "--tensorboard",
        action="store_true",
        help="write the history for TensorBoard, too, into RUN_DIR/tensorboard; the "
        "viewer is not needed for that and does not come with TensorFlow: "
        'pip install "dqn-tutorial[tensorboard]"',
    )


def run(args) -> int:
    from dqn_tutorial.machine import peak_ram_mb
    from dqn_tutorial.runs.shows import draw_curves

    trainer = open_run(args)
    if trainer.weights_from:
        print(f"warm-started from {trainer.weights_from}", flush=True)
    first_step, first_seconds = trainer.step, trainer.wall_seconds
    total = trainer.config.total_steps
    if first_step >= total:
        print(f"already at step {first_step:,}: ask for more with --steps")
        return 0
    show_while_training(trainer, args)
    with progress_bar(total=total, initial=first_step, unit="step") as bar:
        trainer.run(progress=bar)
    draw_curves(trainer)  # with the last rows
    seconds = max(trainer.wall_seconds - first_seconds, 1e-9)
    print(
        f"step {trainer.step:,}: {trainer.status()}; "
        f"{(trainer.step - first_step) / seconds:.0f} steps per second, "
        f"peak RAM {peak_ram_mb():,.0f} MB"
    )
    if trainer.step < total:
        shown = f" --video-every {args.video_every}" if args.video_every else ""
        shown += " --tensorboard" if args.tensorboard else ""
        print(
            f"to resume: python -m dqn_tutorial train --run-dir {args.run_dir} "
            f"--resume{shown}"
        )
        return 130
    return 0


def show_while_training(trainer, args) -> None:
    """Have the run draw its curves, and record and write what the options ask for."""
    from dqn_tutorial.runs.shows import EventFile, draw_curves, record_game

    trainer.every(trainer.config.checkpoint_period_steps, draw_curves)
    if args.video_every:
        trainer.every(args.video_every, record_game)
    if args.tensorboard:
        trainer.every(trainer.config.log_period_steps, EventFile())


def open_run(args):
    """Start or resume the run that `train`'s options name."""
    from dqn_tutorial.runs import checkpoints
    from dqn_tutorial.runs.trainer import Trainer, settings_of

    length = {"total_steps": args.steps} if args.steps else {}
    if not args.resume:
        config = wanted_config(args, args.game).replace(**length)
        print(memory_needed(config), flush=True)
        return Trainer.start(config, args.run_dir, args.seed or 0, args.weights_from)
    if not checkpoints.checkpoint_paths(args.run_dir):
        raise checkpoints.CheckpointError(
            f"{args.run_dir} holds no checkpoint to resume from: start without "
            "--resume, in an empty folder"
        )
    config, seed, weights_from = settings_of(args.run_dir)
    expected = wanted_config(args, args.game or config.game) if args.preset else config
    expected = expected.replace(  # its length may be changed
        game=args.game or config.game, total_steps=config.total_steps
    )
    differences = config.differences(expected)
    if args.seed not in (None, seed):
        differences.append(f"seed: {seed} against {args.seed}")
    if args.weights_from not in (None, weights_from):
        begun = weights_from or "random"
        differences.append(f"initial weights: {begun} against {args.weights_from}")
    if differences:
        raise ValueError(
            f"{args.run_dir} was started with other settings: "
            f"{'; '.join(differences)}. Resume without --game, --preset, --seed and "
            "--weights-from, or choose another folder"
        )
    print(memory_needed(config), flush=True)
    trainer = Trainer.resume(args.run_dir, **parse_overrides(args.set) | length)
    for line in trainer.changed_settings:
        print(line)
    return trainer


def memory_needed(config) -> str:
    """One line about the RAM the replay buffer may take, before it is allocated."""
    from dqn_tutorial.replay import estimate_bytes

    needed = estimate_bytes(
        config.replay_capacity_transitions, compressed=config.replay_compressed
    )
    return (
        f"replay buffer: {config.replay_capacity_transitions:,} transitions, at most "
        f"{needed / 1e6:,.0f} MB of RAM when full"
    )
