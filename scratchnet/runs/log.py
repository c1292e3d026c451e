"""The logger "scratchnet": messages go to run.log, warnings to the terminal as well."""

import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.system import files
from scratchnet.system.text import printable

logger = logging.getLogger("scratchnet")


class LogFile(logging.Handler):
    """Writes a line per message, with the time. A log that cannot be written never ends a run."""

    def __init__(self, path: Path):
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self.path = path
        self.is_over = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a message; lines after the first are indented, so a text cannot forge a message."""
        if self.is_over:
            return
        text = "\n    ".join(printable(line) for line in self.format(record).split("\n"))
        try:
            files.append_line(self.path, text)
        except RunError as error:
            self.is_over = True  # removing it now would make the logger skip the next handler
            logger.warning("the log ends here: %s", error)


class Terminal(logging.Handler):
    """Prints warnings and errors to the current stderr, one line each."""

    def __init__(self):
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message."""
        print(f"{record.levelname.lower()}: {printable(record.getMessage())}", file=sys.stderr)


@contextlib.contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Inside the context, messages go to the log file `path` and warnings to the terminal."""
    level, handlers = logger.level, [LogFile(path), Terminal()]
    logger.setLevel(logging.INFO)
    for handler in handlers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        logger.setLevel(level)
        for handler in handlers:
            logger.removeHandler(handler)


def quieten() -> None:
    """Print no more warnings: the error that is about to be reported explains them."""
    for handler in logger.handlers:
        if isinstance(handler, Terminal):
            handler.setLevel(logging.CRITICAL)
