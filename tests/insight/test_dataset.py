"""The data section: counts, duplicates and samples, against NumPy."""

import dataclasses

import numpy as np
import pytest
from insight.test_sheet import tiles_of
from small_runs import composed

from scratchnet.config import to_config
from scratchnet.data import Digits
from scratchnet.data.images import Images
from scratchnet.insight import dataset


@pytest.fixture(scope="module")
def splits():
    return Digits().load(seed=0)


def with_test(splits, pixels, labels=None):
    labels = np.zeros(len(pixels), np.int64) if labels is None else labels
    return dataclasses.replace(splits, test=Images(pixels, labels))


def test_an_image_in_two_splits_is_found_and_named(splits):
    pixels = splits.test.pixels[:5].copy()
    pixels[3] = splits.train.pixels[7]
    pixels[4] = pixels[0]  # twice in one split: no harm
    changed = with_test(splits, pixels)
    parts = {"train": changed.train, "test": changed.test}
    assert dataset.in_two_splits(changed, parts) == {
        "groups": 1,
        "named": [["train: 7", "test: 3"]],
    }


def test_what_loading_has_found_is_not_searched_for_again(splits):
    changed = with_test(splits, splits.test.pixels)
    one = {"file": "a.png", "class": "a", "split": "train"}
    changed.findings.record["same_pixels_in_two_splits"] = [[one, one | {"split": "test"}]]
    try:
        found = dataset.in_two_splits(changed, {"train": changed.train})
    finally:
        del changed.findings.record["same_pixels_in_two_splits"]
    assert found == {"groups": 1, "named": [["train: a.png", "test: a.png"]]}


@pytest.mark.parametrize("augment", ["false", "true"])
def test_samples_are_training_images_as_the_network_gets_them(conf, splits, augment):
    config = to_config(composed(f"dataset.augment={augment}", small=()))
    found = dataset.samples(config, splits)
    tile = tiles_of(found["sheet"])
    shown = np.stack([tile(i) for i in range(len(found["labels"]))])
    train = np.rint(splits.train.pixels[..., 0] * (255 / splits.pixel_max))
    known = [np.any((train == image).all(axis=(1, 2))) for image in shown]
    assert len(set(found["labels"])) == 10
    assert found["augmented"] == (augment == "true")
    assert all(known) if augment == "false" else not all(known)
