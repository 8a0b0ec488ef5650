"""Figures for the notebooks: one look, a caption and an alt text for each.

Every figure leaves through `show`, which writes the picture twice as fine as the page
shows it, on opaque white so that it reads on a dark page too. Colours are those of
Okabe and Ito ("Color Universal Design", 2008), told apart by colour-blind eyes.
Figures are made without pyplot: nothing is drawn twice, nothing stays in memory.
"""

import base64
import io
import itertools
import math
import textwrap

import numpy as np
from IPython.display import display
from matplotlib import pyplot, rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, PURPLE, SKY = "#D55E00", "#CC79A7", "#56B4E9"
BLACK, GREY, YELLOW = "#000000", "#767676", "#F0E442"  # yellow: only for areas
COLOURS = [BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK]

PAGE_WIDTH = 8.0  # inches; 768 pixels of a page, what a notebook leaves for a picture
PAGE_DPI = 96  # pixels of a page in an inch, by the definition of CSS
FIGURE_DPI = 2 * PAGE_DPI  # sharp on fine screens and on paper

STYLE = {
    "axes.prop_cycle": f"cycler('color', {COLOURS})",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same everywhere
    "font.size": 10,
    "legend.edgecolor": "none",
}


def new_figure(rows: int = 1, columns: int = 1, *, width=7.0, height=3.0, **subplots):
    """Make a figure in the tutorial's look, which later figures keep.

    Args:
        rows, columns: number of axes down and across.
        width, height: inches of the whole figure (`PAGE_WIDTH` fills the page).
        **subplots: passed on to `Figure.subplots`, for instance `sharex=True`.

    Returns:
        The figure and its axes: one, or an array of them.
    """
    rcParams.update(STYLE)
    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **subplots)


def show(fig: Figure, caption: str, alt: str) -> None:
    """Show a figure with its caption below.

    Args:
        fig: the figure; it is closed afterwards.
        caption: what to see in it, one or two sentences of Markdown.
        alt: what is in the picture, for those who cannot see it. It becomes the
            `alt` of the picture in the notebook, and nbval compares it.

    Raises:
        ValueError: caption or alt is empty.
    """
    caption, alt = _one_line("caption", caption), _one_line("alt", alt)
    png = io.BytesIO()
    fig.savefig(
        png, dpi=FIGURE_DPI, facecolor="white", metadata={"Software": None}
    )  # without the version of Matplotlib: the same picture, the same bytes
    page_pixels = round(fig.get_figwidth() * PAGE_DPI)
    pyplot.close(fig)  # one that pyplot made would be shown again
    display(
        {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": page_pixels}},
        raw=True,
    )
    display({"text/markdown": f"*{caption}*", "text/plain": caption}, raw=True)


def show_frames(
    frames, titles, caption: str, alt: str, *, columns=None, height=2.2, cmap="gray"
) -> None:
    """Show frames side by side, pixel by pixel, each under its title.

    Pixels are square and never blended: all frames are enlarged by one whole number,
    so a smaller frame looks smaller.

    Args:
        frames: pictures, (H, W) or (H, W, 3). uint8 is shown as it is, 0 black and 255
            white. Other numbers, for instance filters, share one range over all
            frames: 0 to the largest, or symmetric about 0 if any is below 0.
        titles: one for each frame; "" for none. Long ones are wrapped.
        caption, alt: as in `show`.
        columns: frames in a row; None for as many as the page holds.
        height: wanted height of the tallest frame, in inches.
        cmap: Matplotlib's name of the colours for (H, W) frames; "PuOr" suits
            numbers on both sides of 0.

    Raises:
        ValueError: no frames, not one title for each, or a frame of another shape.
    """
    frames, titles = [np.asarray(frame) for frame in frames], list(titles)
    if not frames or len(frames) != len(titles):
        raise ValueError(
            f"frames must hold at least one picture and titles one text for each, "
            f"got {len(frames)} frames and {len(titles)} titles"
        )
    for frame in frames:
        if not (frame.ndim == 2 or (frame.ndim == 3 and frame.shape[2] == 3)):
            raise ValueError(f"a frame must be (H, W) or (H, W, 3), got {frame.shape}")
    rcParams.update(STYLE)
    fig, boxes = _frame_boxes([f.shape for f in frames], titles, columns, height)
    low, high = _grey_range(frames)
    for frame, (box, title) in zip(frames, boxes, strict=True):
        axes = fig.add_axes(box)
        vmin, vmax = (0, 255) if frame.dtype == np.uint8 else (low, high)
        axes.imshow(frame, cmap, vmin=vmin, vmax=vmax, interpolation="nearest")
        axes.grid(visible=False)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=GREY, linewidth=0.5)
        axes.set_title(title, fontsize=9, pad=4)
    show(fig, caption, alt)


