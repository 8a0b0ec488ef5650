"""A student's function, called so that nothing it does can break a check.

Glossary
    stub    a function that does nothing but return None or `...`
"""

import copy
import dis
import inspect
import textwrap
import traceback

from dqn_tutorial.lessons.checks import NotAttempted, NotYet, describe, is_blank

DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


class Student:
    """A student's function, always called with copies of the arguments.

    Attributes:
        call: the last call as text, for instance "stack_at(..., 0, 5)".
        arguments: those of the last call, as the function left them.
    """

    def __init__(self, function):
        if not callable(function):
            raise NotYet(
                f"expected a function, got {describe(function)}. Write its name, "
                "without brackets."
            )
        self.function = function
        self.call, self.arguments = "", ()

    def __call__(self, *arguments):
        """What the function returns.

        Raises:
            NotAttempted: it is a stub.
            NotYet: it raises, returns nothing, or takes other arguments.
        """
        answer = self.change(*arguments)
        if answer is None:
            raise NotYet(
                f"{self.call} returns nothing. Is there a `return` on every path? "
                "`print` shows a value, only `return` gives it back."
            )
        if answer is ...:
            raise NotYet(f"{self.call} still returns `...`: return your answer there.")
        return answer

    def change(self, *arguments):
        """The same for a function that may return nothing: look at `arguments`."""
        name = getattr(self.function, "__name__", "<").replace("<lambda>", "<")
        name = "your function" if name == "<" else name
        self.call = f"{name}({', '.join(map(_literal, arguments))})"
        _refuse_other_arguments(self.function, name, arguments)
        self.arguments = copy.deepcopy(arguments)
        try:
            answer = self.function(*self.arguments)
        except NotImplementedError:
            raise NotAttempted from None
        except Exception as error:
            raise NotYet(f"{self.call} {self._what_it_raised(error)}") from error
        if is_blank(answer) and _is_stub(self.function):
            raise NotAttempted
        return answer

    def gives(self, value) -> str:
        """The last call and its result, to put before a hint."""
        return f"{self.call} gives {describe(value)}"

    def _what_it_raised(self, error: Exception) -> str:
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
    """An argument as one would type it; `...` for arrays and other large things."""
    plain = isinstance(argument, int | float | list | tuple)
    return text if plain and len(text := repr(argument)) <= 40 else "..."
