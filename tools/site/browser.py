"""What is wrong with a page, as headless Chromium sees it.

No page may ask for anything but files of this machine. All else is blocked, and told.
"""

import os
import shutil
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"]
TIMEOUT = 300_000  # milliseconds; a busy machine is no fault of a page
LOCAL = ("file:", "data:", "blob:", "about:")

# Pictures, videos and formulas that do not show; a page wider than its window.
LOOK = r"""async () => {
  const faults = [];
  await window.MathJax?.startup?.promise;
  for (const image of document.images) {
    await image.decode().catch(() => {});
    const name = image.src.slice(0, 60);
    if (!image.naturalWidth) faults.push(`picture does not show: ${name}`);
    if (!image.alt.trim() || /\.(png|jpe?g|svg)$/.test(image.alt))
      faults.push(`picture without alt text: ${name}`);
  }
  for (const video of document.querySelectorAll("video")) {
    const name = video.getAttribute("aria-label") ?? "";
    if (!name.trim()) faults.push("video without alt text");
    if (!video.readyState && !video.error)
      await new Promise((done) => {
        video.onloadedmetadata = video.onerror = done;
        video.load();
      });
    if (!video.videoWidth) faults.push(`video does not show: ${name}`);
  }
  for (const error of document.querySelectorAll("mjx-merror"))
    faults.push(`formula with an error: ${error.textContent}`);
  const prose = document.body.cloneNode(true);
  for (const part of prose.querySelectorAll("pre, code, script, style, mjx-container"))
    part.remove();
  const raw = prose.textContent.match(/\$\$|\\[(\[]|\\[a-z]{3,}/);
  if (raw) faults.push(`formula not set: ${raw[0]}`);
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) faults.push(`${width} px wide in a window of ${innerWidth}`);
  return faults;
}"""

# Serious and critical findings of axe-core, with the elements.
AXE_FAULTS = """async () => {
  // Without preload, which fetches the style sheets, and without a word to the frames:
  // a browser forbids both to files. A page in a frame is looked at by itself.
  const options = { resultTypes: ["violations"], preload: false, iframes: false };
  const { violations } = await axe.run(options);
  const places = ({ nodes }) => nodes.slice(0, 5).map((node) => node.target);
  return violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .map((rule) => `${rule.id}: ${places(rule).join(" | ")}`);
}"""

# Slides on which something is cut off at the bottom or the side.
OVERFLOW = """() => {
  const { width, height } = Reveal.getConfig();
  const faults = [];
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v ?? 0);
    const name = `slide ${h + 1}.${(v ?? 0) + 1}`;
    if (slide.scrollHeight > height)
      faults.push(`${name} is ${slide.scrollHeight} px high, the screen ${height}`);
    if (slide.scrollWidth > width)
      faults.push(`${name} is ${slide.scrollWidth} px wide, the screen ${width}`);
    for (const box of slide.querySelectorAll("pre"))
      if (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth)
        faults.push(`${name} hides a part of its code`);
  }
  return faults;
}"""


def chromium() -> str:
    """The browser of this machine; the variable CHROMIUM names another."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    for name in names:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(f"none of {', '.join(names)} is installed: set CHROMIUM")


@contextmanager
def open_browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


@contextmanager
def open_page(browser, path: Path, faults: list[str], **view):
    """A file in a window of its own; what the browser complains of goes to faults."""

    def stop(route):
        if route.request.url.startswith(LOCAL):
            return route.continue_()
        faults.append(f"asks the network for {route.request.url}")
        return route.abort()

    def hear(message):
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text}")

    context = browser.new_context(offline=True, **view)
    context.route("**/*", stop)
    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.goto(path.resolve().as_uri(), wait_until="load", timeout=TIMEOUT)
    yield page
    context.close()


def faults_of(
    browser, path: Path, *checks: str, ready: str | None = None, **view
) -> list[str]:
    """What is wrong with a page, in sentences.

    Args:
        path: the HTML file.
        checks: more pieces of JavaScript that return sentences.
        ready: what is to be visible before anything is looked at.
        view: what Playwright's new_context takes: viewport, color_scheme, …
    """
    faults = []
    with open_page(browser, path, faults, **view) as page:
        if ready:
            page.locator(ready).wait_for(timeout=TIMEOUT)
        found = page.evaluate(LOOK)
        page.add_script_tag(path=AXE)
        found += page.evaluate(AXE_FAULTS)
        for check in checks:
            found += page.evaluate(check)
    return faults + found


class _Page(HTMLParser):
    """The names and the links of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.names, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names |= {given.get("id"), given.get("name")}
        self.links += [given[key] for key in ("href", "src") if given.get(key)]


def dead_links(folder: Path) -> list[str]:
    """Links from page to page, or into a page, that lead nowhere."""
    pages = {
        path.resolve(): _Page(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.html")
    }
    faults = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:  # data: or a paper on the web
                continue
            target, name = path, unquote(parts.fragment)
            if parts.path:
                target = (path.parent / unquote(parts.path)).resolve()
            if not target.is_file():
                faults.append(f"{path.name}: {link} is not there")
            elif name and target in pages and name not in pages[target].names:
                faults.append(f"{path.name}: {link} names nothing on that page")
    return faults
