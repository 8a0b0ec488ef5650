"""What stands on slides, by the rule of tools/slides/rule.py."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.slides import rule, text
from tools.slides.make import exporter

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
# A PNG of one pixel; only its head is read, where width and height stand.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def markdown_output(text):
    return new_output("display_data", {"text/markdown": text})


CAPTION = markdown_output("*What it shows.*")


def picture(alt="A dot"):
    metadata = {"image/png": {"alt": alt, "width": 1}}
    return new_output("display_data", {"image/png": PNG}, metadata=metadata)


def printed(text):
    return new_output("stream", name="stdout", text=text)


def cells_of(*cells):
    """The cells of the slides as (slide type, source)."""
    given = [
        new_markdown_cell(cell)
        if isinstance(cell, str)
        else new_code_cell(cell.source, outputs=cell.outputs)  # with an id of its own
        for cell in cells
    ]
    made = rule.slides_of(new_notebook(cells=given))
    return [(cell.metadata.slideshow.slide_type, cell) for cell in made.cells]


def test_a_prediction_starts_a_slide_and_its_answer_waits():
    code = new_code_cell("print(1)", outputs=[printed("1\n")])
    kinds = [
        (kind, cell.source or cell.outputs[0].text)
        for kind, cell in cells_of(
            "## A", code, "**Predict.** How? Why?", code, "**What happened.** So. And."
        )
    ]
    assert kinds == [
        ("slide", "## A"),
        ("-", "print(1)"),
        ("-", "1\n"),
        ("subslide", "**Predict.** How? Why?"),
        ("-", "print(1)"),
        ("fragment", "1\n"),
        ("fragment", "**What happened.** So. And."),
    ]


def test_a_picture_stands_in_place_of_its_page():
    page = new_output(
        "display_data",
        {"text/html": "<iframe srcdoc=''></iframe>", "text/plain": "Page: A"},
    )
    code = new_code_cell("show()", outputs=[page, picture("A dot"), CAPTION])
    _, (_, shown) = cells_of("## A", code)
    assert len(shown.outputs) == 2
    assert '<img alt="A dot"' in shown.outputs[0].data["text/html"]


@pytest.mark.parametrize(
    ("paragraph", "shown"),
    [
        ("One. Two. Three.", "One."),
        ("One. Two **bold**. Three.", "One. Two **bold**."),
        ("About 1.5 of it, e.g. here. Two.", "About 1.5 of it, e.g. here."),
        (
            "Next: [8. Two](08_b.ipynb): what. Then.",
            "Next: [8. Two](08_b.ipynb): what.",
        ),
        ("[8. Two](08_b.ipynb) says it. Then.", "[8. Two](08_b.ipynb) says it."),
        ("[8. Two]", "[8."),
    ],
)
def test_a_paragraph_is_cut_after_a_sentence_and_not_in_a_link(paragraph, shown):
    assert text.highlights(paragraph) == shown


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ("[two](02_b.ipynb)", "[two](02_b.html)"),
        ("[code](../dqn_tutorial/catch.py)", "code"),
        ("[paper](https://arxiv.org)", "[paper](https://arxiv.org)"),
    ],
)
def test_links_lead_to_slides_or_to_the_web(link, made):
    assert text.relinked(f"See {link}.") == f"See {made}."


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_lesson_becomes_slides_that_ask_nothing_of_the_web(path):
    notebook = nbformat.read(path, as_version=4)
    before = nbformat.writes(notebook)
    slides = rule.slides_of(notebook)
    assert nbformat.writes(notebook) == before
    headings = [c.source for c in slides.cells if c.source.startswith("## ")]
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert headings == re.findall(r"^## .+$", re.sub(r"```.*?```", "", prose), re.M)
    asked = [c for c in slides.cells if "**Predict.**" in c.source]
    assert len(asked) == prose.count("**Predict.**")
    for piece in rule.packed(rule.pieces(notebook)):
        assert len(piece) == 1 or sum(p.lines for p in piece) <= rule.ROOM


def test_of_a_page_in_a_frame_only_the_picture_becomes_a_slide():
    """The page would take the keys that turn the slides."""
    frame = new_output(
        "display_data",
        {"text/html": '<iframe srcdoc="<p>x</p>"></iframe>', "text/plain": "Page: x"},
    )
    lesson = new_code_cell("show()", outputs=[frame, picture("A dot"), CAPTION])
    made = [cell for _, cell in cells_of("# 1. T", lesson)]
    shown = str([cell.get("outputs") for cell in made])
    assert "A dot" in shown and "iframe" not in shown and "Page:" not in shown


def test_a_deck_asks_nothing_of_the_web():
    lesson = new_notebook(
        cells=[
            new_markdown_cell("# 1. T\n\n$$x$$"),
            new_code_cell("plot()", outputs=[picture("A dot"), CAPTION]),
        ]
    )
    page, _ = exporter().from_notebook_node(rule.slides_of(lesson))
    tags = r"<(?:script|link|img|video)[^>]*?(?:src|href)=\"(?!data:)([^\"]+)"
    assert set(re.findall(tags, page)) == {
        "reveal/dist/reveal.css",
        "reveal/dist/theme/white.css",
        "slides.css",
        "tex-svg.js",
        "reveal/dist/reveal.js",
        "reveal/plugin/notes/notes.js",
    }
    assert not re.search(r"(?:import|from|url\()\s*[('\"]*(?:https?:)?//", page)
    assert '<img alt="A dot"' in page
    assert "<title>1. T" in page
