"""The command line where only what Windows has is there: `as_on_windows.py train ...`.

Modules, signals and calls that only Unix has are gone, folders cannot be opened, and an
open file can be neither deleted nor replaced. A file whose encoding is not said is read
and written as cp1252. Memory is asked of psutil, which has it by another name there.
"""

import builtins
import io
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import filelock  # noqa: F401, has code of its own for Windows
import psutil

from dqn_tutorial import machine

MODULES = ["fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"]
SIGNALS = ["SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "SIGUSR2"]
CALLS = ["fork", "forkpty", "getloadavg", "getpgid", "getuid", "killpg", "mkfifo",
         "nice", "sched_getaffinity", "sched_setaffinity", "setsid"]  # fmt: skip
PEAK_BYTES = 123_000_000


def take_away() -> None:
    """Make this process as poor as one on Windows."""
    sys.modules.update(dict.fromkeys(MODULES))  # None: an import of it fails
    for owner, names in ((signal, SIGNALS), (os, CALLS)):
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    os.open = refusing(os.open, lambda path: os.path.isdir(path))
    for name in ("replace", "rename", "remove", "unlink"):
        setattr(os, name, refusing(getattr(os, name), is_open))
    io.open = builtins.open = western(io.open)
    machine.STATUS = machine.CGROUP = Path("there is no /proc")
    info = psutil.Process().memory_info()
    psutil.Process = lambda: SimpleNamespace(
        memory_info=lambda: SimpleNamespace(rss=info.rss, peak_wset=PEAK_BYTES)
    )


def western(plain_open):
    """`open`, where text that nobody says the encoding of is cp1252."""

    def opened(file, mode="r", buffering=-1, encoding=None, *rest, **options):
        if "b" not in mode and encoding in (None, "locale"):
            encoding = "cp1252"
        return plain_open(file, mode, buffering, encoding, *rest, **options)

    return opened


def is_open(path) -> bool:
    """Whether this process has the file open."""
    found = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found.add(os.path.realpath(handle))
        except OSError:
            continue
    return os.path.realpath(path) in found


def refusing(call, is_refused):
    """The system's call, but it fails where a path is refused."""

    def checked(*paths, **options):
        for path in paths:
            if isinstance(path, str | os.PathLike) and is_refused(path):
                raise PermissionError(13, "Permission denied", str(path))
        return call(*paths, **options)

    return checked


if __name__ == "__main__":
    take_away()
    from dqn_tutorial.cli.main import main

    sys.exit(main(sys.argv[1:]))
