"""Figures and helpers of notebook 06, training."""

import numpy as np
from matplotlib.ticker import EngFormatter, MaxNLocator, NullFormatter

from dqn_tutorial.adam import falling_rate
from dqn_tutorial.catch import (
    BALL,
    CELL,
    LEFT_EDGE,
    PADDLE,
    TOP,
    Catch,
    state_index,
)
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.lessons.lesson_00.clips import show_film
from dqn_tutorial.lessons.lesson_00.figures import show_strips
from dqn_tutorial.lessons.lesson_01.figures import plot_returns  # noqa: F401, used in 06
from dqn_tutorial.lessons.lesson_06.helpers import schedule
from dqn_tutorial.q_table import greedy_policy, q_learning_update
from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    PAGE_WIDTH,
    SKY,
    VERMILION,
    new_figure,
    show,
    write_beside,
)
from dqn_tutorial.viewing.side_by_side import play_together


class TablePlayer:
    """Plays Catch greedily by a table, whose state it reads off the newest frame."""

    def __init__(self, q: np.ndarray):
        self.policy = greedy_policy(q)

    def act(self, states, epsilon, rng) -> np.ndarray:
        """(N,) int32 actions for (N, 4, 84, 84) states; `epsilon` is not used."""
        return np.array([self.policy[_number(s[-1])] for s in states], np.int32)


def _number(frame: np.ndarray) -> int:
    """The number of the position that a frame of Catch shows."""
    half = CELL // 2
    cells = frame[TOP + half :: CELL, LEFT_EDGE + half :: CELL][:10, :5]
    (row, ball), (_, paddle) = (np.argwhere(cells == c)[0] for c in (BALL, PADDLE))
    return state_index(row, ball, paddle)


def learn_with_a_table(num_games: int, epsilon, rng: np.random.Generator):
    """Play Catch with a Q-table, which explores as a network does: by its steps.

    `q_table.train` lets epsilon fall over all its games. Here it falls as it is told.

    Args:
        num_games: how many games to play.
        epsilon: a function of the steps made so far.
        rng: where all randomness comes from, the game's, too.

    Returns:
        The table (250, 3), and the score of each game.
    """
    env, q, scores, steps = Catch(), np.zeros((Catch.NUM_STATES, 3)), [], 0
    env.reset(seed=int(rng.integers(2**31)))  # from here on the game seeds itself
    for _ in range(num_games):
        state, over = env.reset()[1]["state"], False
        while not over:
            explore = rng.random() < epsilon(steps)
            action = int(rng.integers(3) if explore else q[state].argmax())
            _, reward, over, _, info = env.step(action)
            transition = state, action, reward, info["state"], over
            q_learning_update(q, *transition, learning_rate=0.5, discount=0.9)
            state, steps = info["state"], steps + 1
        scores.append(reward)  # the only one that is not 0
    return q, scores


def states_of_catch(agent, config, num_games: int):
    """Play Catch, every second action at random, and note each state twice.

    Returns:
        The number of each state (S,), and its four frames (S, 4, 84, 84) uint8.
    """
    env, rng = make_single_env(config), np.random.default_rng(0)
    numbers, states = [], []
    for seed in range(num_games):
        (state, info), over = env.reset(seed=seed), False
        while not over:
            numbers.append(info["state"])
            states.append(state)
            action = agent.act(state[None], 0.5, rng)[0]
            state, _, over, _, info = env.step(action)
    return np.array(numbers), np.array(states)


def show_together(players: dict, config, seed: int, caption: str, alt: str) -> None:
    """Show players of one game as a video, side by side, and frames of it for paper.

    Args:
        players: anything with `act(states, epsilon, rng)`, by name.
        config: of the game, which is Catch.
        seed: of the game.
        caption, alt: of the frames, as in `show`; the caption is the video's alt.
    """
    games = play_together(players, config, epsilon=0.0, seed=seed)
    said = f"{', '.join(players)}, side by side. {caption}"
    slow = {"frames_per_step": 1, "frames_per_second": 4, "show_scores": False}
    show_strips(show_film(games, said, **slow), caption, alt, height=1.2)


