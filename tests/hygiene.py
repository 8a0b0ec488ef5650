"""What a stored notebook must be, beyond what nbval compares.

Every rule takes a notebook and yields a sentence for each fault, naming the cell.
nbval passes a cell that was never run and a picture of anything; these rules do not.
"""

import ast
import base64
import re
import statistics
from pathlib import Path

import nbformat

MAX_LINES, MAX_MEDIAN_LINES, MAX_LINE_LENGTH = 25, 6, 79
MAX_STORED_BYTES = 1_500_000  # of one notebook with its pictures and videos

IGNORE_COMMENT = re.compile(
    r"^\s*#+\s*(NBVAL_\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)\s*$", re.MULTILINE
)
PATH_OR_HOST = re.compile(
    r"(?<![\w.:/])/(?:home|root|tmp|usr|opt|var|work|mnt|Users|private|Library)/"
    r"|\b[A-Z]:\\"
    r"|\blocalhost\b|\b127\.0\.0\.1\b|/site-packages/|\.venv\b"
)
ADDRESS = re.compile(r"\b[a-z]+://[^\s)>\"'\]]+")
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")
PROGRESS_BAR = re.compile(r"it/s\b|\d%\|")
TIMING = re.compile(r"\b\d[\d.,]* ?(?:[mµ]?s|sec|seconds|minutes)\b")


def code_cells(notebook):
    """(name, cell) of each code cell."""
    for k, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            yield f"cell {k} ({cell.get('id', '?')})", cell


def markdown(notebook) -> list[str]:
    return [c.source for c in notebook.cells if c.cell_type == "markdown"]


def output_texts(output):
    """(kind, text) of what an output says, not of pictures and videos."""
    if output.output_type == "stream":
        yield "stream", output.text
    for kind, data in output.get("data", {}).items():
        if kind.startswith("text/"):
            yield kind, re.sub(r"(;base64,)[A-Za-z0-9+/=\n]+", r"\1", data)


def run_in_order(notebook):
    """nbval does not compare a cell without a number; numbers out of order lie."""
    for expected, (name, cell) in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != expected:
            yield f"{name}: execution_count {cell.execution_count}, not {expected}"


def no_errors_or_stderr(notebook):
    for name, cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{name}: stored error {output.ename}"
            elif output.get("name") == "stderr":
                yield f"{name}: stderr {output.text[:60]!r}"


def every_picture_has_alt_text_and_caption(notebook):
    for name, cell in code_cells(notebook):
        for k, output in enumerate(cell.outputs):
            data = output.get("data", {})
            if not any(kind.startswith("image/") for kind in data):
                continue
            if "image/png" not in data:
                yield f"{name}: a picture that is not PNG"
                continue
            alt = output.metadata.get("image/png", {}).get("alt", "")
            following = cell.outputs[k + 1 : k + 2]
            caption = following[0].get("data", {}) if following else {}
            text = caption.get("text/markdown", "")
            if len(alt.split()) < 4:
                yield f"{name}: alt text of a picture says too little: {alt!r}"
            if data.get("text/plain") != alt:
                yield f"{name}: alt text is not in text/plain, nbval cannot compare it"
            if not re.fullmatch(r"\*.{10,}\*", text):
                yield f"{name}: a picture without a caption after it"
            elif text.strip("*") == alt:
                yield f"{name}: the alt text only repeats the caption"
    for text in markdown(notebook):
        for alt in re.findall(r"!\[([^\]]*)\]\(", text):
            if len(alt.split()) < 4:
                yield f"alt text of a picture in Markdown says too little: {alt!r}"
        if re.search(r"<img(?![^>]*\balt=\"[^\"]{10,})", text):
            yield "<img> without alt text in Markdown"


def every_video_has_alt_text(notebook):
    for name, cell in code_cells(notebook):
        for output in cell.outputs:
            tag = output.get("data", {}).get("text/html", "")
            label = re.search(r'aria-label="([^"]*)"', tag)
            if "<video" in tag and not (label and len(label[1].split()) >= 4):
                yield f"{name}: a video without alt text"
            pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
            if "<video" in tag and not pictures:
                yield f"{name}: a video without a filmstrip picture beside it"


def every_page_has_a_title_and_a_picture(notebook):
    """GitHub and paper show nothing of a page in a frame, so the cell has a picture."""
    for name, cell in code_cells(notebook):
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        for output in cell.outputs:
            tag = output.get("data", {}).get("text/html", "")
            title = re.match(r'<iframe title="([^"]*)"', tag)
            if "<iframe" in tag and not (title and len(title[1].split()) >= 4):
                yield f"{name}: a page without a title"
            if "<iframe" in tag and not pictures:
                yield f"{name}: a page without a picture beside it"


