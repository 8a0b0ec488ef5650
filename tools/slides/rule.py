"""Which parts of a notebook stand on slides: one rule for all notebooks.

- A heading starts a slide: H1 and H2 to the right, H3 below.
- Of a paragraph a slide shows the first sentence, or all up to the last word in bold.
  The speaker's notes hold the whole. Lists, tables and formulas are shown.
- **Predict.** starts a slide and is shown whole, with the code it asks about. What the
  code puts out waits for the next key, and so does **What happened.**
- Code of a few lines is shown, unless it draws a picture or checks an exercise.
- Pictures are shown with their captions, and a video in place of its filmstrip.
- Hints are not shown.

A slide is filled from the top until the next piece does not fit. How high a piece will
be is estimated here; `make check-site` measures in a browser that nothing is cut off.
"""

import base64
import html
import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

# Heights are in lines of prose. The sizes that go with them stand in slides.css.
ROOM = 15.0  # of a slide
LINE_PIXELS = 40
CHARACTERS = 76  # of a line
CODE_LINE, CODE_CHARACTERS = 0.75, 95
MOST_CODE_LINES = 14
TABLE_LINE, TABLE_CHARACTERS = 0.85, 60
MOST_ROWS = 8  # of a table, below its head
PICTURE_WIDTH, PICTURE_HEIGHT = 1160, 400  # pixels, at most
HEADING = {1: 2.5, 2: 2.0, 3: 1.6}
FORMULA = 2.5

BLOCK = re.compile(
    r"^```.*?^```"  # code
    r"|^<details.*?</details>"  # a hint
    r"|^#+ [^\n]*"
    r"|(?:^(?!```|<details|#+ )[^\n]*\S[^\n]*\n?)+",  # up to an empty line
    re.MULTILINE | re.DOTALL,
)
SENTENCE = re.compile(r"\S.*?[.!?][*_)”\"]*(?=\s+[^a-z\s])|\S.*", re.DOTALL)
ITEM = re.compile(r"\n(?=[-*] |\d+\. )")
WHOLE = re.compile(r"[-*] |\d+\. |\||\$\$")  # how list, table and formula begin
DOCSTRING = re.compile(r'\n *"""[^"].*?"""(?=\n)', re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)]+)\)")


@dataclass
class Piece:
    """What is shown together: a cell of the slides, and its height in lines."""

    cell: NotebookNode
    lines: float
    begins: str = ""  # "slide", "subslide" or "fragment"; else it goes on below
    said: str = ""  # for the speaker


def blocks(source: str) -> list[str]:
    """The paragraphs, headings, lists, tables, code blocks and hints of a cell."""
    return [found.strip() for found in BLOCK.findall(source)]


def highlights(paragraph: str) -> str:
    """The first sentence, or all up to the last one with a word in bold."""
    sentences = SENTENCE.findall(paragraph)
    last = max((k for k, s in enumerate(sentences) if "**" in s), default=0)
    return " ".join(sentences[: last + 1])


def parts(block: str) -> list[str]:
    """A long table as several under the same head, a list as its items."""
    if not block.startswith("|"):
        return [block] if block.startswith("```") else re.split(ITEM, block)
    rows = block.splitlines()
    starts = range(2, len(rows), MOST_ROWS)
    return ["\n".join(rows[:2] + rows[k : k + MOST_ROWS]) for k in starts]


def relinked(text: str) -> str:
    """Links lead to other slides or to the web; links to files become plain words."""

    def link(found):
        words, target = found.groups()
        if re.fullmatch(r"\w+\.ipynb", target):
            return f"[{words}]({target.removesuffix('.ipynb')}.html)"
        return found[0] if target.startswith("https://") else words

    return LINK.sub(link, text)


def prose_lines(text: str) -> float:
    """How high a paragraph, an item of a list, a table or a formula will be."""
    if text.startswith("$$"):
        return FORMULA
    if text.startswith("|"):
        return TABLE_LINE * broken(text.splitlines(), TABLE_CHARACTERS) + 0.6
    return broken([text], CHARACTERS) + 0.6


def code_lines(text: str) -> float:
    return CODE_LINE * broken(text.splitlines(), CODE_CHARACTERS) + 0.8


def broken(rows: list[str], characters: int) -> int:
    """How many lines there are when long ones are broken."""
    return sum(max(1, math.ceil(len(row) / characters)) for row in rows)


