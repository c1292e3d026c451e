"""Locks that tell processes which work on the same folder of each other."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.system import files

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

    fcntl = None  # type: ignore[assignment]


class InUse(RunError):
    """Another process holds the lock."""


_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # file systems without: a run goes on


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`, which only one process at a time can hold.

    Raises InUse if another process holds it. The system releases the lock when the process ends,
    however it ends; the file itself remains and means nothing.
    """
    with files.failures("locked", path):
        files.hook("open", path)
        descriptor = files.open_regular(path, os.O_RDWR | os.O_CREAT)
    try:
        with files.failures("locked", path):
            if not _lock(descriptor):
                raise InUse(
                    f"{path.parent}: another process is using this folder; wait until it ends"
                )
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds that lock now; also True if that cannot be determined."""
    try:
        descriptor = files.open_regular(path, os.O_RDWR)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR)
    except RunError:  # a link or a pipe
        return True
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
