"""A PNG that is written reads back, pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image

from scratchnet.reports import png


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 7, 3), (5, 1, 3), (31, 17, 3)])
def test_what_is_written_reads_back(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    with Image.open(io.BytesIO(png.encode(pixels, 150))) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.02)
        np.testing.assert_array_equal(np.asarray(image), pixels)


def test_pixels_need_not_be_contiguous():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 8, 4), np.uint8)
    encoded = png.encode(pixels[:, :, :3], 150)
    assert encoded == png.encode(pixels[:, :, :3].copy(), 150)


def test_flat_areas_take_no_space():
    assert len(png.encode(np.full((1000, 1000, 3), 255, np.uint8), 150)) < 20_000
