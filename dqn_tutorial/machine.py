"""The RAM and cores this process may use: the machine's, or less in a container."""

import os
import sys
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")  # Linux, version 2: what Docker and JupyterHub set
STATUS = Path("/proc/self/status")  # Linux


def core_numbers() -> list[int]:
    """The cores this process may use: all, or fewer under taskset or Slurm."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))  # macOS, Windows


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(core_numbers())


def free_and_total() -> tuple[int, int]:
    """Free and total RAM for this process, in bytes.

    A container sees the whole machine's memory, but is killed at its own limit.
    """
    import psutil  # not installed for the benchmarks' peer, which needs only the peak

    memory = psutil.virtual_memory()
    free, total = memory.available, memory.total
    try:
        limit = int((CGROUP / "memory.max").read_text("utf-8"))
        used = int((CGROUP / "memory.current").read_text("utf-8"))
        stat = (CGROUP / "memory.stat").read_text("utf-8")
    except (OSError, ValueError):  # no such files, or "max": no limit
        return free, total
    # Files that were read or written lie in memory until it is wanted for more.
    used -= int(dict(line.split() for line in stat.splitlines())["inactive_file"])
    return min(free, max(0, limit - used)), min(total, limit)


def peak_ram_mb() -> float:
    """The most RAM this process has held since it began, in MB (10^6 bytes)."""
    if STATUS.exists():
        # Not ru_maxrss: on Linux a child begins with its parent's.
        for line in STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
