"""Reads the content of dataset files, plain or gzipped, and never more than they should hold."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from scratchnet.data.damaged import DamagedFile

_CHUNK = 1 << 20  # bytes


def find(folder: Path, name: str) -> Path | None:
    """The file of this name, plain or gzipped, or None."""
    return next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)


class Content:
    """The decompressed bytes of one file, read front to back and hashed on the way."""

    def __init__(self, path: Path, file: BinaryIO, algorithm: str):
        self._path = path
        self._file = file
        self._digest = hashlib.new(algorithm)

    @property
    def digest(self) -> str:
        """The hash (hex) of what was read so far."""
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
        """Raises DamagedFile if there is more; at the end of a gzip its own checksum is checked."""
        if self._file.read(1):
            raise DamagedFile(self._path, "holds more bytes than it should")


@contextmanager
def open_content(path: Path, algorithm: str) -> Iterator[Content]:
    """Open a file for reading; whether it is gzipped is seen from its first bytes, not its name.

    `algorithm` is the hash to compute. Raises DamagedFile for what cannot be read or decompressed.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(512)
            raw.seek(0)
            if b"<html" in start.lower() or b"<!doctype" in start.lower():
                raise DamagedFile(path, "is a web page, not a dataset file")
            gzipped = start.startswith(b"\x1f\x8b")
            yield Content(path, gzip.GzipFile(fileobj=raw) if gzipped else raw, algorithm)
    except EOFError as error:  # of gzip
        raise DamagedFile(path, "is truncated") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(path, f"is a damaged gzip file ({error})") from error
    except OSError as error:
        raise DamagedFile(path, f"cannot be read ({error.strerror})") from error
