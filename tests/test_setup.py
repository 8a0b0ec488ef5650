"""pyproject.toml, the locks and environment.yml tell one story, with no addresses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from dqn_tutorial.cli.doctor import PACKAGES
from dqn_tutorial.cli.main import build_parser

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-headless.lock"]
PYTHONS = ["3.11", "3.12", "3.13"]  # what we say we support
ADDRESS = re.compile(r"://|--(extra-)?index|--find-links|\bfile:|@\s*(git|http)")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]


def locked(name: str) -> list[tuple[Requirement, int]]:
    """Each requirement of a lock with its number of hashes."""
    found = []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    --hash=sha256:"):
            found[-1][1] += 1
        elif line and not line.startswith("#"):
            found.append([Requirement(line.rstrip("\\ ")), 0])
    return [tuple(pair) for pair in found]


def direct_dependencies(*extras: str) -> list[Requirement]:
    everything = [*project()["dependencies"]]
    for extra in extras:
        everything += project()["optional-dependencies"][extra]
    return [Requirement(text) for text in everything]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_direct_dependency_is_locked_once_within_its_range(python, platform):
    versions = {}
    for requirement, _ in locked("requirements.lock"):
        machine = {
            "python_version": python,
            "python_full_version": f"{python}.9",
            "sys_platform": platform,
            "os_name": "nt" if platform == "win32" else "posix",
        }
        if requirement.marker is None or requirement.marker.evaluate(machine):
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            name = canonicalize_name(requirement.name)
            assert name not in versions, f"{name} is locked twice for one machine"
            versions[name] = pin.version
    for wanted in direct_dependencies("lab", "test"):
        version = versions[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), f"{wanted.name} {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_hashes(lock):
    assert all(hashes >= 1 for _, hashes in locked(lock))


def test_headless_opencv_is_locked_at_the_version_of_opencv():
    everything = {r.name: str(r.specifier) for r, _ in locked("requirements.lock")}
    ((headless, _),) = locked("requirements-headless.lock")
    assert headless.name == "opencv-python-headless"
    assert str(headless.specifier) == everything["opencv-python"]


@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "environment.yml",
        *LOCKS,
        "benchmarks/requirements-peers.txt",
        "tools/site/requirements.txt",
        "tools/site/package-lock.json",
    ],
)
def test_no_address_is_written_down(name):
    assert not ADDRESS.search((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text", ["--index-url https://x/simple", "a @ git+ssh://x", "--find-links /x"]
)
def test_the_search_for_addresses_finds_them(text):
    assert ADDRESS.search(text)


def test_every_range_has_its_reason_beside_it():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    ranges = [
        line for line in lines if re.match(r'    "[a-z0-9-]+(\[\w+\])?[<>=]', line)
    ]
    assert len(ranges) == len(direct_dependencies(*project()["optional-dependencies"]))
    for line in ranges:
        assert re.search(r'",  # \w.{10,}', line), line


def test_the_supported_pythons_are_the_same_everywhere():
    supported = SpecifierSet(project()["requires-python"])
    assert [p for p in ["3.10", *PYTHONS, "3.14"] if supported.contains(p)] == PYTHONS
    finder = (ROOT / "tools" / "find_python.sh").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in finder
    conda = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert re.search(r"^  - python=(.+)$", conda, re.MULTILINE)[1] in PYTHONS
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    tested = re.search(r"python: \[(.+)\]", workflow)[1].replace('"', "").split(", ")
    assert tested == PYTHONS
    doctor = (ROOT / "dqn_tutorial" / "cli" / "doctor.py").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info < (3, 14)" in doctor


def test_the_doctor_looks_at_every_package_that_is_needed():
    needed = {requirement.name for requirement in direct_dependencies("lab")}
    # OpenCV has a check of its own; imageio's extra is a package, too.
    assert {*PACKAGES} == needed - {"opencv-python"} | {"imageio-ffmpeg"}


def test_conda_installs_the_lock_and_names_no_version_of_its_own():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    assert "name: dqn-tutorial" in lines
    after = lines[lines.index("dependencies:") + 1 :]
    items = [line.strip(" -") for line in after if line.strip()]
    assert items[1:] == ["pip", "pip:", "r requirements.lock"]


def test_the_ci_script_runs_make_test_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines == ["#!/bin/sh", 'cd "$(dirname "$0")/.." && exec make test']


def test_the_long_proofs_run_weekly_and_by_themselves():
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    (days,) = re.findall(r'- cron: "\d+ \d+ (\S+ \S+ \d)"', workflow)
    assert days == "* * 1"  # one day of the week
    jobs = re.split(r"(?m)^  (\w+):$", workflow.split("\njobs:\n")[1])[1:]
    for job, text in zip(jobs[::2], jobs[1::2], strict=True):
        sign = "==" if job == "long" else "!="
        assert f"if: github.event_name {sign} 'schedule'" in text, job


def test_the_files_that_are_begun_first_are_there():
    """Or a renamed one would be begun last, and the workers not end together."""
    conftest = (ROOT / "conftest.py").read_text(encoding="utf-8")
    (named,) = re.findall(r"LONGEST_FIRST = \[(.*?)\]", conftest, re.DOTALL)
    for name in re.findall(r'"(.+)"', named):
        folder = "notebooks" if name.endswith(".ipynb") else "tests"
        assert (ROOT / folder / name).exists(), name


def test_make_test_is_make_check_and_all_that_is_slow_but_not_what_is_long():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    chosen = re.findall(
        r"^\t\$\(PYTEST\) .*-m (\"[^\"]+\"|\S+) ", makefile, re.MULTILINE
    )
    assert chosen == ['"not slow and not long"', '"slow and not long"', "long"]
    assert re.search(r"^test: check ", makefile, re.MULTILINE)


def test_the_workflow_runs_what_the_readme_and_the_makefile_name():
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    commands = re.findall(r"run: make (\S+) PYTHON=python$", workflow, re.MULTILINE)
    assert commands == ["test", "test-long", "check-site", "check-cluster"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in commands)


def test_the_windows_job_runs_the_commands_of_the_installation_page():
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    written = re.findall(
        r"^(py -3|\.venv.Scripts)(.+)$", page.split("## On Windows")[1], re.MULTILINE
    )
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    (job,) = re.findall(r"(?s)^  windows:\n(.*?)\n\n", workflow, re.MULTILINE)
    commands = ["".join(parts) for parts in written]
    assert len(commands) == 8
    for command in commands:
        if "jupyter lab" not in command:  # it waits for a person
            command = command.replace("py -3.12", "python").split(" --steps")[0]
            assert f"- run: {command}" in job
    for arguments in re.findall(r"-m dqn_tutorial (.+)", job):
        build_parser().parse_args(arguments.replace("\\", "/").split())


def test_no_version_is_locked_that_windows_has_no_wheel_of():
    """make lock asks the index; this sees that it does, and for each Python."""
    script = (ROOT / "tools" / "lock.sh").read_text(encoding="utf-8")
    (pythons,) = re.findall(r"^for version in (.+); do$", script, re.MULTILINE)
    assert pythons.split() == PYTHONS
    asked = script.split("; do\n")[1].split("\ndone")[0]
    assert "--only-binary :all: --python-platform windows" in asked
    names = {requirement.name for requirement, _ in locked("requirements.lock")}
    assert {"colorama", "pywinpty"} <= names  # which only Windows installs
