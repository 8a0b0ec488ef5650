"""The Q-table in the browser: a page that teaches a table to play Catch.

It stands in notebook 01 and on the site, and asks nothing of a server. Its parts lie in
q_table_page/: core.js is `catch` and `q_table` in JavaScript, view.js draws.
"""

from pathlib import Path

PARTS = Path(__file__).parent / "q_table_page"
TITLE = "Teach a Q-table to play Catch"


def q_table_page() -> str:
    """The page as one HTML document, its style and its scripts inside."""
    page = (PARTS / "page.html").read_text("utf-8")
    for name in ("look.css", "core.js", "view.js"):
        page = page.replace("{" + name + "}", (PARTS / name).read_text("utf-8").strip())
    return page
