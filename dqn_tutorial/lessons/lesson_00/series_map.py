"""The map of the series: its notebooks as stops, and the loop that they build.

Places are in tenths of an inch. The number in a disc is that of the notebook which
explains the thing beside it.
"""

from functools import partial

from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from dqn_tutorial.viewing.plotting import (
    BLACK,
    BLUE,
    GREY,
    VERMILION,
    new_figure,
    show,
    write_at,
)

_write = partial(write_at, fontsize=8.5, linespacing=1.25)

MAP_SIZE = (80, 61.5)
STOPS = {
    0: "Start here",
    1: "Q-table",
    2: "Prepro-\ncessing",
    3: "Q-network",
    4: "Experience\nreplay\n+ 4b: its RAM",
    5: "Target\nnetwork",
    6: "Training",
    7: "Evaluation\n+ 7b: looking\ninside",
    8: "Ablations",
    9: "Bug\nmuseum",
    10: "Beyond\nDQN",
}
STOPS_LEFT, STOPS_APART, STOPS_HEIGHT = 5, 7, 54
CATCH_STOPS, CATCH_COLOUR, CATCH_HEIGHT = (1, 6), VERMILION, 58.5
LOOP = (1.5, 1.5, 66, 44)  # left, bottom, width, height
BOXES = [  # the same, then the words and the notebook
    ((19.5, 26.5, 11, 7), "preprocessing:\ngrey, 84×84", 2),
    ((52, 24.5, 12.5, 11), "Q-network:\na number for\neach action", 3),
    ((21, 38.3, 27, 4.4), "action: the largest number, or chance", 3),
    ((3.5, 4, 13.5, 8), "transition:\nstate, action,\nreward, next state", 4),
    ((20.5, 4, 12, 8), "replay buffer:\nremembers\ntransitions", 4),
    ((36.5, 4, 11, 8), "batch:\n32 of them,\nat random", 4),
    ((52, 4, 12.5, 8), "update:\none gradient\nstep", 5),
    ((49.5, 14.8, 9, 5), "target\nnetwork", 5),
    ((69.3, 25.5, 9.4, 9), "Q-table:\nenough\nfor Catch", 1),
    ((69.3, 4, 9.4, 8), "score:\n100 whole\ngames", 7),
]
FLOWS = [  # the corners that a line runs through
    [(14.9, 30), (19.2, 30)],  # the screen
    [(30.8, 30), (34.4, 30)],
    [(47.6, 30), (51.7, 30)],  # the state
    [(58.2, 35.8), (58.2, 40.5), (48.3, 40.5)],  # the numbers
    [(20.7, 40.5), (9.4, 40.5), (9.4, 38.7)],  # the action
    [(41, 22), (41, 17.5), (10.2, 17.5), (10.2, 12.3)],  # what happened
    [(17.3, 8), (20.2, 8)],
    [(32.8, 8), (36.2, 8)],
    [(47.8, 8), (51.7, 8)],
    [(54, 14.5), (54, 12.3)],  # the targets
    [(62.3, 12.3), (62.3, 24.2)],  # new weights
    [(67.8, 8), (69, 8)],
]
COPY, CATCH = [(54, 24.2), (54, 20.1)], [(69, 30), (64.8, 30)]
NOTES = [  # words beside the lines
    (54.7, 22.3, "copied now\nand then", "left"),
    (62.8, 18, "new\nweights", "left"),
    (25.5, 18.6, "what happened", "center"),
    (9.4, 23.3, "emulator", "center"),
    (41, 23.3, "state: the last 4 frames", "center"),
    (74, 21.6, "Breakout has\ntoo many states\nfor a table", "center"),
]
SCREEN_PLACE = (4.3, 24.7, 10.2, 13.4)  # 160 to 210
FRAME_SIDE, FRAME_SHIFT, FRAMES_PLACE = 9, 1.1, (34.8, 28)
CATCH_PLACE = (69.5, 36.3, 9, 9)


