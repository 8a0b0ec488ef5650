"""A student's function, tried by one rule, so that nothing it does can break a check.

The rule: several arguments are tried, each of them twice. What the function is given
stays as it was, and what it gives is its own: no part of an argument, no array that an
earlier call gave, and the same again the second time. Of the wrong answers a mistake
is named only if it explains every one; else a hint says what was expected and what
came, and guesses no cause.

Glossary
    stub    a function that does nothing but return None or `...`
"""

import contextlib
import copy
import dis
import inspect
import io
import itertools
import textwrap
import traceback
from collections.abc import Iterator

import numpy as np

from dqn_tutorial.lessons.checks import (
    NotAttempted,
    NotYet,
    describe,
    difference,
    is_blank,
    like,
    plain,
    same,
)

DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
ENOUGH = 100_000  # of what a generator yields, since it may go on for ever


class Student:
    """A student's function, called by the rule above, always with copies.

    Args:
        changes: the place of the one argument that the function is to change; what
            becomes of it is the answer then.
        may_be_a_view: an answer that shares memory with an argument does no harm.
        random: the second answer may differ from the first.

    Attributes:
        call: the last call as text, for instance "stack_at(uint8[12, 2, 3], 0, 5)".
    """

    def __init__(
        self, function, changes: int | None = None, may_be_a_view=False, random=False
    ):
        if not callable(function):
            raise NotYet(
                f"expected a function, got {describe(function)}. Write its name, "
                "without brackets."
            )
        self.function, self.changes = function, changes
        self.may_be_a_view, self.random = may_be_a_view, random
        self.call = ""
        self._earlier = []  # what earlier answers consist of

    def __call__(self, *arguments):
        """What the function gives.

        Raises:
            NotAttempted: it is a stub.
            NotYet: it raises, returns nothing, takes other arguments, or breaks the
                rule.
        """
        name = getattr(self.function, "__name__", "<").replace("<lambda>", "<")
        name = "your function" if name == "<" else name
        self.call = call = f"{name}({', '.join(map(_literal, arguments))})"
        _refuse_other_arguments(self.function, name, arguments)
        first = self._once(arguments)
        with contextlib.redirect_stdout(io.StringIO()):  # its prints are known
            self.call = f"the second time, {call}"
            second = self._once(arguments)
        self.call = call
        if not self.random and not _alike(first, second):
            raise NotYet(
                f"{call} gives {describe(first)} the first time and {describe(second)} "
                "the second time. The same arguments must give the same answer."
            )
        return first

    def expect(self, cases, mistakes=(), part="", read=like, **tolerance) -> None:
        """Return if the answers to all cases are right; else raise the hint that fits.

        Args:
            cases: pairs of the arguments and of what they should give.
            mistakes: pairs of a function of the same arguments, which is wrong in a
                known way, and its hint; it is raised if this explains every
                answer.
            part: what of an answer is looked at, in words.
            read: `read(answer, where, right)` makes numbers or an array of an answer.
            tolerance: `rtol` or `atol` of `same`.

        Raises:
            NotAttempted, NotYet: as a call does, or since an answer is wrong.
        """
        tried, wrong = [], None
        for arguments, right in cases:
            answer = self(*arguments)
            where = f"{self.call}, {part}" if part else self.call
            given, right = read(answer, where, right), read(right, where, right)
            tried.append((arguments, given))
            if wrong is None and not same(given, right, **tolerance):
                wrong = arguments, given, right, where
        if wrong is None:
            return
        arguments, given, right, where = wrong
        self._once(arguments)  # once more, so that its prints come last
        shown = f" {'is' if part else 'gives'} {describe(given)}"
        shown = "" if np.ndim(given) else shown
        for mistake, hint in mistakes:
            if all(same(g, mistake(*args), **tolerance) for args, g in tried):
                raise NotYet(f"{where}{shown}. {hint}")
        raise NotYet(f"{where}. {difference(given, right, **tolerance)}")

    def _once(self, arguments: tuple):
        given = copy.deepcopy(arguments)
        try:
            answer = self.function(*given)
            if isinstance(answer, Iterator):
                answer = list(itertools.islice(answer, ENOUGH))
        except NotImplementedError:
            raise NotAttempted from None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too, which would end the notebook
            raise NotYet(f"{self.call} {self._what_it_raised(error)}") from error
        if is_blank(answer) and _is_stub(self.function):
            raise NotAttempted
        for k, (after, before) in enumerate(zip(given, arguments, strict=True)):
            if k != self.changes and not _alike(after, before):
                raise NotYet(
                    f"{self.call} changes {self._argument(k)}. Leave what the function "
                    "is given as it was."
                )
        if self.changes is not None:
            return given[self.changes]
        self._refuse_what_is_not_its_own(answer, given)
        return answer

    def _refuse_what_is_not_its_own(self, answer, given: tuple) -> None:
        if answer is None:
            raise NotYet(
                f"{self.call} returns nothing. Is there a `return` on every path? "
                "`print` shows a value, only `return` gives it back."
            )
        if answer is ...:
            raise NotYet(f"{self.call} still returns `...`: return your answer there.")
        parts = list(_parts(answer))
        for k, argument in enumerate(given):
            if not self.may_be_a_view and _shared(parts, list(_parts(argument))):
                raise NotYet(
                    f"{self.call} gives a part of {self._argument(k)} itself, not a "
                    "copy: when that changes, so does the answer."
                )
        if _shared(parts, self._earlier):
            raise NotYet(
                f"{self.call} gives what an earlier call gave, not a copy: when the "
                "one changes, so does the other. Make a new one in every call."
            )
        self._earlier += parts

    def _argument(self, k: int) -> str:
        try:
            return f"`{list(inspect.signature(self.function).parameters)[k]}`"
        except (TypeError, ValueError, IndexError):
            return f"argument {k + 1}"

    def _what_it_raised(self, error: BaseException) -> str:
        text = textwrap.shorten(str(error), 120, placeholder="...") or "no message"
        text += "" if text[-1] in ".?!" else "."
        said = f"raises {type(error).__name__}: {text}"
        code = getattr(self.function, "__code__", None)
        lines = [
            frame.line
            for frame in traceback.extract_tb(error.__traceback__)
            if code and frame.filename == code.co_filename and frame.line
        ]
        return f"{said} It happens in the line `{lines[-1]}`." if lines else said


