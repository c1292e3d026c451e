"""Reading and writing the files of a run. Nothing else writes to a run folder.

A file that matters is whole or not there: it is written to a temporary file beside it, forced to
the disk and renamed. A run folder has one writer at a time, so a temporary file that a killed
process left behind is overwritten by the next attempt. Every failure is a RunError in one line.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from scratchnet.errors import RunError

BLOCK = 1 << 20  # bytes given to the system in one write


def _ignore(operation: str, path: Path) -> None:
    """What the hook does outside of tests."""


hook: Callable[[str, Path], None] = _ignore
"""Called before each "make", "open", "write", "fsync" and "rename": a test can let the n-th fail,
or the process die there."""


def write_atomic(path: Path, content: bytes | memoryview) -> None:
    """Put a file in place, replacing the old one: at any moment the old or the new is there."""
    temporary = path.with_name(f".{path.name}.part")
    with _failures("written", path):
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with _opened(temporary, flags) as descriptor:
                _write(descriptor, content, temporary)
                hook("fsync", temporary)
                os.fsync(descriptor)
            hook("rename", path)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):  # the first error is the one to report
                temporary.unlink()
            raise
        _sync_folder(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add a line to a log. It is not forced to the disk, as nothing depends on it."""
    with (
        _failures("written", path),
        _opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor,
    ):
        _write(descriptor, f"{line}\n".encode(), path)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing."""
    with _failures("made", path):
        hook("make", path)
        path.mkdir(parents=True, exist_ok=True)
        _sync_folder(path.parent)


def read(path: Path, at_most: int) -> bytes:
    """The content of a regular file of no more than `at_most` bytes."""
    with _failures("read", path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise RunError(f"{path}: is not a file")
        with path.open("rb") as file:
            content = file.read(at_most + 1)
    if len(content) > at_most:
        raise RunError(f"{path}: is larger than {at_most:,} bytes, the most that is read")
    return content


@contextlib.contextmanager
def _failures(done: str, path: Path):
    """Turn an error of the system into one line that names the file."""
    try:
        yield
    except FileNotFoundError as error:
        if done == "read":
            raise RunError(f"{path}: there is no such file") from error
        raise RunError(f"{path}: cannot be {done}: its folder is gone") from error
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        reason = getattr(error, "strerror", None) or error
        raise RunError(f"{path}: cannot be {done}: {reason}") from error


@contextlib.contextmanager
def _opened(path: Path, flags: int):
    hook("open", path)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes | memoryview, path: Path) -> None:
    rest = memoryview(content)
    while rest:
        hook("write", path)
        rest = rest[os.write(descriptor, rest[:BLOCK]) :]


def _sync_folder(path: Path) -> None:
    """Force a new name in a folder to the disk; Windows has no such call and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with _opened(path, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        hook("fsync", path)
        os.fsync(descriptor)