PARTS = {  # of the training loop: where it stands in the picture, what is in it
    "agent": (1.2, 2.6, "online network\ntarget network"),
    "games": (8.8, 2.6, "N of them,\nside by side"),
    "replay buffer": (5.0, 0.5, "the last\ntransitions"),
}
VERBS = [  # from a part to a part, how far its arrow bends, what is done, with what
    ("agent", "games", -0.22, (5.0, 3.72), "1 act, 2 send", "an action for each game"),
    ("games", "agent", 0, (5.0, 2.86), "4 recv", "the new states, the rewards"),
    ("games", "replay buffer", -0.2, (8.3, 1.05), "5 store", "the new transitions"),
    (
        "replay buffer",
        "agent",
        -0.2,
        (1.7, 1.05),
        "3 learn",
        "a batch, drawn at random,\nwhile the games play",
    ),
]


def plot_loop(caption: str, alt: str) -> None:
    """Draw the training loop: its three parts, and the five verbs between them."""
    fig, axes = new_figure(width=PAGE_WIDTH, height=3.3)
    boxes = {}
    for name, (x, y, inside) in PARTS.items():
        box = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": BLUE, "lw": 1.6}
        look = {"ha": "center", "va": "center", "fontsize": 10, "bbox": box}
        bold = "$\\bf{" + name.replace(" ", r"\ ") + "}$"
        boxes[name] = axes.text(x, y, f"{bold}\n{inside}", **look).get_bbox_patch()
    for start, end, bend, (x, y), verb, words in VERBS:
        arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1.4, "mutation_scale": 14}
        arrow |= {"connectionstyle": f"arc3,rad={bend}", "shrinkA": 2, "shrinkB": 2}
        arrow |= {"patchA": boxes[start], "patchB": boxes[end]}
        axes.annotate("", PARTS[end][:2], PARTS[start][:2], arrowprops=arrow)
        look = {"ha": "center", "linespacing": 1.3}
        axes.text(x, y, verb, va="bottom", weight="bold", color=VERMILION, **look)
        axes.text(x, y, words, va="top", fontsize=9, **look)
    axes.set(xlim=(0, 10), ylim=(0, 4.1))
    axes.axis("off")
    show(fig, caption, alt)


def plot_history(
    histories: list, caption: str, alt: str, landmarks: dict | None = None
) -> None:
    """Draw the history of a run: score, epsilon, loss and mean Q against steps.

    Args:
        histories: of the run and of more seeds of it, which are drawn thin; columns by
            name, as `dqn_tutorial.runs.history.History` gives them.
        caption, alt: as in `show`.
        landmarks: a score by its name, drawn as a level in the panel of the score.

    Raises:
        ValueError: a history has fewer than two rows.
    """
    if (fewest := min(len(history) for history in histories)) < 2:
        raise ValueError(f"a history must have two rows or more, got {fewest}")
    panels = {
        "mean_score_100": "score, mean of\n100 games",
        "epsilon": "ε",
        "loss": "loss",
        "mean_q": "mean of the\nlargest Q-values",
    }
    fig, grid = new_figure(2, 2, width=PAGE_WIDTH, height=4.2, sharex=True)
    for axes, (column, label), colour in zip(
        grid.flat, panels.items(), COLOURS, strict=False
    ):
        for history, width in _with_widths(histories):
            axes.plot(history["step"], history[column], color=colour, linewidth=width)
        axes.set(ylabel=label)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    _draw_landmarks(grid[0, 0], landmarks or {})
    for axes in grid[1]:
        axes.set(xlabel="steps")
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    show(fig, caption, alt)


