"""The bundled digits equal the published ones, and their split is fixed."""

from pathlib import Path

import numpy as np
import pytest
from dataset_files import pixel_statistics
from sklearn.datasets import load_digits

from scratchnet.data import Digits, digits


def bundled():
    with np.load(Path(digits.__file__).with_name("digits.npz")) as file:
        return file["images"], file["labels"]


def test_the_bundled_file_is_the_published_data():
    images, labels = bundled()
    original = load_digits()
    np.testing.assert_array_equal(images, original.images)
    np.testing.assert_array_equal(labels, original.target)
    assert images.dtype == labels.dtype == np.uint8


def test_splits():
    splits = Digits().load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [1257, 180, 360]
    assert splits.shape == (8, 8, 1)
    assert splits.official
    for part in (splits.train, splits.val, splits.test):
        assert part.pixels.dtype == np.uint8
        assert part.labels.dtype == np.int64


def test_the_test_set_is_a_fifth_of_each_class_for_every_seed():
    first, second = Digits().load(seed=0), Digits().load(seed=1)
    np.testing.assert_array_equal(first.test.pixels, second.test.pixels)
    _, labels = bundled()
    share = np.bincount(first.test.labels) / np.bincount(labels)
    np.testing.assert_allclose(share, 0.2, atol=0.006)


def test_no_image_is_lost_or_duplicated():
    splits = Digits().load(seed=0)
    images, labels = bundled()
    rows = sorted(map(bytes, np.column_stack([images.reshape(-1, 64), labels])))
    parts = (splits.train, splits.val, splits.test)
    split_rows = [np.column_stack([p.pixels.reshape(-1, 64), p.labels]) for p in parts]
    assert sorted(map(bytes, np.concatenate(split_rows).astype(np.uint8))) == rows


def test_mean_and_std_are_those_of_the_training_set():
    splits = Digits().load(seed=0)
    assert Digits.train_images == len(splits.train) + len(splits.val)
    mean, std = pixel_statistics(splits.train.pixels, splits.val.pixels)
    assert Digits.mean == pytest.approx(mean, rel=1e-12)
    assert Digits.std == pytest.approx(std, rel=1e-12)