def short_cells(notebook):
    lengths = []
    for name, cell in code_cells(notebook):
        lines = cell.source.splitlines()
        lengths.append(len(lines))
        if not cell.source.strip():
            yield f"{name}: empty"
        if len(lines) > MAX_LINES:
            yield f"{name}: {len(lines)} lines, at most {MAX_LINES}"
        for line in lines:
            if len(line) > MAX_LINE_LENGTH:
                yield f"{name}: a line of {len(line)} characters: {line[:40]}…"
    if lengths and statistics.median(lengths) > MAX_MEDIAN_LINES:
        yield f"cells have {statistics.median(lengths)} lines in the middle, at most 6"


def headings(notebook):
    found = []
    for text in markdown(notebook):
        outside_code = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
        found += re.findall(r"^(#+) ", outside_code, re.MULTILINE)
    if not markdown(notebook) or not notebook.cells[0].source.startswith("# "):
        yield "the first cell does not start with an H1"
    if found.count("#") != 1:
        yield f"{found.count('#')} H1 headings, not one"
    if any(len(marks) > 3 for marks in found):
        yield "a heading below H3"


def parts(notebook):
    """What every lesson has: aims, predictions answered, an exercise, an end.

    Notebook 0 only shows what is to come. It explains no module, so there is nothing
    yet that a reader could do alone, or do wrong without noticing: no exercise. A
    second notebook (4b, 7b) leaves its exercises to the one it belongs to.
    """
    texts = markdown(notebook)
    prose = "\n".join(texts)
    lesson = not re.match(r"# (0|\d+b)\. ", prose)
    if not any("You will be able to" in text for text in texts[:2]):
        yield "no 'You will be able to' at the start"
    exercise = ("Exercise", "silent bug") if lesson else ()
    for part in ("**Predict.**", *exercise, "What we built"):
        if part.lower() not in prose.lower():
            yield f"no {part!r}"
    asked, answered = prose.count("**Predict.**"), prose.count("**What happened.**")
    if asked != answered:
        yield f"{asked} 'Predict.' but {answered} 'What happened.'"
    checks = any("check_" in cell.source for _, cell in code_cells(notebook))
    if lesson and not checks:
        yield "no check_… call for an exercise"


def prose_before_code(notebook):
    previous = None
    for k, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and previous != "markdown":
            yield f"cell {k} ({cell.get('id', '?')}): no sentence before it"
        previous = cell.cell_type


def links(notebook, path: Path, neighbours: list[str]):
    """Previous and next at the end; every local link leads to a file."""
    last = markdown(notebook)[-1] if markdown(notebook) else ""
    here = neighbours.index(path.name)
    for other in neighbours[max(here - 1, 0) : here] + neighbours[here + 1 : here + 2]:
        if f"]({other})" not in last:
            yield f"the last Markdown cell does not link to {other}"
    for text in markdown(notebook):
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith("#") or ADDRESS.match(target):
                continue
            if not (path.parent / target.split("#")[0]).exists():
                yield f"a link to {target}, which is not there"


def no_paths_or_hosts(notebook):
    """In prose, https links are welcome; in code and outputs there are no addresses."""
    for text in markdown(notebook):
        if PATH_OR_HOST.search(ADDRESS.sub("", text)):
            yield f"a path or host in Markdown: {text[:50]!r}"
        for address in ADDRESS.findall(text):
            if not address.startswith("https://"):
                yield f"an address that is not https: {address}"
    for name, cell in code_cells(notebook):
        said = [("source", cell.source)]
        said += [pair for output in cell.outputs for pair in output_texts(output)]
        for kind, text in said:
            if found := PATH_OR_HOST.search(text):
                yield f"{name}: {found[0]!r} in {kind}"
            if kind not in ("text/markdown", "text/plain"):  # a source names its paper
                for address in ADDRESS.findall(text):
                    yield f"{name}: address {address} in {kind}"


def no_outputs_of_the_moment(notebook):
    """A time, a memory address or a progress bar is another one at each run."""
    for name, cell in code_cells(notebook):
        for output in cell.outputs:
            for kind, text in output_texts(output):
                rules = [MEMORY_ADDRESS, PROGRESS_BAR]
                rules += [TIMING] if kind == "stream" else []
                for rule in rules:
                    if found := rule.search(text):
                        yield f"{name}: {found[0]!r} in {kind}"


