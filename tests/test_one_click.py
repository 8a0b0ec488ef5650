"""Binder, Codespaces and Colab: their files name what is there, and nothing twice."""

import json
import os
import re
import subprocess
from pathlib import Path

import hygiene
import nbformat
import pytest

from tools import badges

ROOT = Path(__file__).parent.parent
POST_BUILD = ROOT / "binder" / "postBuild"
CONTAINER = json.loads(
    (ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8")
)


def test_binder_and_the_container_have_the_python_of_conda():
    conda = (ROOT / "environment.yml").read_text("utf-8")
    python = re.search(r"python=(\S+)", conda)[1]
    assert (ROOT / "binder" / "runtime.txt").read_text("utf-8") == f"python-{python}\n"
    assert CONTAINER["image"] == f"python:{python}"


def test_both_install_with_make_and_name_no_version():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^install: \$\(READY\)", makefile, re.MULTILINE)
    assert CONTAINER["postCreateCommand"] == "make install"
    script = POST_BUILD.read_text("utf-8")
    assert "\nmake install\n" in script
    assert not re.search(r"pip install|[=<>]=", script)
    assert sorted(path.name for path in POST_BUILD.parent.iterdir()) == [
        "postBuild",
        "runtime.txt",
    ]


def test_what_binder_runs_is_a_program_that_the_shell_can_read():
    assert os.access(POST_BUILD, os.X_OK)
    subprocess.run(["sh", "-n", POST_BUILD], check=True)


def test_the_container_opens_what_is_there_with_the_python_of_make():
    for name in CONTAINER["customizations"]["codespaces"]["openFiles"]:
        assert (ROOT / name).exists()
    settings = CONTAINER["customizations"]["vscode"]["settings"]
    venv = re.search(r"^VENV \?= (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[
        1
    ]
    assert settings == {"python.defaultInterpreterPath": f"{venv}/bin/python"}


def test_the_links_are_where_the_one_address_says():
    known = badges.repository((ROOT / "CITATION.cff").read_text("utf-8"))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert badges.in_readme(readme, known) == readme
    assert len(badges.MARKED.findall(readme)) == 1
    for path in badges.NOTEBOOKS:
        title = nbformat.read(path, as_version=4).cells[0].source
        assert badges.in_title(title, known, path.name) == title


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", None),
        ("repository-code: https://github.com/me/dqn\n", "me/dqn"),
        ('repository-code: "https://github.com/me/d.q-n.git"\n', "me/d.q-n"),
    ],
)
def test_the_address_is_read_from_the_citation(line, found):
    assert badges.repository(f"cff-version: 1.2.0\n{line}license: MIT\n") == found


def test_an_address_elsewhere_is_refused():
    with pytest.raises(ValueError, match=r"https://github\.com/OWNER/NAME, got"):
        badges.repository("repository-code: https://gitlab.com/me/dqn\n")


def test_the_links_come_once_and_go_again():
    bare = "# 1. A title\n\n*Stakes.*\n"
    linked = badges.in_title(bare, "me/dqn", "01_x.ipynb")
    assert linked.startswith("# 1. A title\n\n[Colab](https://colab.research.google.")
    assert "/me/dqn/blob/main/notebooks/01_x.ipynb)" in linked
    assert linked.endswith(")\n\n*Stakes.*\n")
    assert badges.in_title(linked, "you/dqn", "01_x.ipynb").count("[Colab]") == 1
    assert badges.in_title(linked, None, "01_x.ipynb") == bare
    readme = (ROOT / "README.md").read_text("utf-8")
    linked = badges.in_readme(readme, "me/dqn")
    assert linked.count("urlpath=lab/tree/notebooks/00_start_here.ipynb)") == 1
    assert badges.in_readme(linked, None) == badges.in_readme(readme, None)


def test_a_notebook_with_links_obeys_the_rules():
    notebook = nbformat.read(badges.NOTEBOOKS[0], as_version=4)
    title = notebook.cells[0]
    title.source = badges.in_title(title.source, "me/dqn", badges.NOTEBOOKS[0].name)
    assert [fault for rule in hygiene.RULES for fault in rule(notebook)] == []
