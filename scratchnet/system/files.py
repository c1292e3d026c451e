"""Reading and writing the files of a run. Nothing else writes to a run folder.

A file that matters is either complete or absent: its content goes to a temporary file beside it,
is forced to the disk, and is then renamed. A run folder has one writer at a time, so a temporary
file left by a killed process is overwritten by the next attempt. Every failure is a RunError of
one line.
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

BLOCK = 1 << 20  # bytes passed to the system in one write
# errors from file systems without links, or without locks (where a run continues unlocked)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


def _ignore(operation: str, path: Path) -> None:
    """The hook outside of tests."""


hook: Callable[[str, Path], None] = _ignore
"""Called before each "make", "open", "write", "fsync", "link" and "rename": a test can make the
n-th one fail, or kill the process there."""


def write_atomic(path: Path, content: bytes | memoryview) -> None:
    """Write a file, replacing the old one: at any moment either the old or the new one exists."""
    with _failures("written", path), replacing(path) as temporary:
        _write_to_disk(temporary, content)


def duplicate(source: Path, path: Path) -> None:
    """Make the content of `source` available at `path` too, replacing any file there, as above.

    This is a hard link, which takes neither time nor space, or a copy where the file system has no
    links. A later `write_atomic` to one of them leaves the other unchanged.
    """
    with _failures("written", path):
        if path.exists() and path.samefile(source):
            return  # renaming a link over another to the same file would leave both
    with _failures("written", path), replacing(path) as temporary:
        temporary.unlink(missing_ok=True)
        hook("link", temporary)
        try:
            os.link(source, temporary)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write_to_disk(temporary, source.read_bytes())


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    with _failures("removed", path):
        path.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files left by killed processes in a folder and all folders below it."""
    for temporary in folder.rglob(".*.part"):
        remove(temporary)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`, which only one process at a time can hold.

    Raises RunError if another process holds it. The system releases the lock when the process ends,
    however it ends; the file itself remains and means nothing.
    """
    with _failures("locked", path):
        hook("open", path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with _failures("locked", path):
            if not _lock(descriptor):
                raise RunError(
                    f"{path.parent}: another process is using this folder; wait until it ends"
                )
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds that lock now; also True if that cannot be determined."""
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
    """Take the lock of an open file; False if another process holds it."""
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
    """Append a line to a log. It is not forced to the disk, as nothing depends on it."""
    with (
        _failures("written", path),
        _opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor,
    ):
        _write(descriptor, f"{line}\n".encode(), path)


def make_folder(path: Path) -> None:
    """Create a folder, and any missing folders above it."""
    with _failures("created", path):
        hook("make", path)
        path.mkdir(parents=True, exist_ok=True)
        _sync_folder(path.parent)


def read(path: Path, at_most: int) -> bytes:
    """The content of a regular file of no more than `at_most` bytes."""
    with _failures("read", path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise RunError(f"{path}: is not a file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # Python allocates as much as it may read
            content = file.read(min(size, at_most) + 1)
    if len(content) > at_most:
        raise RunError(f"{path}: is larger than the limit of {at_most:,} bytes")
    return content


@contextlib.contextmanager
def _failures(done: str, path: Path) -> Iterator[None]:
    """Turn a system error into a RunError of one line that names the file."""
    try:
        yield
    except FileNotFoundError as error:
        if done == "read":
            raise RunError(f"{path}: there is no such file") from error
        raise RunError(f"{path}: cannot be {done}: its folder does not exist") from error
    except (OSError, ValueError) as error:  # ValueError: an impossible path
        reason = getattr(error, "strerror", None) or error
        raise RunError(f"{path}: cannot be {done}: {reason}") from error


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """The descriptor of an open file, closed at the end."""
    hook("open", path)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def replacing(path: Path, writer: str = "") -> Iterator[Path]:
    """The path of a temporary file to fill; at the end it replaces `path` in one step.

    If anything fails, `path` is unchanged and the temporary file is removed. The caller forces the
    content to the disk (see `force`), and passes a unique name, `writer`, if several processes may
    replace the same file at once. Raises OSError as the system does.
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
    """Wait until everything written to an open file is on the disk."""
    hook("fsync", path)
    os.fsync(descriptor)


def _write(descriptor: int, content: bytes | memoryview, path: Path) -> None:
    rest = memoryview(content)
    while rest:
        hook("write", path)
        rest = rest[os.write(descriptor, rest[:BLOCK]) :]


def _sync_folder(path: Path) -> None:
    """Force a new name in a folder to the disk; Windows lacks this call and does not need it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with _opened(path, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        force(descriptor, path)
