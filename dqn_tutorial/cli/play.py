"""`play`: play a game yourself, and see your score beside those of the agents.

Gymnasium's `play` opens the window and reads the keys. It needs pygame, which nothing
else here does, so pygame is an extra of the package.
"""

import os
import sys
import warnings
from dataclasses import dataclass

from dqn_tutorial.cli.options import game_seed

# Actions a second: the console asks 60 times, the agent acts in every fourth frame.
FREELY, LIKE_THE_AGENT = 60, 15
ZOOM = 3  # 160 x 210 pixels are small
# Part of an action's name -> its letter, and its name on a keyboard.
KEYS = {
    "UP": ("w", "arrow up, or w"),
    "DOWN": ("s", "arrow down, or s"),
    "LEFT": ("a", "arrow left, or a"),
    "RIGHT": ("d", "arrow right, or d"),
    "FIRE": (" ", "space"),
}


def add_parser(commands) -> None:
    """The options of `play`."""
    parser = commands.add_parser(
        "play", help="play yourself, and see your score beside the agents'"
    )
    parser.add_argument("game", help='ALE game id, such as "breakout" or "ms_pacman"')
    parser.add_argument(
        "--like-the-agent",
        action="store_true",
        help=f"play by the agent's rules: {LIKE_THE_AGENT} actions a second, up to 30 "
        "no-op frames at the start, FIRE pressed for you at the start and after a lost "
        f"life (default: {FREELY} actions a second, and you press FIRE)",
    )
    parser.add_argument(
        "--seed", type=game_seed, default=0, help="seed of the game (default 0)"
    )


def run(args) -> int:
    import_pygame()  # what may be missing, first
    env, meanings = make_game(args.game, args.like_the_agent)
    others = stored_scores(args.game)
    print(instructions(args.game, meanings, args.like_the_agent))
    if sys.stdin.isatty():
        input("Press Enter to begin. ")
    you = play(env, letters(meanings), args.like_the_agent, args.seed)
    print(table([you.row(), *others]))
    return 0


@dataclass
class Game:
    """A person's game so far."""

    score: float = 0.0
    lives: int = 0
    over: bool = False

    def add(self, reward: float, over: bool, lives: int) -> None:
        """Count a step."""
        self.score, self.over, self.lives = self.score + reward, over, lives

    def row(self) -> tuple:
        """Its row in the table."""
        left = f"with {self.lives} lives left" if self.lives else "early"
        who = "you" if self.over else f"you, stopped {left}"
        return (who, 1, self.score)


def import_pygame():
    """Import pygame, without the greeting and warnings that are not for a player.

    Raises:
        ImportError: it is not installed; the message has the command.
    """
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pygame
    except ImportError as error:
        raise ImportError(
            'play needs pygame: pip install "dqn-tutorial[play]"'
        ) from error
    return pygame


def make_game(game: str, like_the_agent: bool) -> tuple:
    """The game at one of the two paces, and what its actions are called.

    Raises:
        ValueError: no such game; the message suggests the right name.
    """
    import ale_py

    from dqn_tutorial.atari import SingleAtari
    from dqn_tutorial.config import MAX_FRAMES

    env = SingleAtari(game)
    meanings = env.action_meanings
    if not like_the_agent:
        env = ale_py.AtariEnv(
            game,
            frameskip=1,
            repeat_action_probability=0.0,
            max_num_frames_per_episode=MAX_FRAMES,
            render_mode="rgb_array",
        )
    return env, meanings


def letters(meanings: list[str]) -> dict[tuple[str, ...], int]:
    """Keys held together -> action.

    Where a game does not know FIRE together with a direction, it gets FIRE alone: or
    Breakout would serve no ball to a player who is already moving.
    """
    keys = {
        tuple(letter for part, (letter, _) in KEYS.items() if part in meaning): action
        for action, meaning in enumerate(meanings)
    }
    del keys[()]  # NOOP
    if "FIRE" in meanings:
        fire = meanings.index("FIRE")
        keys = {(*held, " "): fire for held in keys if " " not in held} | keys
    return keys


