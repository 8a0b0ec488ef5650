"""What all checks of the exercises share: each says, kindly, what an answer shows.

A check takes a student's values or function. It prints one sentence: that nothing was
attempted, that all is right, or which mistake the answer looks like. It never gives the
answer away; of a function it may say what one call should have given. Nothing that a
student's code does can break it, short of not returning.

    @check
    def check_01_double(function):          # prints; what it returns is the praise
        cases = [((1.0,), 2.0), ((2.5,), 5.0), ((3.0,), 6.0)]
        mistakes = [(lambda x: x**2, "That is the square.")]
        Student(function).expect(cases, mistakes)
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
import re

import numpy as np

NOT_ATTEMPTED = "Not attempted yet: fill in the cell above, then run this one again."
NOT_ALL_ATTEMPTED = "Not attempted yet: an answer in the cell above is still None."
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")  # 40,000 as text
FLOAT32 = {"rtol": 1e-6, "atol": 1e-5}  # what it may round away
SMALL = 12  # numbers, of an array that is shown whole
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
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # of an odd object, while it is read
                name = type(error).__name__
                verdict = f"Not yet: the answer raises {name} when it is read."
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


def plain(value):
    """A tensor as an array, everything else as it is."""
    return value.numpy() if hasattr(value, "numpy") else value


def number(value, where: str) -> float:
    """A student's number; it may be text, a NumPy scalar, a tensor, an array of one.

    Raises:
        NotAttempted, NotYet: it is blank, or not one finite number.
    """
    if is_blank(value):
        raise NotAttempted
    if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
        value = value.replace(",", "")
    try:
        found = np.asarray(plain(value), np.float64)
    except (TypeError, ValueError, OverflowError):
        text = " Digits and a point only." if isinstance(value, str) else ""
        raise NotYet(
            f"{where}. Expected a number, got {describe(value)}.{text}"
        ) from None
    if found.size != 1:
        comma = ", since a comma separates numbers" if type(value) is tuple else ""
        raise NotYet(f"{where}. Expected one number, got {found.size} of them{comma}.")
    if not math.isfinite(found.item()):
        raise NotYet(f"{where}. Expected a finite number, got {found.item()}.")
    return found.item()


def array(value, shape: tuple, where: str, dtype=None) -> np.ndarray:
    """A student's array; it may be a list, a tuple, a tensor or a list of tensors.

    Args:
        dtype: required of an array; a list of Python's numbers has none, and passes.

    Raises:
        NotAttempted, NotYet: it is blank, not numbers, or of another shape or dtype.
    """
    if is_blank(value):
        raise NotAttempted
    try:
        found = np.asarray(plain(value))
    except (TypeError, ValueError):  # lists of different lengths in one list
        raise NotYet(f"{where}. Its parts differ in shape.") from None
    if found.dtype.kind not in "biuf":
        raise NotYet(f"{where}. Expected an array of numbers, got {describe(value)}.")
    if found.shape != shape:
        raise NotYet(f"{where}. The shape should be {shape}, not {found.shape}.")
    if not np.isfinite(found).all():
        raise NotYet(f"{where}. It has NaN or infinity in it.")
    if dtype is not None and found.dtype != dtype and not _is_listed(value, dtype):
        raise NotYet(
            f"{where}. The dtype should be {np.dtype(dtype)}, not {found.dtype}."
        )
    return found


def _is_listed(value, dtype) -> bool:
    """Whether these are lists of Python's numbers, of a kind that fits the dtype."""
    if not isinstance(value, list | tuple):
        return False
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return type(value) is int or (type(value) is float and np.dtype(dtype).kind == "f")


def like(value, where: str, right, same_dtype: bool = False):
    """A student's number or array, in the form of the right one.

    Raises:
        NotAttempted, NotYet: as `number` and `array` do.
    """
    if np.ndim(right) == 0:
        return number(value, where)
    right = np.asarray(right)
    return array(value, right.shape, where, right.dtype if same_dtype else None)


def in_its_dtype(value, where: str, right):
    """The same, and an array has the dtype of the right one."""
    return like(value, where, right, same_dtype=True)


def several(value, names: list[str], where: str) -> list:
    """The parts of an answer that consists of several things.

    Raises:
        NotYet: there are not as many as there are names.
    """
    try:
        found = list(plain(value))
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
        found = np.array(list(plain(value)))
        listed = np.ravel(found.astype(np.float64))
    except (TypeError, ValueError, OverflowError):
        raise NotYet(
            f"{where}. Expected a list of numbers, got {describe(value)}."
        ) from None
    if found.dtype == bool:
        raise NotYet(f"{where}. Those are True and False; give their places.")
    if not np.isfinite(listed).all():
        raise NotYet(f"{where}. It has NaN or infinity in it.")
    return listed.tolist()


def same(value, other, **tolerance) -> bool:
    """Whether two numbers or arrays are equal, up to what float32 rounds away."""
    return np.shape(value) == np.shape(other) and np.allclose(
        value, other, **FLOAT32 | tolerance
    )


def difference(given, right, **tolerance: float) -> str:
    """What differs between an answer and the right one, and no guess at the cause."""
    given, right = np.asarray(given), np.asarray(right)
    if max(given.size, right.size) <= SMALL:
        return f"Expected {_digits(right)}, got {_digits(given)}."
    if given.shape != right.shape:
        return f"Expected {right.size} numbers, got {given.size}."
    differs = ~np.isclose(given, right, **FLOAT32 | tolerance)
    place = np.argwhere(differs)[0].tolist()
    here = tuple(place)
    return (
        f"{differs.sum():,} of {differs.size:,} numbers differ. In place {place} "
        f"{_digits(right[here])} was expected, and {_digits(given[here])} came."
    )


def _digits(numbers) -> str:
    """Numbers as a list, with enough digits to tell apart what `same` tells apart."""
    if np.ndim(numbers):
        return f"[{', '.join(map(_digits, numbers))}]"
    return f"{float(numbers):.8g}"


def expect(
    value, right, mistakes: list, otherwise: str, where: str, **tolerance: float
) -> None:
    """Return if a student's number is right; else raise the hint that fits.

    Args:
        mistakes: pairs of a wrong value, which a known mistake leads to, and its hint.
        otherwise: the way to the right one, where no known mistake leads to this.
        tolerance: `rtol` or `atol` of `same`, where an answer may be rounded.

    Raises:
        NotYet: with `where` and the hint.
    """
    if same(value, right, **tolerance):
        return
    known = [hint for wrong, hint in mistakes if same(value, wrong, **tolerance)]
    raise NotYet(f"{where}. {known[0] if known else otherwise}")
