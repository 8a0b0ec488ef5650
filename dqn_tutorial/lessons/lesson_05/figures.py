"""Figures of notebook 05, the target network."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MultipleLocator

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    PURPLE,
    SKY,
    VERMILION,
    new_figure,
    printed,
    show,
    write_at,
    write_beside,
)

BOARD = (slice(None), slice(18, 66))  # the part of a frame that Catch fills
SIGN_COLOURS = {-1: ORANGE, 0: "white", 1: SKY}  # of rewards
FALL_RISE = LinearSegmentedColormap.from_list("", [ORANGE, "white", SKY])


def plot_losses(errors, curves: dict, caption: str, alt: str) -> None:
    """Draw losses side by side with their gradients, over the TD error.

    Args:
        errors: (E,), in rising order.
        curves: for each loss, by its name, its values and its gradients, (E,) each.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, 2, height=2.8)
    for (name, lines), dash in zip(curves.items(), ["-", "--", ":"], strict=False):
        for axes, line in zip(panels, lines, strict=True):
            axes.plot(errors, line, dash, label=name)
    panels[0].set(xlabel="TD error", ylabel="loss", title="What is measured")
    panels[1].set(xlabel="TD error", ylabel="gradient", title="What pulls")
    panels[0].legend()
    show(fig, caption, alt)


def plot_pulls(q, actions, targets, gradient, caption: str, alt: str) -> None:
    """Draw Q-values beside the gradient that each of them gets.

    Args:
        q, gradient: (B, A).
        actions: (B,) those taken; their cells have a frame.
        targets: (B,).
        caption, alt: as in `show`.
    """
    fig, (left, right) = new_figure(1, 2, height=2.2)
    rows = [f"target {_number(target)}" for target in targets]
    columns = [f"action {k}" for k in range(len(q[0]))]
    framed = list(enumerate(actions))
    _draw_grid(left, np.round(q, 2), rows, columns, framed, None)
    _draw_grid(right, np.round(gradient, 2), [], columns, framed, FALL_RISE.reversed())
    left.set_title("Q-values")
    right.set_title("gradient of the loss")
    show(fig, caption, alt)


