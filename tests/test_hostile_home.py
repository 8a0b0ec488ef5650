"""What somebody has set at home for other work changes nothing here.

Every library that we use reads settings from a home folder, the working folder or the
environment. Here all of them are set to what would break or change us, and what comes
out is compared with what comes out of an empty home.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from same_run import untimed
from unix import needs_unix

from dqn_tutorial.runs.history import History

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 900  # of a busy machine

FILES = {
    ".keras/keras.json": json.dumps(
        {"floatx": "float16", "backend": "torch", "image_data_format": "channels_first"}
    ),
    ".ipython/profile_default/ipython_config.py": """
c.InteractiveShell.ast_node_interactivity = "all"
c.DisplayFormatter.active_types = ["text/plain"]
c.InlineBackend.figure_formats = {"svg"}
""",
    ".ipython/profile_default/startup/numbers.py": """
import numpy
numpy.set_printoptions(precision=1)
print("Good morning!")
""",
    ".jupyter/jupyter_nbconvert_config.py": "c.HTMLExporter.exclude_input = True",
    ".config/matplotlib/matplotlibrc": """
axes.grid: False
backend: TkAgg
figure.autolayout: True
figure.dpi: 300
font.size: 30
image.cmap: jet
image.interpolation: bicubic
image.origin: lower
lines.linewidth: 9
savefig.bbox: tight
savefig.dpi: 30
savefig.transparent: True
text.usetex: True
""",
    "startup.py": "print('Good morning!')",
    "roms/breakout.bin": "not a game",
    # Modules that are named as ours, or as a folder of ours.
    "modules/replay.py": "raise RuntimeError('not this one')",
    "modules/config.py": "raise RuntimeError('not this one')",
    "modules/tools/__init__.py": "raise RuntimeError('not this one')",
}
FILES["matplotlibrc"] = FILES[".config/matplotlib/matplotlibrc"]  # where one works

VARIABLES = {
    "ALE_ROMS_DIR": "roms",
    "KERAS_BACKEND": "jax",
    "LC_ALL": "C",
    "MPLBACKEND": "TkAgg",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONOPTIMIZE": "1",
    "PYTHONSTARTUP": "startup.py",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
    "TF_CPP_MIN_LOG_LEVEL": "0",
    "TF_USE_LEGACY_KERAS": "1",
}

COMMANDS = [
    ["train", "--game", "catch", "--run-dir", "run", "--steps", "600",
     "--set", "log_period_steps=200", "--set", "learning_starts_steps=200"],
    ["evaluate", "run", "--episodes", "2", "--json", "scores.json"],
    ["plot", "breakout", "--out", "curves.png"],
    ["doctor"],
]  # fmt: skip
ALL_COMMANDS = f"""
import sys
from dqn_tutorial.cli.main import main
for words in {COMMANDS}:
    print(words[0], main(words), flush=True)
"""

CELL = """\
import numpy as np
from dqn_tutorial.networks import build_q_network
from dqn_tutorial.viewing.plotting import new_figure, show, show_frames

network = build_q_network("dqn2013", 3, seed=0)
network.name
print(network(np.zeros((1, 4, 84, 84), np.uint8)).dtype, np.array([1 / 3]))
fig, axes = new_figure(2, 1)
axes[0].plot([1, 3, 2], label="a $2^2$")
axes[1].imshow(np.eye(3))
show(fig, "A line and a picture.", "A line goes up and down.")
show_frames([np.eye(4)], ["a"], "A frame.", "A diagonal.")
"""


class Home:
    """A home folder with its environment, and the processes that were started there."""

    def __init__(self, folder: Path, files: dict[str, str], variables: dict[str, str]):
        self.folder = folder
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        notebook = new_notebook(cells=[new_code_cell(CELL, id="one")])
        nbformat.write(notebook, folder / "one.ipynb")
        before = os.environ.get("PYTHONPATH", "")
        paths = {
            "PYTHONPATH": os.pathsep.join(["modules", before]) if files else before
        }
        clean = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        self.environment = clean | {"HOME": str(folder)} | variables | paths
        for name in ("IPYTHONDIR", "DQN_TUTORIAL_RECORD", "XDG_CONFIG_HOME"):
            self.environment.pop(name, None)

    def start(self, *words) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def outputs(self) -> list[dict]:
        """What the notebook's cell put out."""
        (cell,) = nbformat.read(self.folder / "one.ipynb", as_version=4).cells
        return cell.outputs


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """An empty home and the hostile one, after all was done in both, and what it said.

    The notebook is run as `make notebooks` runs it, in a kernel.
    """
    empty = Home(tmp_path_factory.mktemp("empty"), {}, {})
    hostile = Home(tmp_path_factory.mktemp("hostile"), FILES, VARIABLES)
    recorder = ROOT / "tools" / "record_notebooks.py"
    said = {}
    for home in (empty, hostile):
        running = [home.start("-c", ALL_COMMANDS), home.start(recorder, "one.ipynb")]
        ends = [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in running]
        assert [process.returncode for process in running] == [0, 0], ends
        said[home] = ends[0]
    return empty, hostile, said


