"""Which changes of the package no test notices: the holes in the tests.

    python -m tools.mutants                    40 changes of each module
    python -m tools.mutants replay c51 --all   every change of these

Changes one thing at a time in a copy of the project, never in the checkout: a
comparison, an operator, a number, a condition, a default, a keyword argument, what is
returned, or a statement that is left out. Then it runs the module's fast tests, the
quickest first, until one fails. It writes `mutants.md`: how many changes of each module
were noticed, and each that was not. `mutants_alike.csv`, beside this file, lists those
that make no difference, with the reason; they are not counted.

Mutmut leaves out no statements and changes no decorated function; Cosmic Ray starts
a Python for each change, which for us imports TensorFlow. So it is done here, in a
process that has imported it and is forked for each change (Linux and macOS only).
"""

import argparse
import ast
import contextlib
import csv
import importlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALIKE = Path(__file__).with_name("mutants_alike.csv")
NAMED = ("where", "before", "after")
# Tests that compute longer than this, and as long as before some times over, are ended.
PATIENCE_SECONDS, PATIENCE_TIMES = 20, 3
COPIED = ("dqn_tutorial", "tests", "conftest.py", "pyproject.toml")
CORE, TESTS = "dqn_tutorial/", "tests/test_"
MODULES = {  # the file, and those of its tests
    "replay": (CORE + "replay.py", TESTS + "replay.py"),
    "frame_store": (
        CORE + "frame_store.py",
        TESTS + "frame_store.py",
        TESTS + "replay.py",
    ),
    "n_step": (CORE + "n_step.py", TESTS + "n_step.py"),
    "preprocessing": (CORE + "preprocessing.py", TESTS + "preprocessing.py"),
    "parallel_env": (
        CORE + "parallel_env.py",
        TESTS + "parallel_env.py",
        TESTS + "catch.py",
    ),
    "atari": (CORE + "atari.py", TESTS + "atari.py"),
    "envs": (CORE + "envs.py", TESTS + "envs.py"),
    "learning": (CORE + "learning.py", TESTS + "learning.py"),
    "c51": (CORE + "beyond/c51.py", TESTS + "c51.py"),
    "evaluation": (CORE + "evaluation.py", TESTS + "evaluation.py"),
    "checkpoints": (CORE + "runs/checkpoints.py", TESTS + "checkpoints.py"),
}
# Imported once. None of them computes or starts a thread before it is used.
IMPORTED = (
    "dqn_tutorial.quiet_tensorflow pytest hypothesis.extra.numpy hypothesis.stateful "
    "nbval.plugin xdist.plugin gymnasium.wrappers ale_py.vector_env cv2 lz4.block"
).split()

OTHERS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A module in which one thing is changed."""

    line: int
    where: str  # the function, with its class
    before: str  # the first line of the statement
    after: str
    source: str  # of the whole module, changed


def edits(node: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """What to change in a node: where the statement is, the field, its new value."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                new = OTHERS[type(op)]()
                yield node, "ops", [*ops[:i], new, *ops[i + 1 :]]
        case ast.BinOp(left=left, op=op, right=right):
            if not any(is_text(side) for side in (left, right)):
                yield node, "op", OTHERS[type(op)]()
        case ast.AugAssign(op=op):
            yield node, "op", OTHERS[type(op)]()
        case ast.BoolOp(op=op):
            yield node, "op", OTHERS[type(op)]()
        case ast.UnaryOp(op=op, operand=operand):
            yield node, "operand", ast.UnaryOp(op, operand)  # twice is not at all
        case ast.Constant(value=bool(value)):
            yield node, "value", not value
        case ast.Constant(value=int(value) | float(value)):
            yield node, "value", value + 1
        case ast.Return(value=ast.AST()):
            yield node, "value", None
        case ast.Call(keywords=keywords):
            for i, keyword in enumerate(keywords):
                if keyword.arg not in (None, "strict"):
                    yield node, "keywords", [*keywords[:i], *keywords[i + 1 :]]
        case ast.arguments():
            for field in ("defaults", "kw_defaults"):
                values = getattr(node, field)
                for i, value in enumerate(values):
                    if value and not isinstance(value, ast.Constant):
                        new = [*values[:i], ast.Constant(None), *values[i + 1 :]]
                        yield value, field, new
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield test, "test", ast.UnaryOp(ast.Not(), test)
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(node, field, None)
        for i, statement in enumerate(statements if type(statements) is list else ()):
            if can_be_left_out(statement):
                new = [*statements[:i], ast.Pass(), *statements[i + 1 :]]
                yield statement, field, new


