"""One page of HTML in which a recorded game can be stepped through.

It shows what the network saw and what it answered at each step, and asks the network
for nothing: pictures, numbers, style and script are in the file. Without a script it
shows a strip of pictures. Screens are stored as what changes from each to the next,
compressed, about 50 bytes a step of Breakout; so is what the network saw.
"""

import base64
import html
import io
import json
import zlib
from importlib.resources import files
from string import Template
from typing import NamedTuple

import numpy as np
from PIL import Image

from dqn_tutorial.viewing.watched_game import WatchedGame

DIGITS = 3  # of a number in the page; what is equal then counts as equal
STRIP, STRIP_GAP = 6, 4  # pictures side by side, and pixels between them
FULL_HEIGHT = 0.25  # probability that fills the height of a distribution
OWN, SERVED, RANDOM = "012"  # how a button came to be pressed


class Answers(NamedTuple):
    """What a network answered to T states, for A actions."""

    q_values: np.ndarray  # (T, A) floats
    probabilities: np.ndarray | None = None  # (T, A, Z) floats, of a C51 network
    atoms: np.ndarray | None = None  # (Z,) the returns that they belong to


def game_page(
    game: WatchedGame,
    names: list[str],
    answers: Answers,
    *,
    title: str,
    about: str,
    steps_per_second: int,
    automatic_fire: bool = True,
    came: np.ndarray | None = None,
    marks: dict[str, int] | None = None,
) -> str:
    """Make the page of a game: HTML that stands alone.

    Args:
        game: T steps.
        names: of the A actions.
        answers: of the network to `game.states`.
        title: of the page.
        about: one or two sentences about the game.
        steps_per_second: at which it plays.
        automatic_fire: whether FIRE is pressed for the player when a life begins.
        came: (T,) the return that followed each step, for a second curve.
        marks: moments to jump to, steps of 0..T-1 by name; it opens at the first.

    Raises:
        ValueError: a title or a text that is empty, or numbers that do not fit.
    """
    marks = marks or {}
    _check(game, names, answers, title, about, came, marks)
    q_values = np.round(answers.q_values.astype(float), DIGITS)
    data = {
        "names": list(names),
        "q": q_values.tolist(),
        "pressed": game.actions.tolist(),
        "how": "".join(how_pressed(game, names, q_values, automatic_fire)),
        "scores": game.scores.tolist(),
        "lives": game.lives.tolist(),
        "ended": np.flatnonzero(game.life_ended).tolist(),
        "first": game.first_step,
        "start": min(marks.values(), default=0),
        "marks": marks,
        "stepsPerSecond": steps_per_second,
        "size": game.screens.shape[1:],
        "frameSize": game.frames.shape[1:],
        "palette": game.palette.tolist(),
        "screens": _packed(_changes(game.screens)),
        "frames": _packed(_changes(game.frames)),
    }
    if came is not None:
        data["came"] = np.round(came.astype(float), DIGITS).tolist()
    if answers.probabilities is not None:
        data |= {
            "atoms": [float(answers.atoms[0]), float(answers.atoms[-1])],
            "returns": len(answers.atoms),
            "fullHeight": 255 * FULL_HEIGHT,
            "probabilities": _packed(
                np.round(answers.probabilities * 255).astype("u1")
            ),
        }
    return _filled(game, data, title, about)


def how_pressed(
    game: WatchedGame, names: list[str], q_values: np.ndarray, automatic_fire: bool
) -> list[str]:
    """How each button came to be pressed: "0" chosen, "1" for the player, "2" random.

    A random action that happens to be the best counts as chosen: nobody could tell.

    Args:
        game, names, automatic_fire: as for `game_page`.
        q_values: (T, A) floats.
    """
    begins = np.append(game.first_step == 0, game.life_ended[:-1])
    fire = names.index("FIRE") if automatic_fire and "FIRE" in names else None
    found = []
    for action, values, life_begins in zip(game.actions, q_values, begins, strict=True):
        if values[action] == values.max():
            found.append(OWN)
        else:
            found.append(SERVED if life_begins and action == fire else RANDOM)
    return found


def _check(game, names, answers, title, about, came, marks) -> None:
    for name, text in (("title", title), ("about", about)):
        if not text.strip():
            raise ValueError(f"{name} must say something, got {text!r}")
    shape = (len(game), len(names))
    if answers.q_values.shape != shape:
        raise ValueError(
            f"q_values must have shape (T, A) = {shape}, a row for each step and a "
            f"number for each name, got {answers.q_values.shape}"
        )
    if answers.probabilities is not None:
        wanted = (*shape, len(answers.atoms))
        if answers.probabilities.shape != wanted:
            raise ValueError(
                f"probabilities must have shape (T, A, Z) = {wanted}, got "
                f"{answers.probabilities.shape}"
            )
    if came is not None and came.shape != shape[:1]:
        raise ValueError(f"came must have shape {shape[:1]}, got {came.shape}")
    for name, step in marks.items():
        if not 0 <= step < len(game):
            raise ValueError(f"mark {name!r} must be 0..{len(game) - 1}, got {step}")


def _changes(pictures: np.ndarray) -> np.ndarray:
    """Each picture XOR the one before it: mostly zeros, (N, H, W) uint8."""
    changes = pictures.copy()
    changes[1:] ^= pictures[:-1]
    return changes


def _packed(array: np.ndarray) -> str:
    """Bytes, compressed, as the text that the script unpacks."""
    packed = base64.b64encode(zlib.compress(array.tobytes(), 9)).decode()
    return f"data:application/zlib;base64,{packed}"


def _filled(game: WatchedGame, data: dict, title: str, about: str) -> str:
    def read(kind: str) -> str:
        return files(__package__).joinpath(f"game_page.{kind}").read_text("utf-8")

    places = np.linspace(0, len(game) - 1, min(STRIP, len(game))).round().astype(int)
    steps = [f"{game.first_step + place:,}" for place in places]
    said = {
        "title": title,
        "about": about,
        "strip_alt": f"{len(places)} screens of the game, from step {steps[0]} to step "
        f"{steps[-1]}. The score goes from {game.scores[places[0]]:g} to "
        f"{game.scores[places[-1]]:g}.",
        "strip_caption": f"The game at steps {', '.join(steps)}. Where scripts run, a "
        "browser that is not too old shows every step here.",
    }
    return Template(read("html")).substitute(
        {name: html.escape(text) for name, text in said.items()},
        style=read("css"),
        script=read("js"),
        strip=_strip(game, places),
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
    )


def _strip(game: WatchedGame, places: np.ndarray) -> str:
    """Some screens side by side, as the address of a PNG."""
    padded = np.pad(game.screens[places], ((0, 0), (0, 0), (0, STRIP_GAP)))
    image = Image.fromarray(np.hstack(padded)[:, :-STRIP_GAP])
    image.putpalette(game.palette.tobytes())
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
