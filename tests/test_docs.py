"""The pages in Markdown: links lead somewhere, commands and code can be run."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from dqn_tutorial.cli.main import build_parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub and the site make of a page's headings."""
    headings = re.findall(
        r"^#+ (.*)", without_code(page.read_text(encoding="utf-8")), re.MULTILINE
    )
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


def dead_links(page: Path) -> list[str]:
    """The links of a page to files and headings that are not there."""
    dead = []
    for link in re.findall(
        r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))
    ):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page):
    assert dead_links(page) == []


def test_a_dead_link_is_found(tmp_path):
    (tmp_path / "a.md").write_text("# What it costs, 2 cores\n", encoding="utf-8")
    page = tmp_path / "b.md"
    page.write_text(
        "[a](a.md#what-it-costs-2-cores) [b](a.md#costs) [c](c.md) [d](#e)",
        encoding="utf-8",
    )
    assert dead_links(page) == ["a.md#costs", "c.md", "#e"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_of_the_package_can_be_read(page):
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"^python -m dqn_tutorial (.*)", text, re.MULTILINE):
        build_parser().parse_args(shlex.split(line))


def test_the_readmes_picture_moves_and_is_small():
    picture = (ROOT / "docs" / "breakout.gif").read_bytes()
    assert picture.startswith(b"GIF89a")
    assert b"NETSCAPE2.0" in picture[:1000]  # it begins again at its end
    assert len(picture) < 2_000_000


def test_the_readme_names_modules_and_rooms_that_are_there():
    table = README.split("## The notebooks")[1].split("\n\n")[1]
    modules = [
        name for row in table.splitlines() for name in re.findall(r"`(.+?)`", row)
    ]
    package = README.split("## The package")[1].split("\n## ")[0]
    rooms = re.findall(r"`(\w+)/` for ", package)
    assert len(modules) == 16 and len(rooms) == 5
    for name in modules:
        path = ROOT / "dqn_tutorial" / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or path.is_dir(), name
    for name in rooms:
        assert (ROOT / "dqn_tutorial" / name / "__init__.py").exists(), name


@pytest.mark.slow
def test_the_python_of_the_readme_prints_a_score(capsys):
    code = re.search(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line]) == 6
    exec(code.replace("=8", "=1"), {})  # one game is enough to see that it runs
    assert capsys.readouterr().out.startswith("breakout: score ")


@pytest.mark.slow
def test_the_python_of_the_training_page_reads_histories(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "training.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "first").mkdir(parents=True)
    stored = ROOT / "dqn_tutorial" / "pretrained_agents" / "breakout_history.csv"
    shutil.copy(stored, tmp_path / "runs" / "first" / "history.csv")
    names = {}
    exec(code, names)
    assert names["mine"].equals(names["ours"]) and len(names["ours"]) > 100
    assert "mean_score_100" in capsys.readouterr().out
