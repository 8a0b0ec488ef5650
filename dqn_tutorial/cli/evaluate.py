"""`evaluate`: score an agent, and a random one in the same way."""

import json
from pathlib import Path

from dqn_tutorial.cli.options import (
    add_agent_argument,
    add_epsilon_argument,
    check_place,
    game_seed,
    positive,
    probability,
    progress_bar,
)
from dqn_tutorial.config import SCORE_GAMES


def add_parser(commands) -> None:
    """The options of `evaluate`."""
    parser = commands.add_parser(
        "evaluate", help="score an agent: whole games, distinct seeds"
    )
    add_agent_argument(parser)
    parser.add_argument(
        "--episodes",
        type=positive,
        default=SCORE_GAMES,
        help=f"games to play (default {SCORE_GAMES})",
    )
    add_epsilon_argument(parser)
    parser.add_argument(
        "--seed", type=game_seed, default=0, help="seed of the first game (default 0)"
    )
    parser.add_argument(
        "--sticky", type=probability, default=0.0, help="sticky actions (default 0)"
    )
    parser.add_argument(
        "--no-fire",
        action="store_true",
        help="do not press FIRE for the agent at the start and after a lost life",
    )
    parser.add_argument(
        "--json", type=Path, help="write every game's score, for both agents, here"
    )


def run(args) -> int:
    from dqn_tutorial.envs import make_env
    from dqn_tutorial.evaluation import GAMES_AT_ONCE, RandomAgent
    from dqn_tutorial.evaluation import evaluate as score
    from dqn_tutorial.runs.pretrained import load_agent

    if args.json:
        check_place(args.json, ".json")
    agent, config, origin = load_agent(args.agent)
    config = config.replace(
        sticky_action_probability=args.sticky,
        automatic_fire=config.automatic_fire and not args.no_fire,
    )
    results = {}
    for name in ("agent", "random"):
        env = make_env(config, min(args.episodes, GAMES_AT_ONCE), args.seed)
        player, epsilon = agent, args.epsilon
        if name == "random":
            player, epsilon = RandomAgent(env.num_actions), 1.0
        bar = progress_bar(total=args.episodes, unit="game", desc=name, leave=False)
        with bar:
            results[name] = score(
                player,
                env,
                config,
                num_episodes=args.episodes,
                epsilon=epsilon,
                seed=args.seed,
                progress=bar,
            )
        env.close()
    print(f"{origin}\n{results['agent'].summary()}")
    print(f"random agent, measured the same way: {results['random'].summary()}")
    if args.json:
        scores = {name: result.to_dict() for name, result in results.items()}
        args.json.write_text(
            json.dumps({"origin": origin} | scores, indent=2) + "\n", encoding="utf-8"
        )
    return 0
