"""Every check: right answers pass, wrong ones get the fitting hint, nothing breaks it.

What students hand in stands in tables, answers_01.py to the last lesson's. Every check
is tried on them, and on whatever else a student's function may do.
"""

import ast
import copy
import functools
import importlib
import inspect
import itertools
import math
import re
from asyncio import CancelledError
from pathlib import Path

import numpy as np
import pytest

from dqn_tutorial.lessons import checks
from dqn_tutorial.lessons.checks import (
    NOT_ALL_ATTEMPTED,
    NOT_ATTEMPTED,
    PRINTED_LINES,
    check,
)
from dqn_tutorial.lessons.lesson_06 import rehearsal
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


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    """Exercise 06.4 trains for a minute; test_checks_06.py does so."""

    def score(loop):
        if error := getattr(loop, "error", None):
            raise error
        return getattr(loop, "score", 0.93)

    monkeypatch.setattr(rehearsal, "score_after_training", score)


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
    """A student's function; another one hears the same calls before it."""

    def __init__(self, other, function):
        self.other, self.function = other, function
        self.__name__ = getattr(function, "__name__", "function")

    def __call__(self, *arguments):
        self.other(*copy.deepcopy(arguments))
        return self.function(*arguments)


@every("wrong")
def test_a_wrong_answer_gets_the_hint_that_fits_and_not_the_answer(tried, k, capsys):
    answers, hint = tried.wrong[k]
    text = said(capsys, tried.check, *answers).splitlines()[0]
    assert text.startswith("Not yet: ") and hint in text
    _, _, after_the_call = text.partition(". ")
    for secret in tried.secrets:
        assert not re.search(rf"(?<![\d.]){re.escape(secret)}(?!\.?\d)", after_the_call)


