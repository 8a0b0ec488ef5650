import numpy as np
import pytest
from full_disk import disk_of

from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.history import COLUMNS, History

ROW = dict(
    zip(COLUMNS, (500, 120, 0.75, 0.0123, 1.5, 9, 2.25, 310.5, 1.75), strict=True)
)


def two_rows():
    history = History()
    history.append(**ROW)
    history.append(**ROW | {"step": 1000, "loss": float("nan")})
    return history


def test_columns_come_back_as_arrays_and_counts_as_integers():
    history = two_rows()
    assert len(history) == 2
    np.testing.assert_array_equal(history["step"], [500, 1000])
    assert history["step"].dtype == np.int64
    np.testing.assert_array_equal(history["loss"], [0.0123, np.nan])


def test_a_history_is_a_data_frame_with_a_row_for_each_of_its_own():
    frame = two_rows().to_frame()
    assert list(frame.columns) == list(COLUMNS)
    assert dict(frame.iloc[0]) == ROW
    assert frame["step"].tolist() == [500, 1000] and frame["games"].dtype == np.int64
    assert frame["loss"].mean() == 0.0123  # pandas leaves out what is not there


def test_the_first_row_with_a_score_is_found():
    history = two_rows()
    history.append(**ROW | {"mean_score_100": 5})
    assert [history.row_of(score) for score in (2, 2.25, 5, 6)] == [0, 0, 2, None]


def test_the_csv_reads_back(tmp_path):
    two_rows().write(tmp_path / "h.csv")
    lines = (tmp_path / "h.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "500,120,0.75,0.0123,1.5,9,2.25,310.5,1.75"
    again = History.read(tmp_path / "h.csv")
    for column in COLUMNS:
        np.testing.assert_allclose(again[column], two_rows()[column])


def test_a_full_disk_is_told_and_the_old_file_stays_whole(tmp_path):
    two_rows().write(tmp_path / "h.csv")
    before = (tmp_path / "h.csv").read_bytes()
    with disk_of(50), pytest.raises(CheckpointError, match=r"h\.csv.*make room"):
        two_rows().write(tmp_path / "h.csv")
    assert (tmp_path / "h.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["h.csv"]


def test_a_snapshot_restores():
    history = History()
    history.restore(two_rows().snapshot())
    for column in COLUMNS:
        np.testing.assert_array_equal(history[column], two_rows()[column])


def test_an_empty_history_survives_writing_and_snapshots(tmp_path):
    History().write(tmp_path / "h.csv")
    assert len(History.read(tmp_path / "h.csv")) == 0
    history = two_rows()
    history.restore(History().snapshot())
    assert len(history) == 0


def test_unknown_and_missing_columns_are_refused():
    with pytest.raises(KeyError, match="no column 'score'"):
        two_rows()["score"]
    with pytest.raises(KeyError):
        History().append(step=1)
    with pytest.raises(KeyError, match="no column score"):
        History().append(**ROW, score=1)


def test_a_file_with_other_columns_is_refused(tmp_path):
    (tmp_path / "h.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a history"):
        History.read(tmp_path / "h.csv")


HEADER = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    "text",
    ["", "\n", HEADER + "1,2\nx\n", HEADER + "1,2\n" + "1," * 12 + "\n", "\0\xff"],
    ids=["empty", "no header", "a word", "a row too long", "bytes"],
)
def test_the_error_about_a_file_that_is_no_history_names_it(tmp_path, text):
    (tmp_path / "h.csv").write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=r"h\.csv is"):
        History.read(tmp_path / "h.csv")
