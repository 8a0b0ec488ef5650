"""Small helpers for the notebooks: show source, progress, a video or a page.

When a notebook is recorded or tested, `DQN_TUTORIAL_RECORD` is set and the helpers
print only what is the same on every machine.
"""

import base64
import contextlib
import html
import inspect
import os
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from IPython.display import display
from tqdm import tqdm

MAX_VIDEO_BYTES = 3_000_000  # it is stored in the notebook, a third larger as text
MAX_PAGE_BYTES = 3_000_000


def is_recorded() -> bool:
    """Whether the notebook is being recorded or tested, rather than run by a person."""
    return os.environ.get("DQN_TUTORIAL_RECORD", "0") not in ("", "0")


def show_source(obj) -> None:
    """Show the source of a function, method or class as a block of code.

    Args:
        obj: the function, method or class itself, not a call of it.

    Raises:
        ValueError: there is no Python source for it.
    """
    obj = getattr(obj, "python_function", obj)  # what a tf.function was made from
    try:
        source = textwrap.dedent(inspect.getsource(obj)).rstrip()
    except (TypeError, OSError):
        raise ValueError(
            f"obj must be a function, method or class written in Python, got {obj!r}"
        ) from None
    module = inspect.unwrap(obj).__module__.replace(".", "/")
    block = f"```python\n# {module}.py\n\n{source}\n```"
    display({"text/markdown": block, "text/plain": source}, raw=True)


class Progress:
    """Counts what is done; moves a bar if a person is watching."""

    def __init__(self, total: int, description: str, unit: str):
        self.done = 0
        self._bar = tqdm(
            total=total,
            desc=description,
            unit=f" {unit}",
            file=sys.stdout,  # on stderr a notebook paints it red
            leave=False,
            disable=is_recorded(),
        )

    def update(self, n: int = 1) -> None:
        """Count `n` more."""
        self.done += n
        self._bar.update(n)

    def set_postfix_str(self, text: str, refresh: bool = True) -> None:
        """Show a few words after the bar, now or when it next moves."""
        self._bar.set_postfix_str(text, refresh)


@contextlib.contextmanager
def progress(total: int, description: str, unit: str = "steps") -> Iterator[Progress]:
    """Show how far a loop has come, and one plain line when it ends.

    Args:
        total: how many there will be.
        description: what is going on, for instance "Playing".
        unit: what is counted, in the plural.

    Example:
        >>> with progress(3, "Playing", "games") as bar:
        ...     for _ in range(3):
        ...         bar.update()
        Playing: 3 of 3 games
    """
    counter = Progress(total, description, unit)
    try:
        yield counter
    finally:
        counter._bar.close()
        print(f"{description}: {counter.done:,} of {total:,} {unit}")


def show_video(path: str | Path, alt: str) -> None:
    """Show an mp4 in the notebook, stored inside it.

    Args:
        path: an H.264 mp4 of at most 3 MB.
        alt: what happens in it, for those who cannot see it.

    Raises:
        ValueError: alt is empty, or the file is not an mp4 or is too large.
        FileNotFoundError: there is no such file.
    """
    alt = " ".join(alt.split())
    if not alt:
        raise ValueError("alt must say what happens in the video, got an empty text")
    data = Path(path).read_bytes()
    name = Path(path).name
    if data[4:8] != b"ftyp":
        raise ValueError(f"path must be an mp4 video, but {name} is something else")
    if len(data) > MAX_VIDEO_BYTES:
        raise ValueError(
            f"path must be a video of at most {MAX_VIDEO_BYTES:,} bytes, but "
            f"{name} has {len(data):,}: record a shorter one"
        )
    video = base64.b64encode(data).decode()
    label = html.escape(alt, quote=True)
    tag = (
        f'<video controls loop muted playsinline aria-label="{label}" '
        f'style="max-width: 100%" src="data:video/mp4;base64,{video}"></video>'
    )
    display({"text/html": tag, "text/plain": f"Video: {alt}"}, raw=True)


def show_page(page: str, title: str) -> None:
    """Show an HTML page in a frame of its own, stored inside the notebook.

    The frame keeps the page's styles and names apart from the notebook's. Where no
    script may run (GitHub, paper) nothing is seen of it, so show a picture as well.

    Args:
        page: a whole HTML document that asks for no other file, at most 3 MB. It can
            make its frame as high as it is: `window.frameElement.style.height`.
        title: what is in it, for those who cannot see it.

    Raises:
        ValueError: title is empty, or the page is not a whole document or too large.
    """
    title = " ".join(title.split())
    if not title:
        raise ValueError("title must say what the page is, got an empty text")
    if not page.startswith("<!DOCTYPE html>"):
        raise ValueError(f"page must be a whole HTML document, got {page[:30]!r}")
    if len(page) > MAX_PAGE_BYTES:
        raise ValueError(
            f"page must have at most {MAX_PAGE_BYTES:,} characters, got {len(page):,}: "
            "take fewer steps"
        )
    source = page.replace("&", "&amp;").replace('"', "&quot;")
    tag = (
        f'<iframe title="{html.escape(title)}" '
        'style="width: 100%; height: 900px; border: 0" '
        f'srcdoc="{source}"></iframe>'
    )
    display({"text/html": tag, "text/plain": f"Page: {title}"}, raw=True)
