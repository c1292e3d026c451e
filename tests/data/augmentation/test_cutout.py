"""Cutout against a plain version, pixel by pixel."""

import numpy as np
import pytest
from augmentation_inputs import SHAPES, part

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation.cutout import Cutout


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_cutout_blanks_a_square_around_any_pixel(shape, size):
    height, width, _ = shape
    x = np.random.default_rng(0).standard_normal((9, *shape), np.float32)
    rng = stream(2, "augment")
    tops = rng.integers(0, height, size=(9, 1))[:, 0] - size // 2
    lefts = rng.integers(0, width, size=(9, 1))[:, 0] - size // 2
    expected = x.copy()
    for image, top, left in zip(expected, tops, lefts, strict=True):
        for row in range(height):
            for column in range(width):
                if top <= row < top + size and left <= column < left + size:
                    image[row, column] = 0
    Cutout(size)(x, part(2, 9))
    np.testing.assert_array_equal(x, expected)
    assert (x == 0).any()
