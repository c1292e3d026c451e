"""Loading against NumPy's reflect padding and plain mirroring, image by image."""

import numpy as np
import pytest
from augmentation_inputs import SHAPES, some_images

from scratchnet.kernels.loading import load, place

pytestmark = pytest.mark.usefixtures("each_engine")

POSITIONS = np.array([3, 0, 3, 7, 1])


def constants(shape):
    """Another mean and scale for each number of an image."""
    rng = np.random.default_rng(1)
    return rng.random(np.prod(shape), np.float32), rng.random(np.prod(shape), np.float32)


def normalised(image, mean, scale):
    return (image.astype(np.float32) - mean.reshape(image.shape)) * scale.reshape(image.shape)


@pytest.mark.parametrize("shape", SHAPES[1:])
def test_loaded_images_are_normalised(shape):
    pixels, x = some_images(shape, 8), np.empty((5, *shape), np.float32)
    load(pixels, POSITIONS, *constants(shape), x)
    expected = [normalised(pixels[n], *constants(shape)) for n in POSITIONS]
    np.testing.assert_array_equal(x, expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("pad", [0, 1, 4])
@pytest.mark.parametrize("flip", [False, True])
def test_placed_images_are_cut_out_of_a_mirrored_border_and_flipped(shape, pad, flip):
    pixels, (height, width, channels) = some_images(shape, 8), shape
    rng = np.random.default_rng(2)
    mean, scale = np.full(height * width * channels, 100.0, np.float32), np.ones(1, np.float32)
    scale = np.repeat(scale, mean.size)
    down, right = rng.integers(-pad, pad + 1, (2, 5))
    flipped = rng.random(5) < 0.5 if flip else np.zeros(5, bool)
    x = np.empty((5, *shape), np.float32)
    place(pixels, POSITIONS, down, right, flipped, mean, scale, x)
    for n in range(5):
        padded = np.pad(pixels[POSITIONS[n]], [(pad, pad), (pad, pad), (0, 0)], mode="reflect")
        top, left = pad + down[n], pad + right[n]
        expected = padded[top : top + height, left : left + width]
        expected = expected[:, ::-1] if flipped[n] else expected
        np.testing.assert_array_equal(x[n], expected.astype(np.float32) - 100)