pytestmark = [pytest.mark.slow, needs_unix]  # Windows has no HOME to be changed


def test_every_command_does_its_work(homes):
    _, hostile, said = homes
    text = said[hostile]
    failed = set(re.findall(r"FAIL  (\w+)", text)) - {"ram"}  # others may be using it
    assert failed == set() and "Traceback" not in text, text
    for words in COMMANDS[:-1]:
        assert f"{words[0]} 0\n" in text, text


def test_a_training_and_its_score_are_the_same_to_the_last_digit(homes):
    empty, hostile, _ = homes
    rows = [untimed(History.read(h.folder / "run" / "history.csv")) for h in homes[:2]]
    np.testing.assert_array_equal(*rows)
    assert len(rows[0]) == 3 and np.isfinite(rows[0][-1]).all()  # it has learned
    scores = [
        (home.folder / "scores.json").read_text(encoding="utf-8")
        for home in (empty, hostile)
    ]
    assert scores[0] == scores[1]


def test_a_picture_is_the_same_to_the_last_pixel(homes):
    pictures = [(home.folder / "curves.png").read_bytes() for home in homes[:2]]
    assert pictures[0] == pictures[1]


def test_a_notebook_has_the_same_outputs(homes):
    empty, hostile, _ = homes
    outputs = empty.outputs()
    assert [output.output_type for output in outputs] == [
        "stream", *["display_data"] * 4
    ]  # fmt: skip
    assert "[0.33333333]" in outputs[0].text and "float32" in outputs[0].text
    assert hostile.outputs() == outputs


def test_keras_that_computes_with_another_library_is_refused_in_one_line(tmp_path):
    """As in a notebook that imported Keras first, for other work."""
    program = (
        "import sys, types; keras = sys.modules['keras'] = types.ModuleType('keras');"
        "keras.config = types.SimpleNamespace(backend=lambda: 'torch');"
        "import dqn_tutorial.quiet_tensorflow"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stderr.splitlines()[-1] == (
        "ImportError: Keras was imported before, to compute with torch: start Python "
        "again (in a notebook, restart the kernel) and import dqn_tutorial first"
    )


def test_a_pip_conf_changes_neither_what_is_installed_nor_where(tmp_path):
    """pip is run as tools/set_up.sh runs it, on a package of nothing."""
    settings = ["user = true", "no-deps = true", "require-hashes = true",
                "no-binary = :all:", "require-virtualenv = true"]  # fmt: skip
    (tmp_path / "pip.conf").write_text(
        "\n".join(["[global]", *settings]), encoding="utf-8"
    )
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\n'
        'build-backend = "setuptools.build_meta"\n'
        '[project]\nname = "nothing"\nversion = "1"\n'
        "[tool.setuptools]\npackages = []\n",
        encoding="utf-8",
    )
    script = (ROOT / "tools" / "set_up.sh").read_text(encoding="utf-8")
    (exported,) = re.findall(r"^export (PIP_USER.*)$", script, re.MULTILINE)
    ours = dict(pair.split("=") for pair in exported.split())
    install = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps",
               "--no-build-isolation", "--editable", "."]  # fmt: skip
    theirs = os.environ | {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    for environment, code in [(theirs, 1), (theirs | ours, 0)]:
        done = subprocess.run(
            install, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
