"""Figures and helpers of notebook 01, a table of Q-values."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dqn_tutorial.catch import Catch
from dqn_tutorial.lessons.lesson_01.page import TITLE, q_table_page
from dqn_tutorial.q_table import greedy_policy, play, q_learning_update, train
from dqn_tutorial.viewing.notebook import show_page, show_video
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PAGE_WIDTH,
    VERMILION,
    new_figure,
    show,
    show_frames,
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
            look = {"color": colour, "ha": "center", "va": "center", "fontsize": 8}
            axes.text(paddle, row, _short(number), **look)
        axes.plot(ball_column, -0.85, "o", color=BLACK, clip_on=False)  # the ball
        axes.set_title(title, pad=18)
        axes.set(xticks=range(5), yticks=range(DECIDED), xlabel="paddle's column")
        axes.set_ylim(DECIDED - 0.5, -0.5)
        axes.grid(False)
    panels[0, 0].set_ylabel("ball's row")
    fig.colorbar(image, ax=panels, label="largest Q-value")
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
    axes.set(xlabel="games played", ylabel="score", ylim=(-1.05, 1.15))
    axes.legend(loc="lower right")
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
