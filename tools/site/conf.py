"""How Sphinx makes the series into a site (make site).

The pages are the files of the repository as they are, with their stored outputs.
Nothing is run, and no page asks the network for anything: formulas are set by a copy
of MathJax beside the pages.
"""

import re
import sys
from pathlib import Path

from myst_nb.core.render import NbElementRenderer

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))  # for a module that needs nothing but Python

from dqn_tutorial.lessons.lesson_01.page import q_table_page  # noqa: E402

project = "Playing Atari Games with DQN"
extensions = ["myst_nb"]
root_doc = "README"
include_patterns = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "notebooks/**",
    "teaching/*.md",
    "benchmarks/README.md",
]
# Sphinx need not look for pages in these.
exclude_patterns = [".*", "**/.*", "runs", "html", "site", "slides", "offline-kit"]

# What README.md cannot say for itself: the order in which the pages are read.
CONTENTS = """

```{toctree}
:hidden:
:glob:
:caption: Lessons
notebooks/*
```

```{toctree}
:hidden:
:glob:
:caption: Solutions
notebooks/solutions/*
```

```{toctree}
:hidden:
:glob:
:caption: For teachers
teaching/README
teaching/*
```

```{toctree}
:hidden:
:caption: The project
docs/install
docs/training
docs/results
CONTRIBUTING
benchmarks/README
```
"""

nb_execution_mode = "off"
nb_render_markdown_format = "myst"  # tables and links in outputs, as in the text
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3  # links to a heading, as in README.md#begin
highlight_language = "text"  # blocks without a language are shell commands or drawings
mathjax_path = "tex-svg.js"  # one file, its fonts inside

html_theme = "furo"
html_title = project
html_static_path = ["static", "node_modules/mathjax/es5/tex-svg.js"]
html_css_files = ["site.css"]
html_js_files = ["scrolling.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False
html_show_search_summary = False  # it would fetch pages, which file:// forbids


def add_contents(app, docname, source):
    """Give the first page its table of contents; folders are no pages to link to."""
    if docname == root_doc:
        source[0] += CONTENTS

    def unless_to_a_folder(link):
        is_folder = (ROOT / docname).parent.joinpath(link[2]).is_dir()
        return link[1] if is_folder else link[0]

    source[0] = re.sub(r"\[([^]]+)\]\(([\w./-]+)\)", unless_to_a_folder, source[0])


def with_alt_text(render_image):
    """myst-nb asks the cell for a picture's alt text; ours is stored in the output."""

    def render(self, data):
        pictures = render_image(self, data)
        stored = data.output_metadata.get(data.mime_type, {})
        for picture in pictures:
            picture["alt"] = stored.get("alt", "")
            if "width" in stored:  # the file is twice as fine
                picture["width"] = f"{stored['width']}px"
        return pictures

    return render


def give_captions_a_level(app, pagename, templatename, context, doctree):
    """The theme marks the captions of the contents as headings, of no level."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )


def write_the_page_of_notebook_01(app, error):
    """The page that stands in the notebook, as a file of its own."""
    if error is None:
        (Path(app.outdir) / "q_table.html").write_text(q_table_page(), "utf-8")


def setup(app):
    NbElementRenderer.render_image = with_alt_text(NbElementRenderer.render_image)
    app.connect("source-read", add_contents)
    app.connect("build-finished", write_the_page_of_notebook_01)
    app.connect("html-page-context", give_captions_a_level, priority=900)