def _with_widths(histories: list) -> list[tuple]:
    """The histories of one run's seeds with their lines' widths: the first is thick."""
    widths = [1.8, *[0.9] * (len(histories) - 1)]
    return list(zip(histories, widths, strict=True))


def plot_values(exact_q, network_q, caption: str, alt: str) -> None:
    """Draw what a network says against what is right, one point per state.

    Args:
        exact_q, network_q: largest Q-value of each state, two arrays of one length.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=4.2, height=3.6)
    low = min(np.min(exact_q), np.min(network_q))
    axes.plot([low, 1], [low, 1], color=GREY, linewidth=1)
    axes.plot(exact_q, network_q, "o", color=BLUE, markersize=4, alpha=0.5)
    axes.set(xlabel="exact value of the state", ylabel="the network's largest Q-value")
    show(fig, caption, alt)


def plot_schedules(config: DQNConfig, caption: str, alt: str) -> None:
    """Draw what a run's settings plan ahead: epsilon and the learning rate, by steps.

    Args:
        config: of the run.
        caption, alt: as in `show`.
    """
    fig, (upper, lower) = new_figure(2, width=PAGE_WIDTH, height=3.2, sharex=True)
    steps = np.linspace(0, config.total_steps, 1_000)
    epsilon = schedule(config)
    upper.plot(steps, [epsilon(step) for step in steps], color=GREEN)
    upper.set(ylabel="ε", ylim=(0, 1.05))
    rates = falling_rate(config)([config.updates_by(int(step)) for step in steps])
    _draw_rates(lower, steps, rates, VERMILION)
    show(fig, caption, alt)


def _draw_rates(axes, steps, rates, colour: str) -> None:
    """Draw learning rates by steps, with a tick at each rate."""
    axes.step(steps, rates, color=colour)
    axes.set(ylabel="learning rate", yscale="log", xlabel="steps")
    stairs = np.unique(rates)
    axes.set_yticks(stairs, [f"{rate:f}".rstrip("0") for rate in stairs])
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def planned_rates(config: DQNConfig, history) -> np.ndarray:
    """The learning rate at each row of the history of a run that kept its settings."""
    return falling_rate(config)(history["update"]).numpy()


def plot_run(
    histories: list, rates, marks: dict, landmarks: dict, caption: str, alt: str
) -> None:
    """Draw the scores of one command's seeds by steps, and the learning rate below.

    Args:
        histories: of the run that is told about, and of more seeds, drawn thin.
        rates: of each row of the first history.
        marks: scores of the first history with the steps that reached them, for dots.
        landmarks: a score by its name, drawn as a level.
        caption, alt: as in `show`.
    """
    size = {"width": PAGE_WIDTH, "height": 4.2, "height_ratios": [4, 1]}
    fig, (axes, lane) = new_figure(2, sharex=True, **size)
    for history, width in reversed(_with_widths(histories)):  # the first is on top
        look = {"color": BLUE if history is histories[0] else SKY, "linewidth": width}
        axes.plot(history["step"], history["mean_score_100"], **look)
    axes.plot(marks.values(), marks.keys(), "o", color=BLUE)
    for score, step in marks.items():
        words = {"xytext": (-6, 2), "textcoords": "offset points", "ha": "right"}
        axes.annotate(f"{score:g}", (step, score), **words)
    axes.set(ylabel="score, mean of 100 games", ylim=(0, None))
    _draw_landmarks(axes, landmarks)
    _draw_rates(lane, histories[0]["step"], rates, BLUE)
    lane.set_ylabel("learning\nrate")
    show(fig, caption, alt)


def _draw_landmarks(axes, landmarks: dict) -> None:
    """Draw known scores as levels, each named beside the axes, where no line runs."""
    for score in landmarks.values():
        axes.axhline(score, color=GREY, linewidth=1, linestyle="--")
    write_beside(axes, [(s, f"{n}: {s:.3g}", BLACK) for n, s in landmarks.items()])
