"""The built site and slides, page by page, as a reader's browser sees them.

`make check-site` builds them and runs this; `make test` does not: it takes minutes.
"""

from pathlib import Path

import browser as look
import pytest

ROOT = Path(__file__).parent.parent.parent
SITE, SLIDES = ROOT / "site", ROOT / "slides"
VIEWS = {
    "wide-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
PAGES = sorted(path.relative_to(SITE) for path in SITE.rglob("*.html"))
DECKS = sorted(path.relative_to(SLIDES) for path in SLIDES.glob("*.html"))
SCREEN = {"viewport": {"width": 1280, "height": 720}}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_page(browser, page, view):
    assert look.faults_of(browser, SITE / page, **VIEWS[view]) == []


@pytest.mark.parametrize("folder", [SITE, SLIDES], ids=lambda folder: folder.name)
def test_links_lead_somewhere(folder):
    assert look.dead_links(folder) == []


def test_every_notebook_has_a_page_and_slides():
    names = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    solutions = {path.stem for path in (ROOT / "notebooks/solutions").glob("*.ipynb")}
    assert len(names) >= 8
    assert {path.stem for path in PAGES} >= names | solutions | {"index", "search"}
    assert {path.stem for path in DECKS} >= names


def test_the_search_finds_pages(browser):
    faults = []
    page_of_results = SITE / "search.html"
    with look.open_page(browser, page_of_results, faults) as page:
        page.goto(f"{page_of_results.as_uri()}?q=bootstrap")
        page.wait_for_selector("ul.search li a", timeout=20_000)
        found = page.locator("ul.search li a").all_inner_texts()
    assert faults == []
    assert len(found) >= 2


def test_formulas_are_set(browser):
    with look.open_page(browser, SITE / "notebooks/01_q_table_recap.html", []) as page:
        page.evaluate("async () => { await MathJax.startup.promise }")
        formulas = page.locator(".math")
        assert formulas.count() >= 5
        assert page.locator(".math > mjx-container").count() == formulas.count()


@pytest.mark.parametrize("deck", [d for d in DECKS if d.name != "index.html"], ids=str)
def test_slides(browser, deck):
    faults = look.faults_of(browser, SLIDES / deck, look.OVERFLOW, **SCREEN)
    assert faults == []


def test_the_list_of_slides(browser):
    assert look.faults_of(browser, SLIDES / "index.html", **SCREEN) == []


# From here on: the checks themselves can fail.

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
GOOD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>A page</title></head><body><main><h1 id="top">A page</h1>
<p>Words, <code>\\gamma</code>, and a <a href="page.html#top">link</a>.</p>{}
</main></body></html>"""
SPOILT = [
    ("<script>console.error('oh no')</script>", "console: oh no"),
    ("<script>throw Error('lost')</script>", "script: lost"),
    ("<img alt='A cat' src='https://example.org/a.png'>", "asks the network for https"),
    ("<script src='http://example.org/a.js'></script>", "asks the network for http:"),
    ("<img alt='A cat' src='gone.png'>", "picture does not show"),
    (f"<img src='{PNG}'>", "picture without alt text"),
    (f"<img alt='../a.png' src='{PNG}'>", "picture without alt text"),
    ("<video src='data:video/mp4;base64,AAAA'></video>", "video without alt text"),
    ("<video src='data:video/mp4;base64,AAAA'></video>", "video does not show"),
    ("<p>$$x$$</p>", "formula not set: $$"),
    (r"<p>\(x\)</p>", r"formula not set: \("),
    ("<p>so \\gamma is small</p>", "formula not set: \\gamma"),
    ("<p style='width: 3000px'>Wide</p>", "px wide in a window of 800"),
    ("<p style='color: #bbb'>Pale</p>", "color-contrast"),
    ("<button></button>", "button-name"),
]


def page_with(tmp_path, html) -> Path:
    path = tmp_path / "page.html"
    path.write_text(GOOD.replace("{}", html), encoding="utf-8")
    return path


def test_no_fault_is_found_with_a_good_page(browser, tmp_path):
    good = page_with(tmp_path, f"<img alt='A dot of one pixel' src='{PNG}'>")
    assert look.faults_of(browser, good) == []
    assert look.dead_links(tmp_path) == []


@pytest.mark.parametrize(("html", "fault"), SPOILT)
def test_a_spoilt_page_is_found_out(browser, tmp_path, html, fault):
    view = {"viewport": {"width": 800, "height": 600}}
    faults = look.faults_of(browser, page_with(tmp_path, html), **view)
    assert any(fault in found for found in faults), faults


@pytest.mark.parametrize("link", ["gone.html", "#gone", "page.html#gone", "a%20b.css"])
def test_a_dead_link_is_found_out(tmp_path, link):
    page_with(tmp_path, f"<a href='{link}'>link</a>")
    (fault,) = look.dead_links(tmp_path)
    assert link in fault


@pytest.mark.parametrize(
    ("style", "fault"), [("height: 900px", "px high"), ("width: 2000px", "px wide")]
)
def test_a_slide_that_is_too_large_is_found_out(browser, style, fault):
    with look.open_page(browser, SLIDES / DECKS[0], [], **SCREEN) as page:
        page.evaluate(
            f"""() => {{ const slide = Reveal.getSlides()[0];
            slide.insertAdjacentHTML("beforeend", "<div style='{style}'>x</div>") }}"""
        )
        faults = page.evaluate(look.OVERFLOW)
    assert len(faults) == 1 and fault in faults[0]