def prose(block: str) -> Piece | None:
    """One block of a Markdown cell, as its slide shows it."""
    heading = re.match(r"#*", block)[0]
    shown, begins, said = block, "", ""
    is_code = block.startswith("```")
    if block.startswith("<details"):
        return None
    if is_code and block.count("\n") > MOST_CODE_LINES + 1:
        return None
    if heading:
        begins = "slide" if len(heading) < 3 else "subslide"
    elif "**Predict.**" in block:
        begins = "subslide"
    elif block.startswith("**What happened.**"):
        begins = "fragment"
    elif not is_code and not WHOLE.match(block):
        shown, said = highlights(block), block
    lines = code_lines(block) if is_code else prose_lines(shown)
    lines = HEADING.get(len(heading), lines)
    return Piece(new_markdown_cell(relinked(shown)), lines, begins, said)


def words(source: str) -> Iterator[Piece]:
    """All that a slide shows of a piece of Markdown."""
    for block in blocks(source):
        for part in parts(block):
            if piece := prose(part):
                yield piece


def code(cell: NotebookNode, begins: str) -> Iterator[Piece]:
    """A code cell: its source where that helps, then each of its outputs."""
    draws = any(is_seen(output) for output in cell.outputs)
    short = len(cell.source.splitlines()) <= MOST_CODE_LINES
    if "check_" in cell.source:
        return
    if short and not draws:
        yield Piece(new_code_cell(cell.source), code_lines(cell.source))
    for group in groups(cell.outputs):
        text = group[0].get("data", {}).get("text/markdown", "```")
        if is_seen(group[0]):
            yield seen(group, begins)
        elif not text.startswith("```"):
            yield from words(text)
        else:
            yield said(group[0], begins)


def is_seen(output: NotebookNode) -> bool:
    """Whether it is a picture or a video."""
    data = output.get("data", {})
    return "image/png" in data or "<video" in data.get("text/html", "")


def groups(outputs: list[NotebookNode]) -> list[list[NotebookNode]]:
    """Each picture with its caption, each video with its filmstrip, the rest alone."""
    found, before = [], {}
    for output in outputs:
        data = output.get("data", {})
        is_strip = "<video" in before.get("text/html", "") and "image/png" in data
        is_caption = "image/png" in before and "text/markdown" in data
        if is_strip or is_caption:
            found[-1].append(output)
        else:
            found.append([output])
        before = data
    return found


def seen(group: list[NotebookNode], begins: str) -> Piece:
    """A picture or video with its caption, as large as a slide allows."""
    first, last = group[0].data, group[-1].get("data", {})
    tag, height = first.get("text/html", ""), PICTURE_HEIGHT
    if not tag:
        png = first["image/png"].strip()
        wide, high = struct.unpack(">II", base64.b64decode(png[:64])[16:24])
        height = high * min(1, PICTURE_WIDTH / wide, PICTURE_HEIGHT / high)
        alt = html.escape(group[0].metadata["image/png"]["alt"], quote=True)
        tag = f'<img alt="{alt}" src="data:image/png;base64,{png}">'
    outputs = [new_output("display_data", {"text/html": tag})]
    lines = height / LINE_PIXELS + 0.6
    if caption := last.get("text/markdown"):
        outputs.append(group[-1])
        lines += prose_lines(caption)
    return Piece(output_cell(outputs), lines, begins)


def said(output: NotebookNode, begins: str) -> Piece:
    """Text that a cell put out, or source that it showed; the end of a long one cut."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/markdown") or data.get("text/plain", "")
    rows = DOCSTRING.sub("", text).strip("\n").splitlines()
    if len(rows) > MOST_CODE_LINES:
        closing = ["```"] if text.startswith("```") else []
        rows = [*rows[: MOST_CODE_LINES - 1], "…", *closing]
    text = "\n".join(rows)
    if "text/markdown" in data:
        return Piece(new_markdown_cell(text), code_lines(text), begins)
    stream = new_output("stream", name="stdout", text=text + "\n")
    return Piece(output_cell([stream]), code_lines(text), begins)


def output_cell(outputs: list[NotebookNode]) -> NotebookNode:
    """A cell that shows its outputs and not its (empty) source."""
    hidden = {"transient": {"remove_source": True}}
    return new_code_cell("", outputs=outputs, metadata=hidden)


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
