"""Splits and statistics of any data of one's own, on made-up ones."""

from pathlib import Path

import numpy as np
import pytest

from scratchnet.data.images import Specification
from scratchnet.data.loader import Loader
from scratchnet.data.own.collection import TEST, TRAIN, VAL, Collection, digest_of
from scratchnet.data.own.dataset import OwnDataset
from scratchnet.data.splits import Validation
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import choice

COUNTS = [60, 30, 10]  # samples of each class


@choice("spots")
class Spots(OwnDataset):
    """100 images of 2x2 pixels in 3 channels, the first of which holds the image's number."""

    def _read(self):
        return spots()


def spots(labels=None, parts=None):
    labels = np.repeat(np.arange(3), COUNTS) if labels is None else np.array(labels)
    pixels = np.random.default_rng(0).integers(0, 256, (len(labels), 2, 2, 3), dtype=np.uint8)
    pixels[..., 0] = np.arange(len(labels))[:, None, None]
    parts = np.full(len(labels), TRAIN, np.int8) if parts is None else np.array(parts, np.int8)
    return Collection(pixels, labels, parts, ["a", "b", "c"], digest_of(pixels))


@pytest.fixture
def load(tmp_path, monkeypatch):
    def load(collection=None, seed=0, **settings):
        if collection is not None:
            monkeypatch.setattr(Spots, "_read", lambda self: collection)
        return Spots(path=str(tmp_path), **settings).load(seed)

    return load


def numbers(images):
    """The numbers of the images, in order."""
    return images.take(np.arange(len(images)))[:, 0, 0, 0].tolist()


def test_a_share_of_each_class_is_held_out_and_every_image_is_in_one_split(load):
    splits = load(test_share=0.2, validation_share=0.25)
    assert np.bincount(splits.test.labels).tolist() == [12, 6, 2]
    assert np.bincount(splits.val.labels).tolist() == [12, 6, 2]
    parts = [numbers(part) for part in (splits.train, splits.val, splits.test)]
    assert sorted(number for part in parts for number in part) == list(range(100))
    for part, found in zip((splits.train, splits.val, splits.test), parts, strict=True):
        np.testing.assert_array_equal(part.labels, np.repeat(np.arange(3), COUNTS)[found])
    assert (splits.protocol, splits.official) == ("holdout", False)


def test_seed_draws_validation_and_split_seed_draws_the_test_images(load):
    one, other, resplit = load(seed=0), load(seed=1), load(seed=0, split_seed=1)
    assert numbers(one.test) == numbers(other.test) != numbers(resplit.test)
    assert numbers(one.val) != numbers(other.val)
    assert one.fingerprint == other.fingerprint != resplit.fingerprint
    assert numbers(load(seed=0).val) == numbers(one.val)


def test_splits_that_come_with_the_data_are_kept(load):
    given = np.arange(100) % 3
    splits = load(spots(parts=given))
    for part, which in ((splits.train, TRAIN), (splits.val, VAL), (splits.test, TEST)):
        assert numbers(part) == np.flatnonzero(given == which).tolist()
    assert splits.protocol == "given"
    final = load(spots(parts=given), validation=Validation.none)
    assert final.val is None
    assert numbers(final.train) == np.flatnonzero(given != TEST).tolist()
    with pytest.raises(SettingError, match="validation=test_halves: must be holdout"):
        load(spots(parts=given), validation=Validation.test_halves)


def test_test_halves_take_validation_from_the_test_images(load):
    whole, halves = load(), load(validation=Validation.test_halves)
    assert sorted(numbers(halves.val) + numbers(halves.test)) == numbers(whole.test)
    assert len(halves.val) == len(halves.test) == 10


def test_statistics_are_those_of_the_training_split(load):
    splits = load()
    pixels = splits.train.take(np.arange(len(splits.train))).astype(np.float64)
    np.testing.assert_allclose(splits.mean, pixels.mean(axis=(0, 1, 2)), rtol=1e-6)
    np.testing.assert_allclose(splits.std, pixels.std(axis=(0, 1, 2)), rtol=1e-6)
    loader = Loader(splits.train, len(splits.train), mean=splits.mean, std=splits.std, seed=0)
    ((x, labels),) = loader.batches(epoch=0)
    np.testing.assert_allclose(x.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=(0, 1, 2)), 1, rtol=1e-5)
    np.testing.assert_allclose(x * splits.std + splits.mean, pixels, atol=1e-3)
    np.testing.assert_array_equal(labels, splits.train.labels)