def play(env, keys: dict, like_the_agent: bool, seed: int) -> Game:
    """Open the window and play one game, until it is over or the player stops.

    TensorFlow must not have been imported: SDL's window and TensorFlow crash together
    where the driver of the screen brings an LLVM of its own (Mesa).

    Raises:
        RuntimeError: no window can be opened on this machine.
    """
    pygame = import_pygame()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks Matplotlib for a window, too
        from gymnasium.utils import play as gymnasium_play

    arrows = {
        "w": pygame.K_UP,
        "s": pygame.K_DOWN,
        "a": pygame.K_LEFT,
        "d": pygame.K_RIGHT,
    }
    keys |= {tuple(arrows.get(k, k) for k in held): keys[held] for held in keys}
    game = Game()

    def after_step(_before, _after, _action, reward, terminated, truncated, info):
        game.add(reward, terminated or truncated, info["lives"])
        pygame.display.set_caption(f"score {game.score:g}")
        if game.over:  # Gymnasium would begin another one
            pygame.event.post(pygame.event.Event(pygame.QUIT))

    try:
        gymnasium_play.play(
            env,
            fps=LIKE_THE_AGENT if like_the_agent else FREELY,
            zoom=ZOOM,
            callback=after_step,
            keys_to_action=keys,
            seed=seed,
        )
    except KeyboardInterrupt:
        pass  # the score so far counts
    except pygame.error as error:
        raise RuntimeError(
            f"no window can be opened here ({error}): play on a machine with a screen"
        ) from error
    finally:
        pygame.quit()
        env.close()
    return game


def stored_scores(game: str) -> list[tuple]:
    """Rows of the table for those who were measured on the game, the random one first.

    All were measured by one protocol, on a hundred games.
    """
    from dqn_tutorial.lessons.rival import load_rival_scores
    from dqn_tutorial.runs.pretrained import load_scores, shipped_agents

    players = {}
    for name in shipped_agents():
        stored = load_scores(name)
        if stored["agent"]["game"] == game:
            players.setdefault("random actions", stored["random"])
            players[f"the agent {name}"] = stored["agent"]
    if game == (rival := load_rival_scores())["game"]:
        players["a ball follower that learns nothing"] = rival
    return sorted(
        (
            (who, len(s["scores"]), s["mean"], s["min"], s["max"])
            for who, s in players.items()
        ),
        key=lambda row: row[2],
    )


def instructions(game: str, meanings: list[str], like_the_agent: bool) -> str:
    """The pace, the keys, and how the game ends."""
    pace = LIKE_THE_AGENT if like_the_agent else FREELY
    lines = [f"{game}, {pace} actions a second"]
    used = [part for part in KEYS if any(part in meaning for meaning in meanings)]
    lines += [f"  {KEYS[part][1]:<18} {part}" for part in used]
    if "FIRE" in meanings:
        lines.append(
            "FIRE is pressed for you at the start and after a lost life."
            if like_the_agent
            else "In some games nothing moves until you press FIRE."
        )
    lines.append("The game ends with your last life, or when you close its window,")
    lines.append("press Esc in it, or press Ctrl-C here.")
    return "\n".join(lines)


def table(rows: list[tuple]) -> str:
    """A row for each player: how many games, their mean, the worst and the best."""
    lines = [f"{'':<38} games   score   worst    best"]
    for who, games, *scores in rows:
        numbers = "".join(f"{score:8.1f}" for score in scores)
        lines.append(f"{who:<38} {games:5}{numbers}")
    if len(rows) == 1:
        lines.append("No scores of this game come with the package.")
    else:
        lines.append(
            f"The others choose {LIKE_THE_AGENT} times a second, and 5 % of their "
            "actions are random. One game\nsays little, so compare yours with their "
            "worst and their best, too."
        )
    return "\n".join(lines)
