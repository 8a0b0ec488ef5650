"""What is shown together on a slide: a paragraph, some code, a picture, an output."""

import base64
import html
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools.slides.text import (
    WHOLE,
    blocks,
    code_lines,
    highlights,
    parts,
    prose_lines,
    relinked,
)

MOST_CODE_LINES = 14
LINE_PIXELS = 40
PICTURE_WIDTH, PICTURE_HEIGHT = 1160, 400  # pixels, at most
HEADING = {1: 2.5, 2: 2.0, 3: 1.6}
DOCSTRING = re.compile(r'\n *"""[^"].*?"""(?=\n)', re.DOTALL)


@dataclass
class Piece:
    """What is shown together: a cell of the slides, and its height in lines."""

    cell: NotebookNode
    lines: float
    begins: str = ""  # "slide", "subslide" or "fragment"; else it goes on below
    said: str = ""  # for the speaker


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
    outputs = [output for output in cell.outputs if not is_page(output)]
    draws = any(is_seen(output) for output in outputs)
    short = len(cell.source.splitlines()) <= MOST_CODE_LINES
    if "check_" in cell.source:
        return
    if short and not draws:
        yield Piece(new_code_cell(cell.source), code_lines(cell.source))
    for group in groups(outputs):
        text = group[0].get("data", {}).get("text/markdown", "```")
        if is_seen(group[0]):
            yield seen(group, begins)
        elif not text.startswith("```"):
            yield from words(text)
        else:
            yield said(group[0], begins)


def is_seen(output: NotebookNode) -> bool:
    """Whether it is a picture or a video."""
    return "image/png" in output.get("data", {}) or "<video" in markup(output)


def markup(output: NotebookNode) -> str:
    """The HTML of an output, if it has any."""
    return output.get("data", {}).get("text/html", "")


def is_page(output: NotebookNode) -> bool:
    """Whether it is a page in a frame, too high for a slide; a picture is beside it."""
    return "<iframe" in markup(output)


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
    """A picture with its caption, or a video, as large as a slide allows."""
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
    if "image/png" in first and "text/markdown" in last:  # a video needs no caption
        outputs.append(group[-1])
        lines += prose_lines(last["text/markdown"])
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
