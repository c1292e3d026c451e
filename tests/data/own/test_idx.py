"""dataset=idx: MNIST's files under all their names, with classes of all kinds."""

import gzip
import struct

import numpy as np
import pytest
from dataset_files import idx_bytes

from scratchnet.data.own.idx import IDX
from scratchnet.errors import DataError, SettingError

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (60, 6, 5), dtype=np.uint8)
LABELS = (np.arange(60) % 3).astype(np.uint8)
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")


def load(path, **settings):
    return IDX(path=str(path), **settings).load(0)


def write(folder, names, images=IMAGES, labels=LABELS):
    folder.mkdir(exist_ok=True, parents=True)
    for name, array in zip(names, (images, labels), strict=True):
        content = array if isinstance(array, bytes) else idx_bytes(array)
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


def taken(part):
    return part.take(np.arange(len(part)))[..., 0]


@pytest.mark.parametrize(
    ("train", "test"),
    [
        (NAMES, ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")),
        (
            ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
            ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ),
        (
            ("kmnist-train-images-idx3-ubyte.gz", "kmnist-train-labels-idx1-ubyte.gz"),
            ("kmnist-test-images-idx3-ubyte.gz", "kmnist-test-labels-idx1-ubyte.gz"),
        ),
        (
            ("raw/train-images-idx3-ubyte", "raw/train-labels-idx1-ubyte.gz"),
            ("raw/t10k-images-idx3-ubyte.gz", "raw/t10k-labels-idx1-ubyte"),
        ),
    ],
)
def test_common_spellings(tmp_path, train, test):
    (tmp_path / "raw").mkdir()
    write(tmp_path, train, IMAGES[:40], LABELS[:40])
    write(tmp_path, test, IMAGES[40:], LABELS[40:])
    splits = load(tmp_path)
    assert (splits.shape, splits.classes) == ((6, 5, 1), ["0", "1", "2"])
    np.testing.assert_array_equal(taken(splits.test), IMAGES[40:])
    np.testing.assert_array_equal(splits.test.labels, LABELS[40:])
    assert len(splits.train) + len(splits.val) == 40


def test_without_test_files_a_share_is_split_off(tmp_path):
    write(tmp_path, NAMES, labels=LABELS + 1)
    splits = load(tmp_path)
    assert splits.classes == ["1", "2", "3"]
    assert np.bincount(splits.test.labels).tolist() == [4, 4, 4]


def test_emnist_has_names_and_is_turned_upright(tmp_path):
    names = [f"emnist-letters-{name}.gz" for name in NAMES]
    write(tmp_path, names, IMAGES.swapaxes(1, 2), LABELS + 1)
    (tmp_path / "emnist-letters-mapping.txt").write_text(
        "".join(f"{i} {64 + i} {96 + i}\n" for i in range(1, 27))
    )
    splits = load(tmp_path)
    assert splits.classes == [f"{chr(64 + i)}/{chr(96 + i)}" for i in range(1, 27)]
    assert splits.shape == (6, 5, 1)
    known = {image.tobytes(): label for image, label in zip(IMAGES, LABELS, strict=True)}
    assert [known[image.tobytes()] for image in taken(splits.train)] == splits.train.labels.tolist()
    assert any("turned upright" in note for note in splits.findings.notes)


def test_a_folder_of_several_sets_needs_a_prefix(tmp_path):
    write(tmp_path, [f"emnist-digits-{name}" for name in NAMES], labels=LABELS)
    write(tmp_path, [f"emnist-letters-{name}" for name in NAMES], labels=LABELS + 1)
    with pytest.raises(SettingError, match=r"prefix=null: .* it\? emnist-digits, emnist-letters"):
        load(tmp_path)
    assert load(tmp_path, prefix="emnist-letters").classes == ["1", "2", "3"]
    with pytest.raises(SettingError, match=r"prefix=emnist-leters: must be one of .*mean emnist-l"):
        load(tmp_path, prefix="emnist-leters")


def test_kmnist_and_qmnist(tmp_path):
    write(tmp_path / "k", NAMES)
    text = "index,codepoint,char\n0,U+304A,お\n1,U+304D,き\n2,U+3059,す\n"
    (tmp_path / "k" / "kmnist_classmap.csv").write_text(text, encoding="utf-8")
    assert load(tmp_path / "k").classes == ["お", "き", "す"]
    assert load(tmp_path / "k", classes=["o", "ki", "su"]).classes == ["o", "ki", "su"]
    table = np.stack([LABELS, RNG.integers(0, 9, 60)], axis=1).astype(">i4")
    content = bytes([0, 0, 12, 2]) + struct.pack(">2I", *table.shape) + table.tobytes()
    names = ("qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz")
    write(tmp_path / "q", names, labels=content)
    assert load(tmp_path / "q").classes == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("images", "labels", "reason"),
    [
        (IMAGES, LABELS[:50], r"labels of shape \(50,\) for the 60 images of train-images"),
        (IMAGES[0], LABELS, r"holds an array of shape \(6, 5\), must be images"),
        (b"\0\0\x0d\x03", LABELS, "is not an IDX file of whole numbers .it starts with 00000d03"),
        (idx_bytes(IMAGES)[:-1], LABELS, "is truncated"),
        (idx_bytes(IMAGES) + b"x", LABELS, "holds more bytes than it should"),
        (b"\0\0\x08\x03" + b"\xff" * 12, LABELS, "is truncated"),
        (b"", LABELS, "is truncated"),
        (IMAGES, np.zeros(60, np.uint8), "all labels are 0"),
    ],
)
def test_damaged_files_are_named(tmp_path, images, labels, reason):
    write(tmp_path, NAMES, images, labels)
    with pytest.raises(DataError, match=reason) as refused:
        load(tmp_path)
    assert str(tmp_path) in str(refused.value)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(DataError, match="holds no files called train-images-idx3-ubyte"):
        load(tmp_path)
    (tmp_path / NAMES[0]).write_bytes(idx_bytes(IMAGES))
    with pytest.raises(DataError, match="has no file of train labels"):
        load(tmp_path)
    (tmp_path / NAMES[1]).write_bytes(idx_bytes(LABELS))
    (tmp_path / "mapping.txt").write_text("0 48\n1 49\n")
    with pytest.raises(DataError, match="label 2 of the train images has no name"):
        load(tmp_path)
    (tmp_path / "mapping.txt").write_text("0 x\n")
    with pytest.raises(DataError, match=r"mapping\.txt: cannot be read as names"):
        load(tmp_path)
