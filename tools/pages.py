"""The notebooks as pages, each one file that asks nothing of the web (make html).

    python -m tools.pages html notebooks/*.ipynb

The first argument is the folder they go to. The look is JupyterLab's, but for what
stands in tools/accessible. Formulas become MathML, which browsers set by themselves.
"""

import re
import sys
from pathlib import Path

from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TOOLS = Path(__file__).parent
WITH_LIMITS = re.compile(r"\\(argmax|max)(?=_)")  # below them, in a line of its own


def mathml(tex: str, display: str) -> str:
    """A formula as MathML.

    Args:
        tex: as it stands between dollars.
        display: "inline", or "block" for a line of its own.
    """
    tex = tex.replace(r"\arg\max", r"\argmax")
    if display == "block":
        tex = WITH_LIMITS.sub(r"\\\1\\limits", tex)
    return convert(tex, display=display)


class Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas that need no MathJax."""

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")


class PageExporter(HTMLExporter):
    """nbconvert's pages, with our template and our Markdown."""

    def __init__(self):
        super().__init__(
            template_name="accessible", extra_template_basedirs=[str(TOOLS)]
        )

    def markdown2html(self, source: str) -> str:
        return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


def make(folder: Path, notebooks: list[Path]) -> None:
    """Write a page for each notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in notebooks:
        page, _ = PageExporter().from_filename(str(path))
        place = folder / f"{path.stem}.html"
        place.write_text(page, encoding="utf-8")
        print(place)


if __name__ == "__main__":
    make(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