def plot_broadcast(targets, q_values, errors, caption: str, alt: str) -> None:
    """Draw the differences of a row of targets and a column of Q-values.

    Args:
        targets: (B,).
        q_values: (B, 1).
        errors: (B, B); those of a target and its own Q-value have a frame.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=4.2, height=2.2)
    rows = [f"Q-value {_number(value)}" for value in np.ravel(q_values)]
    columns = [f"target {_number(target)}" for target in targets]
    framed = [(k, k) for k in range(len(rows))]
    _draw_grid(axes, np.round(errors, 2), rows, columns, framed, FALL_RISE)
    show(fig, caption, alt)


def _number(value) -> str:
    """At most two digits behind the point, with a minus as in print."""
    return printed(round(float(value), 2))


def _draw_grid(axes, numbers, rows, columns, framed, colours) -> None:
    """Write numbers into a grid, coloured by sign, or white if `colours` is None."""
    if colours is None:
        axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(numbers) - 0.5, -0.5))
    else:
        most = np.abs(numbers).max()
        axes.imshow(numbers, colours, vmin=-most, vmax=most, aspect="auto")
    for place in np.ndindex(np.shape(numbers)):
        bold = "bold" if place in framed else "normal"
        write_at(axes, *place[::-1], _number(numbers[place]), fontweight=bold)
    for row, column in framed:
        box = (column - 0.5, row - 0.5), 1, 1
        look = {"fill": False, "ec": BLACK, "lw": 1.6, "clip_on": False}
        axes.add_patch(Rectangle(*box, **look))
    axes.set(xticks=range(len(columns)), yticks=range(len(rows)))
    axes.set_xticklabels(columns, fontsize=9)
    axes.set_yticklabels(rows)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


def plot_lift(states, before, after, trained: int, caption: str, alt: str) -> None:
    """Draw how the Q-value of each state moved while one of them was trained.

    Args:
        states: (S, 4, 84, 84), of Catch; the newest frame of each is drawn below.
        before, after: (S,) Q-values.
        trained: which of the states was trained.
        caption, alt: as in `show`.
    """
    fig, (axes, boards) = new_figure(
        2, 1, width=PAGE_WIDTH, height=4, height_ratios=[2.2, 1]
    )
    colours = [VERMILION if k == trained else BLUE for k in range(len(states))]
    _draw_moves(axes, before, after, colours)
    words = "the only one trained"
    axes.text(trained, after[trained] + 0.06, words, color=VERMILION, ha="right")
    axes.set(ylabel="Q-value of STAY", xticks=[], ylim=(None, max(after) + 0.2))
    for k, state in enumerate(states):
        extent = (k - 0.33, k + 0.33, 0, 1)
        boards.imshow(state[-1][BOARD], "gray", vmin=0, vmax=255, extent=extent)
    boards.set(ylim=(0, 1), yticks=[], xticks=range(len(states)), aspect="auto")
    boards.set(xlabel="row of the ball")
    boards.grid(False)
    boards.spines[:].set_visible(False)
    for panel in (axes, boards):
        panel.set_xlim(-0.6, len(states) - 0.4)
    show(fig, caption, alt)


def plot_update(state, actions, networks: dict, caption: str, alt: str) -> None:
    """Draw a board and its Q-values before and after an update, network by network.

    Args:
        state: (4, 84, 84), of Catch.
        actions: names of the A actions.
        networks: for each network, by its name, Q-values before and after, (A,) each.
        caption, alt: as in `show`.
    """
    fig, (board, *panels) = new_figure(
        1, 1 + len(networks), width=PAGE_WIDTH, height=3, width_ratios=[1, 2, 2]
    )
    board.imshow(state[-1][BOARD], "gray", vmin=0, vmax=255)
    board.axis("off")
    board.set_title("the board")
    for axes, (name, (before, after)) in zip(panels, networks.items(), strict=True):
        _draw_moves(axes, before, after, COLOURS)
        for k, (old, new) in enumerate(zip(before, after, strict=True)):
            words = dict.fromkeys(printed(q, ".2f") for q in (old, new))
            axes.text(k + 0.12, new, " to ".join(words), va="center", fontsize=9)
        axes.set(title=f"{name} network", xticks=range(len(actions)))
        axes.set(xticklabels=actions, xlim=(-0.4, len(actions) + 0.5))
        axes.sharey(panels[0])
        axes.yaxis.set_major_locator(MultipleLocator(0.05))
    panels[0].set_ylabel("Q-value")
    show(fig, caption, alt)


def _draw_moves(axes, before, after, colours) -> None:
    """Each number as a ring, where it was, and a dot, where it is."""
    pairs = zip(before, after, colours, strict=False)
    for k, (old, new, colour) in enumerate(pairs):
        axes.plot([k, k], [old, new], color=colour, linewidth=1.2)
        axes.plot(k, old, "o", mfc="white", mec=colour, markersize=7)
        axes.plot(k, new, "o", color=colour, markersize=7)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)


def plot_pursuits(
    runs: dict, true_values: dict, caption: str, alt: str, copies=None, targets=None
) -> None:
    """Draw the course of Q-values, run beside run, each with its own scale.

    Args:
        runs: for each run, by its title, what moved in it: (U,) values after each of U
            updates, by its name, which is written at the end of the line.
        true_values: what each name should arrive at (dashed, where there are no
            targets); a name may be missing.
        caption, alt: as in `show`.
        copies: for a run, by its title, the updates after which the target network
            was copied (drawn dotted).
        targets: for such a run, by its title, the targets of each name, one before each
            copy and one after the last (thin lines, with words on what they do).
    """
    copies, targets = copies or {}, targets or {}
    widths = [2 if title in targets else 1 for title in runs]
    layout = {"width": PAGE_WIDTH, "squeeze": False, "width_ratios": widths}
    fig, panels = new_figure(1, len(runs), height=2.9, **layout)
    for axes, (title, lines) in zip(panels[0], runs.items(), strict=True):
        for update in copies.get(title, []):
            axes.axvline(update, color=GREY, linestyle=":", linewidth=1.2)
        for (name, values), colour in zip(lines.items(), COLOURS, strict=False):
            axes.plot(np.arange(1, len(values) + 1), values, color=colour)
            if name in true_values and title not in targets:
                true = true_values[name]
                shared = list(true_values.values()).count(true) > 1
                look = {"color": GREY if shared else colour, "linestyle": "--"}
                axes.axhline(true, linewidth=1, **look)
        if title in targets:
            _draw_targets(axes, lines, copies[title], targets[title])
        axes.set(title=title, xlabel="updates")
        ends = zip(lines.items(), COLOURS, strict=False)
        labels = [(v[-1], f"{name}: {v[-1]:.3g}", c) for (name, v), c in ends]
        write_beside(axes, labels)
    panels[0, 0].set_ylabel("Q-value")
    show(fig, caption, alt)


def _draw_targets(axes, lines: dict, copies, targets: dict) -> None:
    """Draw targets as levels from copy to copy, and say what they do to the lines."""
    edges = [0, *copies, max(map(len, lines.values()))]
    paper = {"fc": "white", "ec": "none", "pad": 0.5}  # over a dotted line
    look = {"textcoords": "offset points", "fontsize": 9, "va": "center", "bbox": paper}
    for (name, levels), colour in zip(targets.items(), COLOURS, strict=False):
        axes.stairs(levels, edges, baseline=None, color=colour, linewidth=0.9)
        if levels[0] != levels[1]:
            for place in zip(edges[:2], levels[:2], strict=True):
                words = f"{name} is pulled to {place[1]:.1g}"
                axes.annotate(words, place, (10, -22), color=colour, **look)
    axes.set_ylim(bottom=-0.65)  # room for the words below 0
    name = max(lines, key=lambda name: max(lines[name]))
    peak = np.argmax(lines[name])
    colour = COLOURS[list(lines).index(name)]
    place = peak + 1, lines[name][peak]
    axes.annotate(f"{name} is taken along", place, (8, -1), color=colour, **look)


def plot_two_states(far, near, caption: str, alt: str) -> None:
    """Draw the world of two states, and what a network of two weights makes of it.

    Args:
        far, near: the two numbers that the network sees in each state.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=1.6)
    states = [("far", far, "0.9 × Q(near)", BLUE), ("near", near, "1", VERMILION)]
    for x, (name, seen, target, colour) in zip((0, 3), states, strict=True):
        axes.add_patch(Rectangle((x - 0.5, 0), 1, 0.6, fc="white", ec=colour, lw=1.8))
        write_at(axes, x, 0.3, name, color=colour, fontweight="bold")
        first, second = seen
        write_at(axes, x, -0.3, f"seen as ({first:g}, {second:g})")
        write_at(axes, x, -0.65, f"Q = {_weighted(seen)}")
        write_at(axes, x, -1.0, f"target: {target}")
    write_at(axes, 5.6, 0.3, "the end", color=GREY)
    for start, end, reward in [(0.55, 2.45, 0), (3.55, 5.2, 1)]:
        arrow = {"arrowstyle": "->", "color": BLACK, "lw": 1.4}
        axes.annotate("", (end, 0.3), (start, 0.3), arrowprops=arrow)
        write_at(axes, (start + end) / 2, 0.5, f"reward {reward}")
    axes.set(xlim=(-1, 6), ylim=(-1.15, 0.75))
    axes.axis("off")
    show(fig, caption, alt)


