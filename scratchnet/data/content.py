"""The content of dataset files, plain or gzipped; never reads more than they should hold."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from scratchnet.data.damaged import DamagedFile
from scratchnet.errors import DataError

_CHUNK = 1 << 20  # bytes


def find(paths: Sequence[Path]) -> Path | None:
    """The first of these files that is there, plain or gzipped; None if there is none."""
    named = (place for path in paths for place in (path, path.with_name(f"{path.name}.gz")))
    return next((place for place in named if place.is_file()), None)


def find_or_fail(paths: Sequence[Path]) -> Path:
    """The first of these files that is there, plain or gzipped. Raises DataError if none is."""
    found = find(paths)
    if found is None:
        raise DataError(f"{paths[0]}: is missing; run again to download it")
    return found


class Content:
    """The decompressed bytes of one file, hashed while they are read from start to end."""

    def __init__(self, path: Path, file: BinaryIO | gzip.GzipFile, algorithm: str):
        self._path = path
        self._file = file
        self._digest = hashlib.new(algorithm)

    @property
    def digest(self) -> str:
        """The hash (hex) of everything read so far."""
        return self._digest.hexdigest()

    def read(self, size: int) -> bytes:
        """The next `size` bytes. Raises DamagedFile if there are fewer."""
        data = self._file.read(size)
        if len(data) < size:
            raise DamagedFile(self._path, "is truncated")
        self._digest.update(data)
        return data

    def read_array(self, shape: tuple[int, ...]) -> np.ndarray:
        """The next bytes as a uint8 array. Raises DamagedFile if there are too few."""
        array = np.empty(shape, np.uint8)
        flat = array.reshape(-1)
        for start in range(0, flat.size, _CHUNK):
            part = flat[start : start + _CHUNK]
            part[:] = np.frombuffer(self.read(part.size), np.uint8)
        return array

    def expect_end(self) -> None:
        """Raise DamagedFile if bytes remain. Reading to the end verifies gzip's checksum."""
        if self._file.read(1):
            raise DamagedFile(self._path, "holds more bytes than it should")


@contextmanager
def open_content(path: Path, algorithm: str) -> Iterator[Content]:
    """Open a file for reading. Its first bytes, not its name, decide whether it is gzipped.

    `algorithm` is the hash to compute. Raises DamagedFile if the file cannot be read or
    decompressed.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(512)
            raw.seek(0)
            if b"<html" in start.lower() or b"<!doctype" in start.lower():
                raise DamagedFile(path, "is a web page, not a dataset file")
            gzipped = start.startswith(b"\x1f\x8b")
            yield Content(path, gzip.GzipFile(fileobj=raw) if gzipped else raw, algorithm)
    except EOFError as error:  # raised by gzip
        raise DamagedFile(path, "is truncated") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(path, f"is a damaged gzip file ({error})") from error
    except OSError as error:
        raise DamagedFile(path, f"cannot be read ({error.strerror})") from error
