"""The machine in words: what a result needs beside it, and nothing that names it.

python -m benchmarks.machine
"""

import importlib.metadata
import platform
import subprocess
from pathlib import Path

import psutil

from dqn_tutorial.machine import usable_cores

PACKAGES = ("tensorflow", "keras", "numpy", "ale-py", "lz4")
# What matters to matrix products, as Linux spells it, and as people do.
INSTRUCTIONS = {"avx2": "AVX2", "avx512f": "AVX-512", "amx_bf16": "AMX"}


def _cpuinfo(field: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [line.split(":", 1)[1].strip() for line in lines if line.startswith(field)]
    return found[0] if found else ""


def _cpu() -> str:
    name = _cpuinfo("model name")
    if not name and platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        name = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    name = name or platform.machine()
    flags = _cpuinfo("flags").split()
    known = [word for flag, word in INSTRUCTIONS.items() if flag in flags]
    return name + (f" ({', '.join(known)})" if known else "")


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, AttributeError):
        return f"{platform.system()} {platform.release()}"


def describe() -> dict[str, str]:
    """What the machine is and what runs on it: no host name, no path."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {
        "cpu": _cpu(),
        "cores": str(usable_cores()),
        "ram_gb": f"{psutil.virtual_memory().total / 1e9:.0f}",
        "system": _system(),
        "python": platform.python_version(),
    } | versions


def sentence(machine: dict[str, str]) -> str:
    """A machine that `describe` gave, in one line."""
    versions = ", ".join(
        f"{name} {machine[name]}"
        for name in ("tensorflow", "ale-py")
        if name in machine
    )
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['ram_gb']} GB of RAM, "
        f"{machine['system']}, Python {machine['python']}, {versions}"
    )


def busy_percent(seconds: float = 1.0) -> float:
    """How busy all cores are now, 0 to 100: what others take from a run to come."""
    return psutil.cpu_percent(interval=seconds)


if __name__ == "__main__":
    for what, value in describe().items():
        print(f"{what:12} {value}")
    print(f"{'busy now':12} {busy_percent():.0f} % of all cores")
