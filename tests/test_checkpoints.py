import errno
import os
import re
import subprocess
import sys

import numpy as np
import psutil
import pytest
from full_disk import disk_of

from dqn_tutorial.networks import build_q_network
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.checkpoints import CheckpointError

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b/0": np.array([True, False])}

HOLDS_THE_LOCK = """
import sys, time
from pathlib import Path
from dqn_tutorial.runs.checkpoints import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_what_was_written_is_read_back(tmp_path):
    path = tmp_path / "x.npz"
    checkpoints.write_arrays(path, ARRAYS, {"step": 7, "text": "ε"})
    arrays, meta = checkpoints.read_arrays(path)
    assert meta == {"step": 7, "text": "ε"}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
    assert list(tmp_path.iterdir()) == [path]  # nothing is left lying beside it


def test_a_prefix_reads_only_the_arrays_under_it(tmp_path):
    path = tmp_path / "x.npz"
    checkpoints.write_arrays(path, ARRAYS, {})
    arrays, _ = checkpoints.read_arrays(path, prefix="b/")
    assert list(arrays) == ["b/0"]


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_named_and_refused(tmp_path, kept):
    path = tmp_path / "x.npz"
    checkpoints.write_arrays(path, ARRAYS, {"step": 1})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(CheckpointError, match=r"x\.npz is not a complete checkpoint"):
        checkpoints.read_arrays(path)


def test_a_single_flipped_bit_in_an_array_is_noticed(tmp_path):
    path = tmp_path / "x.npz"
    checkpoints.write_arrays(path, {"a": np.zeros(1000)}, {"step": 1})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(CheckpointError, match="not a complete checkpoint"):
        checkpoints.read_arrays(path)


def test_a_flipped_bit_anywhere_is_noticed_or_does_no_harm(tmp_path):
    """In the zip file's own tables too, where it can look like a file of another kind.

    There it can also hide an array; who needs that one finds it missing.
    """
    path, array = tmp_path / "x.npz", np.arange(3)
    checkpoints.write_arrays(path, {"a": array}, {"step": 1})
    data, refused = path.read_bytes(), 0
    for place in range(0, 8 * len(data), 3):  # every third bit of the file
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            arrays, meta = checkpoints.read_arrays(path)
        except CheckpointError:
            refused += 1
        else:
            assert meta == {"step": 1}
            for name, found in arrays.items():
                assert name == "a"
                np.testing.assert_array_equal(found, array)
    assert refused > len(data)


@pytest.mark.parametrize(
    "content", [b"hello", b"", b"\x93NUMPY", b"PK\x03\x04 not really a zip"]
)
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a complete checkpoint"):
        checkpoints.read_arrays(path)


def test_a_plain_npy_and_an_npz_without_meta_are_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros(3))
    np.savez(tmp_path / "y.npz", a=np.zeros(3))
    for name in ("x.npy", "y.npz"):
        with pytest.raises(CheckpointError, match="not a complete checkpoint"):
            checkpoints.read_arrays(tmp_path / name)


def test_a_file_that_one_may_not_read_is_not_called_damaged(tmp_path, monkeypatch):
    checkpoints.save(tmp_path, 3, ARRAYS, {})

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(np, "load", refuse)
    with pytest.raises(CheckpointError, match="you may not read") as caught:
        checkpoints.load_latest_valid(tmp_path, checkpoints.read_meta)
    assert "delete it" not in str(caught.value)


def test_a_pickle_inside_is_never_opened(tmp_path):
    class Boom:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was opened",))

    np.savez(tmp_path / "x.npz", meta=np.array(Boom(), dtype=object))
    with pytest.raises(CheckpointError):
        checkpoints.read_arrays(tmp_path / "x.npz")


def test_a_full_disk_leaves_the_old_checkpoint_whole(tmp_path):
    path = tmp_path / "x.npz"
    checkpoints.write_arrays(path, ARRAYS, {"step": 1})
    with (
        disk_of(10_000),
        pytest.raises(
            CheckpointError, match=r"before is intact: make room on the disk$"
        ),
    ):
        checkpoints.write_arrays(path, {"a": np.zeros(10_000)}, {"step": 2})
    arrays, meta = checkpoints.read_arrays(path)
    assert meta == {"step": 1}
    np.testing.assert_array_equal(arrays["a"], ARRAYS["a"])
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_locked_once_and_the_lock_leaves_no_file(tmp_path):
    with checkpoints.run_lock(tmp_path):
        with (
            pytest.raises(CheckpointError, match=r"another process .* Ctrl-C, which"),
            checkpoints.run_lock(tmp_path),
        ):
            pass
    assert list(tmp_path.iterdir()) == []
    with checkpoints.run_lock(tmp_path):
        pass


@pytest.mark.slow
def test_the_lock_of_a_killed_process_does_not_hold(tmp_path):
    """Its file may stay; it is of no matter."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_THE_LOCK, tmp_path], stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"held\n"
    with (
        pytest.raises(CheckpointError, match="another process"),
        checkpoints.run_lock(tmp_path),
    ):
        pass
    holder.kill()
    holder.communicate()
    with checkpoints.run_lock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOLCK, "No locks"), NotImplementedError()]
)
def test_where_a_disk_has_no_locks_a_line_says_so(tmp_path, monkeypatch, capsys, error):
    def acquire(self, **_):
        raise error

    monkeypatch.setattr(checkpoints.FileLock, "acquire", acquire)
    with checkpoints.run_lock(tmp_path):
        assert "has no locks, so take care that nothing" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def acquire(self, **_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(checkpoints.FileLock, "acquire", acquire)
    with (
        pytest.raises(CheckpointError, match=r"cannot write into .* Permission denied"),
        checkpoints.run_lock(tmp_path),
    ):
        pass


def test_a_file_that_another_program_holds_open_is_named(tmp_path, monkeypatch):
    """Windows does not let it be replaced."""

    def replace(*_):
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(checkpoints.os, "replace", replace)
    with pytest.raises(CheckpointError, match=r"x\.npz: Access .* another program"):
        checkpoints.write_arrays(tmp_path / "x.npz", ARRAYS, {})
    assert list(tmp_path.iterdir()) == []


def test_only_the_last_few_checkpoints_are_kept(tmp_path):
    for step in (0, 5, 10, 100, 1_000_000):
        checkpoints.save(tmp_path, step, ARRAYS, {"step": step})
    names = [path.name for path in checkpoints.checkpoint_paths(tmp_path)]
    assert names == [
        "checkpoint_000001000000.npz",
        "checkpoint_000000000100.npz",
        "checkpoint_000000000010.npz",
    ]


def test_what_killed_processes_left_is_deleted_and_files_of_others_are_not(tmp_path):
    checkpoints.checkpoint_path(tmp_path, 7).with_suffix(".npz.part").write_bytes(b"PK")
    (tmp_path / "best.npz.part").write_bytes(b"PK")
    (tmp_path / "a download.part").write_bytes(b"")
    (tmp_path / "agent.npz").write_bytes(b"")
    for step in range(5):
        checkpoints.write_arrays(
            checkpoints.checkpoint_path(tmp_path, step), ARRAYS, {}
        )
    checkpoints.save(tmp_path, 9, ARRAYS, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a download.part",
        "agent.npz",
        "checkpoint_000000000003.npz",
        "checkpoint_000000000004.npz",
        "checkpoint_000000000009.npz",
    ]


def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(tmp_path):
    checkpoints.save(tmp_path, 1, ARRAYS, {"step": 1})
    newest = checkpoints.save(tmp_path, 2, ARRAYS, {"step": 2})
    newest.write_bytes(newest.read_bytes()[:100])
    (_, meta), problems = checkpoints.load_latest_valid(
        tmp_path, checkpoints.read_arrays
    )
    assert meta == {"step": 1}
    assert "checkpoint_000000000002.npz is not a complete checkpoint" in problems[0]
    assert "resuming from checkpoint_000000000001.npz" in problems[1]


def test_a_folder_with_no_whole_checkpoint_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        checkpoints.load_latest_valid(tmp_path, checkpoints.read_arrays)
    checkpoints.checkpoint_path(tmp_path, 1).write_bytes(b"")
    with pytest.raises(CheckpointError, match="no usable checkpoint in"):
        checkpoints.load_latest_valid(tmp_path, checkpoints.read_arrays)


def test_a_meta_that_is_not_a_table_is_refused(tmp_path):
    checkpoints.write_arrays(tmp_path / "x.npz", ARRAYS, ["not", "a", "table"])
    with pytest.raises(CheckpointError, match="not a complete checkpoint"):
        checkpoints.read_arrays(tmp_path / "x.npz")


def test_a_network_comes_back_from_plain_arrays():
    saved, fresh = (build_q_network("dqn2013", 3, seed) for seed in (1, 2))
    arrays = checkpoints.variable_arrays(saved.variables, "online")
    assert len(arrays) == 8
    checkpoints.assign_variables(fresh.variables, arrays, "online")
    for a, b in zip(saved.variables, fresh.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@pytest.mark.parametrize(
    "network, num_actions, told",
    [
        ("dqn2015", 3, "holds 10 arrays of 'online', but there should be 8"),
        (
            "dqn2013",
            4,
            r"online/6 has shape \(256, 4\) .* \(256, 3\) here",
        ),
    ],
)
def test_arrays_of_another_network_are_refused_and_change_nothing(
    network, num_actions, told
):
    here = build_q_network("dqn2013", 3, seed=0)
    before = [variable.numpy() for variable in here.variables]
    other = build_q_network(network, num_actions, seed=0)
    arrays = checkpoints.variable_arrays(other.variables, "online")
    with pytest.raises(CheckpointError, match=f"{told}.*another network"):
        checkpoints.assign_variables(here.variables, arrays, "online")
    for variable, value in zip(here.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


# --- what a crash, a full disk or another process may not spoil ----------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot sync a folder")
def test_a_file_is_whole_on_the_disk_before_it_takes_its_name_and_the_name_after(
    tmp_path, monkeypatch
):
    """Else a power cut could leave the name without the bytes, and the old file gone.

    What was synced is told by its size: a file's buffer must be empty by then.
    """
    path, calls = tmp_path / "x.npz", []
    sync, replace = os.fsync, os.replace

    def note_sync(handle):
        status = os.fstat(handle)
        folder = os.path.samestat(status, tmp_path.stat())
        calls.append("sync folder" if folder else f"sync {status.st_size} bytes")
        sync(handle)

    def note_rename(source, target):
        calls.append(f"{source.name} becomes {target.name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_rename)
    checkpoints.atomic_write(path, lambda file: file.write(b"12345"))
    assert calls == ["sync 5 bytes", "x.npz.part becomes x.npz", "sync folder"]
    assert path.read_bytes() == b"12345"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file descriptors")
def test_no_descriptor_is_left_open(tmp_path):
    """A run of weeks saves thousands of times; the system allows some 1,000 open."""
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(b"PK")

    def save_and_fail():
        with checkpoints.run_lock(tmp_path):
            checkpoints.save(tmp_path, 1, ARRAYS, {})
            with (
                pytest.raises(CheckpointError, match="another process is training"),
                checkpoints.run_lock(tmp_path),
            ):
                pass
        for unusable in (damaged, tmp_path / "none.npz"):
            with pytest.raises(CheckpointError):
                checkpoints.read_arrays(unusable)
        with pytest.raises(CheckpointError):
            checkpoints.write_arrays(tmp_path / "no" / "x.npz", ARRAYS, {})

    save_and_fail()  # what is opened once, is opened now
    before = psutil.Process().num_fds()
    for _ in range(100):
        save_and_fail()
    assert psutil.Process().num_fds() == before


def test_a_folder_is_for_one_trainer_at_a_time_even_if_it_fails(tmp_path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), checkpoints.run_lock(tmp_path):
            with (
                pytest.raises(
                    CheckpointError,
                    match=f"training in {re.escape(str(tmp_path))}: wait",
                ),
                checkpoints.run_lock(tmp_path),
            ):
                pytest.fail("two trainers in one folder")
            raise ZeroDivisionError
    (tmp_path / "other").mkdir()
    with checkpoints.run_lock(tmp_path), checkpoints.run_lock(tmp_path / "other"):
        pass


def test_what_cannot_be_written_says_so_and_advises_room_only_where_there_is_none(
    tmp_path,
):
    with pytest.raises(CheckpointError) as caught:
        checkpoints.write_arrays(tmp_path / "no" / "x.npz", ARRAYS, {})
    reason = os.strerror(errno.ENOENT)
    assert str(caught.value) == (
        f"cannot write {tmp_path / 'no' / 'x.npz'}: {reason}. What was there before is "
        "intact"
    )


def test_a_checkpoint_on_a_full_disk_says_how_to_go_on(tmp_path):
    checkpoints.save(tmp_path, 1, ARRAYS, {})
    with (
        disk_of(10_000),
        pytest.raises(CheckpointError, match=r"room on the disk, then .* --resume$"),
    ):
        checkpoints.save(tmp_path, 2, {"a": np.zeros(10_000)}, {})


class Onlooker:
    """An array that notes which files are there while it is written."""

    def __init__(self, folder):
        self.folder, self.seen = folder, None

    def __array__(self, dtype=None, copy=None):
        self.seen = sorted(path.name for path in self.folder.iterdir())
        return np.zeros(3)


def test_while_a_checkpoint_is_written_there_are_three_and_nothing_unfinished(tmp_path):
    for step in range(5):
        path = checkpoints.checkpoint_path(tmp_path, step)
        checkpoints.write_arrays(path, ARRAYS, {})
    (tmp_path / "stage_000000000003.npz.part").write_bytes(b"PK")
    (tmp_path / "video_000000000003.part.mp4").write_bytes(b"")
    onlooker = Onlooker(tmp_path)
    checkpoints.save(tmp_path, 9, {"a": onlooker}, {})
    assert onlooker.seen == [
        "checkpoint_000000000002.npz",
        "checkpoint_000000000003.npz",
        "checkpoint_000000000004.npz",
        "checkpoint_000000000009.npz.part",
    ]


def test_a_stage_has_a_name_that_sorts_by_its_step(tmp_path):
    assert checkpoints.stage_path(tmp_path, 250) == tmp_path / "stage_000000000250.npz"


def test_a_whole_newest_checkpoint_is_used_without_a_word(tmp_path):
    for step in (1, 2):
        checkpoints.save(tmp_path, step, ARRAYS, {"step": step})
    (_, meta), problems = checkpoints.load_latest_valid(
        tmp_path, checkpoints.read_arrays
    )
    assert meta == {"step": 2} and problems == []


@pytest.mark.parametrize("error", [CheckpointError, KeyError, TypeError, ValueError])
def test_a_checkpoint_of_another_run_gives_way_too_but_should_not_be_deleted(
    tmp_path, error
):
    for step in (1, 2):
        checkpoints.save(tmp_path, step, ARRAYS, {"step": step})

    def use(path):
        if path.name == "checkpoint_000000000002.npz":
            raise error("of another game")
        return path.name

    used, problems = checkpoints.load_latest_valid(tmp_path, use)
    assert used == "checkpoint_000000000001.npz"
    told = f"cannot use checkpoint_000000000002.npz: {error('of another game')}"
    assert problems[0] == told


def test_a_damaged_checkpoint_may_be_deleted(tmp_path):
    for step in (1, 2):
        checkpoints.save(tmp_path, step, ARRAYS, {})
    checkpoints.checkpoint_path(tmp_path, 2).write_bytes(b"")
    _, problems = checkpoints.load_latest_valid(tmp_path, checkpoints.read_arrays)
    assert problems[0].startswith("cannot use checkpoint_000000000002.npz (delete it):")
