"""MNIST and Fashion-MNIST: files are found, downloaded, verified; wrong ones are errors."""

import gzip
import hashlib
import logging
import os
import struct

import numpy as np
import pytest
from dataset_files import idx_bytes, pixel_statistics, random_mnist, write_mnist

from scratchnet.data import MNIST, FashionMNIST, official
from scratchnet.data.mnist import FILES
from scratchnet.errors import DataError

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = FILES


@pytest.fixture(autouse=True)
def no_network(monkeypatch, nowhere):
    monkeypatch.setattr(MNIST, "mirrors", [nowhere])
    monkeypatch.setattr(FashionMNIST, "mirrors", [nowhere])


@pytest.fixture
def arrays(monkeypatch):
    """The files of a small MNIST that counts as the official one."""
    arrays = random_mnist()
    checksums = {hashlib.sha256(idx_bytes(a)).hexdigest(): ("mnist", n) for n, a in arrays.items()}
    monkeypatch.setattr(official, "_FILES", checksums)
    return arrays


def small_mnist(root):
    return MNIST(root=str(root), validation_size=20)


@pytest.mark.parametrize("gzipped", [False, True])
def test_existing_files_are_used(tmp_path, arrays, caplog, gzipped):
    write_mnist(tmp_path / "mnist", arrays, gzipped)
    splits = small_mnist(tmp_path).load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [40, 20, 40]
    assert splits.shape == (28, 28, 1)
    assert splits.test.pixels.dtype == np.uint8
    assert splits.test.labels.dtype == np.int64
    np.testing.assert_array_equal(splits.test.pixels[..., 0], arrays[TEST_IMAGES])
    np.testing.assert_array_equal(splits.test.labels, arrays[TEST_LABELS])
    assert splits.official
    assert not caplog.records


@pytest.mark.parametrize("gzipped", [False, True])
def test_names_with_a_dot_and_the_folder_of_torchvision_are_read(tmp_path, arrays, gzipped):
    write_mnist(tmp_path / "mnist", arrays)
    expected = small_mnist(tmp_path).load(seed=0).fingerprint
    dotted = {name.replace("-idx", ".idx"): array for name, array in arrays.items()}
    write_mnist(tmp_path / "dotted" / "mnist", dotted, gzipped)
    write_mnist(tmp_path / "torchvision" / "MNIST" / "raw", arrays, gzipped)
    for root in (tmp_path / "dotted", tmp_path / "torchvision"):
        splits = small_mnist(root).load(seed=0)
        assert splits.official
        assert splits.fingerprint == expected
    assert not (tmp_path / "torchvision" / "mnist").exists()


def test_each_dataset_has_its_own_folder_of_torchvision(tmp_path, arrays, monkeypatch):
    others = {
        hashlib.sha256(idx_bytes(a)).hexdigest(): ("fashion_mnist", n) for n, a in arrays.items()
    }
    monkeypatch.setattr(official, "_FILES", others)
    write_mnist(tmp_path / "FashionMNIST" / "raw", arrays)
    assert FashionMNIST(root=str(tmp_path), validation_size=20).load(seed=0).official
    with pytest.raises(DataError, match="mnist: files are missing"):
        small_mnist(tmp_path).load(seed=0)


def test_other_content_loads_with_a_warning(tmp_path, arrays, caplog):
    other = arrays | {TEST_IMAGES: random_mnist(seed=1)[TEST_IMAGES]}
    write_mnist(tmp_path / "mnist", other)
    with caplog.at_level(logging.WARNING, "scratchnet"):
        splits = small_mnist(tmp_path).load(seed=0)
    assert not splits.official
    (record,) = caplog.records
    assert f"{TEST_IMAGES}.gz" in record.getMessage()
    assert TRAIN_IMAGES not in record.getMessage()
    np.testing.assert_array_equal(splits.test.pixels[..., 0], other[TEST_IMAGES])


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        (TRAIN_IMAGES, TRAIN_LABELS, "holds labels instead of images"),
        (TRAIN_IMAGES, TEST_IMAGES, f"has the content of {TEST_IMAGES} of mnist"),
        (TRAIN_LABELS, TEST_LABELS, f"has the content of {TEST_LABELS} of mnist"),
    ],
)
def test_swapped_official_files_are_an_error(tmp_path, arrays, one, other, problem):
    write_mnist(tmp_path / "mnist", arrays | {one: arrays[other], other: arrays[one]})
    with pytest.raises(DataError, match=problem):
        small_mnist(tmp_path).load(seed=0)


