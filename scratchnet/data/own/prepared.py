"""All image files of a folder, decoded into one array, with what was learnt on the way."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    bad: list[tuple[int, str]]  # file, and why it cannot be used
    others: list[int]  # files that are no images, and do not claim to be any

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
    step = max(1, min(_BLOCK, _BLOCK_SIZE // math.prod(wanted.shape)))
    parts = []
    with (
        decoding.quiet(),
        interrupts.deferred(),
        threads.using(threads.count()),
        counting("reading images", len(files)) as count,
    ):
        for start in range(0, len(files), step):
            results = _decode_all(root, files[start : start + step], wanted)
            part, images = _part(wanted, start, results)
            parts.append(part)
            write(images)
            count(len(results))
            interrupts.check()
    return Index(
        wanted,
        rows=np.concatenate([part.rows for part in parts]),
        hashes=np.concatenate([part.hashes for part in parts]),
        sums=np.concatenate([part.sums for part in parts]),
        bad=[one for part in parts for one in part.bad],
        others=[one for part in parts for one in part.others],
    )


def _part(
    wanted: ImageFormat, start: int, results: list[np.ndarray | str | None]
) -> tuple[Index, np.ndarray]:
    """The index of some files in a row, the first of which is file `start`, and their images."""
    numbered = list(enumerate(results, start))
    good = {i: result for i, result in numbered if isinstance(result, np.ndarray)}
    images = np.array([*good.values()], np.uint8).reshape(-1, *wanted.shape)
    index = Index(
        wanted,
        rows=np.array([*good], np.int64),
        hashes=np.array([_hash(image) for image in images], np.uint8).reshape(-1, HASH),
        sums=_sums(images),
        bad=[(i, result) for i, result in numbered if isinstance(result, str)],
        others=[i for i, result in numbered if result is None],
    )
    return index, images


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
    count, height, width, channels = images.shape
    x = images.reshape(count, height * width, channels).astype(np.float64)
    return np.stack([x.sum(axis=1), (x * x).sum(axis=1)], axis=1)
