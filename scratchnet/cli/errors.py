"""Errors as the user sees them: one line on stderr, and an exit code."""

import sys

from scratchnet.errors import UserError
from scratchnet.system.text import printable

LONGEST = 2000  # characters


def one_line(error: Exception) -> str:
    """The message of an error on one line, shortened in the middle if it is very long."""
    text = printable(str(error))
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} ... {text[-half:]}"


def report(error: UserError | OSError) -> int:
    """Print an error; the exit code to end with."""
    print(one_line(error), file=sys.stderr)
    return error.exit_code if isinstance(error, UserError) else UserError.exit_code
