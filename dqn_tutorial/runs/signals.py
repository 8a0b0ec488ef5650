"""Ctrl-C, SIGTERM and a closed terminal as requests to stop, after saving."""

import contextlib
import signal
import sys
import threading


class StopOnSignal:
    """While open, the first Ctrl-C only sets `asked`; a second one ends the process.

    SIGTERM does the same, and so does SIGHUP, which comes when the terminal is closed.
    Windows has neither: there Ctrl-Break is the second key, and a window that is closed
    ends the process at once.

    Signals reach the main thread only; in another thread this does nothing.
    """

    NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # no system has them all
    SIGNALS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))

    def __init__(self):
        self.asked = False
        self._before = {}

    def __enter__(self) -> "StopOnSignal":
        if threading.current_thread() is threading.main_thread():
            # Under nohup, SIGHUP is already ignored; keep it that way.
            wanted = [s for s in self.SIGNALS if s.name != "SIGHUP"
                      or signal.getsignal(s) is not signal.SIG_IGN]  # fmt: skip
            self._before = {s: signal.signal(s, self._ask) for s in wanted}
        return self

    def __exit__(self, *_) -> None:
        self._put_back()

    def _put_back(self) -> None:
        for s, handler in self._before.items():
            signal.signal(s, handler)

    def _ask(self, *_) -> None:
        self.asked = True
        self._put_back()
        # The same Ctrl-C may have ended the reader of this line (2>&1 | tee log), and
        # saving matters more than saying so.
        with contextlib.suppress(OSError, RuntimeError):
            print("\nsaving; press again to quit without saving", file=sys.stderr)
