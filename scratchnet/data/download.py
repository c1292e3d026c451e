"""Downloads dataset files: from several mirrors, limited in size, verified before they are used."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from scratchnet.data.damaged import DamagedFile
from scratchnet.errors import DataError
from scratchnet.system import files

if TYPE_CHECKING:
    from rich.progress import Progress

logger = logging.getLogger("scratchnet")

_TIMEOUT = 20  # seconds without an answer
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)  # no mirror's fault
_CHUNK = 1 << 16  # bytes


class DownloadError(DataError):
    """No mirror delivered the right file; the message says what went wrong at each."""


def download(
    urls: list[str], target: Path, verify: Callable[[Path], None], *, at_most: int
) -> None:
    """Download `target`, of no more than `at_most` bytes, from the first of `urls` that works.

    `verify` gets the path of the downloaded file and raises DamagedFile if it is the wrong one.
    Only a verified file takes the name `target`. Raises DownloadError if no URL works.
    """
    failures = []
    for url in urls:
        logger.info("downloading %s", url)
        try:
            with stored(target) as file:
                _fetch(url, _Limited(file, at_most), target.name)
                file.flush()
                verify(Path(file.name))
        except DamagedFile as error:
            failures.append(f"{urlsplit(url).netloc}: {error.problem}")
        except OSError as error:  # requests' own exceptions are OSErrors
            if error.filename is not None and error.errno in _NOT_WRITABLE:
                raise DataError(
                    f"{error.filename}: cannot be written: {error.strerror}; set dataset.root or "
                    "SCRATCHNET_DATA to another folder"
                ) from error
            failures.append(f"{urlsplit(url).netloc}: {_reason(error)}")
        else:
            return
    raise DownloadError(f"{target.name} could not be downloaded ({', '.join(failures)})")


def missing_data(
    dataset: str,
    names: list[str],
    places: list[str],
    folder: Path,
    error: DownloadError,
    *,
    instead: str = "",
) -> DataError:
    """The error for files that are missing and cannot be downloaded: what to do by hand.

    `instead` says what lies there, and what to do with it.
    """
    there = f" ({instead})" if instead else ""
    return DataError(
        f"{dataset}: files are missing in {folder}{there}, and {error}; download "
        f"{', '.join(names)} from {' or '.join(places)} into that folder, or set dataset.root or "
        f"SCRATCHNET_DATA to the folder that contains {dataset}/"
    )


@contextmanager
def stored(target: Path) -> Iterator[BinaryIO]:
    """A file to write, which becomes `target` at the end unless something fails.

    The folder is created if needed, and removed again after a failure. Processes may download the
    same file at the same time.
    """
    new = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            files.replacing(target, writer=f".{os.getpid()}") as temporary,
            temporary.open("wb") as file,
        ):
            yield file
            file.flush()
            files.force(file.fileno(), temporary)
    except BaseException:
        for folder in new:
            with suppress(OSError):  # another process may have put a file there
                folder.rmdir()
        raise


class _Limited:
    """The file for a download, limited in size: an endless answer must not fill the disk."""

    def __init__(self, file: BinaryIO, at_most: int):
        self._file, self._left = file, at_most

    def write(self, content: bytes) -> None:
        self._left -= len(content)
        if self._left < 0:
            raise DamagedFile(Path(self._file.name), "is larger than expected")
        self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


def _fetch(url: str, target: _Limited, name: str) -> None:
    # Imported here: most runs download nothing and should not wait for these.
    import pooch
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = _ProgressBar(progress, name)
        pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=_TIMEOUT)(
            url, target, None
        )


class _ProgressBar:
    """A progress bar with the interface that pooch expects, drawn by rich."""

    def __init__(self, progress: "Progress", name: str):
        self.total = 0  # bytes; set by pooch, 0 if the server does not announce it
        self._progress = progress
        self._task = progress.add_task(name, total=None)

    def update(self, size: int) -> None:
        self._progress.update(self._task, total=self.total or None, advance=size)

    def reset(self) -> None:
        self._progress.reset(self._task)

    def close(self) -> None:
        self._progress.refresh()


def _reason(error: OSError) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP status {response.status_code}"
    name = error.strerror or type(error).__name__
    return f"{name} ({error.filename})" if error.filename else name
