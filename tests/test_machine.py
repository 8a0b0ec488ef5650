"""How much RAM and how many cores there are, also where a container has fewer."""

import os
import sys
from types import SimpleNamespace

import psutil
import pytest

from dqn_tutorial import machine


@pytest.fixture
def ten_of_16_gb(monkeypatch):
    """A machine of 16 GB, of which 10 are free."""
    memory = psutil.virtual_memory()._replace(available=10 * 10**9, total=16 * 10**9)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


@pytest.mark.parametrize(
    ("limit", "used", "cached", "free", "total"),
    [
        ("max", 10**9, 0, 10 * 10**9, 16 * 10**9),  # no limit
        (8 * 10**9, 10**9, 0, 7 * 10**9, 8 * 10**9),
        (8 * 10**9, 9 * 10**9, 0, 0, 8 * 10**9),
        (8 * 10**9, 8 * 10**9, 5 * 10**9, 5 * 10**9, 8 * 10**9),  # full of files
        (64 * 10**9, 10**9, 0, 10 * 10**9, 16 * 10**9),  # more than there is
    ],
)
def test_a_containers_limit_counts(
    ten_of_16_gb, monkeypatch, tmp_path, limit, used, cached, free, total
):
    stat = f"anon 7\ninactive_file {cached}\nactive_file 9\n"
    (tmp_path / "memory.stat").write_text(stat, encoding="utf-8")
    (tmp_path / "memory.max").write_text(f"{limit}\n", encoding="utf-8")
    (tmp_path / "memory.current").write_text(f"{used}\n", encoding="utf-8")
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    assert machine.free_and_total() == (free, total)


def test_without_such_files_it_is_the_machines(ten_of_16_gb, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "none")
    assert machine.free_and_total() == (10 * 10**9, 16 * 10**9)


def test_cores_that_a_process_may_not_use_do_not_count(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 5, 8}, raising=False)
    assert machine.usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    monkeypatch.setattr(os, "cpu_count", lambda: 10)
    assert machine.usable_cores() == 10


def test_the_peak_of_memory_is_in_units_of_a_million_bytes():
    holds = psutil.Process().memory_info().rss / 1e6
    assert 0.9 * holds < machine.peak_ram_mb() < 100 * holds


def test_without_unixs_module_psutil_is_asked_for_the_peak(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "STATUS", tmp_path / "none")
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    info = SimpleNamespace(memory_info=lambda: SimpleNamespace(peak_wset=2_500_000))
    monkeypatch.setattr(psutil, "Process", lambda: info)
    assert machine.peak_ram_mb() == 2.5
