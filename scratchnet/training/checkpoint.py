"""Checkpoints: named arrays and plain values in one file.

The file is an ordinary npz, so `numpy.load` opens it too; nothing in it is pickled or compressed.
Its last 64 bytes, the comment of the zip archive, are the SHA-256 (hex) of all bytes before them:
damage is found before anything is parsed.
"""

import hashlib
import io
import json
import math
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.errors import RunError
from scratchnet.system import files

LARGEST = 4 << 30  # bytes
DIGEST = 64  # characters
META = "meta"  # the array that holds the plain values, as JSON
SUFFIX = ".npy"

HEADER = re.compile(  # of an array, as NumPy writes it; nothing else is accepted
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|][fiu][1248])', 'fortran_order': False, "
    rb"'shape': \(([0-9, ]*)\), \} *\n",
    re.DOTALL,
)
TYPES = {np.dtype(name) for name in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")}
PARSING_ERRORS = (
    *(ValueError, EOFError, OSError, TypeError),
    *(RuntimeError, struct.error, zipfile.BadZipFile),  # also recursion, encryption, odd versions
)

State = dict[str, np.ndarray]
Meta = dict[str, Any]  # texts, numbers, None, and lists and dicts of these


def save(path: Path, state: State, meta: Meta) -> None:
    """Write a checkpoint, replacing the old one as a whole. Raises RunError if that fails.

    Arrays hold floats or integers; the name "meta" is reserved.
    """
    arrays = {META: np.frombuffer(json.dumps(meta).encode(), np.uint8), **state}
    if META in state or any(array.dtype not in TYPES for array in state.values()):
        raise TypeError("a checkpoint holds float and integer arrays, none of them named 'meta'")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = bytes(DIGEST)  # reserves the space; filled in below
        for name, array in arrays.items():
            array = np.asarray(array, order="C")
            with archive.open(name + SUFFIX, "w", force_zip64=True) as member:
                header = np.lib.format.header_data_from_array_1_0(array)
                np.lib.format.write_array_header_1_0(member, header)
                member.write(array.reshape(-1).view(np.uint8).data)  # without a copy
    with buffer.getbuffer() as content:
        content[-DIGEST:] = _digest(content)
        files.write_atomic(path, content)


def load(path: Path) -> tuple[State, Meta]:
    """The arrays and plain values of a checkpoint. Raises RunError if it is damaged."""
    content = files.read(path, LARGEST)
    if len(content) < DIGEST or content[-DIGEST:] != _digest(memoryview(content)):
        raise RunError(f"{path}: the checkpoint is damaged: its checksum does not match")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members, len(content))
            state = {_name(member): _array(archive, member) for member in members}
        if META not in state:
            raise ValueError(f"it holds no {META!r}")
        meta = json.loads(state.pop(META).tobytes())
        if not isinstance(meta, dict):
            raise ValueError("its values have no names")
    except PARSING_ERRORS as error:
        raise RunError(f"{path}: is not a checkpoint: {error}") from error
    return state, meta


def _digest(content: memoryview) -> bytes:
    return hashlib.sha256(content[:-DIGEST]).hexdigest().encode()


def _check_sizes(members: list[zipfile.ZipInfo], available: int) -> None:
    """An archive can claim far more than its size: by compression, or by listing bytes twice."""
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise ValueError("its arrays are compressed")
    if sum(member.file_size for member in members) > available:
        raise ValueError("its arrays overlap")


def _name(member: zipfile.ZipInfo) -> str:
    if not member.filename.endswith(SUFFIX):
        raise ValueError(f"it holds {member.filename!r}, which is no array")
    return member.filename.removesuffix(SUFFIX)


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """One array, never larger than the bytes present, whatever its header says."""
    raw = archive.read(member)
    header = HEADER.match(raw)
    if header is None:
        raise ValueError(f"{member.filename} is no array of numbers")
    dtype = np.dtype(header[1].decode())
    shape = tuple(int(length) for length in header[2].replace(b",", b" ").split())
    if any(length > len(raw) for length in shape) or (
        math.prod(shape) * dtype.itemsize != len(raw) - header.end()
    ):
        raise ValueError(f"{member.filename} is shorter or longer than its header says")
    return np.frombuffer(raw, dtype, offset=header.end()).reshape(shape).copy()
