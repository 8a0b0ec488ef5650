"""Figures for the notebooks: one look, a caption and an alt text for each.

Every figure goes through `show`, which renders it at twice the resolution of the page,
on opaque white so that it is readable on a dark page too. The colours are those of
Okabe and Ito ("Color Universal Design", 2008), which colour-blind readers can tell
apart. Figures are made without pyplot: nothing is drawn twice or stays in memory.
"""

import base64
import io
import math
import textwrap

import numpy as np
from IPython.display import display
from matplotlib import pyplot, style
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, PURPLE, SKY = "#D55E00", "#CC79A7", "#56B4E9"
BLACK, GREY, YELLOW = "#000000", "#767676", "#F0E442"  # yellow: only for areas
COLOURS = [BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK]

PAGE_WIDTH = 8.0  # inches; 768 pixels of a page, what a notebook leaves for a picture
PAGE_DPI = 96  # pixels per inch of a page, as CSS defines it
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
    "lines.solid_capstyle": "butt",  # the bar of an interval ends where that ends
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same everywhere
    "font.size": 10,
    "legend.edgecolor": "none",
}


def use_style() -> None:
    """Set the tutorial's style, and nothing of a matplotlibrc in the home folder."""
    style.use(["default", STYLE])


def new_figure(rows: int = 1, columns: int = 1, *, width=7.0, height=3.0, **subplots):
    """Make a figure in the tutorial's style, which is set for later figures, too.

    Args:
        rows, columns: number of axes down and across.
        width, height: inches of the whole figure (`PAGE_WIDTH` fills the page).
        **subplots: passed on to `Figure.subplots`, for instance `sharex=True`.

    Returns:
        The figure and its axes: one, or an array of them.
    """
    use_style()
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
    frames, titles, caption: str, alt: str, *, columns=None, height=2.2
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
        columns: frames in a row; None for as many as fit on the page.
        height: desired height of the tallest frame, in inches.

    Raises:
        ValueError: no frames, not one title for each, or a frame of the wrong shape.
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
    use_style()
    fig, boxes = _frame_boxes([f.shape for f in frames], titles, columns, height)
    low, high = _grey_range(frames)
    for frame, (box, title) in zip(frames, boxes, strict=True):
        axes = fig.add_axes(box)
        vmin, vmax = (0, 255) if frame.dtype == np.uint8 else (low, high)
        draw_picture(axes, frame, edge=GREY, vmin=vmin, vmax=vmax)
        axes.set_title(title, fontsize=9, pad=4)
    show(fig, caption, alt)


def draw_picture(axes, picture, edge: str | None = None, width: float = 0.5, **look):
    """Draw a picture pixel by pixel, without ticks and grid.

    Args:
        axes: where.
        picture: (H, W) greys, 0 black and 255 white, or (H, W, 3).
        edge, width: colour and width of an edge, which width 0 hides; None leaves it.
        look: for `Axes.imshow`, such as another `vmax`.

    Returns:
        What `Axes.imshow` returns, for a colour bar.
    """
    look = {"cmap": "gray", "vmin": 0, "vmax": 255} | look
    image = axes.imshow(picture, interpolation="nearest", **look)
    axes.grid(visible=False)
    axes.set(xticks=[], yticks=[])
    if edge:
        axes.spines[:].set(visible=width > 0, color=edge, linewidth=width)
    return image


def printed(number: float, form: str = "g") -> str:
    """A number as it is printed: with a minus, not a hyphen."""
    return f"{number:{form}}".replace("-", "−")


def write_at(axes, x: float, y: float, words, **look):
    """Write words or a number with its middle at a point; `look` as for `Axes.text`."""
    return axes.text(x, y, words, **{"ha": "center", "va": "center"} | look)


def write_beside(axes, labels: list[tuple[float, str, str]]) -> None:
    """Write names at the right of the axes, each at its height, none upon another.

    Args:
        axes: with its final limits.
        labels: height, words and colour of each; one that would touch the one below it
            moves up.
    """
    low, high = axes.get_ylim()
    free_from = low
    for height, words, colour in sorted(labels):
        place = max(height, free_from)
        free_from = place + 0.075 * (high - low)
        axes.annotate(
            words,
            (1.02, place),
            xycoords=axes.get_yaxis_transform(),
            va="center",
            fontsize=9,
            color=colour,
            annotation_clip=False,
        )


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
    letters = max(4, int(cell_w / FIGURE_DPI * 15))  # of 9-point type on one line
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
