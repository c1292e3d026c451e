"""Decoded images, kept from one start to the next.

A cache is one folder for each folder of images and each way to read them. It holds

    index-KEY     a checksum, and an Index as npz
    pixels-KEY    the images, uint8 (m, H, W, C), as they are in memory

where KEY depends on the names, sizes and times of all files: after any change they are read anew,
and the old ones are removed. The pixels are mapped into memory, so they need not fit.
"""

import contextlib
import hashlib
import io
import json
import logging
import math
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import PIL

from scratchnet.data import decoding, image_format
from scratchnet.data.fit import Fit
from scratchnet.data.image_format import ImageFormat
from scratchnet.data.own.prepared import Index, prepare
from scratchnet.data.own.walk import File
from scratchnet.errors import RunError
from scratchnet.system import files as disk
from scratchnet.system import locks
from scratchnet.system.places import CACHE, data_root

_DECODERS = (decoding, image_format)  # what the pixels depend on, with Pillow
_CHECKSUM = 32  # bytes
_WAIT = 0.2  # seconds between two looks at whether another process has finished

logger = logging.getLogger("scratchnet")


def load(
    root: Path, files: Sequence[File], choose: Callable[[], ImageFormat], settings: str
) -> tuple[Index, np.ndarray]:
    """The images among the files below `root`, decoded or out of the cache, and their pixels.

    `settings` is what `choose` depends on, in words; it is called only if the files are read. If
    the cache cannot be written, a warning says so, and the pixels are in memory.
    """
    folder, key = _place(root, settings), _key(files)
    found = _read(folder, key)
    if found is not None:
        return found
    try:
        with _turn(folder):
            found = _read(folder, key)  # another process may have been first
            return found or _fill(folder, key, root, files, choose())
    except (OSError, RunError) as error:
        logger.warning("the decoded images cannot be kept for the next start: %s", error)
    blocks: list[np.ndarray] = []
    index = prepare(root, files, choose(), blocks.append)
    return index, np.concatenate(blocks)


def _place(root: Path, settings: str) -> Path:
    """The cache of a folder, as read with these settings."""
    full = root.resolve()
    digest = hashlib.sha256(f"{PIL.__version__} {settings} ".encode() + os.fsencode(full))
    for module in _DECODERS:
        digest.update(Path(str(module.__file__)).read_bytes())
    name = re.sub(r"[^A-Za-z0-9]+", "-", full.name)[:40]
    return data_root() / CACHE / f"{name}-{digest.hexdigest()[:16]}"


def _key(files: Sequence[File]) -> str:
    """What changes when a file is added, removed, replaced or written."""
    digest = hashlib.sha256()
    for path, size, times in files:
        digest.update(b"%b\0%d %d\0" % (os.fsencode(path), size, times))
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """A context that one process at a time is in; others wait, as they need the same images."""
    disk.make_folder(folder)
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locks.locked(folder / ".lock"))
                break
            except locks.InUse:
                time.sleep(_WAIT)
        yield


def _fill(
    folder: Path, key: str, root: Path, files: Sequence[File], wanted: ImageFormat
) -> tuple[Index, np.ndarray]:
    """Decode the files into the cache. Raises OSError or RunError if it cannot be written."""
    path = folder / f"pixels-{key}"
    with disk.replacing(path) as temporary, temporary.open("wb") as file:
        index = prepare(root, files, wanted, lambda block: _append(file, block))
        file.flush()
        disk.force(file.fileno(), temporary)
    content = _to_bytes(index)
    disk.write_atomic(folder / f"index-{key}", _checksum(content) + content)
    for old in folder.glob("*-*"):
        if key not in old.name:
            with contextlib.suppress(OSError):  # Windows: another process still has it mapped
                old.unlink()
    found = _read(folder, key)
    if found is None:
        raise OSError(f"{folder}: what was written cannot be read back")
    return found


def _append(file: io.BufferedWriter, block: np.ndarray) -> None:
    file.write(block.data)


def _read(folder: Path, key: str) -> tuple[Index, np.ndarray] | None:
    """What the cache holds; None if there is nothing, or something damaged: it is made anew."""
    pixels = folder / f"pixels-{key}"
    try:
        content, size = (folder / f"index-{key}").read_bytes(), pixels.stat().st_size
    except OSError:
        return None
    if content[:_CHECKSUM] != _checksum(content[_CHECKSUM:]):
        return None
    index = _from_bytes(content[_CHECKSUM:])
    shape = (len(index.rows), *index.format.shape)
    if size != math.prod(shape):
        return None
    if size == 0:  # nothing can be mapped
        return index, np.empty(shape, np.uint8)
    return index, np.memmap(pixels, np.uint8, mode="r", shape=shape).view(np.ndarray)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _to_bytes(index: Index) -> bytes:
    form = index.format
    about = {
        "format": [*form.shape, form.fit.name, form.background],
        "bad": index.bad,
        "others": index.others,
    }
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
        rows=index.rows,
        hashes=index.hashes,
        sums=index.sums,
    )
    return buffer.getvalue()


def _from_bytes(content: bytes) -> Index:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        height, width, channels, fit, background = about["format"]
        return Index(
            format=ImageFormat(height, width, channels, Fit[fit], background),
            rows=arrays["rows"],
            hashes=arrays["hashes"],
            sums=arrays["sums"],
            bad=[(i, reason) for i, reason in about["bad"]],
            others=about["others"],
        )
