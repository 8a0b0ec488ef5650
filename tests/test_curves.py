"""The curves of runs: what is drawn over what, and histories with little in them."""

import io
import warnings

import numpy as np
import pytest
from histories import history_of
from matplotlib.image import imread

from dqn_tutorial.cli.main import main
from dqn_tutorial.runs.history import COLUMNS, History
from dqn_tutorial.runs.pretrained import load_history
from dqn_tutorial.viewing.curves import PANELS, curves_figure
from dqn_tutorial.viewing.plotting import COLOURS

ROW = dict(
    zip(COLUMNS, (500, 120, 0.75, 0.0123, 1.5, 9, 2.25, 310.5, 30.0), strict=True)
)
NAN = float("nan")


def run_of(*rows: dict) -> History:
    """Rows that differ from `ROW` in some columns."""
    return history_of(**{c: [(ROW | row)[c] for row in rows] for c in COLUMNS})


LATER = {"step": 1000, "update": 250, "wall_seconds": 90.0, "mean_score_100": 4.0}


def pixels(fig) -> np.ndarray:
    png = io.BytesIO()
    fig.savefig(png, format="png", dpi=50)
    png.seek(0)
    return imread(png)


@pytest.mark.parametrize(
    "x, expected",
    [("steps", [500, 1000]), ("updates", [120, 250]), ("minutes", [0.5, 1.5])],
)
def test_every_panel_draws_its_column_over_x(x, expected):
    fig = curves_figure({"a": run_of({}, LATER)}, x)
    for axes, column in zip(fig.axes, PANELS, strict=True):
        (line,) = axes.lines
        values = [ROW[column], (ROW | LATER)[column]]
        np.testing.assert_allclose(line.get_xdata(), expected)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert [axes.get_xlabel() for axes in fig.axes[2:]] == [x, x]


def test_runs_have_colours_of_their_own_and_are_named_in_their_order():
    runs = {f"run {k}": run_of({}, LATER) for k in range(9)}
    fig = curves_figure(runs)
    looks = [(line.get_color(), line.get_linestyle()) for line in fig.axes[0].lines]
    assert len(set(looks)) == 9
    assert [colour for colour, _ in looks[:7]] == COLOURS
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == list(runs)
    assert [handle.get_color() for handle in legend.legend_handles] == [
        colour for colour, _ in looks
    ]


@pytest.mark.parametrize("name", ["_first", "a$b$c", "100%", "x" * 150])
def test_a_label_is_shown_as_it_is(name):
    fig = curves_figure({name: run_of({}, LATER), "b": run_of({})})
    pixels(fig)
    assert fig.legends[0].get_texts()[0].get_text() == name


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"mean_score_100": NAN, "loss": NAN, "mean_q": NAN}],
        [{"mean_score_100": NAN, "loss": NAN, "mean_q": NAN}, LATER],
        [{"loss": 0.0, "mean_q": -1.0}, LATER],
    ],
    ids=["no rows", "one row", "one of NaN", "NaN, then numbers", "zero and below"],
)
def test_little_is_drawn_without_a_warning(rows):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels(curves_figure({"a": run_of(*rows)}))


def test_a_single_value_can_be_seen():
    one = pixels(curves_figure({"a": run_of({})}))
    other = pixels(curves_figure({"a": run_of({"mean_q": NAN})}))
    assert (one != other).any()


def test_losses_far_apart_are_both_readable():
    near, far = run_of({}, LATER), run_of({"loss": 3.0})
    assert curves_figure({"a": near}).axes[1].get_yscale() == "linear"
    assert curves_figure({"a": near, "b": far}).axes[1].get_yscale() == "log"


@pytest.mark.parametrize("runs, x", [({}, "steps"), ({"a": run_of({})}, "games")])
def test_no_run_and_another_x_are_refused(runs, x):
    with pytest.raises(ValueError, match=r"runs must|x must be one of steps, updates"):
        curves_figure(runs, x)


@pytest.fixture
def plot(capsys, monkeypatch, tmp_path):
    """Run `plot` in an empty folder; its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main(["plot", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def make_run(run_dir, *rows):
    run_dir.mkdir(parents=True)
    run_of(*rows).write(run_dir / "history.csv")


def test_plot_draws_folders_and_shipped_agents_and_the_data_show(plot, tmp_path):
    make_run(tmp_path / "a", {}, LATER)
    make_run(tmp_path / "b", {}, LATER | {"mean_score_100": 5.0})
    code, text = plot("a")
    assert code == 0 and text.count("\n") == 1 and "curves.png" in text
    assert plot("b", "--out", "b.png")[0] == 0
    assert plot("a", "b", "pong", "--x", "minutes", "--out", "all.png")[0] == 0
    drawn = [imread(tmp_path / f"{name}.png") for name in ("curves", "b", "all")]
    assert (drawn[0] != drawn[1]).any()
    assert drawn[2].shape == drawn[0].shape and (drawn[2] != drawn[0]).any()


def test_plot_hands_on_runs_by_folder_name_and_x(plot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "dqn_tutorial.runs.shows.write_curves", lambda *words: asked.append(words)
    )
    for folder in ("one/a", "two/a", "b"):
        make_run(tmp_path / folder, {})
    assert plot("one/a/", "two/a", "./b", "pong", "--x", "updates")[0] == 0
    ((runs, out, x),) = asked
    assert list(runs) == ["one/a/", "two/a", "b", "pong"]  # two named a: as given
    assert len(runs["pong"]) == len(load_history("pong"))
    assert str(out) == "curves.png" and x == "updates"


@pytest.mark.parametrize(
    "words, said",
    [
        (["nowhere"], "nowhere"),
        (["bare"], "bare holds no history.csv"),
        (["empty"], "empty/history.csv"),
        (["words"], "words/history.csv"),
        (["good", "--out", "curves.pdf"], "curves.pdf"),
        (["good", "--out", "none/curves.png"], "none"),
    ],
)
def test_what_cannot_be_drawn_is_one_clear_line(plot, tmp_path, words, said):
    make_run(tmp_path / "good", {})
    words_for_numbers = ",".join(COLUMNS) + "\n" + "x," * 8 + "x"
    for name, text in (("empty", ""), ("words", words_for_numbers)):
        make_run(tmp_path / name, {})
        (tmp_path / name / "history.csv").write_text(text, encoding="utf-8")
    (tmp_path / "bare").mkdir()
    code, text = plot(*words)
    assert code == 1 and text.startswith("error: ") and text.count("\n") == 1
    assert said in text
    assert not list(tmp_path.glob("*.png"))


def test_a_folder_named_as_a_shipped_agent_is_meant_by_its_path(plot, tmp_path):
    make_run(tmp_path / "pong", {})
    (tmp_path / "pong" / "history.csv").unlink()
    assert plot("pong")[0] == 0
    assert plot("./pong")[0] == 1
