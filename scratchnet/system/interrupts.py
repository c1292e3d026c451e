"""Ctrl-C and the signals that end a process: finish the step or the writing, then stop.

The first one raises `Interrupted` where the program stands; while things are under way that must
not be torn apart, at the next `check`. The second one ends the process at once.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = tuple(  # Windows has no SIGHUP
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Interrupted(KeyboardInterrupt):
    """The process was asked to stop; `exit_code` is 128 + the signal: 130 after Ctrl-C."""

    def __init__(self, number: int):
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


class _Process:
    """The signal received, if any, and how many `deferred` blocks are open."""

    received: int | None = None
    deferrals = 0


@contextlib.contextmanager
def handled() -> Iterator[None]:
    """While this lasts, the signals are answered as said above; those that are ignored stay so.

    For the main thread, where Python answers signals.
    """
    old = {number: signal.getsignal(number) for number in SIGNALS}
    taken = [number for number, handler in old.items() if handler is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, _answer)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, old[number])
        _Process.received = None


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """While this lasts, a signal is answered only where `check` is called, and at the end.

    An exception between any two instructions could leave a file half written, or a lock of a
    thread pool taken for ever.
    """
    _Process.deferrals += 1
    try:
        yield
    finally:
        _Process.deferrals -= 1
    if _Process.deferrals == 0:
        check()


def check() -> None:
    """Raise Interrupted if there was a signal."""
    if _Process.received is not None:
        raise Interrupted(_Process.received)


def is_asked() -> bool:
    """True if there was a signal: for other threads than the one that is to answer."""
    return _Process.received is not None


def _answer(number: int, _frame: FrameType | None) -> None:
    if _Process.received is not None:
        os._exit(128 + number)
    _Process.received = number
    if _Process.deferrals == 0:
        raise Interrupted(number)
