"""The page of notebook 01 as a browser shows it, on its own and in the notebook.

Here it is seen that buttons, keys and sliders do what they say. That the table is the
package's is seen by tests/test_q_table_page.py.
"""

from pathlib import Path

import browser as look
import pytest

SITE = Path(__file__).parent.parent.parent / "site"
PAGE = SITE / "q_table.html"
NOTEBOOK = SITE / "notebooks" / "01_q_table_recap.html"
STILL = {"reduced_motion": "reduce"}  # games are played in no time
SHAPES = {
    "wide": (1280, 900),
    "page": (736, 900),
    "phone": (390, 844),
    "least": (320, 568),
}
TITLE = "Teach a Q-table to play Catch"


@pytest.fixture
def page(browser):
    faults = []
    with look.open_page(browser, PAGE, faults, **STILL) as page:
        yield page
    assert faults == []


def said(page) -> str:
    return page.get_by_role("status").inner_text()


def squares(page) -> list[str]:
    """What stands in the part of the table that is shown, row by row."""
    return page.locator("#squares td").all_inner_texts()


def press(page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name).click()


def slide(page, name: str, value: float) -> None:
    page.get_by_label(name).fill(str(value))


def terms(page) -> list[dict[str, float]]:
    """The three equations of the last update: numbers by their names."""
    lines = page.locator("#update p").all()[1:]
    found = []
    for line in lines:
        numbers = line.locator("b").all_inner_texts()
        names = line.locator(".term small").all_inner_texts()
        values = [float(number.replace("−", "-")) for number in numbers]
        found.append(dict(zip(names, values, strict=True)))
    return found


def test_at_first_nothing_is_known(page):
    assert said(page).startswith("The table is empty. Ball in row 0, column ")
    assert set(squares(page)) == {""}
    assert page.locator("#update").inner_text().startswith("None yet.")
    assert page.locator("#parts .mark").all_inner_texts()[0].startswith("✓")  # LEFT


def test_one_update_is_one_step_and_its_numbers_add_up(page):
    press(page, "100 games")
    for step in range(1, 10):
        press(page, "One update")
        target, error, value = terms(page)
        future = target.get("discount", 0) * target.get("best next", 0)
        assert ("discount" in target) == (step < 9)  # the game is over: no future
        assert target["target"] == pytest.approx(target["reward"] + future, abs=2e-3)
        assert error["TD error"] == pytest.approx(
            error["target"] - error["old value"], abs=2e-3
        )
        changed = value["learning rate"] * value["TD error"]
        assert value["new value"] == pytest.approx(
            value["old value"] + changed, abs=2e-3
        )
        assert value["learning rate"] == 0.5
    assert said(page).startswith(("Caught: +1. 101 games", "Missed: −1. 101 games"))
    assert abs(target["target"]) == 1


def test_knowledge_climbs_from_the_bottom(page):
    press(page, "One game")
    assert squares(page).count("") == 44  # one square changed, in row 8
    assert any(squares(page)[40:])
    press(page, "100 games")
    few = squares(page)
    press(page, "100 games", "100 games")
    many = squares(page)
    assert few.count("") > many.count("")
    assert said(page).split()[2:4] == ["301", "games,"]
    points = page.locator("#training-line").get_attribute("points").split()
    assert len(points) == 301
    assert page.locator("#greedy-score").inner_text() == "1"
    assert page.locator("#parts .mark").all_text_contents() == ["✓ caught"] * 5


def test_without_a_discount_only_the_last_row_learns(page):
    slide(page, "discount", 0)
    press(page, *["100 games"] * 3)
    assert set(squares(page)[:40]) == {""} and all(squares(page)[40:])


def test_without_exploring_a_taught_table_scores_1(page):
    press(page, *["100 games"] * 3)
    before = page.locator("#training-score").inner_text()
    slide(page, "exploration", 0)
    press(page, "100 games")
    assert (
        before.startswith("−0.") and page.locator("#training-score").inner_text() == "1"
    )


def test_after_reset_the_same_games_come_again(page):
    press(page, "100 games")
    first = squares(page), said(page)
    press(page, "Reset")
    assert set(squares(page)) == {""}
    press(page, "100 games")
    assert (squares(page), said(page)) == first