def _one_line(name: str, text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError(f"{name} must say something about the figure, got {text!r}")
    return line


def _grey_range(frames) -> tuple[float, float]:
    numbers = [frame for frame in frames if frame.dtype != np.uint8]
    largest = max((float(np.abs(frame).max()) for frame in numbers), default=1.0)
    below_zero = any(frame.min() < 0 for frame in numbers)
    return (-largest if below_zero else 0.0), largest or 1.0


def _frame_boxes(shapes, titles, columns, height):
    """Lay frames out in whole pixels: a figure, and (box, wrapped title) of each."""
    gap, line = 0.12 * FIGURE_DPI, 0.16 * FIGURE_DPI
    tallest = max(shape[0] for shape in shapes)
    scale = max(1, round(height * FIGURE_DPI / tallest))
    cell_w = max(shape[1] for shape in shapes) * scale
    cell_h = tallest * scale
    if columns is None:
        page = PAGE_WIDTH * FIGURE_DPI - gap
        columns = max(1, int(page // (cell_w + gap)))
    columns = min(columns, len(shapes))
    letters = max(4, int(cell_w / FIGURE_DPI * 15))  # of 9 point type in one line
    titles = ["\n".join(textwrap.wrap(title, letters)) for title in titles]
    lines = max((t.count("\n") + 1 if t else 0) for t in titles)
    rows = math.ceil(len(shapes) / columns)
    row_h = round(lines * line + gap + cell_h)
    full_w, full_h = round(columns * (cell_w + gap) + gap), round(rows * row_h + gap)
    boxes = []
    for i, ((h, w, *_), title) in enumerate(zip(shapes, titles, strict=True)):
        left = round(gap + i % columns * (cell_w + gap)) + (cell_w - w * scale) // 2
        bottom = round(gap / 2) + (rows - 1 - i // columns) * row_h
        pixels = (left, bottom, w * scale, h * scale)
        box = np.divide(pixels, (full_w, full_h, full_w, full_h))
        boxes.append((box, title))
    return Figure(figsize=(full_w / FIGURE_DPI, full_h / FIGURE_DPI)), boxes


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


def plot_returns(returns, window: int, caption: str, alt: str) -> None:
    """Draw how the return of a game changed while an agent learned.

    Args:
        returns: one number a game, in the order played; or a dict of such lists, one
            for each line, by the line's name.
        window: how many games, up to and including each, a point is the mean of.
        caption, alt: as in `show`.

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
    show(fig, caption, alt)


def plot_networks(networks, caption: str, alt: str) -> None:
    """Draw Keras networks one below the other, from the state to the Q-values.

    What is drawn is read from the layers: sheets for a stack of maps, a bar for a
    vector. Heights are to scale among the sheets and, by their logarithm, the bars.

    Args:
        networks: of `build_q_network`.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(
        len(networks), 1, width=PAGE_WIDTH, height=4.9, squeeze=False
    )
    for axes, network in zip(rows[:, 0], networks, strict=True):
        layers = [layer for layer in network.layers if layer.weights]
        frames, height, width = network.input.shape[1:]
        gap = 6.9 / len(layers)  # the picture is 8 wide
        _draw_station(axes, 0.6, (height, width, frames), "state\n4 frames, uint8")
        for k, layer in enumerate(layers, start=1):
            x, shape = 0.6 + k * gap, layer.output.shape[1:]
            _draw_station(axes, x, shape, f"{layer.name}\n{_what_it_does(layer)}")
            axes.annotate(
                "",
                (x - 0.31 * gap, 0),
                (x - 0.46 * gap, 0),
                arrowprops={"arrowstyle": "-|>", "color": GREY},
            )
        axes.set(xlim=(0, 8), ylim=(-1.2, 0.9), xticks=[], yticks=[])
        axes.set_aspect("equal")
        axes.set_title(f"{network.name}: {network.count_params():,} parameters")
        axes.spines[:].set_visible(False)
        axes.grid(False)
    show(fig, caption, alt)


def _what_it_does(layer) -> str:
    activation = {"relu": "ReLU", "linear": "linear"}[layer.activation.__name__]
    if not hasattr(layer, "kernel_size"):
        return f"{layer.units} units\n{activation}"
    (side, _), (stride, _) = layer.kernel_size, layer.strides
    return f"{layer.filters} filters {side}×{side}\nstride {stride}, {activation}"


def _draw_station(axes, x: float, shape: tuple[int, ...], text: str) -> None:
    if len(shape) == 3:
        side, _, maps = shape
        width, drawn = 1.1 * side / 84, min(maps, 8)  # more would be a blur
        colour, size = BLUE if maps == 4 else SKY, f"{side}×{side}×{maps}"
        shifts = [0.035 * (k - drawn / 2) for k in reversed(range(drawn))]
        boxes = [(x - width / 2 + d, -width / 2 - d, width, width) for d in shifts]
    else:
        height, colour, size = 0.13 * math.log2(shape[0]), ORANGE, f"{shape[0]}"
        boxes = [(x - 0.06, -height / 2, 0.12, height)]
    for left, bottom, width, height in boxes:
        axes.add_patch(
            Rectangle((left, bottom), width, height, fc=colour, ec="white", lw=0.8)
        )
    axes.text(x, 0.66, size, ha="center", va="bottom", weight="bold")
    axes.text(x, -0.7, text, ha="center", va="top", fontsize=8.5, linespacing=1.25)


def plot_action_shares(shares, names, caption: str, alt: str) -> None:
    """Draw how often each action is chosen: bars side by side.

    Args:
        shares: dict from a label to A shares, each in 0..1.
        names: the A actions.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.6)
    width = 0.8 / len(shares)
    for k, (label, values) in enumerate(shares.items()):
        places = np.arange(len(names)) + (k - (len(shares) - 1) / 2) * width
        bars = axes.bar(places, values, width * 0.94, label=label)
        axes.bar_label(bars, fmt="{:.3f}", fontsize=8, padding=2)
    axes.set(xticks=range(len(names)), xticklabels=names, ylim=(0, 1.1))
    axes.set_ylabel("share of the choices")
    axes.grid(False, axis="x")
    axes.legend()
    show(fig, caption, alt)


def plot_schedules(schedules, last_step: int, caption: str, alt: str) -> None:
    """Draw schedules of epsilon over the steps of a run.

    Args:
        schedules: dict from a label to a schedule, called with a step.
        last_step: where the picture ends.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.8)
    steps = np.linspace(0, last_step, 601)
    dashes = itertools.cycle(["-", "--", ":", "-."])  # told apart without colour
    for (label, schedule), dash in zip(schedules.items(), dashes, strict=False):
        axes.plot(steps / 1000, [schedule(s) for s in steps], dash, label=label)
    axes.set(xlabel="steps, in thousands", ylabel="ε", ylim=(0, 1.05))
    axes.legend()
    show(fig, caption, alt)


def plot_frame_timeline(caption: str, alt: str) -> None:
    """Draw which of the emulator's frames reach the network: 16 frames, one state.

    Args:
        caption, alt: as in `show`.
    """
    centred = {"ha": "center", "va": "center"}
    fig, axes = new_figure(width=PAGE_WIDTH, height=2.5)
    for frame in range(1, 17):
        step, place = divmod(frame - 1, 4)
        seen = place >= 2  # the last two frames of a step
        box = ((frame - 1, 2.2), 0.86, 0.62)
        axes.add_patch(Rectangle(*box, color=BLUE if seen else "#DDDDDD"))
        axes.text(
            frame - 0.57, 2.51, frame, color="white" if seen else BLACK, **centred
        )
        if seen:
            end = {"xytext": (frame - 0.57, 2.2), "xy": (4 * step + 2.93, 1.42)}
            axes.annotate("", **end, arrowprops={"arrowstyle": "->", "color": BLUE})
    for step in range(4):
        left = 4 * step
        axes.plot([left, left + 3.86], [3.05, 3.05], color=VERMILION, clip_on=False)
        axes.text(left + 1.93, 3.32, f"action {step + 1}, four times", **centred)
        box = ((left + 2.2, 0.72), 1.46, 0.66)
        axes.add_patch(Rectangle(*box, color=ORANGE))
        axes.text(left + 2.93, 1.05, "max", **centred)
        axes.plot([left + 2.93] * 2, [0.72, 0.3], color=BLACK, linewidth=1)
    axes.plot([2.93, 14.93], [0.3, 0.3], color=BLACK, linewidth=1)
    axes.text(8.93, -0.05, "one state: four frames of 84×84, oldest first", **centred)
    axes.set(xlim=(-0.1, 16), ylim=(-0.3, 3.6))
    axes.axis("off")
    show(fig, caption, alt)


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


def plot_pursuits(runs: dict, states: dict, caption: str, alt: str) -> None:
    """Draw how Q-values went, run beside run, each with a scale of its own.

    Args:
        runs: for each run, by its title, (U, S): S Q-values after each of U updates.
        states: for each of the S states, by its name, its true value (drawn dashed).
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=2.8, squeeze=False)
    for axes, (title, values) in zip(panels[0], runs.items(), strict=True):
        lines = zip(np.transpose(values), states.items(), COLOURS, strict=False)
        for line, (name, true_value), colour in lines:
            axes.plot(np.arange(1, len(line) + 1), line, color=colour, label=name)
            axes.axhline(true_value, color=colour, linestyle="--", linewidth=1)
        axes.set(title=title, xlabel="updates")
    panels[0, 0].set_ylabel("Q-value")
    panels[0, 0].legend()
    show(fig, caption, alt)


def plot_history(history, caption: str, alt: str) -> None:
    """Draw a run's history: score, epsilon, loss and mean Q against steps.

    Args:
        history: columns by name, as `dqn_tutorial.history.History` gives them.
        caption, alt: as in `show`.

    Raises:
        ValueError: the history has fewer than two rows.
    """
    if len(history) < 2:
        raise ValueError(f"history must have two rows or more, got {len(history)}")
    panels = {
        "mean_score_100": "score, mean of\n100 games",
        "epsilon": "epsilon",
        "loss": "loss",
        "mean_q": "mean of the\nlargest Q-values",
    }
    fig, grid = new_figure(2, 2, width=PAGE_WIDTH, height=4.2, sharex=True)
    for axes, (column, label), colour in zip(
        grid.flat, panels.items(), COLOURS, strict=False
    ):
        axes.plot(history["step"], history[column], color=colour)
        axes.set(ylabel=label)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for axes in grid[1]:
        axes.set(xlabel="steps")
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    show(fig, caption, alt)


def plot_table_against_network(table_q, network_q, caption: str, alt: str) -> None:
    """Draw what a network says against what a table knows, one point a state.

    Args:
        table_q, network_q: largest Q-value of each state, two arrays of one length.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=4.2, height=3.6)
    low = min(np.min(table_q), np.min(network_q))
    axes.plot([low, 1], [low, 1], color=GREY, linewidth=1)
    axes.plot(table_q, network_q, "o", color=BLUE, markersize=4, alpha=0.5)
    axes.set(xlabel="the table's largest Q-value", ylabel="the network's")
    show(fig, caption, alt)


def plot_run(histories: dict, landmarks: dict, caption: str, alt: str) -> None:
    """Draw the scores of runs against minutes, with known scores as lines.

    Args:
        histories: a history by the name of its run.
        landmarks: a score by its name, drawn as a level line.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=3.2)
    for name, history in histories.items():
        axes.plot(history["wall_seconds"] / 60, history["mean_score_100"], label=name)
    right = axes.get_xlim()[1]
    for name, score in landmarks.items():
        axes.axhline(score, color=GREY, linewidth=1, linestyle="--")
        axes.text(right, score, f" {name}: {score:g}", va="center", fontsize=9)
    axes.set(xlabel="minutes of training", ylabel="score, mean of 100 games")
    axes.set_ylim(bottom=0)
    axes.legend()
    show(fig, caption, alt)


def plot_likeness(lags, likeness, caption: str, alt: str) -> None:
    """Draw how alike frames are, against the steps between them.

    Args:
        lags: steps between the two frames, in rising order.
        likeness: the mean correlation of frames that far apart, -1..1.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(height=2.5)
    axes.plot(range(len(lags)), likeness, "o-")
    axes.axhline(0, color=GREY, linewidth=1)
    axes.set(xticks=range(len(lags)), xticklabels=lags, ylim=(-0.1, 1))
    axes.set(xlabel="steps between two frames", ylabel="mean correlation")
    show(fig, caption, alt)


def plot_lessons(runs: dict, caption: str, alt: str) -> None:
    """Draw what is known after each lesson: one square of numbers for each run.

    Args:
        runs: for each run, by its title, (L, L): after each of L lessons (row), the
            share of right answers in each (column), 0..1.
        caption, alt: as in `show`.
    """
    fig, panels = new_figure(1, len(runs), width=PAGE_WIDTH, height=3.4, squeeze=False)
    for axes, (title, shares) in zip(panels[0], runs.items(), strict=True):
        axes.imshow(shares, "Blues", vmin=0, vmax=1)
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > 0.5 else BLACK
            axes.text(
                column, row, f"{share:.0%}", color=colour, ha="center", va="center"
            )
        numbers = range(len(shares))
        axes.set(title=title, xlabel="asked: ball in column", xticks=numbers)
        axes.set(yticks=numbers, yticklabels=[n + 1 for n in numbers])
        axes.grid(False)
    panels[0, 0].set_ylabel("after lesson")
    show(fig, caption, alt)


def plot_bytes(costs: dict, caption: str, alt: str) -> None:
    """Draw bytes as bars on a logarithmic scale.

    Args:
        costs: bytes by what they are spent on.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=PAGE_WIDTH, height=0.5 + 0.45 * len(costs))
    bars = axes.barh(list(costs), list(costs.values()), color=BLUE, height=0.6)
    axes.bar_label(bars, [f"{value:,.0f}" for value in costs.values()], padding=4)
    axes.set(xscale="log", xlim=(100, 400_000), xlabel="bytes for one transition")
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    show(fig, caption, alt)


def plot_rings(rings: dict, caption: str, alt: str) -> None:
    """Draw rings of frames, slot by slot, with the four slots of a stack framed.

    Args:
        rings: for each ring, by its title, the frames' numbers in slot order (the tens
            tell the game, and choose the colour), the slot a stack ends in, and the
            slot that is written next.
        caption, alt: as in `show`.
    """
    fig, rows = new_figure(
        len(rings), 1, width=PAGE_WIDTH, height=1.2 * len(rings), squeeze=False
    )
    for axes, (title, (frames, last, head)) in zip(
        rows[:, 0], rings.items(), strict=True
    ):
        for slot, frame in enumerate(frames):
            colour = [YELLOW, SKY][frame // 10 % 2]
            axes.add_patch(Rectangle((slot, 0), 0.94, 0.7, fc=colour, ec=GREY))
            axes.text(slot + 0.47, 0.35, frame, ha="center", va="center")
            axes.text(
                slot + 0.47, -0.1, f"slot {slot}", ha="center", va="top", fontsize=8
            )
        box = Rectangle(
            (last - 3.05, -0.05), 4.04, 0.8, fc="none", ec=VERMILION, lw=2.5
        )
        axes.add_patch(box)
        axes.annotate(
            "written next",
            (head % len(frames), 0.78),
            (head % len(frames), 1.15),
            arrowprops={"arrowstyle": "-|>", "color": BLACK},
            ha="center",
            va="bottom",
            fontsize=8,
        )
        axes.set(xlim=(-0.6, 10), ylim=(-0.35, 1.45))
        axes.text(7.6, 0.35, title, va="center")
        axes.axis("off")
    show(fig, caption, alt)
