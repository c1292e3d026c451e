"""All image files of a folder, decoded into one array, with what was learnt on the way."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scratchnet.compute import threads
from scratchnet.data import decoding
from scratchnet.data.image_format import ImageFormat
from scratchnet.data.own.progress import counting
from scratchnet.data.own.walk import IMAGE_SUFFIXES, File
from scratchnet.errors import RunError
from scratchnet.system import interrupts

HASH = 16  # bytes
_BLOCK = 256  # files at most that are decoded between two looks at signals ...
_BLOCK_SIZE = 1 << 24  # ... or numbers, as their statistics take 16 bytes for each


@dataclass
class Index:
    """What is known of each file. `m` images were found, in the order of their files."""

    format: ImageFormat
    rows: np.ndarray  # int64 (m,): which of the files each image is
    hashes: np.ndarray  # uint8 (m, HASH), of the pixels
    sums: np.ndarray  # float64 (m, 2, C): of the values of each channel, and of their squares
    bad: list[tuple[int, str]] = field(default_factory=list)  # file, and why it cannot be used
    others: list[int] = field(default_factory=list)  # files that are no images and do not claim to

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the format of all images and of their pixels."""
        digest = hashlib.sha256(repr(self.format.shape).encode())
        digest.update(np.ascontiguousarray(self.hashes).data)
        return digest.hexdigest()


def prepare(
    root: Path, files: Sequence[File], wanted: ImageFormat, write: Callable[[np.ndarray], None]
) -> Index:
    """Decode all files below `root`, on all cores; `write` gets the images, in blocks, in order.

    The blocks are uint8 (b, H, W, C).
    """
    index = Index(
        wanted,
        rows=np.empty(0, np.int64),
        hashes=np.empty((0, HASH), np.uint8),
        sums=np.empty((0, 2, wanted.channels)),
    )
    step = max(1, min(_BLOCK, _BLOCK_SIZE // math.prod(wanted.shape)))
    rows, hashes, sums = [index.rows], [index.hashes], [index.sums]
    with (
        decoding.quiet(),
        interrupts.deferred(),
        threads.using(threads.count()),
        counting("reading images", len(files)) as count,
    ):
        for start in range(0, len(files), step):
            results = _decode_all(root, files[start : start + step], wanted)
            good = {i: one for i, one in enumerate(results, start) if isinstance(one, np.ndarray)}
            for i, result in enumerate(results, start):
                if isinstance(result, str):
                    index.bad.append((i, result))
                elif result is None:
                    index.others.append(i)
            if good:
                block = np.stack([*good.values()])
                rows.append(np.array([*good], np.int64))
                hashes.append(np.stack([_hash(image) for image in block]))
                sums.append(_sums(block))
                write(block)
            count(len(results))
            interrupts.check()
    index.rows, index.hashes, index.sums = map(np.concatenate, (rows, hashes, sums))
    return index


def _decode_all(
    root: Path, files: Sequence[File], wanted: ImageFormat
) -> list[np.ndarray | str | None]:
    """Each image; or why a file is bad; or None for one that is no image."""
    results: list[np.ndarray | str | None] = [None] * len(files)

    def decode(i: int) -> None:
        results[i] = _decode(root, files[i], wanted)

    threads.parallel(decode, len(files))
    return results


def _decode(root: Path, file: File, wanted: ImageFormat) -> np.ndarray | str | None:
    path = root / file.path
    claims_to_be_one = file.suffix in IMAGE_SUFFIXES
    if file.size > decoding.LARGEST_FILE and not claims_to_be_one:
        return None  # an archive or a video: not worth reading
    try:
        return wanted.read(path)
    except decoding.NotAnImage as error:
        return error.problem if claims_to_be_one else None
    except decoding.BadImage as error:
        return error.problem
    except RunError as error:
        return str(error).removeprefix(f"{path}: ")


def _hash(image: np.ndarray) -> np.ndarray:
    digest = hashlib.blake2b(image.data, digest_size=HASH).digest()
    return np.frombuffer(digest, np.uint8)


def _sums(images: np.ndarray) -> np.ndarray:
    """Exact: the sums of whole numbers below 2^53."""
    x = images.reshape(len(images), -1, images.shape[3]).astype(np.float64)
    return np.stack([x.sum(axis=1), (x * x).sum(axis=1)], axis=1)