def sentences(lesson: str) -> set[str]:
    """What a lesson's checks can say: all text in them but docstrings and names."""
    tree = ast.parse(
        (Path(checks.__file__).parent / f"lesson_{lesson}/checks.py").read_text(
            encoding="utf-8"
        )
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


# The rule for all functions


def paint(value):
    """Change one number in an array, or in the first array of a list."""
    if isinstance(value, np.ndarray) and value.size:
        value.flat[-1] = value.flat[-1] == 0
    elif isinstance(value, list | tuple) and value:
        paint(value[0])
    elif isinstance(value, dict):
        paint(list(value.values()))


def shorten(value):
    if isinstance(value, list | dict) and value:
        value.popitem() if isinstance(value, dict) else value.pop(0)


def append(value):
    if isinstance(value, list):
        value.append(0)


def retype(value):
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value.shape = (1, value.size)


@pytest.mark.parametrize("harm", [paint, shorten, append, retype])
@each(FUNCTIONS)
def test_what_a_function_is_given_must_stay_as_it_was(tried, harm, capsys):
    harmed = []

    def spoil(*arguments):
        for argument in arguments[tried.changes :]:
            before = repr(argument)
            harm(argument)
            harmed.append(repr(argument) != before)

    text = said(capsys, tried.check, then(tried.right[0][0], spoil))
    if any(harmed):
        assert is_a_hint(text) and " changes " in text and "as it was" in text
    else:
        assert is_praise(text)


def is_mutable(answer) -> bool:
    """Whether it is an array or a list, or has one in it."""
    inside = isinstance(answer, tuple) and any(map(is_mutable, answer))
    return inside or isinstance(answer, np.ndarray | list)


class Reusing:
    """Gives its answer in one and the same array, or list, in every call."""

    def __init__(self, function):
        self.function, self.kept, self.reused = function, {}, False

    def __call__(self, *arguments):
        return self.store(copy.deepcopy(self.function(*arguments)), ())

    def store(self, answer, place):
        if isinstance(answer, tuple):
            return tuple(self.store(a, (*place, k)) for k, a in enumerate(answer))
        if not isinstance(answer, np.ndarray | list):
            return answer
        is_list = isinstance(answer, list)
        key = place if is_list else (place, answer.shape, answer.dtype)
        kept = self.kept.setdefault(key, answer)
        kept[:] = answer
        self.reused = True
        return kept


@each([tried for tried in FUNCTIONS if not tried.changes])
def test_every_call_must_give_an_answer_of_its_own(tried, capsys):
    reusing = Reusing(tried.right[0][0])
    text = said(capsys, tried.check, reusing)
    if reusing.reused:
        assert is_a_hint(text) and "gives what an earlier call gave" in text
    else:
        assert is_praise(text)


def moved(answer):
    """Another answer of the same form: one number of it has changed."""
    if isinstance(answer, list | tuple):
        return type(answer)([moved(answer[0]), *answer[1:]]) if answer else answer
    if isinstance(answer, np.ndarray) and answer.ndim:
        answer = answer.copy()
        answer.flat[0] += 3
        return answer
    return not answer if isinstance(answer, bool) else answer + 3


@each([tried for tried in FUNCTIONS if not tried.changes and not tried.random])
def test_the_same_arguments_must_give_the_same_answer(tried, capsys):
    calls = itertools.count()

    def remembers(*arguments):
        answer = tried.right[0][0](*arguments)
        return moved(answer) if next(calls) % 2 else answer

    text = said(capsys, tried.check, remembers)
    assert is_a_hint(text) and "the second time" in text


@each(FUNCTIONS)
def test_every_argument_counts(tried, capsys):
    """What is hard-coded for the first call must not do for the others."""
    right = tried.right[0][0]
    places = len(inspect.signature(right).parameters)
    for k in set(range(tried.changes, places)) - set(tried.no_matter):
        first = []

        def frozen(*arguments, k=k, first=first):
            first.append(copy.deepcopy(arguments[k]))
            return right(*arguments[:k], copy.deepcopy(first[0]), *arguments[k + 1 :])

        text = said(capsys, tried.check, frozen)
        assert text.startswith("Not yet: "), k


@each([tried for tried in FUNCTIONS if not tried.changes and not tried.random])
def test_an_unknown_mistake_is_told_by_what_was_expected_and_what_came(tried, capsys):
    if tried.check.__name__ in ("check_04_silent_bug", "check_09_a_test"):
        return  # they say which slot, and which bug

    text = said(capsys, tried.check, lambda *given: moved(tried.right[0][0](*given)))
    assert is_a_hint(text)
    assert re.search("Expected .*, got .*|was expected, and .* came", text)


class Own(BaseException):
    pass


@pytest.mark.parametrize("kind", [SystemExit, GeneratorExit, CancelledError, Own])
@each(FUNCTIONS)
def test_nothing_that_is_raised_escapes(tried, kind, capsys):
    def leaves(*_):
        raise kind

    def leaves_later(*_):
        yield 1
        raise kind

    for function in (leaves, leaves_later):
        text = said(capsys, tried.check, function)
        assert is_a_hint(text) or (tried.changes and function is leaves_later)
    assert kind.__name__ in text or tried.changes


@each(FUNCTIONS)
def test_a_person_can_interrupt(tried):
    def waits(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried.check(waits)


class Odd:
    def __array__(self, *_, **__):
        raise SystemExit


@each(TRIED)
def test_an_answer_that_raises_when_it_is_read_breaks_nothing(tried, capsys):
    answers = [Odd() for _ in tried.right[0]]
    if tried.is_of_a_function:
        answers = [lambda *_: Odd()]
    assert is_a_hint(said(capsys, tried.check, *answers))


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


@each([tried for tried in FUNCTIONS if not tried.changes])
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
    if tried.changes:
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
    cases = [((1.0,), 2.0), ((2.5,), 5.0), ((3.0,), 6.0)]
    mistakes = [(lambda x: x**2, "That is the square.")]
    Student(function).expect(cases, mistakes)
    return "Right."


@pytest.mark.parametrize(
    ("function", "verdict"),
    [
        (lambda x: x + x, "Right."),
        (lambda x: x * x, "Not yet: your function(1.0) gives 1. That is the square."),
        # 1.0 is as with the square, but the square does not explain the others
        (lambda x: 1.0, "Not yet: your function(1.0). Expected 2, got 1."),
        (functools.partial(pow, 2), "Not yet: your function(2.5). Expected 5, got 5.6"),
        (math.sqrt, "Not yet: sqrt(1.0). Expected 2, got 1."),
        (math.hypot, "Not yet: hypot(1.0). Expected 2, got 1."),
        (lambda x: [x, x], "Not yet: your function(1.0). Expected one number, got 2"),
        (lambda x: (x, x), "Not yet: your function(1.0). Expected one number, got 2"),
        (lambda x: 1 / 0, "Not yet: your function(1.0) raises ZeroDivisionError: div"),
        (lambda x: np.ones(2) @ np.ones(3), "Not yet: your function(1.0) raises Value"),
        (
            lambda x: 2 * x + 2e-5,
            "Not yet: your function(1.0). Expected 2, got 2.00002",
        ),
    ],
)
def test_the_check_of_the_docstring_says_what_it_should(function, verdict, capsys):
    text = said(capsys, check_double, function)
    assert text.startswith(verdict) and text.count("\n") == 1


def test_of_large_arrays_the_first_place_that_differs_is_told():
    right = np.zeros((4, 84, 84), np.uint8)
    given = right.copy()
    given[2, 3, 5:7] = 200
    assert checks.difference(given, right) == (
        "2 of 28,224 numbers differ. In place [2, 3, 5] 0 was expected, and 200 came."
    )
    assert checks.difference(np.zeros(3), np.ones(20)) == "Expected 20 numbers, got 3."


@pytest.mark.parametrize(
    ("text", "value"),
    [("40,000", 40_000), ("1,234,567.5", 1_234_567.5), (" -1,000", -1e3)],
)
def test_a_number_as_text_may_have_commas_between_its_thousands(text, value):
    assert checks.number(text, "it") == value


@pytest.mark.parametrize(
    "text", ["0,375", "40,00", "40 000", "40,000 frames", "1,2345"]
)
def test_text_that_could_be_two_numbers_is_told_and_not_guessed(text):
    with pytest.raises(checks.NotYet, match="Digits and a point only"):
        checks.number(text, "it")
