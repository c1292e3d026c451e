"""IDX files are read exactly; every damaged one is an error."""

import gzip
import hashlib
import struct
import tracemalloc

import numpy as np
import pytest
from dataset_files import idx_bytes

from scratchnet.data.damaged import DamagedFile
from scratchnet.data.idx import read_idx

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
LABELS = np.arange(7, dtype=np.uint8)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_images_and_labels_are_read_exactly(tmp_path, compress):
    path = tmp_path / "file"
    for array in (IMAGES, LABELS):
        path.write_bytes(compress(idx_bytes(array)))
        read, checksum = read_idx(path, array.shape[1:], at_most=7)
        np.testing.assert_array_equal(read, array, strict=True)
        assert checksum == hashlib.sha256(idx_bytes(array)).hexdigest()


def test_header_is_read_as_published(tmp_path):
    """The first bytes of the official t10k-labels file."""
    path = tmp_path / "file"
    path.write_bytes(bytes.fromhex("00000801 00000003 07 02 01"))
    array, _ = read_idx(path, (), at_most=10_000)
    assert array.tolist() == [7, 2, 1]


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (idx_bytes(LABELS), "holds labels instead of images"),
        (idx_bytes(IMAGES[:, :4]), "holds images of 4 x 4 pixels instead of 5 x 4"),
        (idx_bytes(np.concatenate([IMAGES, IMAGES])), "holds 14 images instead of 7"),
        (idx_bytes(IMAGES[:0]), "holds 0 images instead of 7"),
        (idx_bytes(IMAGES)[:-1], "is truncated"),
        (idx_bytes(IMAGES)[:10], "is truncated"),
        (idx_bytes(IMAGES) + b"\0", "holds more bytes"),
        (gzip.compress(idx_bytes(IMAGES)[:-1]), "is truncated"),
        (b"\x00\x00\x0d\x03" + bytes(100), "is not an IDX file: it starts with 00000d03"),
        (struct.pack("<4I", 2051, 7, 5, 4) + bytes(140), "is not an IDX file"),
        (b"PK\x03\x04" + bytes(100), "is not an IDX file"),
        (b"<html><body>404</body></html>", "is a web page"),
        (bytes([0, 0, 8, 3]) + struct.pack(">3I", 2**32 - 1, 5, 4), "holds 4,294,967,295 images"),
    ],
)
def test_the_error_names_the_problem(tmp_path, stored, problem):
    path = tmp_path / "train-images"
    path.write_bytes(stored)
    with pytest.raises(DamagedFile, match=problem) as error:
        read_idx(path, (5, 4), at_most=7)
    assert str(error.value).startswith(str(path))


def test_every_truncation_is_an_error(tmp_path):
    path = tmp_path / "file"
    for whole in (idx_bytes(LABELS), gzip.compress(idx_bytes(LABELS))):
        for size in range(len(whole)):
            path.write_bytes(whole[:size])
            with pytest.raises(DamagedFile):
                read_idx(path, (), at_most=7)


@pytest.mark.parametrize("array", [IMAGES, LABELS], ids=["images", "labels"])
@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_any_changed_header_byte_is_an_error(tmp_path, array, step):
    path, content = tmp_path / "file", idx_bytes(array)
    header = len(content) - array.size
    for position in range(header):
        for change in range(1, 256, step):
            changed = bytearray(content)
            changed[position] ^= change
            path.write_bytes(changed)
            with pytest.raises(DamagedFile):
                read_idx(path, array.shape[1:], at_most=7)


def test_a_flipped_bit_in_the_gzip_header_gives_the_same_images_or_an_error(tmp_path):
    path, content = tmp_path / "file", gzip.compress(idx_bytes(IMAGES))
    errors = 0
    for position in range(10):  # see RFC 1952; time and operating system do not matter
        for bit in range(8):
            changed = bytearray(content)
            changed[position] ^= 1 << bit
            path.write_bytes(changed)
            try:
                array, _ = read_idx(path, (5, 4), at_most=7)
                np.testing.assert_array_equal(array, IMAGES, strict=True)
            except DamagedFile:
                errors += 1
    assert errors >= 3 * 8  # the magic number and the method


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_truncation_is_an_error(tmp_path, compress, count):
    images = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    path, content = tmp_path / "file", compress(idx_bytes(images))
    for size in np.linspace(0, len(content) - 1, count, dtype=int):
        path.write_bytes(content[:size])
        with pytest.raises(DamagedFile):
            read_idx(path, (28, 28), at_most=7)


def test_a_gzip_bomb_stops_at_the_expected_size(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(idx_bytes(IMAGES) + bytes(100_000_000), compresslevel=1))
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile, match="holds more bytes than it should"):
            read_idx(path, (5, 4), at_most=7)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_labels_where_images_should_be(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(IMAGES))
    with pytest.raises(DamagedFile, match="holds images instead of labels"):
        read_idx(path, (), at_most=7)
