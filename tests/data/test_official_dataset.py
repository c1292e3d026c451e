"""Settings and splits of any dataset with an official release, on a made-up one."""

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from dataset_files import random_cifar10, random_mnist, write_cifar10, write_mnist

from scratchnet.data import CIFAR10, MNIST, Digits
from scratchnet.data.augmentation import Augmentation
from scratchnet.data.images import Images, Specification
from scratchnet.data.official_dataset import OfficialDataset
from scratchnet.data.splits import Validation
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import choice, setting


@choice("stripes")
class Stripes(OfficialDataset):
    """100 training and 41 test images, each filled with a pixel value of its own."""

    shape: ClassVar = (2, 3, 1)
    classes: ClassVar = ["a", "b"]
    mean: ClassVar = [1.0]
    std: ClassVar = [2.0]
    train_images: ClassVar = 100
    test_images: ClassVar = 41

    validation_size: int = setting(20, "held out", at_least=1)

    def _read(self):
        images = np.arange(141, dtype=np.uint8)[:, None, None, None] * np.ones((2, 3, 1), np.uint8)
        labels = np.arange(141) % 2
        return Images(images[:100], labels[:100]), Images(images[100:], labels[100:]), True


def values(images):
    return set(images.pixels[:, 0, 0, 0].tolist())


def test_holdout_takes_validation_from_training():
    splits = Stripes().load(seed=0)
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [80, 20, 41]
    assert values(splits.train) | values(splits.val) == set(range(100))
    assert values(splits.test) == set(range(100, 141))
    assert np.bincount(splits.val.labels).tolist() == [10, 10]
    assert splits.protocol == "holdout"


def test_test_halves_split_the_test_set_the_same_for_every_seed():
    settings = Stripes(validation=Validation.test_halves)
    first, second = settings.load(seed=0), settings.load(seed=1)
    assert [len(part) for part in (first.train, first.val, first.test)] == [100, 20, 21]
    assert values(first.val) | values(first.test) == set(range(100, 141))
    np.testing.assert_array_equal(first.val.pixels, second.val.pixels)
    np.testing.assert_array_equal(first.test.pixels, second.test.pixels)
    assert first.protocol == "test_halves"


def test_one_test_image_has_no_halves(monkeypatch):
    train, test, official = Stripes()._read()
    one = Images(test.pixels[:1], test.labels[:1])
    monkeypatch.setattr(Stripes, "_read", lambda self: (train, one, official))
    with pytest.raises(DataError, match="validation=test_halves: needs 2 test samples or more"):
        Stripes(validation=Validation.test_halves).load(seed=0)


def test_without_validation_the_whole_training_set_is_used_for_training():
    settings = Stripes(validation=Validation.none, validation_size=100)
    splits = settings.load(seed=0)
    assert splits.val is None
    assert values(splits.train) == set(range(100))
    assert values(splits.test) == set(range(100, 141))
    assert settings.training_size == 100
    assert splits.protocol == "none"
    assert splits.fingerprint == Stripes().load(seed=0).fingerprint


def test_the_seed_chooses_the_split_but_not_the_fingerprint():
    first, again, other = (Stripes().load(seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.train.pixels, again.train.pixels)
    assert values(first.val) != values(other.val)
    halves = Stripes(validation=Validation.test_halves).load(seed=0)
    assert len({splits.fingerprint for splits in (first, again, other, halves)}) == 1


def test_splits_describe_the_dataset():
    splits = Stripes().load(seed=0)
    assert splits.shape == (2, 3, 1)
    assert splits.classes == ["a", "b"]
    assert splits.mean.dtype == splits.std.dtype == np.float32
    assert (splits.mean.tolist(), splits.std.tolist()) == ([1.0], [2.0])
    assert splits.official


def test_training_size_is_known_before_loading():
    assert Stripes().training_size == 80
    assert Stripes(validation=Validation.test_halves).training_size == 100
    assert Stripes().specification == Specification((2, 3, 1), 2, 80)
    assert Stripes().specification == Stripes().load(seed=0).specification


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation_size": 0}, "validation_size=0: must be >= 1"),
        ({"validation_size": 100}, "validation_size=100: must be < 100"),
        ({"augmentation": Augmentation(crop=2)}, r"augmentation.crop=2: must be <= 1 \(pixels\)"),
        ({"name": "other"}, "name=other"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(SettingError, match=message):
        Stripes(**settings)


def test_validation_size_does_not_matter_for_test_halves():
    Stripes(validation=Validation.test_halves, validation_size=100)


def test_holding_out_every_image_found_is_an_error(monkeypatch):
    monkeypatch.setattr(Stripes, "train_images", 1000)
    with pytest.raises(DataError, match=r"validation_size=100: must be < 100, .* for stripes"):
        Stripes(validation_size=100).load(seed=0)


def test_the_data_root_is_the_setting_then_the_environment_then_the_cache(monkeypatch):
    monkeypatch.setenv("SCRATCHNET_DATA", "/from/environment")
    assert Stripes(root="/from/setting")._root() == Path("/from/setting")
    assert Stripes(root="~/data")._root() == Path.home() / "data"
    assert Stripes()._root() == Path("/from/environment")
    monkeypatch.setenv("SCRATCHNET_DATA", "")
    assert "scratchnet" in str(Stripes()._root())


def test_a_folder_that_cannot_be_read_is_a_data_error(monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", "/data")

    monkeypatch.setattr(Stripes, "_read", refuse)
    with pytest.raises(DataError, match=r"stripes: .*Permission denied: '/data'"):
        Stripes().load(seed=0)


@pytest.mark.parametrize("dataset", [MNIST, CIFAR10])
def test_the_root_of_a_run_is_left_alone_if_it_lacks_files(tmp_path, monkeypatch, caplog, dataset):
    """The folder of the run may be a stranger's: nothing is downloaded to where it says."""
    monkeypatch.setenv("SCRATCHNET_DATA", str(tmp_path / "own"))
    chosen = dataset(root=str(tmp_path / "strange")).of_a_run()
    assert chosen.root is None
    assert "strange lacks files; using" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_the_root_of_a_run_is_used_if_it_is_complete(tmp_path):
    write_mnist(tmp_path / "mnist", random_mnist())
    folder = write_cifar10(tmp_path, random_cifar10(3))
    for dataset in (MNIST(root=str(tmp_path)), CIFAR10(root=str(tmp_path)), Digits(root="x")):
        assert dataset.of_a_run() is dataset
    next(folder.glob("*.bin")).unlink()
    next((tmp_path / "mnist").iterdir()).unlink()
    for dataset in (MNIST(root=str(tmp_path)), CIFAR10(root=str(tmp_path))):
        assert dataset.of_a_run().root is None
    assert MNIST().of_a_run().root is None
