"""Flips against plain mirroring, image by image."""

import numpy as np
import pytest
from augmentation_inputs import COUNTS, SHAPES, part, some_images

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Part
from scratchnet.data.augmentation.flip import AlternatingFlip, RandomFlip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", COUNTS)
def test_random_flip_mirrors_the_images_drawn(shape, count):
    images = some_images(shape, count)
    flips = stream(1, "augment").integers(0, 2, size=count, dtype=bool)
    expected = [
        image[:, ::-1] if flip else image for image, flip in zip(images, flips, strict=True)
    ]
    np.testing.assert_array_equal(RandomFlip()(images.copy(), part(1, count)), expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_alternating_flip_shows_each_image_both_ways_in_two_epochs(shape):
    images = some_images(shape, 300)
    flip = AlternatingFlip(seed=5, count=300)
    seen = [flip(images.copy(), part(0, 300, epoch)) for epoch in (4, 5, 6)]
    as_they_are = (seen[0] == images).all(axis=(1, 2, 3))
    assert as_they_are.mean() == pytest.approx(0.5, abs=0.1)
    expected = np.where(as_they_are[:, None, None, None], images[:, :, ::-1], images)
    np.testing.assert_array_equal(seen[1], expected)
    np.testing.assert_array_equal(seen[2], seen[0])
    assert (AlternatingFlip(seed=6, count=300).first != flip.first).any()


def test_alternating_flip_depends_on_the_image_not_on_its_place_in_the_batch():
    images = some_images((4, 4, 1), 50)
    flip, order = AlternatingFlip(0, 50), np.random.default_rng(1).permutation(50)
    in_order = flip(images.copy(), part(0, 50, epoch=1))
    shuffled = flip(images[order], Part(order, 1, stream(0, "augment")))
    np.testing.assert_array_equal(shuffled, in_order[order])
