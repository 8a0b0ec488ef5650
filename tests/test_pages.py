"""The pages of make html: one file each, which asks nothing of the web."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.pages import PageExporter, mathml

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("**/*.ipynb"))
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# What a browser fetches without being asked, from anywhere but the page itself.
FETCHED = re.compile(
    r"""<(?:script|link|img|video|iframe|source)\b[^>]*?\b(?:src|href)\s*=\s*["']?
        (?!data:|\#)([^\s"'>]+)
        | (?:@import|\bimport\b|\burl)\s*\(?\s*["']?((?:https?:)?//[^\s"')]+)""",
    re.VERBOSE,
)


def fetched(page: str) -> list[str]:
    return ["".join(found) for found in FETCHED.findall(page)]


def test_a_page_asks_nothing_of_the_web_and_has_what_a_reader_needs():
    picture = new_output(
        "display_data",
        {"image/png": PNG},
        metadata={"image/png": {"alt": "A dot", "width": 1}},
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell(
                "# 1. T\n\nIt is $r_1$, [there](https://x.org).\n\n$$y$$"
            ),
            new_markdown_cell("`$5` and\n```\n$x$\n```"),
            new_code_cell("plot()", outputs=[picture]),
        ]
    )
    page, _ = PageExporter().from_notebook_node(notebook)
    assert fetched(page) == []
    assert page.count("<math ") == 2 and page.count('display="block"') == 1
    assert "<msub><mi>r</mi><mn>1</mn></msub>" in page
    assert "<code>$5</code>" in page and "$x$" in page  # code is no formula
    assert '<img alt="A dot"' in page and 'href="https://x.org"' in page


@pytest.mark.parametrize(
    "piece",
    [
        '<script src="https://x.org/a.js"></script>',
        "<link rel=stylesheet href=//x.org/a.css>",
        "<img alt='A cat' src='http://x.org/a.png'>",
        "<img src='a.png'>",
        "<style>@import 'https://x.org/a.css';</style>",
        "<style>p { background: url(https://x.org/a.png) }</style>",
        '<script>await import("https://x.org/a.mjs")</script>',
    ],
)
def test_what_would_be_fetched_is_found(piece):
    assert len(fetched(f"<p>{piece}</p>")) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_formula_of_the_series_becomes_mathml(path):
    """Nothing of TeX is left in it: a command that is not known would be."""
    notebook = nbformat.read(path, as_version=4)
    prose = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    page = PageExporter().markdown2html(prose)
    for formula in re.findall(r"<math.*?</math>", page, re.DOTALL):
        assert "\\" not in formula
    assert not re.search(r"\$\$|\$\\", re.sub(r"<code>.*?</code>", "", page))


def test_limits_stand_below_in_a_line_of_their_own():
    assert "<munder><mo>max</mo>" in mathml(r"\max_{a} Q", "block")
    assert "<msub><mo>max</mo>" in mathml(r"\max_{a} Q", "inline")
    assert "<munder>" in mathml(r"\arg\max_{a} Q", "block")
