"""Figures of notebook 01, a table of Q-values."""

import numpy as np

from dqn_tutorial.viewing.plotting import BLACK, GREY, PAGE_WIDTH, new_figure, show


def plot_q_table(q, caption: str, alt: str) -> None:
    """Draw Catch's table: one board for each column the ball falls in.

    A board's square is a state; its colour is the largest of its three Q-values, its
    arrow (a dot for STAY) the greedy action, faint where the choice makes next to no
    difference. A state never updated is white and bare.

    Args:
        q: (250, 3), from `q_table.train`.
        caption, alt: as in `show`.

    Raises:
        ValueError: q has another shape.
    """
    q = np.asarray(q)
    if q.shape != (250, 3):
        raise ValueError(f"q must have shape (250, 3), got {q.shape}")
    boards = q.reshape(10, 5, 5, 3)  # [ball row, ball column, paddle column, action]
    fig, panels = new_figure(1, 5, width=PAGE_WIDTH, height=3.1, sharey=True)
    for column, axes in enumerate(panels):
        board = boards[:, column]
        value, spread = board.max(axis=-1), np.ptp(board, axis=-1)
        image = axes.imshow(value, "PuOr", vmin=-1, vmax=1)
        for row, paddle in np.argwhere(spread > 0):
            axes.text(
                paddle,
                row,
                "←•→"[board[row, paddle].argmax()],
                color="white" if abs(value[row, paddle]) > 0.6 else BLACK,
                alpha=1 if spread[row, paddle] > 0.1 else 0.45,
                ha="center",
                va="center_baseline",
            )
        axes.set(xticks=range(5), yticks=range(10), title=f"ball: column {column}")
        axes.grid(False)
    panels[0].set_ylabel("ball's row")
    panels[2].set_xlabel("paddle's column")
    fig.colorbar(image, ax=panels, label="largest Q-value")
    show(fig, caption, alt)


def plot_returns(
    returns, window: int, caption: str, alt: str, *, landmarks=None
) -> None:
    """Draw how the return of a game changed while an agent learned.

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
    for name, values in lines.items():
        if not 1 <= window <= len(values):
            raise ValueError(
                f"window must be between 1 and the {len(values)} games, got {window}"
            )
        means = np.convolve(values, np.full(window, 1 / window), mode="valid")
        axes.plot(np.arange(window, len(values) + 1), means, label=name)
    axes.set(xlabel="games played", ylabel=f"return, mean of {window} games")
    if len(lines) > 1:
        axes.legend()
    for name, level in (landmarks or {}).items():
        axes.axhline(level, color=GREY, linewidth=1, linestyle="--")
        axes.text(
            1.01, level, name, transform=axes.get_yaxis_transform(), va="center"
        )  # beside the axes, where no line runs
    show(fig, caption, alt)
