import base64
import html
import re

import pytest

from dqn_tutorial.viewing import notebook
from dqn_tutorial.viewing.notebook import (
    is_recorded,
    progress,
    show_page,
    show_source,
    show_video,
)


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(notebook, "display", lambda data, raw: outputs.append(data))
    return outputs


def test_source_is_shown_as_a_block_of_python_that_names_its_file(shown):
    show_source(progress)
    lines = shown[0]["text/markdown"].splitlines()
    assert lines[:3] == ["```python", "# dqn_tutorial/viewing/notebook.py", ""]
    assert any(line.startswith("def progress(") for line in lines)
    assert lines[-1] == "```"


@pytest.mark.parametrize("obj", [len, 3])
def test_what_has_no_source_is_refused(shown, obj):
    with pytest.raises(ValueError, match="must be a function, method or class"):
        show_source(obj)


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("yes", True), ("0", False), ("", False)]
)
def test_recording_is_said_by_the_environment(monkeypatch, value, expected):
    monkeypatch.setenv("DQN_TUTORIAL_RECORD", value)
    assert is_recorded() is expected


def test_nobody_records_unless_it_is_said(monkeypatch):
    monkeypatch.delenv("DQN_TUTORIAL_RECORD")
    assert not is_recorded()


def count_to(n, total):
    with progress(total, "Playing", "games") as bar:
        for _ in range(n):
            bar.update()


def test_recorded_progress_is_one_plain_line(monkeypatch, capsys):
    monkeypatch.setenv("DQN_TUTORIAL_RECORD", "1")
    count_to(1200, 1200)
    assert capsys.readouterr() == ("Playing: 1,200 of 1,200 games\n", "")


def test_a_person_sees_a_bar_and_it_ends_in_the_same_line(monkeypatch, capsys):
    monkeypatch.setenv("DQN_TUTORIAL_RECORD", "0")
    count_to(3, 3)
    out, err = capsys.readouterr()
    assert "Playing:   0%|" in out
    assert out.endswith("\rPlaying: 3 of 3 games\n")
    assert err == ""


def test_progress_that_is_broken_off_says_how_far_it_came(monkeypatch, capsys):
    monkeypatch.setenv("DQN_TUTORIAL_RECORD", "1")
    with pytest.raises(KeyboardInterrupt), progress(10, "Playing") as bar:
        bar.update(4)
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "Playing: 4 of 10 steps\n"


MP4 = b"\0\0\0\x20ftypisom" + bytes(range(50))


def test_a_video_is_stored_in_the_notebook_with_its_alt_text(shown, tmp_path):
    (tmp_path / "game.mp4").write_bytes(MP4)
    show_video(tmp_path / "game.mp4", 'The agent "tunnels" & wins')
    tag = shown[0]["text/html"]
    assert 'aria-label="The agent &quot;tunnels&quot; &amp; wins"' in tag
    assert base64.b64decode(re.search('base64,([^"]+)', tag)[1]) == MP4
    assert shown[0]["text/plain"] == 'Video: The agent "tunnels" & wins'
    assert str(tmp_path) not in str(shown)


def test_the_sanitizer_replaces_the_bytes_of_a_video_or_a_page_and_nothing_else(
    shown, tmp_path, pytestconfig
):
    from nbval.plugin import get_sanitize_patterns

    config = pytestconfig.rootpath / "tests" / "nbval_sanitize.cfg"
    patterns = dict(get_sanitize_patterns(config.read_text(encoding="utf-8")))
    assert len(patterns) == 2

    def sanitized(text):
        for pattern, replacement in patterns.items():
            text = re.sub(pattern, replacement, text)
        return text

    for k, data in enumerate([MP4, MP4 + b"more"]):
        (tmp_path / f"{k}.mp4").write_bytes(data)
        show_video(tmp_path / f"{k}.mp4", "The same words")
    first, second = (sanitized(output["text/html"]) for output in shown)
    assert first == second
    assert 'aria-label="The same words"' in first
    for number in (0.1, 0.25):
        show_page(f'<!DOCTYPE html><p class="a">{number} > 0</p>', "The same page")
    first, second = (sanitized(output["text/html"]) for output in shown[2:])
    assert first == second
    assert 'title="The same page"' in first and first.endswith('="PAGE"></iframe>')
    for text in ["a score of 12.5 at 0x7f3a", "data:image/png;base64,AAAA", "1.2 s"]:
        assert sanitized(text) == text


def test_a_video_without_alt_text_is_refused(shown, tmp_path):
    (tmp_path / "game.mp4").write_bytes(MP4)
    with pytest.raises(ValueError, match="alt must say"):
        show_video(tmp_path / "game.mp4", " ")


def test_a_file_that_is_no_mp4_is_refused_by_name(shown, tmp_path):
    (tmp_path / "game.gif").write_bytes(b"GIF89a" + bytes(20))
    with pytest.raises(ValueError, match=r"mp4 video, but game\.gif is something else"):
        show_video(tmp_path / "game.gif", "A game")


def test_a_video_too_large_for_a_notebook_is_refused(shown, tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "MAX_VIDEO_BYTES", 60)
    (tmp_path / "long.mp4").write_bytes(MP4)
    with pytest.raises(ValueError, match=r"at most 60 bytes, but long\.mp4 has 62"):
        show_video(tmp_path / "long.mp4", "A long game")


PAGE = '<!DOCTYPE html><p class="a">1 < 2 &amp; "so on"</p>'


def test_a_page_stands_in_a_frame_of_its_own(shown):
    show_page(PAGE, 'A "small" page')
    tag = shown[0]["text/html"]
    assert 'title="A &quot;small&quot; page"' in tag
    (inside,) = re.findall('srcdoc="([^"]*)"></iframe>$', tag)
    assert html.unescape(inside) == PAGE
    assert shown[0]["text/plain"] == 'Page: A "small" page'


@pytest.mark.parametrize(
    ("page", "title", "complaint"),
    [
        (PAGE, " ", "title must say what the page is"),
        ("<p>A part</p>", "A page", "whole HTML document, got '<p>A part</p>'"),
        (PAGE + 10 * "long", "A page", "at most 60 characters, got 91: take fewer"),
    ],
)
def test_a_page_that_no_frame_can_show_is_refused(
    shown, page, title, complaint, monkeypatch
):
    monkeypatch.setattr(notebook, "MAX_PAGE_BYTES", 60)
    with pytest.raises(ValueError, match=complaint):
        show_page(page, title)
