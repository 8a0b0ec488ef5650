"""`watch`: record one game, as a video or as a page to step through."""

from pathlib import Path

from dqn_tutorial.cli.options import (
    add_agent_argument,
    add_epsilon_argument,
    check_place,
    game_seed,
)


def add_parser(commands) -> None:
    """The options of `watch`."""
    parser = commands.add_parser(
        "watch", help="record one game, as an mp4 or as a page to step through"
    )
    add_agent_argument(parser)
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        help="what to write: a video if it ends in .mp4; if it ends in .html, one page "
        "for any browser that shows each step, the network's input and its answers",
    )
    add_epsilon_argument(parser)
    parser.add_argument(
        "--seed", type=game_seed, default=0, help="seed of the game (default 0)"
    )


def run(args) -> int:
    from dqn_tutorial.runs.pretrained import load_agent

    check_place(args.out, ".mp4", ".html")
    agent, config, origin = load_agent(args.agent)
    write = _write_page if args.out.suffix == ".html" else _write_video
    score, steps = write(args, agent, config, origin)
    print(
        f"{origin}\n{config.game}: score {score:g} in {steps} "
        f"steps, recorded in {args.out}"
    )
    return 0


def _write_video(args, agent, config, _) -> tuple[float, int]:
    from dqn_tutorial.envs import make_single_env
    from dqn_tutorial.viewing.video import record

    recording = record(
        make_single_env(config), agent, args.out, epsilon=args.epsilon, seed=args.seed
    )
    return recording.score, recording.steps


def _write_page(args, agent, config, origin) -> tuple[float, int]:
    from dqn_tutorial.envs import make_single_env
    from dqn_tutorial.runs.checkpoints import atomic_write
    from dqn_tutorial.runs.game_pages import page_of
    from dqn_tutorial.viewing.video import play

    name = config.game.replace("_", " ").title()
    page, game, *_ = page_of(
        play(make_single_env(config), agent, args.epsilon, args.seed),
        agent,
        config,
        title=f"{name}, as the network sees it",
        about=f"One game of the agent {origin}: score {{score}} in {{steps}} steps. "
        f"Each button is random with probability {args.epsilon:g}.",
    )
    atomic_write(args.out, lambda file: file.write(page.encode()))
    if not game.game_over:
        print(f"the page ends after {len(game):,} steps, before the game is over")
    return game.scores[-1], len(game)
