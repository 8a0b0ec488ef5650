"""Write the links that open the notebooks in Colab, Binder and Codespaces.

    python -m tools.badges

Such links need the address of the repository, and that is written in one place: in
CITATION.cff, in a line `repository-code: https://github.com/OWNER/NAME`. While the line
is missing, README.md and the notebooks show no link; with it, README.md gets them
between its two markers, and each notebook below its title. They are words and not
pictures, since the pages ask the internet for nothing.
"""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
MARKED = re.compile(r"(<!-- badges -->\n).*?(<!-- end of badges -->)", re.DOTALL)
BELOW_TITLE = re.compile(r"\A(# .*\n)(?:\n\[Colab\]\(.*\n)?")


def repository(citation: str) -> str | None:
    """ "OWNER/NAME" of the repository, None if no address is written down.

    Args:
        citation: the text of CITATION.cff.

    Raises:
        ValueError: the address is not one of GitHub, which the three services need.
    """
    line = re.search(r"^repository-code: *[\"']?(.*?)[\"']? *$", citation, re.MULTILINE)
    if line is None:
        return None
    if (found := GITHUB.fullmatch(line[1])) is None:
        raise ValueError(
            f"repository-code must be https://github.com/OWNER/NAME, got {line[1]}"
        )
    return found[1]


def links(repository: str, notebook: str) -> str:
    """One line of Markdown: a notebook of the repository in each of the services."""
    path = f"notebooks/{notebook}"
    addresses = {
        "Colab": f"colab.research.google.com/github/{repository}/blob/main/{path}",
        "Binder": f"mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{path}",
        "Codespaces": f"codespaces.new/{repository}",
    }
    return " · ".join(f"[{name}](https://{to})" for name, to in addresses.items())


def in_readme(text: str, repository: str | None) -> str:
    """README.md with the links of notebook 00 between its markers, or with none."""
    line = f"Open it in {links(repository, NOTEBOOKS[0].name)}\n" if repository else ""
    return MARKED.sub(rf"\1{line}\2", text)


def in_title(text: str, repository: str | None, notebook: str) -> str:
    """A notebook's first cell with the links below its title, or with none."""
    line = f"\n{links(repository, notebook)}\n" if repository else ""
    return BELOW_TITLE.sub(rf"\1{line}", text)


def main() -> None:
    """Bring README.md and the notebooks to what CITATION.cff says."""
    known = repository((ROOT / "CITATION.cff").read_text("utf-8"))
    readme = ROOT / "README.md"
    readme.write_text(in_readme(readme.read_text("utf-8"), known), encoding="utf-8")
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        before = notebook.cells[0].source
        notebook.cells[0].source = in_title(before, known, path.name)
        if notebook.cells[0].source != before:
            nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