def test_files_of_another_dataset_are_an_error(tmp_path, arrays):
    write_mnist(tmp_path / "fashion_mnist", arrays)
    with pytest.raises(DataError, match=f"has the content of {TRAIN_IMAGES} of mnist"):
        FashionMNIST(root=str(tmp_path), validation_size=20).load(seed=0)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (
            TRAIN_LABELS,
            idx_bytes(np.zeros(59, np.uint8)),
            "59 labels for the 60 images of train-images",
        ),
        (
            TRAIN_LABELS,
            idx_bytes(np.array([*[0] * 58, 10, 3], np.uint8)),
            "label 10 at position 58; labels are 0 to 9",
        ),
        (
            TRAIN_IMAGES,
            idx_bytes(np.zeros((60, 32, 32), np.uint8)),
            "32 x 32 pixels instead of 28 x 28",
        ),
        (
            TEST_IMAGES,
            bytes([0, 0, 8, 3]) + struct.pack(">3I", 60_000, 28, 28),
            "holds 60,000 images instead of 10,000",
        ),
        (TEST_LABELS, b"<!doctype html><title>Sign in</title>", "is a web page"),
        (TEST_LABELS, gzip.compress(idx_bytes(np.zeros(40, np.uint8)))[:-9], "is truncated"),
    ],
)
def test_damaged_files_are_named(tmp_path, arrays, name, content, problem):
    write_mnist(tmp_path / "mnist", arrays)
    path = tmp_path / "mnist" / f"{name}.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=problem) as error:
        small_mnist(tmp_path).load(seed=0)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_files_are_downloaded_once(tmp_path, arrays, server, monkeypatch):
    write_mnist(tmp_path / "mnist", {TRAIN_IMAGES: arrays[TRAIN_IMAGES]}, gzipped=False)
    for name in FILES:
        server.files[f"second/{name}.gz"] = gzip.compress(idx_bytes(arrays[name]))
    mirrors = [f"{server.address}first/", f"{server.address}second/"]
    monkeypatch.setattr(MNIST, "mirrors", mirrors)

    splits = small_mnist(tmp_path).load(seed=0)

    assert splits.official
    missing = [TRAIN_LABELS, TEST_IMAGES, TEST_LABELS]
    places = ("first", "second")
    assert server.requests == [f"{place}/{name}.gz" for name in missing for place in places]
    files = sorted(path.name for path in (tmp_path / "mnist").iterdir())
    assert files == sorted([TRAIN_IMAGES, *[f"{name}.gz" for name in missing]])

    assert small_mnist(tmp_path).load(seed=0).fingerprint == splits.fingerprint
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>moved</html>", "is a web page"),
        (gzip.compress(idx_bytes(np.zeros(60, np.uint8))), "wrong checksum"),
        (gzip.compress(idx_bytes(np.zeros(60, np.uint8)))[:-4], "is truncated"),
        (gzip.compress(idx_bytes(np.zeros((60, 28, 28), np.uint8))), "holds images instead"),
    ],
)
def test_a_wrong_download_is_not_kept(tmp_path, arrays, server, monkeypatch, content, problem):
    del arrays[TRAIN_LABELS]
    write_mnist(tmp_path / "mnist", arrays)
    server.files[f"{TRAIN_LABELS}.gz"] = content
    monkeypatch.setattr(MNIST, "mirrors", [server.address])
    with pytest.raises(DataError, match=problem):
        small_mnist(tmp_path).load(seed=0)
    assert not list((tmp_path / "mnist").glob(f"{TRAIN_LABELS}*"))


def test_no_data_and_no_network_says_what_to_do(tmp_path, nowhere):
    with pytest.raises(DataError) as error:
        MNIST(root=str(tmp_path)).load(seed=0)
    message = str(error.value)
    for part in (*[f"{name}.gz" for name in FILES], nowhere, str(tmp_path / "mnist")):
        assert part in message
    assert "ConnectionError" in message
    assert "\n" not in message


@pytest.mark.real_data
@pytest.mark.skipif(not os.environ.get("SCRATCHNET_DATA"), reason="SCRATCHNET_DATA is not set")
@pytest.mark.parametrize("dataset", [MNIST, FashionMNIST])
def test_the_real_data(dataset):
    splits = dataset().load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [
        55_000,
        5_000,
        10_000,
    ]
    assert splits.official
    mean, std = pixel_statistics(splits.train.pixels, splits.val.pixels)
    assert dataset.mean == pytest.approx(mean, rel=1e-6)
    assert dataset.std == pytest.approx(std, rel=1e-6)
