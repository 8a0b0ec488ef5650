"""The text of a notebook for slides: its blocks, what is shown of each, how high it is.

Heights are in lines of prose. The sizes that go with them stand in slides.css.
"""

import math
import re

CHARACTERS = 76  # of a line
CODE_LINE, CODE_CHARACTERS = 0.75, 95
TABLE_LINE, TABLE_CHARACTERS = 0.85, 60
MOST_ROWS = 8  # of a table, below its head
FORMULA = 2.5

BLOCK = re.compile(
    r"^```.*?^```"  # code
    r"|^<details.*?</details>"  # a hint
    r"|^#+ [^\n]*"
    r"|(?:^(?!```|<details|#+ )[^\n]*\S[^\n]*\n?)+",  # up to an empty line
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)]+)\)")
SENTENCE = re.compile(  # never cut inside a link: [7. Evaluation](07_evaluation.ipynb)
    rf"(?=\S)(?:{LINK.pattern}|(?!{LINK.pattern}).)+?"
    r"[.!?][*_)”\"]*(?=\s+[^a-z\s])|\S.*",
    re.DOTALL,
)
ITEM = re.compile(r"\n(?=[-*] |\d+\. )")
WHOLE = re.compile(r"[-*] |\d+\. |\||\$\$")  # how list, table and formula begin


def blocks(source: str) -> list[str]:
    """The paragraphs, headings, lists, tables, code blocks and hints of a cell."""
    return [found.strip() for found in BLOCK.findall(source)]


def highlights(paragraph: str) -> str:
    """The first sentence, or all up to the last one with a word in bold."""
    sentences = [found[0] for found in SENTENCE.finditer(paragraph)]
    last = max((k for k, s in enumerate(sentences) if "**" in s), default=0)
    return " ".join(sentences[: last + 1])


def parts(block: str) -> list[str]:
    """A long table as several under the same head, a list as its items."""
    if block.startswith(("```", "<details")):
        return [block]
    if not block.startswith("|"):
        return re.split(ITEM, block)
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
