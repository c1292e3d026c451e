"""CIFAR-10: records become images; wrong, missing and hostile files are errors."""

import gzip
import hashlib
import io
import logging
import os
import tarfile
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from dataset_files import pixel_statistics, random_cifar10, tar_bytes, write_cifar10

from scratchnet.data import CIFAR10, official
from scratchnet.data.cifar10 import ARCHIVE, FILES, FOLDER, unpack
from scratchnet.data.damaged import DamagedFile
from scratchnet.errors import DataError


@dataclass
class SmallCIFAR10(CIFAR10):
    train_images: ClassVar = 60
    test_images: ClassVar = 12


@pytest.fixture(autouse=True)
def no_network(monkeypatch, nowhere):
    monkeypatch.setattr(CIFAR10, "mirrors", [nowhere + ARCHIVE])


@pytest.fixture
def files(monkeypatch):
    """The records of a small CIFAR-10 that counts as the official one."""
    files = random_cifar10(records=12)
    checksums = {hashlib.sha1(r.tobytes()).hexdigest(): ("cifar10", n) for n, r in files.items()}
    monkeypatch.setattr(official, "_FILES", checksums)
    return files


@pytest.fixture
def archive(files, monkeypatch):
    """The official archive of the same files."""
    content = tar_bytes(
        {"cifar-10-batches-bin/readme.html": b"<html>"}
        | {f"{FOLDER}/{name}": records.tobytes() for name, records in files.items()}
    )
    monkeypatch.setattr(CIFAR10, "archive_size", len(content))
    monkeypatch.setattr(CIFAR10, "archive_sha256", hashlib.sha256(content).hexdigest())
    return content


def small_cifar10(root):
    return SmallCIFAR10(root=str(root), validation_size=10)


def image(record):
    """One record as published: the label, then the planes of red, green and blue."""
    image = np.zeros((32, 32, 3), np.uint8)
    for channel in range(3):
        for row in range(32):
            start = 1 + channel * 1024 + row * 32
            image[row, :, channel] = record[start : start + 32]
    return image


def test_records_become_images(tmp_path, files, caplog):
    write_cifar10(tmp_path, files)
    train, test, is_official = small_cifar10(tmp_path)._read()
    assert is_official
    assert not caplog.records
    records = np.concatenate([files[name] for name in FILES])
    images = np.concatenate([train.pixels, test.pixels])
    np.testing.assert_array_equal(images, [image(r) for r in records], strict=True)
    np.testing.assert_array_equal(np.concatenate([train.labels, test.labels]), records[:, 0])
    assert (len(train), len(test)) == (60, 12)


def test_splits(tmp_path, files):
    write_cifar10(tmp_path, files)
    splits = small_cifar10(tmp_path).load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [50, 10, 12]
    assert splits.shape == (32, 32, 3)
    assert splits.train.labels.dtype == np.int64


def test_other_content_loads_with_a_warning(tmp_path, files, caplog):
    files["data_batch_2.bin"][3, 100] ^= 1
    write_cifar10(tmp_path, files)
    with caplog.at_level(logging.WARNING, "scratchnet"):
        splits = small_cifar10(tmp_path).load(seed=0)
    assert not splits.official
    (record,) = caplog.records
    assert "not the official release (the content of data_batch_2.bin in" in record.getMessage()


def with_label(records, label):
    return np.concatenate([[label], records.ravel()[1:]]).astype(np.uint8)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda records: records.ravel()[:-1], "is truncated"),
        (lambda records: records[:-1], "is truncated"),
        (lambda records: np.concatenate([records, records]), "holds more bytes"),
        (lambda records: with_label(records, 10), "has label 10 at position 0; labels are 0 to 9"),
        (lambda records: np.frombuffer(b"<!DOCTYPE html>", np.uint8), "is a web page"),
    ],
)
def test_damaged_files_are_named(tmp_path, files, damage, problem):
    files["data_batch_4.bin"] = damage(files["data_batch_4.bin"])
    folder = write_cifar10(tmp_path, files)
    with pytest.raises(DataError, match=problem) as error:
        small_cifar10(tmp_path).load(seed=0)
    assert str(folder / "data_batch_4.bin") in str(error.value)


def test_swapped_files_are_an_error(tmp_path, files):
    one, other = "data_batch_1.bin", "test_batch.bin"
    write_cifar10(tmp_path, files | {one: files[other], other: files[one]})
    with pytest.raises(DataError, match=r"has the content of test_batch\.bin of cifar10"):
        small_cifar10(tmp_path).load(seed=0)


def test_the_archive_is_downloaded_and_unpacked(tmp_path, files, archive, server, monkeypatch):
    server.files["second.tar.gz"] = archive
    mirrors = [f"{server.address}first.tar.gz", f"{server.address}second.tar.gz"]
    monkeypatch.setattr(CIFAR10, "mirrors", mirrors)
    splits = small_cifar10(tmp_path).load(seed=0)
    assert splits.official
    assert sorted(p.name for p in (tmp_path / "cifar10" / FOLDER).iterdir()) == sorted(FILES)
    (tmp_path / "cifar10" / FOLDER / "data_batch_3.bin").unlink()  # restored from the archive
    assert small_cifar10(tmp_path).load(seed=0).fingerprint == splits.fingerprint
    assert server.requests == ["first.tar.gz", "second.tar.gz"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda content: content[:-1], "bytes instead of"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "wrong checksum"),
        (lambda content: b"<html></html>", "bytes instead of"),
    ],
)
def test_a_wrong_archive_is_not_kept(tmp_path, archive, server, monkeypatch, change, problem):
    server.files["archive"] = change(archive)
    monkeypatch.setattr(CIFAR10, "mirrors", [f"{server.address}archive"])
    with pytest.raises(DataError, match=problem):
        small_cifar10(tmp_path).load(seed=0)
    assert not (tmp_path / "cifar10").exists()


