"""Which images are mirrored."""

import numpy as np
import pytest
from augmentation_inputs import part

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Part
from scratchnet.data.augmentation.flip import AlternatingFlip, RandomFlip


def test_random_flip_mirrors_half_of_the_images_and_others_in_each_draw():
    images = part(1, 10_000)
    first, second = RandomFlip().draw(images), RandomFlip().draw(images)
    assert first.mean() == pytest.approx(0.5, abs=0.02)
    assert (first == second).mean() == pytest.approx(0.5, abs=0.02)


def test_alternating_flip_shows_each_image_both_ways_in_two_epochs():
    flip = AlternatingFlip(seed=5, count=300)
    seen = [flip.draw(part(0, 300, epoch)) for epoch in (4, 5, 6)]
    assert seen[0].mean() == pytest.approx(0.5, abs=0.1)
    np.testing.assert_array_equal(seen[1], ~seen[0])
    np.testing.assert_array_equal(seen[2], seen[0])
    assert (AlternatingFlip(seed=6, count=300).first != flip.first).any()


def test_alternating_flip_depends_on_the_image_not_on_its_place_in_the_batch():
    flip, order = AlternatingFlip(0, 50), np.random.default_rng(1).permutation(50)
    in_order = flip.draw(part(0, 50, epoch=1))
    shuffled = flip.draw(Part(order, 1, stream(0, "augment")))
    np.testing.assert_array_equal(shuffled, in_order[order])
