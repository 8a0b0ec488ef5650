"""What all checks of the exercises share: each says, kindly, what an answer shows.

A check takes a student's values or function. It prints one sentence: that nothing was
attempted, that all is right, or which mistake the answer looks like. It never gives the
answer away, and nothing a student's code does can break it, short of not returning.

    @check
    def check_01_double(function):          # prints; what it returns is the praise
        theirs = Student(function)
        for x in (1.0, 2.5):
            given = number(theirs(x), theirs.call)
            mistakes = [(x**2, "That is the square.")]
            expect(given, 2 * x, mistakes, "Work it out by hand.", theirs.gives(given))
        return "Right."

Glossary
    blank   None or `...`: what an exercise holds before anybody has worked on it
    hint    a sentence that names a misconception
    where   what the hint is about: "question 2", or a call of the student's function
"""

import contextlib
import functools
import io
import math

import numpy as np

NOT_ATTEMPTED = "Not attempted yet: fill in the cell above, then run this one again."
NOT_ALL_ATTEMPTED = "Not attempted yet: an answer in the cell above is still None."
PRINTED_LINES = 10  # of a student's own prints, shown below a verdict


class NotAttempted(Exception):
    """There is no answer yet."""


class NotYet(Exception):
    """An answer that is not right; the text is the hint."""


def check(judge):
    """Make a check from a function that returns praise, or raises one of the above.

    What the student's code prints is held back, so that the verdict comes first. With
    a wrong answer the last lines are shown below it: they help to find the mistake.
    """

    @functools.wraps(judge)
    def run(*answers) -> None:
        printed, right = io.StringIO(), False
        blank = [is_blank(answer) for answer in answers]
        with contextlib.redirect_stdout(printed):
            try:
                if any(blank):
                    raise NotAttempted
                verdict, right = judge(*answers), True
            except NotAttempted:
                some = any(blank) and not all(blank)
                verdict = NOT_ALL_ATTEMPTED if some else NOT_ATTEMPTED
            except NotYet as hint:
                verdict = f"Not yet: {hint}"
        print(verdict)
        if not right:
            _show_the_last(printed.getvalue().splitlines())

    return run


def _show_the_last(lines: list[str]) -> None:
    if lines:
        print(f"Your code printed {len(lines)} lines, at the end:")
    for line in lines[-PRINTED_LINES:]:
        print("   ", line[:75])


def is_blank(value) -> bool:
    return value is None or value is ...


def describe(value) -> str:
    """A student's value in a few words, without memory addresses or long rows."""
    if isinstance(value, np.generic):
        value = value.item()
    if getattr(value, "shape", None):
        return f"an array of shape {tuple(value.shape)}"
    if callable(value):
        return "a function"
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    short = len(text) <= 40 and " at 0x" not in text and "\n" not in text
    return text if short else f"something of type {type(value).__name__}"


def _plain(value):
    """A tensor as an array, everything else as it is."""
    return value.numpy() if hasattr(value, "numpy") else value


def number(value, where: str) -> float:
    """A student's number; it may be text, a NumPy scalar, a tensor, an array of one.

    Raises:
        NotAttempted, NotYet: it is blank, or not one finite number.
    """
    if is_blank(value):
        raise NotAttempted
    try:
        found = np.asarray(_plain(value), np.float64)
    except (TypeError, ValueError, OverflowError):
        raise NotYet(f"{where}. Expected a number, got {describe(value)}.") from None
    if found.size != 1:
        comma = " (To Python, 1,000 is two numbers.)" if type(value) is tuple else ""
        raise NotYet(f"{where}. Expected one number, got {found.size} of them.{comma}")
    if not math.isfinite(found.item()):
        raise NotYet(
            f"{where}. {found.item()} is not finite. Is something divided by 0?"
        )
    return found.item()


def array(
    value, shape: tuple, where: str, dtype=None, of_another_shape: str = ""
) -> np.ndarray:
    """A student's array; it may be a list, a tuple, a tensor or a list of tensors.

    Args:
        dtype: required of an array; a list of whole numbers has none, and passes.
        of_another_shape: a hint for an array of the wrong shape.

    Raises:
        NotAttempted, NotYet: it is blank, not numbers, or of another shape or dtype.
    """
    if is_blank(value):
        raise NotAttempted
    try:
        found = np.asarray(_plain(value))
    except (TypeError, ValueError):  # lists of different lengths in one list
        raise NotYet(f"{where}. Its parts differ in shape.") from None
    if found.dtype.kind not in "biuf":
        raise NotYet(f"{where}. Expected an array of numbers, got {describe(value)}.")
    if found.shape != shape:
        wrong = f"{where}. The shape should be {shape}, not {found.shape}."
        raise NotYet(f"{wrong} {of_another_shape}".strip())
    if not np.isfinite(found).all():
        raise NotYet(f"{where}. It has NaN or infinity in it: divided by 0?")
    listed = isinstance(value, list | tuple) and found.dtype.kind in "iu"
    if dtype is not None and found.dtype != dtype and not listed:
        raise NotYet(
            f"{where}. The dtype should be {np.dtype(dtype)}, not {found.dtype}."
        )
    return found


def several(value, names: list[str], where: str) -> list:
    """The parts of an answer that consists of several things.

    Raises:
        NotYet: there are not as many as there are names.
    """
    try:
        found = list(_plain(value))
    except TypeError:
        found = [value]
    if len(found) != len(names):
        raise NotYet(f"{where}. Return {len(names)} things: {', '.join(names)}.")
    return found


def row(value, where: str) -> list[float]:
    """A student's numbers in a row: a list, a set, an array, a tensor, a generator.

    Raises:
        NotYet: it is something else.
    """
    try:
        found = np.array(list(_plain(value)))
        listed = np.ravel(found.astype(np.float64))
    except (TypeError, ValueError, OverflowError):
        raise NotYet(
            f"{where}. Expected a list of numbers, got {describe(value)}."
        ) from None
    if found.dtype == bool:
        raise NotYet(f"{where}. Those are True and False; give their places.")
    if not np.isfinite(listed).all():
        raise NotYet(f"{where}. It has NaN or infinity in it: divided by 0?")
    return listed.tolist()


def same(value, other, rtol: float = 1e-6, atol: float = 1e-5) -> bool:
    """Whether two numbers or arrays are equal, up to what float32 rounds away."""
    return np.shape(value) == np.shape(other) and np.allclose(value, other, rtol, atol)


def expect(
    value, right, mistakes: list, otherwise: str, where: str, **tolerance: float
) -> None:
    """Return if a number or array is right; else raise the hint that fits.

    Args:
        mistakes: pairs of a wrong value, which a known mistake leads to, and its hint.
        otherwise: the hint where no known mistake leads to this value.
        tolerance: `rtol` or `atol` of `same`, where an answer may be rounded.

    Raises:
        NotYet: with `where` and the hint.
    """
    if same(value, right, **tolerance):
        return
    known = [hint for wrong, hint in mistakes if same(value, wrong, **tolerance)]
    raise NotYet(f"{where}. {known[0] if known else otherwise}")
