"""Standard output and error when they are closed, full, or left by their reader.

    python run.py >&-          closed: the next file to be opened would receive what is printed
    python run.py >/dev/full   full
    python run.py | head -3    left by its reader

A training goes on without them: everything it prints is in its run folder too.
"""

import codecs
import io
import logging
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger("scratchnet")  # of a run: what is written there is in run.log


IN_ASCII = "scratchnet.in_ascii"  # the name of the handler below
SUBSTITUTES = {"±": "+-", "…": "...", "█": "#"}


def _substitute(error: UnicodeError) -> tuple[str, int]:
    """What is printed for characters that the encoding lacks, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(SUBSTITUTES.get(c, "?") for c in lacking), error.end


codecs.register_error(IN_ASCII, _substitute)


def prepare() -> None:
    """Make both streams safe to print to. Call it once, before anything is printed.

    What is printed to a closed stream is lost, and stderr never fails. An error of stdout names it,
    and happens once. A terminal without ± shows +-, and ? for other characters that it lacks.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # takes the lowest free number
        os.set_inheritable(number, True)  # as streams are
    os.close(number)
    sys.stdout = _guarded(sys.stdout, 1, "stdout")
    sys.stderr = _guarded(sys.stderr, 2, "stderr")
    _make_lossy(sys.stderr)


def outlive_reader() -> None:
    """From now on, what stdout cannot take is lost, after a warning on stderr and in run.log."""
    _make_lossy(sys.stdout)


class _Stream(io.FileIO):
    """One of the streams. Once it has failed, it takes everything and loses it."""

    def __init__(self, number: int, name: str):
        super().__init__(number, "w", closefd=False)
        self.label = name
        self.is_lossy = False  # if it fails, nothing is raised

    def write(self, content: "ReadableBuffer", /) -> int:
        """The number of bytes taken. Raises OSError, unless it is lossy."""
        try:
            return super().write(content)
        except OSError as error:
            self._become_nowhere()
            if not self.is_lossy:
                raise OSError(error.errno, error.strerror, self.label) from error
            lost = f"nothing more is printed on {self.label}: {error.strerror}"
            logger.info(lost)
            if self.label == "stdout":
                print(f"warning: {lost}", file=sys.stderr)
            return memoryview(content).nbytes

    def _become_nowhere(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def _guarded(stream: TextIO | None, number: int, name: str) -> io.TextIOWrapper:
    """A stream to the same file; a new one to the null device, if there was none."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(_Stream(number, name)), encoding="utf-8")
    assert isinstance(stream, io.TextIOWrapper)
    if sys.platform == "win32" and stream.isatty():  # has a class of its own, and is never full
        stream.reconfigure(errors=IN_ASCII)
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(number, name)),
        encoding=stream.encoding,
        errors=IN_ASCII,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _make_lossy(stream: TextIO) -> None:
    raw = getattr(stream.buffer, "raw", None)
    if isinstance(raw, _Stream):
        raw.is_lossy = True
