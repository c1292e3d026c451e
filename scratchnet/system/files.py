"""Reading and writing the files of a run. Nothing else writes to a run folder.

A file that matters is whole or not there: it is written to a temporary file beside it, forced to
the disk and renamed. A run folder has one writer at a time, so a temporary file that a killed
process left behind is overwritten by the next attempt. Every failure is a RunError in one line.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from scratchnet.errors import RunError

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

    fcntl = None  # type: ignore[assignment]

BLOCK = 1 << 20  # bytes given to the system in one write


def _ignore(operation: str, path: Path) -> None:
    """What the hook does outside of tests."""


hook: Callable[[str, Path], None] = _ignore
"""Called before each "make", "open", "write", "fsync", "link" and "rename": a test can let the n-th
fail, or the process die there."""


def write_atomic(path: Path, content: bytes | memoryview) -> None:
    """Put a file in place, replacing the old one: at any moment the old or the new is there."""
    with _failures("written", path), replacing(path) as temporary:
        _write_to_disk(temporary, content)


def duplicate(source: Path, path: Path) -> None:
    """Put the content of `source` in place at `path` too, replacing what was there, as above.

    It is a second name of the same content (a hard link), which costs no time and no room; a copy
    where the file system knows no links. A later `write_atomic` to one leaves the other alone.
    """
    with _failures("written", path):
        if path.exists() and path.samefile(source):
            return  # renaming one name of a file to another would leave both
    with _failures("written", path), replacing(path) as temporary:
        temporary.unlink(missing_ok=True)
        hook("link", temporary)
        try:
            os.link(source, temporary)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write_to_disk(temporary, source.read_bytes())


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files that a killed process has left, here and in the folders below."""
    for temporary in folder.rglob(".*.part"):
        with _failures("removed", temporary):
            temporary.unlink()


# what file systems answer that have no links, or no locks (where a run goes on without)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """While this lasts, no other process can have the lock that the file at `path` stands for.

    Raises RunError where another has it. The system gives it back when a process ends, however it
    ends; the file stays and means nothing.
    """
    with _failures("locked", path):
        hook("open", path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with _failures("locked", path):
            if not _lock(descriptor):
                raise RunError(f"{path.parent}: another process is at work in this folder")
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process has that lock now; also True where that cannot be found out."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR)
    try:
        return not _lock(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Take the lock of an open file; False where another process has it."""
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


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
            size = os.fstat(file.fileno()).st_size  # Python makes room for all that is asked for
            content = file.read(min(size, at_most) + 1)
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


@contextlib.contextmanager
def replacing(path: Path, writer: str = "") -> Iterator[Path]:
    """The path of a temporary file to fill; at the end it takes the place of `path`, in one step.

    Where anything fails, `path` is left as it was and the temporary file is removed. The caller
    forces the content to the disk (see `force`), and adds a name of its own, `writer`, where
    several processes may replace the same file at once. Raises the OSError that the system raises.
    """
    temporary = path.with_name(f".{path.name}{writer}.part")
    try:
        yield temporary
        hook("rename", path)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error is the one to report
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _write_to_disk(path: Path, content: bytes | memoryview) -> None:
    with _opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as descriptor:
        _write(descriptor, content, path)
        force(descriptor, path)


def force(descriptor: int, path: Path) -> None:
    """Wait until what was written to an open file is on the disk."""
    hook("fsync", path)
    os.fsync(descriptor)


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
        force(descriptor, path)
