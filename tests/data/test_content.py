"""Dataset files are read whole or are an error, plain or gzipped."""

import gzip
import hashlib

import numpy as np
import pytest

from scratchnet.data.content import find, find_or_fail, open_content
from scratchnet.data.damaged import DamagedFile
from scratchnet.errors import DataError

DATA = bytes(range(256)) * 5000  # more than one chunk
GZIPPED = gzip.compress(DATA)


@pytest.mark.parametrize("name", ["data", "data.gz"])
@pytest.mark.parametrize("gzipped", [False, True])
def test_content_is_decompressed_and_hashed_whatever_the_name(tmp_path, name, gzipped):
    path = tmp_path / name
    path.write_bytes(gzip.compress(DATA) if gzipped else DATA)
    with open_content(path, "sha256") as content:
        assert content.read(3) == DATA[:3]
        array = content.read_array((len(DATA) // 256 - 1, 256))
        assert content.read(253) == DATA[-253:]
        content.expect_end()
        assert content.digest == hashlib.sha256(DATA).hexdigest()
    assert array.dtype == np.uint8
    assert array.tobytes() == DATA[3:-253]


def read_all(path):
    with open_content(path, "sha256") as content:
        content.read_array((len(DATA),))
        content.expect_end()


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (DATA[:-1], "is truncated"),
        (b"", "is truncated"),
        (DATA + b"x", "holds more bytes than it should"),
        (GZIPPED[:-20], "is truncated"),
        (GZIPPED[:5], "is truncated"),
        (GZIPPED[:-8] + b"\0" * 8, "damaged gzip"),
        (GZIPPED[:20] + b"\xff" * 30, "damaged gzip"),
        (GZIPPED + b"garbage", "damaged gzip"),
        (gzip.compress(DATA + b"x"), "holds more bytes"),
        (b"<!DOCTYPE html><html>not found</html>", "is a web page"),
        (b"\n<HTML>", "is a web page"),
    ],
)
def test_damage_is_named(tmp_path, stored, problem):
    path = tmp_path / "some-file.gz"
    path.write_bytes(stored)
    with pytest.raises(DamagedFile, match=problem) as error:
        read_all(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_gzip_bomb_is_not_inflated(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    with open_content(path, "sha256") as content:
        content.read_array((1000,))
        with pytest.raises(DamagedFile, match="more bytes"):
            content.expect_end()


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(DamagedFile, match=r"gone: cannot be read \(No such file"):
        read_all(tmp_path / "gone")


def test_find_takes_plain_or_gzipped_files(tmp_path):
    paths = [tmp_path / "nowhere" / "data", tmp_path / "data", tmp_path / "other.name"]
    assert find(paths) is None
    (tmp_path / "other.name.gz").touch()
    assert find(paths) == tmp_path / "other.name.gz"
    (tmp_path / "data.gz").touch()
    assert find(paths) == tmp_path / "data.gz"
    (tmp_path / "data").touch()
    assert find(paths) == tmp_path / "data"


def test_a_file_that_vanished_is_named(tmp_path):
    with pytest.raises(DataError, match="data: is missing; run again"):
        find_or_fail([tmp_path / "data"])
    (tmp_path / "data.gz").touch()
    assert find_or_fail([tmp_path / "data"]) == tmp_path / "data.gz"
