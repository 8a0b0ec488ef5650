"""`watch`: record one game as a video."""

from pathlib import Path

from dqn_tutorial.cli.options import (
    add_agent_argument,
    check_place,
    game_seed,
    probability,
)


def add_parser(commands) -> None:
    """The options of `watch`."""
    parser = commands.add_parser("watch", help="record one game as an mp4")
    add_agent_argument(parser)
    parser.add_argument("--out", required=True, type=Path, help="the mp4 to write")
    parser.add_argument(
        "--epsilon", type=probability, default=0.05, help="default 0.05"
    )
    parser.add_argument(
        "--seed", type=game_seed, default=0, help="seed of the game (default 0)"
    )


def run(args) -> int:
    from dqn_tutorial.envs import make_single_env
    from dqn_tutorial.runs.pretrained import load_agent
    from dqn_tutorial.viewing.video import record

    check_place(args.out, ".mp4")
    agent, config, origin = load_agent(args.agent)
    recording = record(
        make_single_env(config), agent, args.out, epsilon=args.epsilon, seed=args.seed
    )
    print(
        f"{origin}\n{config.game}: score {recording.score:g} in {recording.steps} "
        f"steps, recorded in {args.out}"
    )
    return 0