def plot_map(screen, state, catch_frame, caption: str, alt: str) -> None:
    """Draw the series as a map: its notebooks as stops, and the loop they build.

    Args:
        screen: of Breakout, (210, 160, 3) uint8.
        state: of Breakout, (4, 84, 84) uint8, oldest frame first.
        catch_frame: of Catch, (84, 84) uint8.
        caption, alt: as in `show`.
    """
    fig, axes = new_figure(width=MAP_SIZE[0] / 10, height=MAP_SIZE[1] / 10)
    fig.set_layout_engine("none")
    axes.set_position((0, 0, 1, 1))
    axes.axis("off")
    _draw_stops(axes)
    _draw_box(axes, LOOP, "", 6)
    title = {"ha": "left", "weight": "bold", "backgroundcolor": "white"}
    _write(axes, 4.2, LOOP[1] + LOOP[3], "training: round and round", **title)
    for place, words, number in BOXES:
        _draw_box(axes, place, words, number)
    for corners in FLOWS:
        _draw_flow(axes, corners)
    _draw_flow(axes, COPY, linestyle="--")
    _draw_flow(axes, CATCH, CATCH_COLOUR, linestyle="--")
    for x, y, words, side in NOTES:
        _write(axes, x, y, words, ha=side, fontsize=7.5)
    _draw_picture(axes, screen, SCREEN_PLACE, 2)
    left, bottom = FRAMES_PLACE
    for k, frame in enumerate(state):  # the newest in front
        d = k * FRAME_SHIFT
        _draw_picture(axes, frame, (left + d, bottom - d, FRAME_SIDE, FRAME_SIDE))
    _draw_number(axes, left, bottom + FRAME_SIDE, 2)
    _draw_picture(axes, catch_frame, CATCH_PLACE, 1)
    axes.set(xlim=(0, MAP_SIZE[0]), ylim=(0, MAP_SIZE[1]))
    show(fig, caption, alt)


def _draw_stops(axes) -> None:
    places = {k: STOPS_LEFT + k * STOPS_APART for k in STOPS}
    axes.plot([*places.values()], [STOPS_HEIGHT] * len(STOPS), color=BLUE, lw=4)
    first, last = (places[k] for k in CATCH_STOPS)
    line = {"color": CATCH_COLOUR, "lw": 3, "solid_joinstyle": "round"}
    corners = [STOPS_HEIGHT, CATCH_HEIGHT, CATCH_HEIGHT, STOPS_HEIGHT]
    axes.plot([first, first, last, last], corners, **line)
    words = "Catch: first a table plays it, later the network"
    middle, look = (first + last) / 2, {"backgroundcolor": "white"}
    _write(axes, middle, CATCH_HEIGHT, words, color=CATCH_COLOUR, **look)
    for k, name in STOPS.items():
        _draw_number(axes, places[k], STOPS_HEIGHT, k, radius=1.8)
        _write(axes, places[k], STOPS_HEIGHT - 2.6, name, va="top")


def _draw_box(axes, place, words: str, number: int) -> None:
    left, bottom, width, height = place
    style = "round,pad=0,rounding_size=1"
    look = {"fc": "white", "ec": _colour(number), "lw": 1.4}
    axes.add_patch(FancyBboxPatch((left, bottom), width, height, style, **look))
    _write(axes, left + width / 2, bottom + height / 2, words)
    _draw_number(axes, left, bottom + height, number)


def _draw_picture(axes, picture, place, number: int | None = None) -> None:
    left, bottom, width, height = place
    extent = (left, left + width, bottom, bottom + height)
    axes.imshow(picture, "gray", vmin=0, vmax=255, extent=extent, zorder=3)
    frame = Rectangle((left, bottom), width, height, fc="none", ec=GREY, lw=0.8)
    frame.set_zorder(3)
    axes.add_patch(frame)
    if number is not None:
        _draw_number(axes, left, bottom + height, number)


def _draw_flow(axes, corners, colour=BLACK, **look) -> None:
    axes.plot(*zip(*corners[:-1], strict=True), color=colour, lw=1.2)
    arrow = {"arrowstyle": "-|>", "color": colour, "lw": 1.2}
    arrow |= {"shrinkA": 0, "shrinkB": 0} | look
    axes.annotate("", corners[-1], corners[-2], arrowprops=arrow)


def _draw_number(axes, x, y, number: int, radius=1.4) -> None:
    disc = Circle((x, y), radius, fc=_colour(number), ec="white", lw=1.2, zorder=5)
    axes.add_patch(disc)
    look = {"color": "white", "weight": "bold", "fontsize": 6 * radius, "zorder": 6}
    _write(axes, x, y - 0.05, str(number), **look)


def _colour(number: int) -> str:
    return CATCH_COLOUR if number == CATCH_STOPS[0] else BLUE
