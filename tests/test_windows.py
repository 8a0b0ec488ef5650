"""Native Windows: nothing that only Unix has is needed, and what is written is UTF-8.

`as_on_windows.py` takes away what Windows lacks; CI has a real one.
"""

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from as_on_windows import PEAK_BYTES
from unix import needs_unix
from waiting import has_a_row, wait_until

from dqn_tutorial.runs.history import History

PATIENCE_SECONDS = 600  # of a busy machine
OTHER_OPEN = re.compile(r"(os|io|Image|webbrowser|imageio|zipfile|tarfile)\.open")
ROOT = Path(__file__).parent.parent


def start(*words) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, Path(__file__).with_name("as_on_windows.py"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="cp1252",
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
    )


def finish(process: subprocess.Popen) -> tuple[int, str]:
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, out + err


@needs_unix
@pytest.mark.slow
def test_it_trains_stops_and_resumes_without_what_only_unix_has(tmp_path):
    run_dir = tmp_path / "ε"  # cp1252 has no such letter
    train = ("train", "--run-dir", str(run_dir))
    first = start(*train, "--game", "catch", "--set", "log_period_steps=48")
    wait_until(lambda: has_a_row(run_dir), first, PATIENCE_SECONDS)
    first.send_signal(signal.SIGINT)
    code, said = finish(first)
    assert code == 130 and "stopped at step" in said, said
    assert f"peak RAM {PEAK_BYTES / 1e6:.0f} MB" in said
    steps = len(History.read(run_dir / "history.csv")) * 48 + 96
    shows = ("--video-every", "96", "--tensorboard")
    code, said = finish(start(*train, "--resume", "--steps", str(steps), *shows))
    assert code == 0 and f"step {steps:,}" in said, said
    history = History.read(run_dir / "history.csv")
    assert history["step"].tolist() == list(range(48, steps + 1, 48))
    assert list(run_dir.glob("video_*.mp4")) and list(run_dir.glob("tensorboard/*"))


def unsaid_encodings(code: str) -> list[int]:
    """The lines that open a file as text and leave its encoding to the machine."""
    lines = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or "encoding" in [
            k.arg for k in node.keywords
        ]:
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        words = [a.value for a in node.args if isinstance(a, ast.Constant)]
        words += [k.value.value for k in node.keywords if k.arg == "mode"]
        is_binary = any("b" in word for word in words if isinstance(word, str))
        if called in ("read_text", "write_text") and "utf-8" not in words:
            lines.append(node.lineno)
        elif (
            called == "open"
            and not is_binary
            and not OTHER_OPEN.match(ast.unparse(node.func))
        ):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("Path('a').read_text()", [1]),
        ("path.write_text(text)", [1]),
        ("1\nwith open(name) as file: pass", [2]),
        ("path.open('w', newline='')", [1]),
        ("path.open(mode='wb'); open('b', 'rb')", []),
        ("path.read_text('utf-8'); open(name, encoding='utf-8')", []),
        ("os.open(path, os.O_RDONLY); webbrowser.open(url); Image.open(path)", []),
    ],
)
def test_a_file_opened_without_its_encoding_is_found(code, lines):
    assert unsaid_encodings(code) == lines


def test_every_file_is_opened_with_its_encoding():
    """Or Windows would read and write it in its own, and "ε" would become "Îµ"."""
    folders = ["dqn_tutorial", "tools", "benchmarks", "tests", "teaching"]
    files = [path for name in folders for path in (ROOT / name).rglob("*.py")]
    assert len(files) > 150
    for path in [*files, ROOT / "conftest.py"]:
        if "node_modules" not in path.parts:
            code = path.read_text(encoding="utf-8")
            assert unsaid_encodings(code) == [], path.relative_to(ROOT)