def no_installing_and_no_hidden_state(notebook):
    for name, cell in code_cells(notebook):
        if re.search(r"^[!%]|\bpip3? install\b", cell.source, re.MULTILINE):
            yield f"{name}: a shell command, magic or pip"
        if re.search(r"\bsys\.path\b|\bos\.chdir\b", cell.source):
            yield f"{name}: sys.path or os.chdir"
        if re.search(
            r"\bnp\.random\.(?!default_rng|Generator|SeedSequence)\w+", cell.source
        ):
            yield f"{name}: a random generator that is not passed as an argument"


def ignored_outputs_have_a_reason(notebook):
    for name, cell in code_cells(notebook):
        tags = {tag.lower().replace("_", "-") for tag in cell.metadata.get("tags", [])}
        if "raises-exception" in tags or "nbval-raises-exception" in tags:
            yield f"{name}: raises-exception; catch the error and print it instead"
        elif any(tag.startswith("nbval-") for tag in tags):
            if len(cell.metadata.get("nbval-ignore-reason", "").split()) < 4:
                yield f"{name}: ignored, without metadata nbval-ignore-reason"
        if IGNORE_COMMENT.search(cell.source):
            yield f"{name}: ignored by a comment; use a tag and give the reason"


def tolerances_have_a_reason(notebook):
    for name, cell in code_cells(notebook):
        if "approx" not in cell.metadata:
            continue
        approx = dict(cell.metadata["approx"])
        if len(approx.pop("because", "").split()) < 4:
            yield f"{name}: compared approximately, without a because"
        if list(approx) not in (["rel"], ["abs"]) or min(approx.values()) <= 0:
            yield f"{name}: approx must hold rel or abs, above 0, and because"
        said = [text for output in cell.outputs for _, text in output_texts(output)]
        if not any(re.search(r"\d", text) for text in said):
            yield f"{name}: compared approximately, but it shows no number"


def stored_size(notebook):
    size = len(nbformat.writes(notebook))
    if size > MAX_STORED_BYTES:
        yield f"{size:,} bytes stored, at most {MAX_STORED_BYTES:,}"


def pictures_have_a_palette(notebook):
    for name, cell in code_cells(notebook):
        for output in cell.outputs:
            png = output.get("data", {}).get("image/png")
            # byte 25 is the kind of colour, and 3 is a palette
            if png and base64.b64decode(png[:36])[25] != 3:
                yield f"{name}: a picture without a palette, so twice as large"


def no_empty_outputs(notebook):
    for name, cell in code_cells(notebook):
        for output in cell.outputs:
            said = [text for _, text in output_texts(output)]
            if output.output_type != "error" and not any(t.strip() for t in said):
                yield f"{name}: an output that says nothing"


def plain_metadata(notebook):
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3" or set(notebook.metadata) != {"kernelspec", "language_info"}:
        yield f"metadata of the notebook holds {sorted(notebook.metadata)}"
    for k, cell in enumerate(notebook.cells):
        if extra := set(cell.metadata) - {"tags", "nbval-ignore-reason", "approx"}:
            yield f"cell {k}: metadata {sorted(extra)}"


RULES = [
    run_in_order,
    no_errors_or_stderr,
    every_picture_has_alt_text_and_caption,
    every_video_has_alt_text,
    every_page_has_a_title_and_a_picture,
    short_cells,
    headings,
    parts,
    prose_before_code,
    no_paths_or_hosts,
    no_outputs_of_the_moment,
    no_installing_and_no_hidden_state,
    ignored_outputs_have_a_reason,
    tolerances_have_a_reason,
    stored_size,
    pictures_have_a_palette,
    no_empty_outputs,
    plain_metadata,
]


class _Normal(ast.NodeTransformer):
    """Forget names of variables, docstrings and annotations."""

    def __init__(self):
        self.names: dict[str, str] = {}

    def _name(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}")

    def visit_Name(self, node):
        return ast.Name(self._name(node.id), ast.Load())

    def visit_arg(self, node):
        return ast.arg(self._name(node.arg), None)


def _body(function: ast.FunctionDef) -> str | None:
    """The body in a form that does not depend on names; None if it is too short."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    size = sum(isinstance(n, ast.stmt) for s in body for n in ast.walk(s))
    if size < 2:  # a one-line definition may well be the lesson
        return None
    return ast.dump(_Normal().visit(ast.Module(body, [])))


def functions_of(source: str) -> dict[str, str]:
    """Normalised body -> name, of every function in a piece of Python."""
    nodes = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef))
    return {body: node.name for node in nodes if (body := _body(node)) is not None}


def pasted_code(notebook, package: dict[str, str]):
    """Functions of the package are imported, and shown by show_source; not copied."""
    for name, cell in code_cells(notebook):
        for body, here in functions_of(cell.source).items():
            if body in package:
                yield f"{name}: {here} is a copy of the package's {package[body]}"
