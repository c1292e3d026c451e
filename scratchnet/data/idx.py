"""IDX, the file format of MNIST: a magic number, the dimensions (big-endian), then the values.

Source: http://yann.lecun.com/exdb/mnist/, "the IDX file format".
"""

import math
import struct
from pathlib import Path

import numpy as np

from scratchnet.data.content import open_content
from scratchnet.data.damaged import DamagedFile

ALGORITHM = "sha256"
_UINT8 = 0x08
_TYPES = {_UINT8: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4"}  # by code
_MOST_PACKED = 1032  # bytes in a byte of gzip: the limit of its algorithm
_KINDS = {1: "labels", 3: "images"}  # by number of dimensions


def read_idx(path: Path, item_shape: tuple[int, ...], at_most: int) -> tuple[np.ndarray, str]:
    """Read a file of uint8 items, plain or gzipped: (height, width) images or () labels.

    Returns the array (n, *item_shape) with 1 <= n <= `at_most`, and the SHA-256 (hex) of the whole
    decompressed content. Raises DamagedFile, without reading more than a correct file would hold.
    """
    dimensions = 1 + len(item_shape)
    with open_content(path, ALGORITHM) as content:
        _check_magic(path, content.read(4), dimensions)
        count, *shape = struct.unpack(f">{dimensions}I", content.read(4 * dimensions))
        if tuple(shape) != item_shape:
            sizes = [" x ".join(map(str, s)) for s in (shape, item_shape)]
            raise DamagedFile(path, f"holds images of {sizes[0]} pixels instead of {sizes[1]}")
        if not 1 <= count <= at_most:
            kind = _KINDS[dimensions]
            raise DamagedFile(path, f"holds {count:,} {kind} instead of {at_most:,}")
        array = content.read_array((count, *shape))
        content.expect_end()
        return array, content.digest


def read_any_idx(path: Path) -> np.ndarray:
    """Read a file of whole numbers in any number of dimensions, plain or gzipped.

    Raises DamagedFile, without reading more than the header says.
    """
    with open_content(path, ALGORITHM) as content:
        magic = content.read(4)
        zeros, code, dimensions = struct.unpack(">HBB", magic)
        if zeros or code not in _TYPES or not 1 <= dimensions <= 4:
            raise DamagedFile(
                path, f"is not an IDX file of whole numbers (it starts with {magic.hex()})"
            )
        shape = struct.unpack(f">{dimensions}I", content.read(4 * dimensions))
        dtype = np.dtype(_TYPES[code])
        size = math.prod(shape) * dtype.itemsize
        if size > path.stat().st_size * _MOST_PACKED:  # before so much memory is asked for
            raise DamagedFile(path, "is truncated")
        array = content.read_array((size,)).view(dtype).reshape(shape)
        content.expect_end()
        return array


def _check_magic(path: Path, magic: bytes, dimensions: int) -> None:
    expected = bytes([0, 0, _UINT8, dimensions])
    if magic == expected:
        return
    if magic[:3] == expected[:3] and magic[3] in _KINDS:
        raise DamagedFile(path, f"holds {_KINDS[magic[3]]} instead of {_KINDS[dimensions]}")
    raise DamagedFile(
        path, f"is not an IDX file: it starts with {magic.hex()} instead of {expected.hex()}"
    )
