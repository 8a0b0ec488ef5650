"""The stored notebooks obey every rule of hygiene.py, and every rule can fail.

A rule is tried on a good notebook made here, and on the same with one thing spoilt.
"""

import ast
import base64
import copy
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import hygiene
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

import conftest
from tools.record_notebooks import with_palette

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]
PACKAGE = {
    body: f"{path.stem}.{name}"
    for path in (ROOT / "dqn_tutorial").rglob("*.py")
    for body, name in hygiene.functions_of(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize("rule", hygiene.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_obeys(path, rule):
    assert list(rule(nbformat.read(path, as_version=4))) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_links_to_its_neighbours_and_to_files_that_exist(path):
    notebook = nbformat.read(path, as_version=4)
    assert list(hygiene.links(notebook, path, NAMES)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_holds_no_copy_of_the_package(path):
    notebook = nbformat.read(path, as_version=4)
    assert list(hygiene.pasted_code(notebook, PACKAGE)) == []


def test_the_readme_lists_the_notebooks_that_are_there():
    listed = re.findall(
        r"\]\(notebooks/(\w+\.ipynb)\)",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    assert sorted(set(listed)) == NAMES


# From here on: the rules themselves.

SIGNATURE = bytes.fromhex("89504e470d0a1a0a 0000000d 49484452")
PNG = base64.b64encode(SIGNATURE + bytes(8) + b"\x08\x03\x00").decode()  # a palette
ALT = "A line that falls from left to right"
VIDEO = '<video aria-label="{}" src="data:video/mp4;base64,AAAA"></video>'
PAGE = '<iframe title="{}" srcdoc="&lt;p&gt;"></iframe>'


def good_notebook():
    picture = new_output(
        "display_data",
        {"image/png": PNG, "text/plain": ALT},
        metadata={"image/png": {"alt": ALT, "width": 600}},
    )
    caption = new_output("display_data", {"text/markdown": "*The loss falls.*"})
    video = new_output("display_data", {"text/html": VIDEO.format(ALT)})
    page = new_output("display_data", {"text/html": PAGE.format(ALT)})
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# 1. A title\n\nYou will be able to `# count`:"),
            new_code_cell("import numpy as np", execution_count=1),
            new_markdown_cell("## Draw\n\n**Predict.** See [it](https://arxiv.org)."),
            new_code_cell(
                "draw(np.random.default_rng(np.random.SeedSequence(0)))",
                execution_count=2,
                outputs=[picture, caption, video, page],
            ),
            new_markdown_cell("**What happened.** ## Exercise: find the silent bug"),
            new_code_cell(
                "check_01_bug(None)",
                execution_count=3,
                outputs=[new_output("stream", name="stdout", text="Not yet.\n")],
            ),
            new_markdown_cell("What we built. Next: [2](02_b.ipynb)"),
        ]
    )
    notebook.metadata = {"kernelspec": {"name": "python3"}, "language_info": {}}
    return nbformat.from_dict(notebook)


def test_no_rule_finds_fault_with_a_good_notebook():
    for rule in hygiene.RULES:
        assert list(rule(good_notebook())) == [], rule.__name__


def spoil(what):
    """A notebook spoilt by one line of Python on its cells `c`."""
    notebook = good_notebook()
    scope = {"nb": notebook, "c": notebook.cells, "new_output": new_output}
    scope |= {"copy": copy.deepcopy, "code": new_code_cell}
    scope |= {"VIDEO": VIDEO, "PAGE": PAGE}
    exec(what, scope)
    return nbformat.from_dict(notebook)


def says(text):
    return f"c[5].outputs[0].text = {text!r}"


def near(approx):
    """A cell that shows 0.5 and is compared approximately."""
    shows = "c[5].outputs = [new_output('stream', name='stdout', text='0.5')]"
    return (
        f"WHY = 'of a sum in another order'; {shows}; c[5].metadata.approx = {approx}"
    )


SPOILT = [
    ("run_in_order", "c[1].execution_count = None", "None, not 1"),
    ("run_in_order", "c[3].execution_count = 3", "3, not 2"),
    ("no_errors_or_stderr", "c[5].outputs[0].name = 'stderr'", "stderr 'Not yet"),
    (
        "no_errors_or_stderr",
        "c[5].outputs = [new_output('error', ename='KeyError', evalue='')]",
        "stored error KeyError",
    ),
    (
        "every_picture_has_alt_text_and_caption",
        "c[3].outputs[0].metadata = {}",
        "says too little: ''",
    ),
    (
        "every_picture_has_alt_text_and_caption",
        "c[3].outputs[0].metadata['image/png'].alt = 'loss.png'",
        "says too little: 'loss.png'",
    ),
    (
        "every_video_has_alt_text",
        "c[3].outputs[2].data['text/html'] = VIDEO.format('game')",
        "video without alt",
    ),
    (
        "every_page_has_a_title_and_a_picture",
        "c[3].outputs[3].data['text/html'] = PAGE.format('page')",
        "page without a title",
    ),
    (
        "every_page_has_a_title_and_a_picture",
        "del c[3].outputs[0]",
        "page without a picture",
    ),
    ("short_cells", "c[1].source = 'x = 1\\n' * 26", "26 lines, at most 25"),
    ("headings", "c[0].source = 'A title'", "does not start with an H1"),
    ("parts", "c[0].source = '# 1. A title'", "no 'You will be able to'"),
    ("parts", "c[6].source = 'Next'", "no 'What we built'"),
    ("prose_before_code", "c.insert(2, code('x = 1'))", "cell 2"),
    ("no_paths_or_hosts", says("saved /home/me/x.npz"), "'/home/' in stream"),
    ("no_paths_or_hosts", says("http://example.org"), "address http://example.org"),
    ("no_paths_or_hosts", "c[1].source = 'open(\"/tmp/x\")'", "'/tmp/' in source"),
    ("no_outputs_of_the_moment", says("<Env at 0x7f3ab2c4d5e0>"), "'at 0x7f3a"),
    ("no_outputs_of_the_moment", says("90%|####  | 9/10"), "'0%|'"),
    ("no_installing_and_no_hidden_state", "c[1].source = '!pip install x'", "pip"),
    ("no_installing_and_no_hidden_state", "c[1].source = '%matplotlib'", "magic"),
    (
        "ignored_outputs_have_a_reason",
        "c[5].metadata.tags = ['nbval-ignore-output']",
        "without metadata nbval-ignore-reason",
    ),
    (
        "ignored_outputs_have_a_reason",
        "c[5].metadata.tags = ['NBVAL_SKIP']",
        "without metadata nbval-ignore-reason",
    ),
    (
        "ignored_outputs_have_a_reason",
        "c[5].metadata.tags = ['raises-exception']",
        "catch the error",
    ),
    (
        "ignored_outputs_have_a_reason",
        "c[5].source = '# NBVAL_IGNORE_OUTPUT\\nprint(1)'",
        "by a comment",
    ),
    ("tolerances_have_a_reason", near("{'rel': 0.1}"), "without a because"),
    ("tolerances_have_a_reason", near("{'because': WHY}"), "rel or abs, above 0"),
    ("tolerances_have_a_reason", near("{'abs': 0, 'because': WHY}"), "above 0"),
    (
        "tolerances_have_a_reason",
        near("{'rel': 0.1, 'because': WHY}") + "; c[5].outputs = []",
        "shows no number",
    ),
    ("stored_size", "c[3].outputs[0].data['image/png'] = 'A' * 2_000_000", "bytes"),
    (
        "pictures_have_a_palette",
        "c[3].outputs[0].data['image/png'] = 'A' * 36",
        "without a palette",
    ),
    ("no_empty_outputs", says("\n"), "says nothing"),
    ("plain_metadata", "nb.metadata.widgets = {}", "widgets"),
]


@pytest.mark.parametrize(("rule", "what", "fault"), SPOILT)
def test_a_spoilt_notebook_is_found_out(rule, what, fault):
    faults = list(getattr(hygiene, rule)(spoil(what)))
    assert any(fault in found for found in faults), faults


def test_a_recorded_picture_has_half_the_bytes_and_looks_the_same():
    waves = np.sin(np.arange(300) / 40) * np.sin(np.arange(300) / 25)[:, None]
    shades = (127 + 120 * waves).astype(np.uint8)
    picture = Image.fromarray(np.dstack([shades, shades.T, 255 - shades]))
    large = io.BytesIO()
    picture.save(large, "PNG")
    stored = with_palette(base64.b64encode(large.getvalue()).decode())
    small = Image.open(io.BytesIO(base64.b64decode(stored)))
    assert small.mode == "P"
    bytes_before, bytes_now = len(large.getvalue()), len(base64.b64decode(stored))
    assert bytes_now < bytes_before / 2
    difference = np.asarray(picture, int) - np.asarray(small.convert("RGB"), int)
    assert np.abs(difference).mean() < 4  # of 255


def test_every_rule_has_a_spoilt_notebook_to_find_out():
    assert {rule for rule, _, _ in SPOILT} == {rule.__name__ for rule in hygiene.RULES}


def test_an_ignored_output_with_a_reason_is_allowed():
    notebook = spoil(
        "c[5].metadata = {'tags': ['nbval-ignore-output'],"
        " 'nbval-ignore-reason': 'frames in a second differ between machines'}"
    )
    assert list(hygiene.ignored_outputs_have_a_reason(notebook)) == []
    assert list(hygiene.plain_metadata(notebook)) == []


def test_at_most_a_quarter_of_the_cells_are_compared_approximately():
    notebooks = [nbformat.read(path, as_version=4) for path in NOTEBOOKS]
    cells = [cell for nb in notebooks for _, cell in hygiene.code_cells(nb)]
    near = [cell for cell in cells if "approx" in cell.metadata]
    assert len(near) <= len(cells) / 4


@pytest.mark.parametrize(
    ("fresh", "stored", "tolerance", "result"),
    [
        ("loss 0.512, 3 games", "loss 0.510, 3 games", {"rel": 0.01}, "stored"),
        ("loss 0.512, 3 games", "loss 0.500, 3 games", {"rel": 0.01}, "fresh"),
        ("loss 0.512, 4 games", "loss 0.510, 3 games", {"rel": 0.01}, "neither"),
        ("1,204 of -2e-3", "1,200 of -3e-3", {"abs": 5}, "stored"),
        ("1.204", "1,204", {"abs": 5}, "fresh"),
        ("2.0 and", "2.0 and 3.0", {"abs": 5}, "fresh"),  # a number is missing
        ("2.0 and 3.0 4.0", "2.0 and 3.0", {"abs": 5}, "fresh"),  # one too many
        ("2.1 more", "2.0 less", {"abs": 5}, "neither"),  # the words differ
        ("nan", "1.0", {"abs": 5}, "fresh"),
    ],
)
def test_numbers_within_the_tolerance_are_taken_as_stored(
    fresh, stored, tolerance, result
):
    got = conftest.settled(fresh, stored, **tolerance)
    assert (got == stored) == (result == "stored")
    assert (got == fresh) == (result == "fresh")


@pytest.mark.slow
def test_nbval_compares_a_cell_with_a_tolerance_number_by_number(tmp_path):
    says = ["a 1.04 b", "a 1.2 b", "c 1.0 b", "a b", "a 1.0 b 2"]
    cells = []
    for said in says:
        cell = new_code_cell(f"print({said!r})", execution_count=1)
        cell.outputs = [new_output("stream", name="stdout", text="a 1.0 b\n")]
        cell.metadata = {"approx": {"rel": 0.05, "because": "of this test of it"}}
        cells.append(cell)
    nbformat.write(new_notebook(cells=cells), tmp_path / "one.ipynb")
    (tmp_path / "tests").mkdir()
    for file in ("conftest.py", "tests/nbval_sanitize.cfg"):
        shutil.copy(ROOT / file, tmp_path / file)
    command = [sys.executable, "-m", "pytest", "--nbval", "-rA", "one.ipynb"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}  # conftest.py imports from tools
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=env)
    found = re.findall(r"(?m)^(PASSED|FAILED) .*::Cell (\d)", ran.stdout)
    wanted = [("PASSED", "0"), *(("FAILED", k) for k in "1234")]
    assert sorted(found, key=lambda pair: pair[1]) == wanted, ran.stdout + ran.stderr


def linked(tmp_path, last):
    names = ["01_a.ipynb", "02_b.ipynb", "03_c.ipynb"]
    for name in names:
        (tmp_path / name).touch()
    notebook = good_notebook()
    notebook.cells[-1].source = last
    return list(hygiene.links(notebook, tmp_path / names[1], names))


def test_links_to_both_neighbours_are_asked_for(tmp_path):
    both = "What we built. [back](01_a.ipynb) [on](03_c.ipynb)"
    assert linked(tmp_path, both) == []
    (fault,) = linked(tmp_path, "[back](01_a.ipynb)")
    assert fault.endswith("does not link to 03_c.ipynb")
    (fault,) = linked(tmp_path, "[on](03_c.ipynb)")
    assert fault.endswith("does not link to 01_a.ipynb")


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    both = "[back](01_a.ipynb) [on](03_c.ipynb) [lost](../docs/lost.png)"
    assert linked(tmp_path, both) == ["a link to ../docs/lost.png, which is not there"]


FUNCTION = '''
def clip(reward: float) -> float:
    """Clip."""
    low, high = -1, 1
    return max(low, min(high, reward))
'''


def pasted(source):
    notebook = spoil(f"c[1].source = {source!r}")
    return list(hygiene.pasted_code(notebook, hygiene.functions_of(FUNCTION)))


def test_a_copy_of_a_function_is_found_under_another_name_and_other_variables():
    copy_of_it = "def mine(r):\n    a, b = -1, 1\n    return max(a, min(b, r))"
    assert pasted(FUNCTION)
    assert pasted(copy_of_it) != []
    assert "mine is a copy of the package's clip" in pasted(copy_of_it)[0]


def test_a_function_that_differs_is_no_copy():
    assert not pasted("def clip(r):\n    a, b = -1, 2\n    return max(a, min(b, r))")
    assert not pasted("def clip(r):\n    a, b = -1, 1\n    return max(b, min(a, r))")
    assert not pasted("def clip(r):\n    return r")


def test_the_package_has_functions_to_compare_with():
    count = sum(
        isinstance(node, ast.FunctionDef)
        for path in (ROOT / "dqn_tutorial").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert len(PACKAGE) > count / 2 > 10


PLACES = "home root tmp usr opt var work mnt Users private Library".split()


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("PATH_OR_HOST", [f"saved in /{p}/x" for p in PLACES]),
        ("PATH_OR_HOST", [r"C:\x", "localhost", "127.0.0.1", "lib/site-packages/x"]),
        ("PATH_OR_HOST", ["in .venv now"]),
        ("PROGRESS_BAR", ["9/10 [00:01, 8.2it/s]", "40%|##"]),
        ("TIMING", ["3 ms", "3 µs", "12.5 s", "1,200s", "2 sec", "8 seconds"]),
        ("TIMING", ["3 minutes"]),
        ("MEMORY_ADDRESS", ["<Env object at 0x7f3ab2>"]),
    ],
)
def test_each_alternative_of_a_pattern_finds_what_it_is_for(pattern, texts):
    for text in texts:
        assert getattr(hygiene, pattern).search(text), text


def test_patterns_leave_alone_what_only_looks_like_it():
    fine = ["data/home.csv", "https://x.org/tmp/", "runs/tmp/x", "4 steps", "100 %"]
    for text in [*fine, "at 0.05", "localhosts", "a venv"]:
        for pattern in ("PATH_OR_HOST", "PROGRESS_BAR", "TIMING", "MEMORY_ADDRESS"):
            assert not getattr(hygiene, pattern).search(text), (pattern, text)
