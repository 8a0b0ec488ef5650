"""The wheel holds the whole package, and works in a folder without the repository."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dqn_tutorial"


def files() -> list[str]:
    """All files of the package, from the repository's root."""
    found = (path for path in PACKAGE.rglob("*") if path.is_file())
    return sorted(
        str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts
    )


def test_every_file_of_the_package_is_named_to_be_packed():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "setuptools"
    ]
    patterns = settings["package-data"]["dqn_tutorial"]
    for name in files():
        path = ROOT / name
        if path.suffix == ".py":
            assert (path.parent / "__init__.py").exists(), name
        else:
            inside = str(path.relative_to(PACKAGE))
            assert any(fnmatch(inside, pattern) for pattern in patterns), name


def pip(*words) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *words], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy so that the repository stays as it is."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, source / PACKAGE.name, ignore=ignore)
    options = ("--no-deps", "--no-build-isolation", "--no-index")
    pip("wheel", *options, "--wheel-dir", made, source)
    (path,) = made.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def run(wheel, tmp_path_factory):
    """Run the installed command in an empty folder; what it printed."""
    site, empty = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("empty")
    pip("install", "--no-deps", "--no-index", "--target", site, wheel)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DQN_TUTORIAL")}

    def run_command(*words, program=(site / "bin" / "dqn-tutorial",)) -> str:
        done = subprocess.run(
            [*map(str, program), *map(str, words)],
            cwd=empty,
            env=clean | {"PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run_command.site, run_command.folder = site, empty
    return run_command


@pytest.mark.long
def test_the_wheel_has_every_file_and_is_small(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = [n for n in packed.namelist() if not n.split("/")[0].endswith("info")]
    assert sorted(names) == files()
    assert wheel.stat().st_size < 20e6


@pytest.mark.long
def test_what_is_imported_is_the_wheel_and_not_this_repository(run):
    code = "import dqn_tutorial.cli.doctor as d; print(d.__file__, d.INSTALL)"
    said = run("-c", code, program=(sys.executable,))
    assert said.startswith(f"{run.site}/dqn_tutorial/cli/doctor.py")
    assert "make" not in said  # there is nothing to make


@pytest.mark.long
def test_agents_are_scored_watched_and_drawn(run):
    said = run("evaluate", "breakout", "--episodes", 2, "--json", "scores.json")
    assert re.search(r"^breakout, step [\d,]+\nbreakout: score \d+\.\d ", said)
    assert "2 whole games" in said and "random agent" in said
    said = run("watch", "breakout", "--epsilon", 1, "--out", "game.mp4")
    assert "recorded in game.mp4" in said
    assert "drawn" in run("plot", "breakout", "beyond", "pong", "--out", "curves.png")
    made = {path.name for path in run.folder.iterdir() if path.stat().st_size > 500}
    assert made >= {"scores.json", "game.mp4", "curves.png"}


@pytest.mark.long
def test_an_agent_is_trained_and_scored(run):
    words = ("train", "--game", "catch", "--run-dir", "mine")
    run(*words, "--set", "learning_starts_steps=100", "--steps", 300)
    assert "catch: score" in run("evaluate", "mine", "--episodes", 2)


@pytest.mark.long
def test_playing_needs_only_pygame_and_the_scores_are_there(run):
    code = (
        "from dqn_tutorial.cli.play import *; print(table(stored_scores('breakout')))"
    )
    said = run("-c", code, program=(sys.executable,))
    assert "the agent breakout" in said and "ball follower" in said
