"""All augmentations together."""

import numpy as np
import pytest
from augmentation_inputs import SHAPES, part, some_images

from scratchnet.data.augmentation import Augmentation, Augmenter, Flip


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_changes_when_everything_is_off(shape):
    images = some_images(shape, 5)
    augmenter = Augmenter(Augmentation(), shape, seed=0, count=5)
    assert augmenter.draw_moves(part(0, 5)) is None
    x = images.astype(np.float32)
    augmenter.change(x, part(0, 5))
    np.testing.assert_array_equal(x, images)


def test_a_crop_alone_flips_nothing_and_a_flip_alone_moves_nothing():
    for settings in (Augmentation(crop=2), Augmentation(flip=Flip.random)):
        moves = Augmenter(settings, (8, 8, 1), seed=0, count=50).draw_moves(part(0, 50))
        assert moves.flipped.any() == (settings.crop == 0)
        assert moves.down.any() == moves.right.any() == (settings.crop > 0)
