"""Which parts of a notebook stand on slides: one rule for all notebooks.

- A heading starts a slide: H1 and H2 to the right, H3 below.
- Of a paragraph a slide shows the first sentence, or all up to the last word in bold.
  The speaker's notes hold the whole. Lists, tables and formulas are shown.
- **Predict.** starts a slide and is shown whole, with the code it asks about. What the
  code puts out waits for the next key, and so does **What happened.**
- Code of a few lines is shown, unless it draws a picture or checks an exercise.
- A picture is shown with its caption, a video in place of its filmstrip, a picture in
  place of its page.
- Hints are not shown.

A slide is filled from the top until the next piece does not fit. How high a piece will
be is estimated (text.py); `make check-site` sees in a browser that nothing is cut off.
"""

from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from tools.slides.pieces import Piece, code, words
from tools.slides.text import relinked

ROOM = 15.0  # of a slide, in lines


def pieces(notebook: NotebookNode) -> Iterator[Piece]:
    """Everything that slides show of a notebook, in order."""
    asked = False  # a question is open, so what comes out waits for a key
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from code(cell, "fragment" if asked else "")
            continue
        for piece in words(cell.source):
            if piece.begins:
                asked = "**Predict.**" in piece.cell.source
            yield piece


def packed(all_pieces: Iterator[Piece]) -> list[list[Piece]]:
    """The pieces of each slide. A sentence goes with what comes after it."""
    slides, room = [], 0.0
    for piece in all_pieces:
        starts = piece.begins in ("slide", "subslide")
        if starts or piece.lines > room:
            slides.append([] if starts else sentence_before(slides, piece))
            room = ROOM - sum(moved.lines for moved in slides[-1])
        slides[-1].append(piece)
        room -= piece.lines
    return slides


def sentence_before(slides: list[list[Piece]], piece: Piece) -> list[Piece]:
    """Take the last sentence from its slide, if it fits on one with this piece."""
    if not slides or len(slides[-1]) < 2 or not slides[-1][-1].said:
        return []
    fits = slides[-1][-1].lines + piece.lines <= ROOM
    return [slides[-1].pop()] if fits else []


def slides_of(notebook: NotebookNode) -> NotebookNode:
    """A notebook as slides: new cells, marked for nbconvert's slides exporter.

    Args:
        notebook: a lesson with its outputs; it stays as it was.
    """
    cells, section = [], ""
    for slide in packed(pieces(notebook)):
        for k, piece in enumerate(slide):
            kind = piece.begins if piece.begins == "fragment" else "-"
            if k == 0:
                kind = "slide" if piece.begins == "slide" else "subslide"
            if kind == "slide":
                section = piece.cell.source.lstrip("# ")
            mark = {"slide_type": kind}
            if kind == "subslide":
                mark["data"] = {"section": section}  # shown small, at the top
            piece.cell.metadata.slideshow = mark
            cells.append(piece.cell)
            if k == 0 and (notes := "\n\n".join(p.said for p in slide if p.said)):
                cells.append(new_markdown_cell(relinked(notes)))
                cells[-1].metadata.slideshow = {"slide_type": "notes"}
    metadata = {"language_info": {"name": "python"}, "title": title_of(notebook)}
    return new_notebook(cells=cells, metadata=metadata)


def title_of(notebook: NotebookNode) -> str:
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")