def test_constant_images_have_a_standard_deviation_of_one(load):
    collection = spots()
    collection.pixels[:] = 7
    splits = load(collection)
    assert (splits.mean.tolist(), splits.std.tolist()) == ([7, 7, 7], [1, 1, 1])


def test_vectors_are_normalised_feature_by_feature(load):
    rng, labels = np.random.default_rng(0), np.arange(50) % 2
    vectors = (rng.normal(size=(50, 1, 1, 4)) * [1, 10, 100, 0] + [0, 1e6, -5, 3]).astype("f4")
    given = Collection(vectors, labels, np.zeros(50, np.int8), ["a", "b"], digest_of(vectors))
    splits = load(given)
    loader = Loader(splits.train, len(splits.train), mean=splits.mean, std=splits.std, seed=0)
    ((x, _),) = loader.batches(epoch=0)
    np.testing.assert_allclose(x.std(axis=0).ravel(), [1, 1, 1, 0], rtol=1e-3)


def test_a_feature_that_only_rounding_changes_in_training_is_not_blown_up_elsewhere(load):
    vectors = np.full((50, 1, 1, 2), [1, 0], np.float32)
    vectors[::3] = np.nextafter(vectors[::3], np.float32(2))  # by 1e-7, and by 1e-45
    vectors[:10] += 1  # of test and validation samples
    parts = np.repeat([TEST, VAL, TRAIN], [5, 5, 40]).astype(np.int8)
    labels = np.arange(50) % 2
    splits = load(Collection(vectors, labels, parts, ["a", "b"], digest_of(vectors)))
    assert splits.std.tolist() == [1, 1]


def test_what_a_network_has_to_fit_is_known_after_loading(load):
    assert Spots().specification is None
    splits = load()
    assert splits.specification == Specification((2, 2, 3), 3, len(splits.train))


def test_a_class_of_few_samples_keeps_one_for_training(load):
    splits = load(spots(labels=[0] * 3 + [1] * 2 + [2]))
    counts = [
        np.bincount(part.labels, minlength=3).tolist()
        for part in (splits.train, splits.val, splits.test)
    ]
    assert counts == [[1, 1, 1], [1, 0, 0], [1, 1, 0]]
    assert splits.findings.warnings == [
        "the val split has no sample of b, c",
        "the test split has no sample of c",
    ]


@pytest.mark.parametrize(
    ("labels", "validation", "split"),
    [
        ([0, 1, 2], Validation.none, "test"),
        ([0, 1, 2], Validation.holdout, "val"),
        ([0, 0, 1, 1, 2, 2], Validation.holdout, "val"),
    ],
)
def test_too_few_samples_are_an_error_that_says_how_many_are_needed(
    load, labels, validation, split
):
    with pytest.raises(DataError, match=f"no sample is left for the {split} split: .* needs 3"):
        load(spots(labels=labels), validation=validation)


@pytest.mark.parametrize(
    ("path", "message"),
    [(None, "path=null: must say where"), ("gone", "path=gone: .*not exist in")],
)
def test_a_path_that_is_missing_or_wrong_is_told(path, message):
    with pytest.raises(SettingError, match=message):
        Spots(path=path).check_source()


def test_the_home_folder_may_be_written_as_a_tilde():
    assert Spots(path="~/flowers").source == Path.home() / "flowers"
    Spots(path="~").check_source()


def test_a_source_that_cannot_be_read_is_a_data_error(load, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", "/data")

    monkeypatch.setattr(Spots, "_read", refuse)
    with pytest.raises(DataError, match=r"dataset.path=.*Permission denied: '/data'"):
        load()


def test_the_fingerprint_tells_data_labels_and_names_apart(load):
    collection = spots()
    prints = {load(collection).fingerprint}
    collection.labels[0] = 2
    prints.add(load(collection).fingerprint)
    collection.classes = ["x", "y", "z"]
    prints.add(load(collection).fingerprint)
    collection.pixels[5, 1, 1, 1] ^= 1
    collection.digest = digest_of(collection.pixels)
    prints.add(load(collection).fingerprint)
    assert len(prints) == 4


def test_one_test_sample_has_no_halves(load):
    one = spots([0, 0, 1, 1, 2, 2], [TRAIN, TEST, *4 * [TRAIN]])
    with pytest.raises(DataError, match="validation=test_halves: needs 2 test samples or more"):
        load(one, validation=Validation.test_halves)
