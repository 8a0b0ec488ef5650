"""What our runs and the peer's measure alike; standard library only.

The peer's Python imports this too, and it has neither TensorFlow nor our package.
"""

import json
import sys
import time
from pathlib import Path

MARK = "RESULT "


def peak_ram_mb() -> float:
    """The most RAM this process has held since it began, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux a child begins with its parent's.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def time_it(action, repeats: int) -> list[float]:
    """Milliseconds of each of some calls, the first ten left out."""
    times = []
    for _ in range(10 + repeats):
        began = time.perf_counter()
        action()
        times.append(1e3 * (time.perf_counter() - began))
    return times[10:]


def report(values: dict) -> None:
    """Hand values to the process that started this one: one marked line of JSON."""
    print(MARK + json.dumps(values), flush=True)


def reported(output: str) -> dict:
    """The values in a child's output.

    Raises:
        ValueError: the child reported none.
    """
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    if not lines:
        raise ValueError(f"the run reported nothing; it printed: {output[-500:]!r}")
    return json.loads(lines[-1].removeprefix(MARK))
