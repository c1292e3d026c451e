"""Errors as the user sees them: one line on stderr, and an exit code."""

import sys
from collections.abc import Callable
from pathlib import Path

from scratchnet.errors import UserError
from scratchnet.system import interrupts
from scratchnet.system.text import printable

LONGEST = 2000  # characters
FOLDER_GONE = "the current folder has been deleted; cd somewhere else"
READER_LEFT = 1  # the exit code that rich uses


def exit_code(main: Callable[[], int]) -> int:
    """Call a program's main function; what ends it early is reported in one line.

    Until it has ended, signals are handled (see system.interrupts).
    """
    try:
        with interrupts.handled():
            code = main()
            sys.stdout.flush()
    except BrokenPipeError:  # as in `... list | head`
        return READER_LEFT
    except (UserError, OSError, MemoryError) as error:
        return report(error)
    except (interrupts.Interrupted, Exception) as error:
        stop = interrupts.behind(error)
        if stop is None:  # a bug: with its traceback
            raise
        print("interrupted", file=sys.stderr)
        return stop.exit_code
    return code


def report(error: UserError | OSError | MemoryError) -> int:
    """Print an error; the exit code to end with."""
    print(FOLDER_GONE if _is_folder_gone() else one_line(error), file=sys.stderr)
    return error.exit_code if isinstance(error, UserError) else UserError.exit_code


def _is_folder_gone() -> bool:
    """Whether the current folder was deleted: then nothing works, each in words of its own."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def one_line(error: Exception) -> str:
    """The message of an error on one line, shortened in the middle if it is very long."""
    text = printable(_text(error))
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} ... {text[-half:]}"


def _text(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"out of memory: {error}" if str(error) else "out of memory"
    if isinstance(error, OSError) and error.strerror:  # without [Errno 13]
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