def test_your_own_moves_teach_the_table(page):
    """Follow the ball by keys: it is caught, and the square above it says so."""
    slide(page, "learning rate", 1)
    page.locator("h1").click()
    ball = int(page.locator("#shown-column").inner_text())
    towards = "ArrowRight" if ball > 2 else "ArrowLeft"
    for step in range(9):
        page.keyboard.press(towards if step < abs(ball - 2) else "ArrowDown")
        assert "your move" in page.locator("#update").inner_text()
    assert said(page) == "Caught: +1. 1 game, mean score of the last 1: 1."
    assert squares(page) == ["1" if k == 40 + ball else "" for k in range(45)]
    page.keyboard.press("ArrowDown")  # the next ball
    assert said(page).startswith("Ball in row 0, ")
    press(page, "→ RIGHT")
    assert said(page).startswith("Ball in row 1, ")
    assert said(page).endswith("paddle in column 3.")


def test_on_a_slider_the_arrow_keys_move_the_slider(page):
    before = said(page)
    page.get_by_label("learning rate").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".settings .value").first.inner_text() == "0.55"
    assert said(page) == before


def test_the_part_of_the_table_is_chosen_by_keys(page):
    page.get_by_label("show the ball's column").focus()
    for column in range(5):
        page.keyboard.press("ArrowDown")
        assert page.locator("#shown-column").inner_text() == str(column)


def test_a_game_is_played_before_your_eyes_unless_you_want_no_motion(browser):
    play = """() => {
      find("#one-game").click();
      return returns.length;
    }"""
    for view, games in ({"reduced_motion": "no-preference"}, 0), (STILL, 1):
        faults = []
        with look.open_page(browser, PAGE, faults, **view) as page:
            assert page.evaluate(play) == games
            page.wait_for_function("said.textContent.includes('1 game,')")
            press(page, "100 games", "One update")  # the hundred are finished first
            assert said(page).startswith("Ball in row 1,")
            assert page.evaluate("returns.length") == 101
        assert faults == []


def test_everything_is_reached_by_tab_and_seen_to_be(page):
    reached = []
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                const now = document.activeElement;
                const { outlineStyle, outlineWidth } = getComputedStyle(now);
                const name = now.id || now.innerText || now.name;
                return [name, outlineStyle, outlineWidth];
                }"""
            )
        )
    names = [name.split("\n")[0] for name, _, _ in reached]
    assert names[:4] == ["one-update", "one-game", "hundred-games", "reset"]
    assert [name[2:7].strip() for name in names[4:7]] == ["LEFT", "STAY", "RIGHT"]
    assert names[7:] == ["learning-rate", "discount", "epsilon", "part"]
    assert {(style, width) for _, style, width in reached} == {("solid", "3px")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_taught_table_is_readable(browser, shape, scheme):
    faults = []
    width, height = SHAPES[shape]
    view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    with look.open_page(browser, PAGE, faults, **view, **STILL) as page:
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (
            ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 28, 32)"}[scheme]
        )
        press(page, *["100 games"] * 4, *["One update"] * 5)
        faults += page.evaluate(look.LOOK)
        page.add_script_tag(path=look.AXE)
        faults += page.evaluate(look.AXE_FAULTS)
    assert faults == []


@pytest.mark.parametrize("shape", SHAPES)
def test_in_the_notebook_the_frame_is_as_high_as_the_page(browser, shape):
    faults = []
    width, height = SHAPES[shape]
    view = {"viewport": {"width": width, "height": height}}
    with look.open_page(browser, NOTEBOOK, faults, **view, **STILL) as page:
        frame = page.locator(f'iframe[title="{TITLE}"]')
        inside = frame.content_frame
        frame.scroll_into_view_if_needed()
        inside.get_by_role("button", name="100 games").click()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert inside.get_by_role("status").inner_text().startswith("Ball in row 1")
        hidden = inside.locator("html").evaluate(
            "html => [html.scrollHeight - innerHeight, html.scrollWidth - innerWidth]"
        )
        empty = inside.locator("body").evaluate(
            "body => innerHeight - body.offsetHeight"
        )
        assert max(hidden) <= 0 and empty <= 1
    assert faults == []


def test_without_scripts_the_page_says_what_it_needs(browser):
    with look.open_page(browser, PAGE, [], java_script_enabled=False) as page:
        assert page.locator("noscript").inner_text().startswith("This page needs")
