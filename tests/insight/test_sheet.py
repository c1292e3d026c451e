"""Images come back out of a sheet to the bit; large ones are averaged."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from scratchnet.insight.sheet import LARGEST, reduced_size, sheet


def tiles_of(made):
    content = base64.b64decode(made["address"].removeprefix("data:image/png;base64,"))
    pixels = np.asarray(Image.open(io.BytesIO(content)))
    height, width = made["height"], made["width"]

    def tile(i):
        row, column = divmod(i, made["columns"])
        return pixels[row * height : (row + 1) * height, column * width : (column + 1) * width]

    return tile


@pytest.mark.parametrize("channels", [1, 3])
def test_each_image_is_where_the_sheet_says(channels):
    images = np.random.default_rng(0).integers(0, 256, (7, 5, 6, channels), np.uint8)
    tile = tiles_of(sheet(images, 255))
    for i, image in enumerate(images):
        np.testing.assert_array_equal(tile(i), image[..., 0] if channels == 1 else image)


def test_white_is_white():
    made = sheet(np.full((1, 8, 8, 1), 16, np.uint8), white=16)
    assert tiles_of(made)(0).min() == 255


def test_large_images_are_reduced_by_means():
    image = np.zeros((1, 2 * LARGEST, 2 * LARGEST, 1), np.uint8)
    image[0, ::2, ::2] = 100
    made = sheet(image, 255)
    assert (made["height"], made["width"]) == reduced_size(*image.shape[1:3]) == (LARGEST, LARGEST)
    assert np.unique(tiles_of(made)(0)).tolist() == [25]


def test_no_images_no_sheet():
    assert sheet(np.zeros((0, 8, 8, 1), np.uint8), 255) is None
