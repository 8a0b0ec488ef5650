"""The tool that changes the package to see whether a test notices."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the tool forks, which Windows cannot")

from tools import mutants
from tools.code_changes import changes

ROOT = Path(__file__).parent.parent


def changed(source: str) -> list[tuple[str, str]]:
    """Of each change the statement before and after."""
    found = changes(textwrap.dedent(source))
    return [(change.before, change.after) for change in found]


@pytest.mark.parametrize(
    "statement, after",
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = a is None", ["x = a is not None"]),
        ("x = a in b not in c", ["x = a not in b not in c", "x = a in b in c"]),
        ("x = a + b", ["x = a - b"]),
        ("x = a and b or c", ["x = (a and b) and c", "x = (a or b) or c"]),
        ("x = not a", ["x = not not a"]),
        ("x = 3", ["x = 4"]),
        ("x = 0.5", ["x = 1.5"]),
        ("x = True", ["x = False"]),
        ("x = f(a, b=c)", ["x = f(a)"]),
        ("x = a if b else c", ["x = a if not b else c"]),
        ("f(a)", ["(left out)"]),
        ("x[a] = b", ["(left out)"]),
        ("x += b", ["(left out)", "x -= b"]),
        # What only fails, and what no behaviour hangs on, stays as it is.
        ("x = 'text'", []),
        ("x = folder / 'name'", []),
        ("x: list[3]", []),
        ("x = f'{a + 1}'", []),
        ("x = zip(a, b, strict=True)", []),
    ],
)
def test_of_a_statement_one_thing_at_a_time_is_changed(statement, after):
    assert changed(statement) == [(statement, text) for text in after]


def test_a_function_loses_its_defaults_returns_and_errors_but_no_message():
    source = '''
        class Sum:
            """Of 2 numbers."""
            @property
            def total(self, a=1, b=LARGE):
                """3 < 4"""
                if self.empty:
                    raise ValueError("no" + name)
                return a
        '''
    first = "def total(self, a=1, b=LARGE):"
    assert changed(source) == [
        (first, "def total(self, a=1, b=None):"),
        (first, "def total(self, a=2, b=LARGE):"),
        ("if self.empty:", "if not self.empty:"),
        ("raise ValueError('no' + name)", "(left out)"),
        ("return a", "return"),
    ]
    for change in changes(textwrap.dedent(source)):
        assert change.where == "Sum.total"
        compile(change.source, "sum.py", "exec")


TINY = """
def smaller(a, b=7):
    rest = 3
    while rest > 0:
        rest -= 1
    return a if a < b else b
"""
TESTS_OF_TINY = """
from tiny import smaller

def test_the_smaller_of_two_is_found():
    assert smaller(1, 2) == smaller(2, 1) == 1
"""
RUN = """
import sys
from pathlib import Path
from tools import mutants

root = Path(sys.argv[1])
modules = {"tiny": ("tiny.py", "test_tiny.py")}
mutants.PATIENCE_SECONDS = 2
chosen = mutants.choose(root, modules, set(), None, 0)
missed = mutants.measure(root, ("tiny.py", "test_tiny.py"), modules, chosen, 2)
print(mutants.report(chosen, missed, "All of them."))
"""


def run_on(folder: Path, tests: str) -> subprocess.CompletedProcess:
    (folder / "tiny.py").write_text(TINY, encoding="utf-8")
    (folder / "test_tiny.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-c", RUN, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.long
def test_a_tiny_module_has_the_holes_that_it_was_given(tmp_path):
    """Its default is never used, and no test tells how often it counts."""
    result = run_on(tmp_path, TESTS_OF_TINY)
    told = result.stdout.split("All of them.")[-1]
    assert "| tiny | 9 | 0 | 9 | 3 | 33% |" in told, told + result.stderr
    assert re.findall(r"line .*\n\n    .*\n    (.*)", told) == [
        "def smaller(a, b=8):",
        "rest = 4",
        "while rest >= 0:",
        "while rest > 1:",
        "rest -= 2",
        "return a if a <= b else b",
    ]  # and not what counts for ever: rest += 1, or nothing there
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "test_tiny.py",
        "tiny.py",
    ]
    assert (tmp_path / "tiny.py").read_text("utf-8") == TINY


@pytest.mark.slow
def test_tests_that_fail_without_a_change_are_told(tmp_path):
    result = run_on(tmp_path, "def test_nothing():\n    assert False")
    assert result.returncode and "do not pass without a change" in result.stderr


def test_a_sample_depends_on_its_seed_alone(tmp_path):
    (tmp_path / "tiny.py").write_text(TINY, encoding="utf-8")
    modules = {"tiny": ("tiny.py",)}

    def lines(seed):
        few, *_ = mutants.choose(tmp_path, modules, set(), 3, seed)["tiny"]
        assert len(few) == 3
        return [change.after for change in few]

    assert lines(0) == lines(0)
    assert len({str(lines(seed)) for seed in range(5)}) > 1


@pytest.mark.slow
def test_each_change_listed_as_alike_is_there():
    found = {
        mutants.named(module, change)
        for module, (file, *_) in mutants.MODULES.items()
        for change in changes((ROOT / file).read_text("utf-8"))
    }
    assert mutants.known_alike() <= found
