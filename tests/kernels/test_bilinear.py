"""Bilinear interpolation against SciPy."""

import numpy as np
import pytest
from augmentation_inputs import some_images
from scipy import ndimage

from scratchnet.kernels.bilinear import sample

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize("shape", [(2, 2, 1), (5, 7, 3), (9, 4, 1)])
def test_sampling_equals_scipy(shape):
    images, (height, width, channels) = some_images(shape, 4), shape
    rng = np.random.default_rng(1)  # positions reach far outside the image
    rows = rng.uniform(-3, height + 2, (height, 4, width)).astype(np.float32)
    columns = rng.uniform(-3, width + 2, (height, 4, width)).astype(np.float32)
    expected = np.empty((4, *shape))
    for i in range(4):
        for channel in range(channels):
            expected[i, ..., channel] = ndimage.map_coordinates(
                images[i, ..., channel].astype(float),
                [rows[:, i], columns[:, i]],
                order=1,
                mode="nearest",
            )
    sampled = images.astype(np.float32)
    sample(sampled, rows, columns)
    np.testing.assert_allclose(sampled, expected, atol=2e-3)


def test_sampling_at_whole_positions_returns_the_pixels():
    images = some_images((5, 6, 2), 3)
    rows, columns = np.indices((5, 6)).astype(np.float32)
    rows, columns = (np.repeat(a[:, None], 3, axis=1) for a in (rows, columns))
    sampled = images.astype(np.float32)
    sample(sampled, rows, columns)
    np.testing.assert_allclose(sampled, images, atol=2e-4)
