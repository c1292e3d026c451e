"""Official files are recognised by checksum, and swapped ones are errors."""

from pathlib import Path

import pytest

from scratchnet.data.damaged import DamagedFile
from scratchnet.data.official import is_official

TRAIN_LABELS = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"  # of MNIST
PATH = Path("folder/train-labels-idx1-ubyte.gz")


def test_official_content_is_recognised():
    assert is_official(PATH, "mnist", "train-labels-idx1-ubyte", TRAIN_LABELS)


def test_other_content_is_not_official():
    assert not is_official(PATH, "mnist", "train-labels-idx1-ubyte", "0" * 64)


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        ("mnist", "t10k-labels-idx1-ubyte"),
        ("fashion_mnist", "train-labels-idx1-ubyte"),
    ],
)
def test_swapped_files_are_an_error(dataset, name):
    with pytest.raises(DamagedFile, match="has the content of train-labels-idx1-ubyte of mnist"):
        is_official(PATH, dataset, name, TRAIN_LABELS)
