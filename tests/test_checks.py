"""Every check: right answers pass, wrong ones get the fitting hint, nothing breaks it.

What students hand in stands in tables, answers_01.py to the last lesson's. Every check
is tried on them, and on whatever else a student's function may do.
"""

import ast
import copy
import functools
import importlib
import math
import re
from pathlib import Path

import numpy as np
import pytest

from dqn_tutorial.lessons import checks
from dqn_tutorial.lessons.checks import (
    NOT_ALL_ATTEMPTED,
    NOT_ATTEMPTED,
    PRINTED_LINES,
    check,
    expect,
    number,
)
from dqn_tutorial.lessons.student import Student
from dqn_tutorial.quiet_tensorflow import tf

HERE = Path(__file__).parent
LESSONS = [
    path.parent.name[-2:]
    for path in sorted(Path(checks.__file__).parent.glob("lesson_*/checks.py"))
]
WITH_ANSWERS = [n for n in LESSONS if (HERE / f"answers_{n}.py").exists()]
TRIED = [t for n in WITH_ANSWERS for t in importlib.import_module(f"answers_{n}").TRIED]
FUNCTIONS = [tried for tried in TRIED if tried.is_of_a_function]
VALUES = [tried for tried in TRIED if not tried.is_of_a_function]


def each(cases):
    return pytest.mark.parametrize("tried", cases, ids=lambda tried: tried.name)


def every(kind):
    """(tried, k) for each right, or each wrong, answer of each check."""
    pairs = [(tried, k) for tried in TRIED for k in range(len(getattr(tried, kind)))]
    ids = [f"{tried.name}-{k}" for tried, k in pairs]
    return pytest.mark.parametrize(("tried", "k"), pairs, ids=ids)


def said(capsys, tell, *answers) -> str:
    assert tell(*answers) is None
    return capsys.readouterr().out


def is_praise(text: str) -> bool:
    return text.count("\n") == 1 and not text.startswith("Not ")


def is_a_hint(text: str) -> bool:
    return text.startswith("Not yet: ") and text.count("\n") == 1


def test_every_check_is_tried_on_four_wrong_answers_and_two_right_ones():
    named = {
        name
        for n in LESSONS
        for name in vars(
            importlib.import_module(f"dqn_tutorial.lessons.lesson_{n}.checks")
        )
        if re.match(r"check_\d\d_", name)
    }
    assert len(named) >= 3 * len(LESSONS)
    assert {tried.name for tried in TRIED} == named
    for tried in TRIED:
        hints = {hint for _, hint in tried.wrong}
        assert len(hints) >= 4 and len(tried.right) >= 2, tried.name


@every("right")
def test_a_right_answer_is_accepted(tried, k, capsys):
    assert is_praise(said(capsys, tried.check, *tried.right[k]))


class Beside:
    """A student's function; the right one hears the same calls, to know the answer."""

    def __init__(self, right, function):
        self.right, self.function, self.answer = right, function, None
        self.__name__ = getattr(function, "__name__", "function")

    def __call__(self, *arguments):
        self.answer = self.right(*copy.deepcopy(arguments))
        return self.function(*arguments)


def as_written(answer) -> list[str]:
    """How a sentence could give away a right answer: its numbers, or its list."""
    rows = isinstance(answer, list) and any(np.ndim(part) for part in answer)
    if isinstance(answer, tuple) or rows:
        return [text for part in answer for text in as_written(part)]
    if answer is None or np.size(answer) > 20:
        return []
    return [f"{answer:g}" if np.ndim(answer) == 0 else str(np.asarray(answer).tolist())]


@every("wrong")
def test_a_wrong_answer_gets_the_hint_that_fits_and_not_the_answer(tried, k, capsys):
    answers, hint = tried.wrong[k]
    secrets = list(tried.secrets)
    if tried.is_of_a_function and callable(answers[0]):
        answers = (Beside(tried.right[0][0], answers[0]),)
    text = said(capsys, tried.check, *answers).splitlines()[0]
    assert text.startswith("Not yet: ") and hint in text
    if isinstance(answers[0], Beside):
        secrets += as_written(answers[0].answer)
    _, _, after_the_call = text.partition(". ")
    for secret in secrets:
        assert not re.search(rf"(?<![\d.]){re.escape(secret)}(?!\.?\d)", after_the_call)


