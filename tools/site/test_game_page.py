"""The page of a game in a browser: it plays, steps and jumps, and can be read.

The pages are those in the notebooks of the built site, and one of an agent that learned
distributions, which `make check-site` records with `watch`.
"""

from html.parser import HTMLParser
from pathlib import Path

import browser as look
import pytest

ROOT = Path(__file__).parent.parent.parent
SITE, RECORDED = ROOT / "site", ROOT / ".venv-site" / "beyond.html"
NOTEBOOKS = ["00_start_here", "07b_looking_inside"]
PAGES = [*NOTEBOOKS, "beyond"]
VIEWS = {
    "wide-light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "small": {"viewport": {"width": 320, "height": 568}, "reduced_motion": "reduce"},
}


class _Frames(HTMLParser):
    """The pages that stand in frames of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "iframe":
            self.found.append(dict(attributes)["srcdoc"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Each page as a file of its own."""
    folder, files = tmp_path_factory.mktemp("pages"), {"beyond": RECORDED}
    for name in NOTEBOOKS:
        (page,) = _Frames(
            (SITE / "notebooks" / f"{name}.html").read_text("utf-8")
        ).found
        files[name] = folder / f"{name}.html"
        files[name].write_text(page, encoding="utf-8")
    return files


class Opened:
    """A page that is open, and what is read from it."""

    def __init__(self, page):
        self.page = page
        page.locator("#player").wait_for(timeout=look.TIMEOUT)
        self.last = int(page.locator("#slider").get_attribute("max"))

    @property
    def step(self) -> int:
        return int(self.page.locator("#slider").input_value())

    def press(self, *keys: str) -> int:
        for key in keys:
            self.page.keyboard.press(key)
        return self.step

    def of(self, what: str) -> str:
        return self.page.locator(what).inner_text()


@pytest.fixture
def opened(browser, pages):
    """The page of notebook 07b, the narrowest that a notebook is."""
    faults = []
    view = {"viewport": {"width": 736, "height": 900}}
    with look.open_page(browser, pages["07b_looking_inside"], faults, **view) as page:
        yield Opened(page)
    assert faults == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_can_be_read_and_asks_for_nothing(browser, pages, name, view):
    faults = look.faults_of(browser, pages[name], ready="#player", **VIEWS[view])
    assert faults == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_in_a_notebook_the_frame_is_as_high_as_its_page(browser, name):
    with look.open_page(browser, SITE / "notebooks" / f"{name}.html", []) as page:
        frame = page.frame_locator("iframe")
        frame.locator("#player").wait_for(timeout=look.TIMEOUT)
        heights = """(frame) => [frame.clientHeight,
            frame.contentDocument.documentElement.offsetHeight]"""
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(500)
            given, needed = page.locator("iframe").evaluate(heights)
            assert given == needed


def test_keys_step_through_the_game(opened):
    assert opened.press("Home") == 0
    assert opened.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft") == 2
    assert opened.press("Shift+ArrowRight") == 17
    assert opened.press("End", "ArrowRight") == opened.last
    assert opened.press("Home", "ArrowLeft") == 0


def test_the_slider_has_the_same_keys_and_says_where_it_is(opened):
    slider = opened.page.locator("#slider")
    opened.press("Home")
    slider.focus()
    assert opened.press("ArrowRight", "ArrowRight") == 2
    said = slider.get_attribute("aria-valuetext")
    assert said.startswith("step 2, score 0, lives 5, V ")
    assert opened.press("End") == opened.last


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_a_click_in_the_curve_jumps_there(opened, share):
    box = opened.page.locator("#curve").bounding_box()
    left, right = 34, 12  # of it is margin
    x = left + share * (box["width"] - left - right)
    opened.page.locator("#curve").click(position={"x": x, "y": 60})
    assert opened.step == pytest.approx(share * opened.last, abs=2)
    assert opened.of("#step") == f"{opened.step:,}"


def test_one_can_drag_along_the_curve(opened):
    box = opened.page.locator("#curve").bounding_box()
    mouse, y = opened.page.mouse, box["y"] + 60
    mouse.move(box["x"] + 100, y)
    mouse.down()
    before = opened.step
    mouse.move(box["x"] + 300, y + 200)
    dragged = opened.step
    mouse.up()
    mouse.move(box["x"] + 400, y)
    assert before < dragged == opened.step


def test_space_plays_and_stops_and_at_the_end_it_begins_again(opened):
    opened.press("Home", " ")
    assert opened.of("#play") == "Pause"
    opened.page.wait_for_function("() => slider.valueAsNumber > 3")
    stopped = opened.press(" ")
    assert opened.of("#play") == "Play"
    opened.page.wait_for_timeout(300)
    assert opened.step == stopped
    opened.press("End")
    opened.page.locator("#play").click()
    opened.page.wait_for_function(f"() => slider.valueAsNumber < {opened.last}")


def test_a_button_leads_to_each_moment_and_to_the_next_random_press(opened):
    opened.page.get_by_role("button", name="life lost").click()
    assert opened.page.evaluate("() => data.ended.includes(now)")
    assert opened.step == opened.page.evaluate('() => data.marks["life lost"]')
    opened.page.get_by_role("button", name="random press").click()
    row = opened.page.locator("tr.is-random")
    assert "◄ random" in row.inner_text()
    assert "best" not in row.get_attribute("class")


def test_what_is_drawn_is_what_the_page_holds(opened):
    opened.press("Home", "ArrowRight")
    q_values = opened.page.evaluate("() => data.q[1]")
    shown = opened.page.locator(".number").all_inner_texts()
    assert shown == [f"{q:.2f}".replace("-", "−") for q in q_values]
    assert opened.of("#value") == f"{max(q_values):.2f}"
    assert opened.page.locator("tr.best .number").inner_text() == opened.of("#value")
    pixel = 'part("screen").getContext("2d").getImageData(80, 60, 1, 1).data'
    assert opened.page.evaluate(f"() => [...{pixel}]") == [200, 72, 72, 255]


def test_without_a_script_the_page_shows_its_strip(browser, pages):
    view = {"java_script_enabled": False}
    with look.open_page(browser, pages["beyond"], [], **view) as page:
        assert page.locator("#strip img").is_visible()
        assert not page.locator("#player").is_visible()


def test_with_less_motion_it_plays_slowly(browser, pages):
    view = {"reduced_motion": "reduce"}
    with look.open_page(browser, pages["beyond"], [], **view) as page:
        Opened(page)
        assert page.locator("#speed").input_value() == "0.25"
        assert page.locator("#play").inner_text() == "Play"


def test_distributions_stand_in_place_of_the_bars(browser, pages):
    with look.open_page(browser, pages["beyond"], []) as page:
        Opened(page)
        assert page.locator(".bar.spread path").count() == 4
        assert page.locator(".ends").inner_text().split() == ["−10", "0", "10"]
        sums = page.evaluate(
            """() => data.names.map((_, a) => data.probabilities
            .slice(a * data.returns, (a + 1) * data.returns)
            .reduce((sum, p) => sum + p / 255))"""
        )
        assert sums == pytest.approx([1] * 4, abs=0.1)
