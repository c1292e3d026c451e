"""Convolution by tiles against convolution by patches, which test_conv2d.py holds against loops."""

import numpy as np
import pytest

from scratchnet.kernels import convolution, tile_convolution
from scratchnet.kernels.convolution import CompiledTilesOrPatches
from scratchnet.kernels.patch_convolution import PatchConvolution
from scratchnet.kernels.tile_convolution import TileConvolution

# (images, H, W, C), filters, padding
CASES = [
    ((1, 3, 3, 1), 1, 1),
    ((2, 4, 8, 3), 2, 1),
    ((3, 7, 5, 2), 4, 1),
    ((2, 6, 9, 2), 3, 0),
    ((2, 5, 3, 2), 3, 2),
    ((5, 1, 1, 2), 2, 1),
]


def both_ways(shape, filters, padding, dtype):
    """y, dW and dx of a random problem by tiles, then by patches."""
    rng = np.random.default_rng(0)
    height, width = (length + 2 * padding for length in shape[1:3])
    x = rng.standard_normal(shape).astype(dtype)
    weight = rng.standard_normal((3, 3, shape[3], filters)).astype(dtype)
    dy = rng.standard_normal((shape[0], height - 2, width - 2, filters)).astype(dtype)
    results = []
    for way in (
        TileConvolution(shape[1:], filters, padding),
        PatchConvolution(shape[1:], filters, 3, 1, padding),
    ):
        y, dweight, dx = np.empty_like(dy), np.empty_like(weight), np.empty_like(x)
        for part in (slice(0, None), slice(0, 1), slice(0, None)):  # a smaller batch in between
            way.convolve(x[part], weight, y[part])
            way.gradients(x[part], dy[part], weight, dweight, dx[part])
        results.append((y, dweight, dx))
    return results


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize(("shape", "filters", "padding"), CASES)
def test_tiles_give_what_patches_give(monkeypatch, shape, filters, padding, pieces):
    if pieces == 2:  # a piece for each image
        monkeypatch.setattr(tile_convolution, "TILE_BYTES", 0)
        monkeypatch.setattr(tile_convolution, "FEWEST_TILES", 1)
    for tiled, direct in zip(*both_ways(shape, filters, padding, np.float64), strict=True):
        np.testing.assert_allclose(tiled, direct, rtol=1e-9, atol=1e-11)


def test_float32_loses_little():
    """In units of the results' own size: direct sums of so many terms are off by some 1e-6."""
    for tiled, direct in zip(*both_ways((8, 15, 15, 64), 64, 1, np.float32), strict=True):
        error = (tiled - direct) / np.sqrt(np.mean(direct**2))
        assert np.sqrt(np.mean(error**2)) < 1e-5
        assert np.abs(error).max() < 1e-4


@pytest.mark.parametrize(
    ("shape", "filters", "kernel", "stride", "padding", "way"),
    [
        ((8, 8, 16), 16, 3, 1, 1, TileConvolution),
        ((8, 8, 4), 16, 3, 1, 1, CompiledTilesOrPatches),  # few channels
        ((8, 8, 16), 4, 3, 1, 1, CompiledTilesOrPatches),
        ((8, 8, 3), 16, 3, 1, 1, PatchConvolution),  # hardly any
        ((8, 8, 3), 16, 5, 1, 2, PatchConvolution),
        ((8, 8, 16), 16, 3, 2, 1, PatchConvolution),  # a stride
        ((8, 8, 16), 16, 5, 1, 2, CompiledTilesOrPatches),
        ((8, 8, 16), 16, 7, 1, 3, PatchConvolution),  # another kernel
        ((6, 6, 16), 16, 5, 1, 0, PatchConvolution),  # a small output
        ((2, 2, 16), 16, 3, 1, 1, PatchConvolution),  # a small image
    ],
)
def test_the_way_is_chosen_by_the_shapes(shape, filters, kernel, stride, padding, way):
    assert type(convolution.convolution(shape, filters, kernel, stride, padding)) is way