def sentences(lesson: str) -> set[str]:
    """What a lesson's checks can say: all text in them but docstrings and names."""
    tree = ast.parse(
        (Path(checks.__file__).parent / f"lesson_{lesson}/checks.py").read_text()
    )
    documented = ast.Module | ast.FunctionDef | ast.ClassDef
    nodes = list(ast.walk(tree))
    docs = {ast.get_docstring(n, False) for n in nodes if isinstance(n, documented)}
    texts = {n.value for n in nodes if isinstance(n, ast.Constant)}
    return {text for text in texts - docs if isinstance(text, str) and " " in text}


@pytest.mark.parametrize("lesson", WITH_ANSWERS)
def test_every_sentence_is_said_to_some_answer(lesson, capsys):
    heard = ""
    for tried in TRIED:
        if tried.name.startswith(f"check_{lesson}_"):
            for answers in [*tried.right, *(wrong for wrong, _ in tried.wrong)]:
                heard += said(capsys, tried.check, *answers)
    assert {text for text in sentences(lesson) if text not in heard} == set()


# What else a student may do


def not_implemented(*_):
    raise NotImplementedError


def with_a_docstring(*_):
    """Write me."""
    pass


STUBS = [None, ..., lambda *_: None, lambda *_: ..., with_a_docstring, not_implemented]


@pytest.mark.parametrize("stub", STUBS)
@each(FUNCTIONS)
def test_a_stub_is_not_attempted(tried, stub, capsys):
    assert said(capsys, tried.check, stub) == NOT_ATTEMPTED + "\n"


@pytest.mark.parametrize("blank", [None, ...])
@each(VALUES)
def test_a_blank_is_not_attempted_and_one_of_several_is_named(tried, blank, capsys):
    answers = tried.right[0]
    assert said(capsys, tried.check, *[blank] * len(answers)) == NOT_ATTEMPTED + "\n"
    single = NOT_ATTEMPTED if len(answers) == 1 else NOT_ALL_ATTEMPTED
    for k in range(len(answers)):
        given = (*answers[:k], blank, *answers[k + 1 :])
        assert said(capsys, tried.check, *given) == single + "\n"


def converted(answer, leaf):
    """An answer with each number and array in it turned into another form."""
    if answer is None:
        return None
    if isinstance(answer, list | tuple):
        return type(answer)(converted(part, leaf) for part in answer)
    return leaf(answer)


def returning(function, leaf):
    return lambda *arguments: converted(function(*arguments), leaf)


def is_array(answer) -> bool:
    return np.ndim(answer) > 0


FORMS = {
    "list": lambda x: np.asarray(x).tolist(),
    "tuple": lambda x: tuple(np.asarray(x).tolist()) if is_array(x) else x,
    "tensor": tf.constant,
    "variable": lambda x: tf.Variable(x),
    "NumPy scalar": lambda x: x if is_array(x) else np.asarray(x)[()],
    "array of one": lambda x: x if is_array(x) else np.array([x]),
}


@pytest.mark.parametrize("form", FORMS)
@each(TRIED)
def test_a_right_answer_is_accepted_in_another_form(tried, form, capsys):
    answers = tried.right[0]
    if tried.is_of_a_function:
        answers = [returning(answers[0], FORMS[form])]
    else:
        answers = [FORMS[form](answer) for answer in answers]
    assert is_praise(said(capsys, tried.check, *answers))


@each(TRIED)
def test_float32_is_accepted_or_told_where_bytes_are_wanted(tried, capsys):
    if tried.is_of_a_function:
        answers = [returning(tried.right[0][0], np.float32)]
    else:
        answers = [np.float32(answer) for answer in tried.right[0]]
    text = said(capsys, tried.check, *answers)
    if tried.wants_bytes:
        assert is_a_hint(text) and "should be uint8, not float32" in text
    else:
        assert is_praise(text)


def then(function, and_then):
    """A function that does something more with its arguments when it has its answer."""

    def both(*arguments):
        answer = copy.deepcopy(function(*arguments))
        and_then(*arguments)
        return answer

    return both


