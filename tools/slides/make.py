"""Make slides of notebooks, readable with no network (make slides).

    python -m tools.slides.make slides notebooks/*.ipynb

The first argument is the folder they go to. What they need of reveal.js and MathJax
lies beside them. What stands on a slide is decided in rule.py.
"""

import html
import shutil
import sys
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter

from tools.slides.rule import slides_of, title_of

TOOLS = Path(__file__).parent.parent
MODULES = TOOLS / "site" / "node_modules"
COPIED = {
    MODULES / "reveal.js" / "dist": "reveal/dist",
    MODULES / "reveal.js" / "plugin" / "notes": "reveal/plugin/notes",
    MODULES / "mathjax" / "es5" / "tex-svg.js": "tex-svg.js",
    TOOLS / "slides" / "slides.css": "slides.css",
}
LIST = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Slides</title>
<style>body {{ font: 1.2rem/1.6 sans-serif; max-width: 40rem; margin: auto }}</style>
</head>
<body><main>
<h1>Slides</h1>
<p>Right and left arrow turn the pages, F fills the screen, Esc shows all slides.</p>
<ul>
{}
</ul>
</main></body>
</html>
"""


def exporter() -> SlidesExporter:
    """nbconvert's slides, with everything taken from the folder they lie in."""
    return SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(TOOLS)],
        reveal_url_prefix="reveal",
        reveal_theme="white",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def make(folder: Path, notebooks: list[Path]) -> None:
    """Write one deck for each notebook, a list of them, and what they need."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    entries = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        text, _ = exporter().from_notebook_node(slides_of(notebook))
        (folder / f"{path.stem}.html").write_text(text, encoding="utf-8")
        title = html.escape(title_of(notebook))
        entries.append(f'<li><a href="{path.stem}.html">{title}</a></li>')
    (folder / "index.html").write_text(
        LIST.format("\n".join(entries)), encoding="utf-8"
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
