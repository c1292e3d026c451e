"""Reading and writing the files of a run. Nothing else writes to a run folder.

A file that matters is either complete or absent: its content goes to a temporary file beside it,
is forced to the disk, and is then renamed. A run folder has one writer at a time, so a temporary
file left by a killed process is replaced by the next attempt. Every failure is a RunError of
one line.

A folder may come from a stranger, with links that lead to the user's own files, or with pipes that
would be waited for forever. So no link is followed to the file that is written, and only regular
files are opened.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from scratchnet.errors import RunError

BLOCK = 1 << 20  # bytes passed to the system in one write
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)  # file systems without them
_NOT_REGULAR = (errno.ELOOP, errno.ENXIO, errno.EISDIR)  # a link, a pipe or socket, a folder
_NO_FILE = "is not a file"


def _ignore(operation: str, path: Path) -> None:
    """The hook outside of tests."""


hook: Callable[[str, Path], None] = _ignore
"""Called before each "make", "open", "write", "fsync", "link" and "rename": a test can make the
n-th one fail, or kill the process there."""


def write_atomic(path: Path, content: bytes | memoryview) -> None:
    """Write a file, replacing the old one: at any moment either the old or the new one exists."""
    with failures("written", path), replacing(path) as temporary:
        _write_to_disk(temporary, content)


def duplicate(source: Path, path: Path) -> None:
    """Make the content of `source` available at `path` too, replacing any file there, as above.

    This is a hard link, which takes neither time nor space, or a copy where the file system has no
    links. A later `write_atomic` to one of them leaves the other unchanged.
    """
    with failures("written", path):
        if path.exists() and not path.is_symlink() and path.samefile(source):
            return  # renaming a link over another to the same file would leave both
    with failures("written", path), replacing(path) as temporary:
        hook("link", temporary)
        try:
            os.link(source, temporary)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write_to_disk(temporary, source.read_bytes())


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    with failures("removed", path):
        path.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files left by killed processes in a folder and all folders below it."""
    for temporary in folder.rglob(".*.part"):
        remove(temporary)


def append_line(path: Path, line: str) -> None:
    """Append a line to a log. It is not forced to the disk, as nothing depends on it."""
    with (
        failures("written", path),
        _opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor,
    ):
        _write(descriptor, f"{line}\n".encode(), path)


def open_new(path: Path) -> BinaryIO:
    """A new, empty file to write to, in place of what was there. Raises OSError."""
    hook("open", path)
    path.unlink(missing_ok=True)
    return os.fdopen(open_regular(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")


def make_folder(path: Path) -> None:
    """Create a folder, and any missing folders above it."""
    with failures("created", path):
        hook("make", path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise in_the_way(path) from error
        _sync_folder(path.parent)


def in_the_way(path: Path) -> RunError:
    """The error for a folder that cannot be created, as something else has its name or above it."""
    for place in (path, *path.parents):
        if place.is_symlink() and not place.exists():
            return RunError(f"{place}: is a link to nowhere; remove it, or choose another folder")
        if place.exists() and not place.is_dir():
            return RunError(f"{place}: is not a folder; remove it, or choose another folder")
    return RunError(f"{path}: cannot be created: a file was in the way")


def make_inner_folder(path: Path) -> None:
    """Create a folder inside a run or a sweep, where a link could lead out of it."""
    if path.is_symlink():
        raise RunError(f"{path}: is a link; a folder is needed here, so remove the link")
    make_folder(path)


def is_file(path: Path) -> bool:
    """Whether a regular file is there. Raises RunError if its folder may not be looked into."""
    # Path.is_file differs between versions of Python where it may not look
    with failures("read", path), contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return stat.S_ISREG(path.stat().st_mode)
    return False


def read(path: Path, at_most: int, follow: bool = True) -> bytes:
    """The content of a regular file of no more than `at_most` bytes.

    A link to one is as good, unless `follow` is False.
    """
    with (
        failures("read", path),
        os.fdopen(open_regular(path, os.O_RDONLY, follow), "rb") as file,
    ):
        size = os.fstat(file.fileno()).st_size  # Python allocates as much as it may read
        content = file.read(min(size, at_most) + 1)
    if len(content) > at_most:
        raise RunError(f"{path}: is larger than the limit of {at_most:,} bytes")
    return content


@contextlib.contextmanager
def failures(done: str, path: Path) -> Iterator[None]:
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
    descriptor = open_regular(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_regular(path: Path, flags: int, follow: bool = False) -> int:
    """The descriptor of a regular file; a link is refused unless it is to be followed.

    Raises OSError as the system does, and RunError for anything but a regular file.
    """
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe is not waited for
    try:
        descriptor = os.open(path, flags | (0 if follow else getattr(os, "O_NOFOLLOW", 0)), 0o666)
    except OSError as error:
        if error.errno in _NOT_REGULAR:
            raise RunError(f"{path}: {'is a link' if path.is_symlink() else _NO_FILE}") from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RunError(f"{path}: {_NO_FILE}")
    return descriptor


@contextlib.contextmanager
def replacing(path: Path, writer: str = "") -> Iterator[Path]:
    """The path of a temporary file to fill; at the end it replaces `path` in one step.

    If anything fails, `path` is unchanged and the temporary file is removed. The caller forces the
    content to the disk (see `force`), and passes a unique name, `writer`, if several processes may
    replace the same file at once. Raises OSError as the system does.
    """
    temporary = path.with_name(f".{path.name}{writer}.part")
    temporary.unlink(missing_ok=True)  # may be a link
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
    with _opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
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
    hook("open", path)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        force(descriptor, path)
    finally:
        os.close(descriptor)