def _weighted(seen) -> str:
    """The sum that a network of two weights computes."""
    parts = zip(seen, ("w₁", "w₂"), strict=True)
    return " + ".join(f"{x:g} {w}".removeprefix("1 ") for x, w in parts if x)


def plot_n_step(
    rewards, next_value: float, targets: dict, caption: str, alt: str
) -> None:
    """Draw what the target of each of a game's last steps is made of.

    Args:
        rewards: (S,), the last S of a game.
        next_value: what the target network says of every state.
        targets: for each number of rewards that a target holds, (S,) targets.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(targets), width=PAGE_WIDTH, height=2.6)
    steps = len(rewards)
    for axes, (n, values) in zip(panels, targets.items(), strict=True):
        for step, value in enumerate(values):
            for k in range(step, min(step + n, steps)):
                colour = SIGN_COLOURS[np.sign(rewards[k])]
                box = Rectangle((k + 0.53, step + 0.6), 0.94, 0.8, fc=colour, ec=GREY)
                axes.add_patch(box)
                write_at(axes, k + 1, step + 1, _number(rewards[k]))
            if step + n < steps:
                place = step + n + 1, step + 1
                axes.add_patch(Circle(place, 0.36, fc="white", ec=PURPLE, lw=1.5))
                write_at(axes, *place, _number(next_value))
            write_at(axes, steps + 1.2, step + 1, printed(value, ".2f"))
        axes.set(xlim=(0.4, steps + 1.8), ylim=(steps + 0.5, 0.5), aspect="equal")
        ticks = range(1, steps + 1)
        axes.set(xticks=[*ticks, steps + 1.2], yticks=ticks)
        axes.set_xticklabels([*ticks, "target"])
        axes.set(xlabel="step", title=f"{n} reward{'s' * (n > 1)}")
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    panels[0].set_ylabel("target of step")
    show(fig, caption, alt)
