"""What our runs and the peer's measure alike.

The peer's Python imports this too, and it has little but the standard library.
"""

import json
import time

from dqn_tutorial.machine import peak_ram_mb

__all__ = ["peak_ram_mb", "report", "reported", "time_it"]
MARK = "RESULT "


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