def is_text(node: ast.expr) -> bool:
    """Whether `+` and `/` join text here, where another operator could only fail."""
    is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_string or isinstance(node, ast.JoinedStr)


def can_be_left_out(statement: ast.stmt) -> bool:
    """Calls, errors, and what is stored outside of the function."""
    match statement:
        case ast.Expr(value=ast.Call() | ast.YieldFrom()):
            return True
        case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue():
            return True
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            return True
    return False


def changes(source: str) -> list[Change]:
    """All changes of a module; messages, annotations and texts stay as they are."""
    tree, found = ast.parse(source), []

    def visit(node: ast.AST, where: str, statement: ast.stmt | None) -> None:
        if isinstance(node, ast.Raise | ast.JoinedStr):
            return
        if isinstance(node, ast.keyword) and node.arg == "strict":
            return  # of zip: it guards against what should never be
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}".strip(".")
        if isinstance(node, ast.stmt):
            statement = node
        for place, field, new in edits(node):
            told = place if isinstance(place, ast.stmt) else statement
            old, before = getattr(node, field), first_line(told)
            setattr(node, field, new)
            after = "(left out)" if told is not statement else first_line(told)
            if field in ("body", "orelse", "finalbody"):
                after = "(left out)"
            changed = ast.unparse(ast.fix_missing_locations(tree))
            setattr(node, field, old)
            found.append(Change(place.lineno, where, before, after, changed))
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns", "decorator_list"):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        visit(child, where, statement)

    visit(tree, "", None)
    return sorted(found, key=lambda change: change.line)


def first_line(statement: ast.stmt) -> str:
    lines = ast.unparse(statement).splitlines()
    return next(line for line in lines if not line.startswith("@"))


@dataclass(frozen=True)
class Try:
    """A change to be tried, with what its tests took without it."""

    module: str
    file: str
    tests: tuple[str, ...]
    change: Change
    seconds: dict[str, float]  # of each test


class QuickestFirst:
    """Pytest's plugin that runs quick tests first, and ends those that do not end.

    It notes how long each computed, and counts computing, not waiting, since other
    programs may keep the machine busy.

    Args:
        before: seconds of each test, by its name; the others come first.
    """

    def __init__(self, before: dict[str, float]):
        self.before, self.seconds, self.began = before, {}, 0.0

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: self.before.get(item.nodeid, 0))
        if self.before:
            limit = PATIENCE_SECONDS + int(PATIENCE_TIMES * sum(self.before.values()))
            signal.alarm(10 * limit)  # for those that wait for ever
            limit += int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))

    def pytest_runtest_logstart(self):
        self.began = time.process_time()

    def pytest_runtest_logfinish(self, nodeid):
        self.seconds[nodeid] = time.process_time() - self.began


