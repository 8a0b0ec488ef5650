"""What `plotting` shows: sizes, colours and pixels, read back from the PNG."""

import base64
import io

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.image import imread

from dqn_tutorial.viewing import plotting
from dqn_tutorial.viewing.plotting import (
    new_figure,
    show,
    show_frames,
)


@pytest.fixture
def shown(monkeypatch):
    """What would be displayed: a list of (data, metadata)."""
    outputs = []

    def display(data, metadata=None, raw=False):
        assert raw
        outputs.append((data, metadata or {}))

    monkeypatch.setattr(plotting, "display", display)
    return outputs


def picture(shown, k=0) -> np.ndarray:
    png = base64.b64decode(shown[k][0]["image/png"])
    return np.round(imread(io.BytesIO(png), "png") * 255).astype(np.uint8)  # RGBA


def test_show_gives_one_picture_with_alt_text_and_then_the_caption(shown):
    fig, axes = new_figure(width=5.0, height=2.0)
    axes.plot([0, 1], [0, 1])
    show(fig, "The score\n    rises.", "A line that rises\nfrom 0 to 1")
    (data, metadata), (caption, _) = shown
    assert metadata["image/png"]["alt"] == "A line that rises from 0 to 1"
    assert data["text/plain"] == "A line that rises from 0 to 1"
    assert caption["text/markdown"] == "*The score rises.*"


def test_the_same_figure_gives_the_same_bytes(shown):
    for _ in range(2):
        fig, axes = new_figure(1, 2)
        axes[0].plot([3, 1, 2])
        show(fig, "A line.", "A line")
    assert shown[0] == shown[2]


def test_a_figure_made_by_pyplot_is_closed_so_that_it_is_not_shown_twice(shown):
    fig, _ = pyplot.subplots()
    show(fig, "Axes.", "Empty axes")
    assert not pyplot.fignum_exists(fig.number)


@pytest.mark.parametrize("name", ["caption", "alt"])
def test_show_refuses_an_empty_text_and_names_it(shown, name):
    fig, _ = new_figure()
    texts = {"caption": "A caption.", "alt": "An alt", name: " \n"}
    with pytest.raises(ValueError, match=f"{name} must say something"):
        show(fig, **texts)
    assert shown == []


def test_frames_are_enlarged_by_a_whole_number_and_not_blended(shown):
    # 2 x 3 pixels, wanted half an inch = 96 pixels high: 48 pixels for each.
    frame = np.array([[0, 80, 160], [240, 120, 40]], np.uint8)
    show_frames([frame], [""], "A frame.", "A frame", height=0.5)
    pixels = picture(shown)[..., 0]
    rows, columns = np.nonzero(pixels == 80)  # a cell away from the frame's corners
    top, left = rows.min(), columns.min() - 48
    for r in range(2):
        for c in range(3):
            inside = (slice(top + 48 * r + 3, top + 48 * r + 45),)
            inside += (slice(left + 48 * c + 3, left + 48 * c + 45),)
            assert (pixels[inside] == frame[r, c]).all()


def test_grey_is_fixed_so_a_dark_frame_stays_dark(shown):
    show_frames([np.full((8, 8), 30, np.uint8)], [""], "Dark.", "Dark", height=0.5)
    pixels = picture(shown)
    assert (pixels[pixels.shape[0] // 2, pixels.shape[1] // 2, :3] == 30).all()


def test_numbers_other_than_bytes_share_one_range_symmetric_about_zero(shown):
    frames = [np.full((4, 4), 1.0), np.full((4, 4), -2.0), np.zeros((4, 4))]
    show_frames(frames, [""] * 3, "F.", "F", height=0.5)
    pixels = picture(shown)
    row = pixels[pixels.shape[0] // 2, :, 0]
    # -2 is black, 0 the middle of 256 greys, 1 three quarters of the way to white.
    assert (row == 0).any() and (row == 128).any() and (row == 192).any()


def test_frames_and_titles_must_be_as_many():
    with pytest.raises(ValueError, match="got 1 frames and 2 titles"):
        show_frames([np.zeros((2, 2))], ["a", "b"], "C.", "A")
    with pytest.raises(ValueError, match="got 0 frames"):
        show_frames([], [], "C.", "A")


@pytest.mark.parametrize("shape", [(4, 84, 84), (84,), (84, 84, 4)])
def test_a_frame_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"must be \(H, W\) or \(H, W, 3\), got"):
        show_frames([np.zeros(shape)], ["a"], "C.", "A")
