"""Which changes of the package no test notices: the holes in the tests.

    python -m tools.mutants                    40 changes of each module
    python -m tools.mutants replay c51 --all   every change of these

Changes one thing at a time (`code_changes.py`) in a copy of the project, never in the
checkout. Then it runs the module's fast tests, the quickest first, until one fails. It
writes `mutants.md`: how many changes of each module were noticed, and each that was
not. `mutants_alike.csv`, beside this file, lists those that make no difference, with
the reason; they are not counted.

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
from dataclasses import dataclass
from pathlib import Path

from tools.code_changes import Change, changes

ROOT = Path(__file__).parent.parent
ALIKE = Path(__file__).with_name("mutants_alike.csv")
NAMED = ("where", "before", "after")
# Tests that compute longer than this, and as long as before some times over, are ended.
PATIENCE_SECONDS, PATIENCE_TIMES = 20, 3
COPIED = ("dqn_tutorial", "tests", "conftest.py", "pyproject.toml")
TESTED_BY = {  # files of the package by files of the tests
    "replay": ["replay"],
    "frame_store": ["frame_store", "replay"],
    "n_step": ["n_step"],
    "preprocessing": ["preprocessing"],
    "parallel_env": ["parallel_env", "catch"],
    "atari": ["atari"],
    "envs": ["envs"],
    "learning": ["learning"],
    "beyond/c51": ["c51"],
    "evaluation": ["evaluation"],
    "runs/checkpoints": ["checkpoints"],
}
MODULES = {
    Path(file).name: (
        f"dqn_tutorial/{file}.py",
        *(f"tests/test_{test}.py" for test in tests),
    )
    for file, tests in TESTED_BY.items()
}
# Imported once. None of them computes or starts a thread before it is used.
IMPORTED = (
    "dqn_tutorial.quiet_tensorflow pytest hypothesis.extra.numpy hypothesis.stateful "
    "nbval.plugin xdist.plugin gymnasium.wrappers ale_py.vector_env cv2 lz4.block"
).split()


@dataclass(frozen=True)
class Try:
    """A change to be tried, with what its tests took without it."""

    module: str
    files: tuple[str, ...]  # the module's, and those of its tests
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


def run_unchanged(files: tuple[str, ...]) -> dict[str, float]:
    """The seconds that each test computes, for a module and the files of its tests.

    Raises:
        RuntimeError: they do not pass, or there are none.
    """
    # Without its comments, as it is when something is changed in it.
    source = ast.unparse(ast.parse(Path(files[0]).read_text("utf-8")))
    if run_tests(files[0], source, files[1:], {}) != 0:
        told = Path("output.txt").read_text("utf-8")[-2_000:]
        raise RuntimeError(f"the tests do not pass without a change:\n{told}")
    return json.loads(Path("seconds.json").read_text("utf-8"))


def is_noticed(attempt: Try) -> bool:
    """Whether a test fails, or does not end, or nothing can be imported."""
    file, *tests = attempt.files
    return run_tests(file, attempt.change.source, tests, attempt.seconds) != 0


def run_tests(file: str, source: str, tests: list[str], seconds: dict) -> int:
    """Pytest's exit code in a fork, which imports the package anew; negative if killed.

    Args:
        file: a module of the copy; it is as before in the end.
        source: what stands in it meanwhile.
        tests: files.
        seconds: of each test; if there are none, seconds.json is written.
    """
    before = Path(file).read_bytes()
    Path(file).write_text(source, encoding="utf-8")
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
    Path(file).write_bytes(before)
    return os.waitstatus_to_exitcode(status)


def in_the_fork(tests: list[str], seconds: dict[str, float]) -> int:
    import pytest
    from hypothesis import Phase, settings

    os.setpgrp()
    signal.alarm(600)  # for those that cannot even be imported
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
        Path("seconds.json").write_text(json.dumps(plugin.seconds), encoding="utf-8")
    return int(code)


def known_alike() -> set[tuple[str, ...]]:
    """Changes that make no difference: module, where, before, after."""
    with ALIKE.open(newline="", encoding="utf-8") as lines:
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
        every = changes((root / file).read_text("utf-8"))
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
        taken = pool.map(run_unchanged, modules.values(), chunksize=1)
        seconds = dict(zip(modules, taken, strict=True))
        tries = [
            Try(module, modules[module], change, seconds[module])
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
    args.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