def spoil(*arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument.fill(0)
        elif isinstance(argument, list):
            spoil(*argument)
            argument.clear()


@each([tried for tried in FUNCTIONS if tried.arguments != "changed"])
def test_a_function_may_change_its_arguments_unless_it_is_told_not_to(tried, capsys):
    text = said(capsys, tried.check, then(tried.right[0][0], spoil))
    if tried.arguments == "kept":
        assert is_a_hint(text) and "changes the arrays" in text
    else:
        assert is_praise(text)


def chatter(*_):
    for k in range(30):
        print(f"line {k}" + " and more" * 30)


@each(FUNCTIONS)
def test_prints_do_not_hide_the_verdict(tried, capsys):
    assert is_praise(said(capsys, tried.check, then(tried.right[0][0], chatter)))
    wrong = next(answers[0] for answers, _ in tried.wrong if callable(answers[0]))
    verdict = said(capsys, tried.check, wrong)
    chatting = said(capsys, tried.check, Beside(chatter, wrong)).splitlines()
    assert chatting[0].partition("(")[2] == verdict.splitlines()[0].partition("(")[2]
    assert len(chatting) == 2 + PRINTED_LINES
    assert chatting[-1].startswith("    line 29 and") and len(chatting[-1]) <= 79


def fails(*_):
    raise KeyError("the ball")


@each(FUNCTIONS)
def test_an_error_is_told_with_the_call_and_the_line(tried, capsys):
    text = said(capsys, tried.check, fails)
    assert is_a_hint(text) and text.startswith("Not yet: fails(")
    assert "raises KeyError: 'the ball'." in text
    assert 'in the line `raise KeyError("the ball")`' in text


@each(FUNCTIONS)
def test_a_wrong_number_of_parameters_is_told(tried, capsys):
    text = said(capsys, tried.check, lambda: 0)
    assert is_a_hint(text) and "takes (), but the exercise calls it with" in text


@each([tried for tried in FUNCTIONS if tried.arguments != "changed"])
def test_a_forgotten_return_is_told(tried, capsys):
    def forgets(*arguments):
        print(tried.right[0][0](*arguments))

    text = said(capsys, tried.check, forgets).splitlines()[0]
    assert "returns nothing" in text and "`return`" in text


@each(FUNCTIONS)
def test_dots_left_behind_are_told_if_something_is_to_be_returned(tried, capsys):
    def leaves_the_dots(*arguments):
        tried.right[0][0](*arguments)
        return ...

    text = said(capsys, tried.check, leaves_the_dots)
    if tried.arguments == "changed":
        assert is_praise(text)
    else:
        assert is_a_hint(text) and "still returns `...`" in text


ODD = [
    "a lot", "", b"", [], (), {}, {"a": 1}, {1.5}, object(), print, str, True, 1j, -7,
    10**400, float("nan"), float("inf"), np.float32("nan"), np.array([]),
    np.zeros((2, 2)), np.array(["x"]), np.array(None), [[1], [2, 3]], [None],
    (None, None), (..., ...), iter("ab"), tf.zeros(2), tf.constant("x"),
    np.full((4, 84, 84), np.nan),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@each(TRIED)
def test_no_odd_answer_is_accepted_or_breaks_the_check(tried, odd, capsys):
    for k in range(len(tried.right[0])):
        answers = list(tried.right[0])
        answers[k] = (lambda *_: odd) if tried.is_of_a_function else odd
        text = said(capsys, tried.check, *answers)
        assert is_a_hint(text) or text == NOT_ATTEMPTED + "\n"
        assert " at 0x" not in text and len(text) < 400


@each(FUNCTIONS)
def test_a_value_in_place_of_a_function_is_told(tried, capsys):
    assert "expected a function, got 3" in said(capsys, tried.check, 3)


@check
def check_double(function):
    theirs = Student(function)
    for x in (1.0, 2.5):
        given = number(theirs(x), theirs.call)
        mistakes = [(x**2, "That is the square.")]
        expect(given, 2 * x, mistakes, "Work it out by hand.", theirs.gives(given))
    return "Right."


@pytest.mark.parametrize(
    ("function", "verdict"),
    [
        (lambda x: x + x, "Right."),
        (lambda x: x * x, "Not yet: your function(1.0) gives 1. That is the square."),
        (functools.partial(pow, 2), "Not yet: your function(2.5) gives 5.65685. Work"),
        (math.sqrt, "Not yet: sqrt(1.0) gives 1. That is the square."),
        (math.hypot, "Not yet: hypot(1.0) gives 1. That is the square."),
        (lambda x: [x, x], "Not yet: your function(1.0). Expected one number, got 2"),
        (lambda x: 1 / 0, "Not yet: your function(1.0) raises ZeroDivisionError: div"),
        (lambda x: np.ones(2) @ np.ones(3), "Not yet: your function(1.0) raises Value"),
    ],
)
def test_the_check_of_the_docstring_says_what_it_should(function, verdict, capsys):
    text = said(capsys, check_double, function)
    assert text.startswith(verdict) and text.count("\n") == 1
