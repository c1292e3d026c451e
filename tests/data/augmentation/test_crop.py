"""Crops against NumPy's reflect padding, image by image."""

import numpy as np
import pytest
from augmentation_inputs import COUNTS, SHAPES, part, some_images

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation.crop import Crop


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("pad", [1, 3])
def test_crop_pads_with_the_mirror_image_and_cuts_out(shape, count, pad):
    images, (height, width, _) = some_images(shape, count), shape
    starts = stream(3, "augment").integers(0, 2 * pad + 1, size=(2, count))
    expected = [
        np.pad(image, [(pad, pad), (pad, pad), (0, 0)], mode="reflect")[
            row : row + height, column : column + width
        ]
        for image, row, column in zip(images, *starts, strict=True)
    ]
    np.testing.assert_array_equal(Crop(pad)(images, part(3, count)), expected, strict=True)


def test_all_crop_positions_are_equally_likely():
    images = np.zeros((10_000, 9, 9, 1), np.uint8)
    images[:, 4, 4] = 1
    moved = Crop(2)(images, part(0, 10_000))[..., 0]
    rows, columns = moved.any(axis=2).argmax(axis=1), moved.any(axis=1).argmax(axis=1)
    for axis in (rows, columns):
        assert np.bincount(axis, minlength=9)[2:7] == pytest.approx(np.full(5, 2000), rel=0.1)
    assert np.corrcoef(rows, columns)[0, 1] == pytest.approx(0, abs=0.03)
