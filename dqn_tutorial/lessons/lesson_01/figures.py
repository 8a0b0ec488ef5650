"""Figures and helpers of notebook 01, a table of Q-values."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from matplotlib.patheffects import withStroke

from dqn_tutorial.catch import COLUMNS, Catch
from dqn_tutorial.lessons.lesson_01.page import TITLE, q_table_page
from dqn_tutorial.q_table import greedy_policy, play, q_learning_update, train
from dqn_tutorial.viewing.notebook import show_page, show_video
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
    show_frames,
    write_at,
    write_beside,
)
from dqn_tutorial.viewing.video import Mp4Writer

DECIDED = 9  # rows of the board in which an action is taken; the last is game over


def plot_filmstrip(tables: dict, ball_column: int, caption: str, alt: str) -> None:
    """Draw what tables of Catch say about a ball that falls in one column.

    Each table is a board. A square is a state, with the largest of its three Q-values
    as its colour and its number. A state never updated is white and bare.

    Args:
        tables: (250, 3) each, by the title of its board.
        ball_column: 0 to 4.
        caption, alt: as in `show`.

    Raises:
        ValueError: a table has another shape.
    """
    fig, panels = new_figure(
        1, len(tables), width=PAGE_WIDTH, height=4.0, sharey=True, squeeze=False
    )
    for axes, (title, q) in zip(panels[0], tables.items(), strict=True):
        if np.shape(q) != (250, 3):
            raise ValueError(f"q must have shape (250, 3), got {np.shape(q)}")
        board = np.reshape(q, (10, 5, 5, 3))[:DECIDED, ball_column]
        value = board.max(axis=-1)  # [9, 5]
        image = axes.imshow(value, "PuOr", vmin=-1, vmax=1, aspect="auto")
        for row, paddle in np.argwhere(np.any(board != 0, axis=-1)):
            number = value[row, paddle]
            colour = "white" if abs(number) > 0.6 else BLACK
            write_at(axes, paddle, row, _short(number), color=colour, fontsize=8)
        axes.plot(ball_column, -0.85, "o", color=BLACK, clip_on=False)  # the ball
        axes.set_title(title, pad=18)
        axes.set(xticks=range(5), yticks=range(DECIDED), xlabel="paddle's column")
        axes.set_ylim(DECIDED - 0.5, -0.5)
        axes.grid(False)
    panels[0, 0].set_ylabel("ball's row")
    fig.colorbar(image, ax=panels, label="largest Q-value")
    show(fig, caption, alt)


def plot_greedy_games(q, caption: str, alt: str) -> None:
    """Draw the five greedy games of a table of Catch, each on its part of the table.

    A square is a state, with the largest of its three Q-values as its colour. The line
    is the paddle's way down the rows, the dot the place where the ball arrives.

    Args:
        q: (250, 3) float64.
        caption, alt: as in `show`.
    """
    env, policy = Catch(), greedy_policy(q)
    fig, panels = new_figure(1, 5, width=PAGE_WIDTH, height=3.2, sharey=True)
    values = np.reshape(q, (10, 5, 5, 3)).max(axis=-1)
    for ball, (axes, seed) in enumerate(zip(panels, start_seeds(env), strict=True)):
        axes.imshow(values[:, ball], "PuOr", vmin=-1, vmax=1, aspect="auto")
        _, actions, score = play(env, policy, seed)
        way = [COLUMNS // 2]
        for action in actions:
            way.append(int(np.clip(way[-1] + action - 1, 0, COLUMNS - 1)))
        edge = [withStroke(linewidth=4, foreground="white")]
        axes.plot(way, range(len(way)), color=BLACK, lw=1.8, path_effects=edge)
        axes.plot(ball, 9, "o", color=VERMILION, ms=10, mec="white", zorder=3)
        axes.set(
            title=f"column {ball}: {score:+.0f}", xticks=range(5), yticks=range(10)
        )
        axes.grid(False)
    panels[0].set_ylabel("ball's row")
    panels[2].set_xlabel("paddle's column")
    show(fig, caption, alt)


def show_q_table_page() -> None:
    """Show the page on which the reader teaches a table; show a picture as well."""
    show_page(q_table_page(), TITLE)


def plot_returns(
    returns, window: int, caption: str, alt: str, *, landmarks=None
) -> None:
    """Draw how the return of a game changed while an agent played.

    Args:
        returns: one number a game, in the order played; or a dict of such lists, one
            for each line, by the line's name.
        window: how many games, up to and including its own, each point averages.
        caption, alt: as in `show`.
        landmarks: dict from a name to a return, for instance that of a player who
            plays at random; each is a thin horizontal line. None for no lines.

    Raises:
        ValueError: there are fewer games than the window.
    """
    lines = returns if isinstance(returns, dict) else {"": returns}
    fig, axes = new_figure(height=2.6)
    for k, (name, values) in enumerate(lines.items()):
        games, means = _means(values, window)
        axes.plot(games, means, label=name, linestyle="-" if k == 0 else "--")
    axes.set(xlabel="games played", ylabel=f"return, mean of {window} games")
    if len(lines) > 1:
        axes.legend()
    for name, level in (landmarks or {}).items():
        axes.axhline(level, color=GREY, linewidth=1, linestyle="--")
        axes.text(
            1.01, level, name, transform=axes.get_yaxis_transform(), va="center"
        )  # beside the axes, where no line runs
    show(fig, caption, alt)


def plot_three_lines(epsilon, returns, greedy, caption: str, alt: str) -> None:
    """Draw ε, the score while training, and that of the greedy policy, over games.

    Args:
        epsilon: of each game.
        returns: of each game played while training; drawn as means of 100.
        greedy: the greedy policy's score before the first game, and after each.
        caption, alt: as in `show`.
    """
    fig, (upper, axes) = new_figure(2, height=4.0, sharex=True, height_ratios=[1, 2])
    upper.plot(np.arange(1, len(epsilon) + 1), epsilon, color=GREEN)
    upper.set(ylabel="ε", ylim=(0, 1.05))
    axes.plot(greedy, color=VERMILION, label="what the table can do: greedy")
    axes.plot(*_means(returns, 100), color=BLUE, label="while training: ε-greedy")
    if 1.0 in greedy:
        first = list(greedy).index(1.0)
        axes.plot(first, 1, "o", color=VERMILION)
        axes.text(first + 60, 0.8, f"perfect after {first:,} games", color=VERMILION)
    axes.set(xlabel="games played", ylabel="score", ylim=(-1.05, 1.15))
    axes.legend(loc="lower right")
    show(fig, caption, alt)


def plot_discounts(discounts, waited: int, caption: str, alt: str) -> None:
    """Draw what a reward of 1 is worth, by the steps that you wait for it.

    Args:
        discounts: one for each line, the largest first.
        waited: steps at which each line has a dot and its number.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.8)
    steps = np.arange(2.5 * waited + 1)
    axes.axvline(waited, color=GREY, linewidth=1, linestyle="--")
    ends, above = [], 2.0
    for discount, colour in zip(discounts, COLOURS, strict=False):
        worth = discount**steps
        at = worth[waited]
        axes.plot(steps, worth, color=colour)
        axes.plot(waited, at, "o", color=colour)
        side, lift = ("top", -0.03) if above - at < 0.15 else ("bottom", 0.03)
        place, look = (waited + 0.3, at + lift), {"color": colour, "fontsize": 9}
        axes.text(*place, f"{at:.2f}", va=side, **look)
        ends.append((worth[-1], f"discount {discount:g}", colour))
        above = at
    axes.set(xlabel="steps you wait", ylabel="worth of a reward of 1")
    axes.set(xlim=(0, steps[-1]), ylim=(0, 1.12), xticks=steps[:: waited // 2])
    write_beside(axes, ends)
    show(fig, caption, alt)


def plot_one_update(guess, target, new_value, caption: str, alt: str) -> None:
    """Draw one update on a line of numbers from 0 to 1.

    Args:
        guess, target, new_value: of one Q-value.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=1.7)
    axes.set(xlim=(0, 1), ylim=(-1.1, 1.3), yticks=[], xlabel="Q(192, STAY)")
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    for place, name, colour in (
        (guess, "guess", BLACK),
        (new_value, "new value", BLUE),
        (target, "target", VERMILION),
    ):
        axes.plot(place, 0, "o", color=colour, ms=9, clip_on=False)
        words = {"ha": "center", "va": "bottom", "color": colour}
        axes.text(place, 0.25, f"{name}\n{place:.2f}", **words)
    for end, height, name in (
        (target, -0.45, "TD error"),
        (new_value, -0.85, "learning rate × TD error"),
    ):
        line = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (end, height), (guess, height), arrowprops=line)
        axes.text(end + 0.01, height, f"{name}: {end - guess:.2f}", va="center")
    show(fig, caption, alt)


def plot_endless(players: dict, discounts, caption: str, alt: str) -> None:
    """Draw the return that grows while an endless game goes on, a panel a discount.

    Args:
        players: the rewards of the first steps, by the player's name.
        discounts: one for each panel.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(discounts), height=2.8)
    for axes, discount in zip(panels, discounts, strict=True):
        for line, (name, rewards) in zip("-:", players.items(), strict=False):
            weights = discount ** np.arange(len(rewards))
            total = np.cumsum(np.multiply(rewards, weights))
            axes.plot(np.arange(1, len(rewards) + 1), total, line, label=name)
        axes.set(title=f"discount {discount:g}", xlabel="steps", ylim=(0, None))
    panels[0].set_ylabel("return so far")
    panels[0].legend()
    show(fig, caption, alt)


def tables_after_each_game(num_episodes: int, rng, **settings) -> np.ndarray:
    """Train on Catch as `q_table.train` does; the table before game 1, and after each.

    Returns:
        (num_episodes + 1, 250, 3) float64.
    """
    kept = [np.zeros((Catch.NUM_STATES, 3))]

    def update(q, state, action, reward, next_state, terminated, *rates):
        transition = state, action, reward, next_state, terminated
        error = q_learning_update(q, *transition, *rates)
        if terminated:
            kept.append(q.copy())
        return error

    train(Catch(), num_episodes, rng=rng, **settings, update=update)
    return np.stack(kept)


def start_seeds(env: Catch) -> list[int]:
    """A seed for each start of Catch: the k-th lets the ball fall in column k."""
    seeds = {}
    for seed in range(30):
        env.reset(seed=seed)
        seeds.setdefault(env.ball_column, seed)
    return [seeds[ball] for ball in range(5)]


def greedy_scores(tables) -> list[float]:
    """Mean score of each table's greedy policy over the five starts of Catch."""
    env, known = Catch(), {}
    seeds = start_seeds(env)
    scores = []
    for q in tables:
        policy = greedy_policy(q)
        key = policy.tobytes()  # most games change the table and not the policy
        if key not in known:
            known[key] = float(np.mean([play(env, policy, s)[2] for s in seeds]))
        scores.append(known[key])
    return scores


def show_games(games, titles, caption: str, alt: str) -> None:
    """Show games of Catch as one video, and the last frame of each.

    Args:
        games: the frames of each.
        titles: one for each last frame.
        caption, alt: of the last frames, as in `show`; the caption is the video's alt.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catch.mp4"
        with Mp4Writer(path, frames_per_second=5, enlarge=4) as video:
            for frame in np.concatenate(games):
                video.write(np.stack([frame] * 3, axis=-1))
        show_video(path, f"{len(games)} games of Catch. {caption}")
    show_frames([g[-1] for g in games], titles, caption, alt, height=1.5)


def _short(number: float) -> str:
    """Two digits, without what a small square has no room for: .73, -.50, 1."""
    text = f"{number:.2f}".replace("0.", ".", 1) if abs(number) < 0.995 else ""
    return text or f"{number:.0f}"


def _means(values, window: int):
    """Numbers of the games from `window` on, and the mean up to each."""
    if not 1 <= window <= len(values):
        raise ValueError(
            f"window must be between 1 and the {len(values)} games, got {window}"
        )
    means = np.convolve(values, np.full(window, 1 / window), mode="valid")
    return np.arange(window, len(values) + 1), means
