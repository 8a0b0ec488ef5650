"""Each lesson has its solutions: the same exercises, every check passed, good form."""

import re
from pathlib import Path

import hygiene
import nbformat
import pytest
from test_notebooks import NOTEBOOKS, PACKAGE, ROOT

SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
NAMES = [path.name for path in SOLUTIONS]
RULES = [rule for rule in hygiene.RULES if rule is not hygiene.parts]  # of a lesson
CALL = re.compile(r"\bcheck_\d\d_\w+(?=\()")
TITLE = re.compile(r"^#+ (Exercise \d+\. .+?)(?: \(.*\))?$", re.MULTILINE)

solutions = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def lesson_of(solution: Path) -> Path:
    return ROOT / "notebooks" / solution.name.replace("_solutions", "")


def read(path: Path):
    return nbformat.read(path, as_version=4)


def calls(notebook) -> list[str]:
    return [
        c for _, cell in hygiene.code_cells(notebook) for c in CALL.findall(cell.source)
    ]


def passed(notebook) -> set[str]:
    """The checks that have a cell of their own in which they find all right."""
    return {
        CALL.search(cell.source)[0]
        for _, cell in hygiene.code_cells(notebook)
        if re.fullmatch(r"(checks\.)?check_\d\d_\w+\([^()]*\)", cell.source)
        and not cell.outputs[0].text.startswith("Not ")
    }


def test_every_lesson_with_exercises_has_solutions():
    lessons = [path for path in NOTEBOOKS if calls(read(path))]
    assert len(lessons) >= 7
    assert list(map(lesson_of, SOLUTIONS)) == lessons


@solutions
def test_solutions_have_the_exercises_of_their_lesson_in_order(path):
    titles = [
        TITLE.findall("\n".join(hygiene.markdown(read(p))))
        for p in (path, lesson_of(path))
    ]
    assert titles[0] == titles[1] and len(titles[0]) >= 3


@solutions
def test_solutions_pass_every_check_of_their_lesson(path):
    assert passed(read(path)) == set(calls(read(lesson_of(path))))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@solutions
def test_solutions_obey(path, rule):
    assert list(rule(read(path))) == []


@solutions
def test_solutions_link_to_their_lesson_to_their_neighbours_and_to_files(path):
    assert list(hygiene.links(read(path), path, NAMES)) == []
    first, *_, last = hygiene.markdown(read(path))
    assert all(f"](../{lesson_of(path).name})" in text for text in (first, last))


@solutions
def test_solutions_hold_no_copy_of_the_package(path):
    assert list(hygiene.pasted_code(read(path), PACKAGE)) == []


def test_a_solution_that_fails_its_check_is_found():
    notebook = read(SOLUTIONS[0])
    before = passed(notebook)
    for _, cell in hygiene.code_cells(notebook):
        if cell.outputs and cell.source.startswith("check_"):
            cell.outputs[0].text = "Not yet: update 1."
            break
    assert len(passed(notebook)) == len(before) - 1
