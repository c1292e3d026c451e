"""All augmentations together."""

import numpy as np
import pytest
from augmentation_inputs import SHAPES, part, some_images

from scratchnet.data.augmentation import Augmentation, Augmenter


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_changes_when_everything_is_off(shape):
    images = some_images(shape, 5)
    augmenter = Augmenter(Augmentation(), shape, seed=0, count=5)
    result = augmenter.augment_pixels(images.copy(), part(0, 5))
    np.testing.assert_array_equal(result, images, strict=True)
    x = images.astype(np.float32)
    augmenter.augment_normalised(x, part(0, 5))
    np.testing.assert_array_equal(x, images)