def _refuse_other_arguments(function, name: str, arguments: tuple) -> None:
    """Raise a hint if a function cannot be called with that many arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a few functions of C code have none
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        raise NotYet(
            f"{name} takes {signature}, but the exercise calls it with "
            f"{len(arguments)} arguments. Keep those of the stub."
        ) from None


def _is_stub(function) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and DOES_NOTHING.issuperset(
        step.opname for step in dis.get_instructions(code)
    )


def _literal(argument) -> str:
    """An argument as one would type it; shape or length where that is too long."""
    small = isinstance(argument, np.ndarray) and argument.size <= 8
    text = repr(argument.tolist() if small else argument)
    if isinstance(argument, np.ndarray) and (not small or len(text) > 40):
        return f"{argument.dtype}{list(argument.shape)}"
    if not isinstance(argument, np.ndarray | int | float | str | list | tuple):
        return "..."
    if len(text) > 40 or "array" in text:
        return f"{type(argument).__name__} of {len(argument)}"
    return text


def _alike(some, other) -> bool:
    """Whether two values hold the same data; anything else, a game say, does too."""
    some, other = plain(some), plain(other)
    if isinstance(other, list | tuple):
        return (
            type(some) is type(other)
            and len(some) == len(other)
            and all(map(_alike, some, other))
        )
    if isinstance(other, dict):
        return list(some) == list(other) and all(
            _alike(some[key], other[key]) for key in other
        )
    if isinstance(other, np.ndarray | np.generic | int | float):
        some, other = np.asarray(some), np.asarray(other)
        return some.dtype == other.dtype and (
            np.array_equal(some, other)
            or (other.dtype.kind == "f" and same(some, other, equal_nan=True))
        )
    return some == other if isinstance(other, str | bytes | set) else True


def _parts(value):
    """The arrays, and the lists and the like, of which a value consists."""
    if isinstance(value, np.ndarray | list | dict | set) or hasattr(value, "assign"):
        yield value
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _parts(part)


def _shared(parts: list, others: list) -> bool:
    """Whether a change of some of these would change one of the others."""
    if not {id(part) for part in parts}.isdisjoint(map(id, others)):
        return True
    arrays, of_others = (
        [part for part in some if isinstance(part, np.ndarray)]
        for some in (parts, others)
    )
    return any(np.may_share_memory(a, b) for a in arrays for b in of_others)