def make_copy(root: Path, copied: tuple[str, ...], folder: str) -> None:
    """In each worker, once: a copy of the project, in which it goes on to work."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for name in copied:
        if (root / name).is_dir():
            without = shutil.ignore_patterns("__pycache__")
            shutil.copytree(root / name, copy / name, ignore=without)
        else:
            shutil.copy2(root / name, copy / name)
    os.chdir(copy)


def run_unchanged(tests: tuple[str, ...]) -> dict[str, float]:
    """The seconds that each test computes.

    Raises:
        RuntimeError: they do not pass, or there are none.
    """
    if run_tests(tests, {}) != 0:
        told = Path("output.txt").read_text()[-2_000:]
        raise RuntimeError(f"the tests do not pass without a change:\n{told}")
    return json.loads(Path("seconds.json").read_text())


def is_noticed(attempt: Try) -> bool:
    """Whether a test fails, or does not end, or nothing can be imported."""
    file = Path(attempt.file)
    unchanged = file.read_bytes()
    file.write_text(attempt.change.source)
    try:
        return run_tests(attempt.tests, attempt.seconds) != 0
    finally:
        file.write_bytes(unchanged)


def run_tests(tests: tuple[str, ...], seconds: dict[str, float]) -> int:
    """Pytest's exit code in a fork, which imports the package anew; negative if killed.

    Args:
        tests: files.
        seconds: of each test; if there are none, seconds.json is written.
    """
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = in_the_fork(tests, seconds)
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what it started and did not end
    return os.waitstatus_to_exitcode(status)


def in_the_fork(tests: tuple[str, ...], seconds: dict[str, float]) -> int:
    import pytest
    from hypothesis import Phase, settings

    os.setpgrp()
    with open("output.txt", "wb") as file:
        for handle in (1, 2):
            os.dup2(file.fileno(), handle)
    sys.path.insert(0, os.getcwd())
    os.environ["PYTHONPATH"] = os.getcwd()
    sys.dont_write_bytecode = bool(seconds)
    for name in list(sys.modules):
        if name.split(".")[0] in ("dqn_tutorial", "tests"):
            del sys.modules[name]
    # The same examples each time, and no search for a smaller one that fails, too.
    phases = [Phase.explicit, Phase.generate]
    settings.register_profile("changes", deadline=None, derandomize=True, phases=phases)
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--tb=short"]
    options += ["--hypothesis-profile=changes", "-m", "not slow and not long"]
    plugin = QuickestFirst(seconds)
    code = pytest.main([*options, *tests], plugins=[plugin])
    if not seconds:
        Path("seconds.json").write_text(json.dumps(plugin.seconds))
    return int(code)


def known_alike(file: Path = ALIKE) -> set[tuple[str, ...]]:
    """Changes that make no difference: module, where, before, after."""
    with file.open(newline="") as lines:
        rows = csv.DictReader(lines)
        return {tuple(row[n] for n in ("module", *NAMED)) for row in rows}


def named(module: str, change: Change) -> tuple[str, ...]:
    return (module, *(getattr(change, name) for name in NAMED))


def choose(
    root: Path, modules: dict, alike: set, sample: int | None, seed: int
) -> dict:
    """Of each module the changes to try, and how many there are and are alike."""
    chosen = {}
    for module, (file, *_) in modules.items():
        every = changes((root / file).read_text())
        others = [change for change in every if named(module, change) not in alike]
        few = others
        if sample is not None and sample < len(others):
            drawn = random.Random(f"{seed} {module}").sample(range(len(others)), sample)
            few = [others[i] for i in sorted(drawn)]
        chosen[module] = few, len(every), len(every) - len(others)
    return chosen


def measure(root: Path, copied, modules: dict, chosen: dict, workers: int) -> dict:
    """Try the chosen changes; of each module, those that no test notices."""
    context = multiprocessing.get_context("fork")
    with (
        tempfile.TemporaryDirectory() as folder,
        context.Pool(workers, make_copy, (root, copied, folder)) as pool,
    ):
        tests = {module: files for module, (_, *files) in modules.items()}
        taken = pool.map(run_unchanged, tests.values(), chunksize=1)
        seconds = dict(zip(modules, taken, strict=True))
        tries = [
            Try(module, modules[module][0], tests[module], change, seconds[module])
            for module, (few, *_) in chosen.items()
            for change in few
        ]
        missed = {module: [] for module in modules}
        found = pool.imap(is_noticed, tries)
        for i, (attempt, noticed) in enumerate(zip(tries, found, strict=True), start=1):
            change = attempt.change
            if not noticed:
                missed[attempt.module].append(change)
            print(
                f"{i}/{len(tries)} {attempt.module}:{change.line} "
                + ("noticed" if noticed else f"NOT NOTICED {change.after}"),
                flush=True,
            )
    return missed


def report(chosen: dict, missed: dict, told: str) -> str:
    """The table and the list, as Markdown."""
    lines = [
        f"{told}\n",
        "| module | changes | that make no difference | tried | noticed | share |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for module, (few, every, alike) in chosen.items():
        noticed = len(few) - len(missed[module])
        share = f"{noticed / len(few):.0%}" if few else "-"
        cells = module, every, alike, len(few), noticed, share
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    for module, left in missed.items():
        for c in left:
            lines.append(f"\n{module}, line {c.line}, `{c.where or 'the module'}`:\n")
            lines.append(f"    {c.before}\n    {c.after}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--sample", type=int, default=40, help="changes of each module")
    parser.add_argument("--all", action="store_true", help="every change")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--workers", type=int, default=2, help="at once, default 2")
    parser.add_argument("--out", type=Path, default=Path("mutants.md"))
    args = parser.parse_args()
    if unknown := set(args.modules) - set(MODULES):
        parser.error(f"no such module: {', '.join(unknown)}")
    modules = {name: MODULES[name] for name in args.modules or MODULES}
    for name in IMPORTED:
        importlib.import_module(name)
    sample = None if args.all else args.sample
    chosen = choose(ROOT, modules, known_alike(), sample, args.seed)
    started = time.monotonic()
    missed = measure(ROOT, COPIED, modules, chosen, args.workers)
    minutes = (time.monotonic() - started) / 60
    drawn = "every change" if args.all else f"{sample} of each module, seed {args.seed}"
    text = report(chosen, missed, f"Tried {drawn}, in {minutes:.0f} minutes.")
    args.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