def test_an_archive_placed_by_the_user_is_used_and_kept(tmp_path, archive):
    (tmp_path / "cifar10").mkdir()
    path = tmp_path / "cifar10" / ARCHIVE
    path.write_bytes(archive)
    assert small_cifar10(tmp_path).load(seed=0).official
    assert path.exists()


def test_a_damaged_archive_placed_by_the_user_is_named(tmp_path, archive):
    (tmp_path / "cifar10").mkdir()
    path = tmp_path / "cifar10" / ARCHIVE
    path.write_bytes(archive[:1000])
    with pytest.raises(DataError, match="holds 1,000 bytes instead of") as error:
        small_cifar10(tmp_path).load(seed=0)
    assert str(path) in str(error.value)


def test_no_data_and_no_network_says_what_to_do(tmp_path, nowhere):
    with pytest.raises(DataError) as error:
        CIFAR10(root=str(tmp_path)).load(seed=0)
    for part in (ARCHIVE, nowhere, str(tmp_path / "cifar10"), "SCRATCHNET_DATA"):
        assert part in str(error.value)
    assert "\n" not in str(error.value)


def test_only_the_named_members_are_unpacked(tmp_path):
    archive = tmp_path / "archive"
    members = ["../evil", "/evil", f"{FOLDER}/../evil", f"other/{FILES[0]}", f"{FOLDER}/{FILES[0]}"]
    archive.write_bytes(tar_bytes({name: name.encode() for name in members}))
    unpack(archive, tmp_path / "folder", [FILES[0]])
    assert (tmp_path / "folder" / FILES[0]).read_text() == f"{FOLDER}/{FILES[0]}"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["archive", FILES[0], "folder"]


@pytest.mark.parametrize("target", ["../evil", "/etc/passwd", f"{FOLDER}/{FILES[1]}"])
@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
     tarfile.DIRTYPE, tarfile.CONTTYPE],
)  # fmt: skip
def test_a_link_or_device_with_the_right_name_is_not_followed(tmp_path, kind, target):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo(f"{FOLDER}/{FILES[0]}")
        member.type, member.linkname = kind, target
        tar.addfile(member)
    (tmp_path / "archive").write_bytes(buffer.getvalue())
    if kind == tarfile.CONTTYPE:  # an old type of regular file
        unpack(tmp_path / "archive", tmp_path / "folder", [FILES[0]])
        assert (tmp_path / "folder" / FILES[0]).read_bytes() == b""
        return
    with pytest.raises(DamagedFile, match="does not contain"):
        unpack(tmp_path / "archive", tmp_path / "folder", [FILES[0]])
    assert [path.name for path in tmp_path.rglob("*")] == ["archive"]


@pytest.mark.parametrize("step", [16, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_any_byte_of_an_archive_may_be_damaged(tmp_path, step):
    """The checksum catches this first, but reading an archive must not crash without it either."""
    content = gzip.decompress(tar_bytes({f"{FOLDER}/{FILES[0]}": b"1234"}))
    errors = 0
    for position in range(0, 512, step):  # the header of the member
        damaged = content[:position] + bytes([content[position] ^ 0x55]) + content[position + 1 :]
        (tmp_path / "archive").write_bytes(gzip.compress(damaged, compresslevel=1))
        try:
            unpack(tmp_path / "archive", tmp_path / "folder", [FILES[0]])
            assert (tmp_path / "folder" / FILES[0]).read_bytes() == b"1234"
        except DamagedFile:
            errors += 1
    assert errors >= 500 // step


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", ["data_batch_1.bin", "test_batch.bin"])
def test_truncation_is_an_error(tmp_path, files, name, count):
    folder = write_cifar10(tmp_path, files)
    dataset, content = small_cifar10(tmp_path), files[name].tobytes()
    part = dataset._empty(12)
    for size in np.linspace(0, len(content) - 1, count, dtype=int):
        (folder / name).write_bytes(content[:size])
        with pytest.raises(DamagedFile):
            dataset._read_into(part, folder / name, name)


@pytest.mark.parametrize("cut", [0, 30, -30])
def test_an_archive_that_breaks_off_is_an_error(tmp_path, cut):
    archive = tmp_path / "archive"
    content = np.random.default_rng(0).bytes(100_000)
    archive.write_bytes(tar_bytes({f"{FOLDER}/{FILES[0]}": content})[:cut])
    with pytest.raises(DamagedFile, match="is a damaged archive"):
        unpack(archive, tmp_path / "folder", list(FILES[:1]))
    assert not list(tmp_path.glob("folder/*.part"))


def test_an_archive_without_a_file_is_an_error(tmp_path):
    archive = tmp_path / "archive"
    archive.write_bytes(tar_bytes({f"{FOLDER}/{FILES[0]}": b"1"}))
    with pytest.raises(DamagedFile, match=r"does not contain .*data_batch_2\.bin"):
        unpack(archive, tmp_path / "folder", list(FILES[:2]))


@pytest.mark.real_data
@pytest.mark.skipif(not os.environ.get("SCRATCHNET_DATA"), reason="SCRATCHNET_DATA is not set")
def test_the_real_data():
    splits = CIFAR10().load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [
        45_000,
        5_000,
        10_000,
    ]
    assert np.bincount(splits.val.labels).tolist() == [500] * 10
    mean, std = pixel_statistics(splits.train.pixels, splits.val.pixels)
    # A copy that was compressed as JPEG has a little less contrast.
    assert CIFAR10.mean == pytest.approx(mean, rel=1e-6 if splits.official else 1e-3)
    assert CIFAR10.std == pytest.approx(std, rel=1e-6 if splits.official else 1e-2)
