"""Ctrl-C and the signals that end a process: finish the current step or file, then stop.

The first signal raises `Interrupted` at once or, inside a `deferred` block, at the next `check`.
The second one ends the process immediately.
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


def behind(error: BaseException) -> Interrupted | None:
    """The signal that led to an error, as where a library's cleaning up fails; None if none did."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, Interrupted):
        cause = cause.__context__
    return cause


class _Process:
    """The signal received, if any, and how many `deferred` blocks are open."""

    received: int | None = None
    deferrals = 0
    handled: tuple[int, ...] = ()
    is_over = False  # all that a signal could stop has been done


@contextlib.contextmanager
def handled() -> Iterator[None]:
    """Handle the signals as described above; signals that are ignored stay ignored.

    For the main thread only, where Python runs signal handlers.
    """
    old = {number: signal.getsignal(number) for number in SIGNALS}
    taken = [number for number, handler in old.items() if handler is not signal.SIG_IGN]
    _Process.handled, _Process.is_over = tuple(taken), False
    handle_again()
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, old[number])
        _Process.received, _Process.handled = None, ()


def handle_again() -> None:
    """Inside `handled`: take the signals back from a library that handles them in its own way."""
    for number in _Process.handled:
        signal.signal(number, _answer)


def work_is_over() -> None:
    """From now on, ignore the signals, also one received before: there is nothing left to stop.

    So a run that is recorded as completed ends as one.
    """
    _Process.received, _Process.is_over = None, True


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Inside this block a signal raises `Interrupted` only at a `check`, and at the end.

    An exception between any two instructions could leave a file half written, or the lock of a
    thread pool taken forever.
    """
    _Process.deferrals += 1
    try:
        yield
    finally:
        _Process.deferrals -= 1
    if _Process.deferrals == 0:
        check()


def check() -> None:
    """Raise Interrupted if a signal was received."""
    if _Process.received is not None:
        raise Interrupted(_Process.received)


def stop_requested() -> bool:
    """Whether a signal was received; for threads that must stop without raising Interrupted."""
    return _Process.received is not None


def _answer(number: int, _frame: FrameType | None) -> None:
    if _Process.is_over:
        return
    if _Process.received is not None:
        os._exit(128 + number)
    _Process.received = number
    if _Process.deferrals == 0:
        raise Interrupted(number)
