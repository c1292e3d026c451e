"""The compiled transforms against products with Winograd's matrices, and against NumPy's."""

import numpy as np
import pytest

from scratchnet.kernels import compiled_tiles, engine
from scratchnet.kernels.engine import Engine
from scratchnet.kernels.patch_convolution import PatchConvolution
from scratchnet.kernels.tile_convolution import TileConvolution
from scratchnet.kernels.winograd import B, output_matrix

pytest.importorskip("numba")


@pytest.fixture(autouse=True)
def compiled():
    engine.use(Engine.compiled)
    yield
    engine.use(Engine.numpy)


@pytest.mark.parametrize(
    ("transform", "matrix"),
    [
        (compiled_tiles.times_bt, B.T),
        (compiled_tiles.times_at, output_matrix(3)[:5].T),
        (compiled_tiles.times_a, output_matrix(3)[:5]),
        (compiled_tiles.times_b, B),
    ],
)
def test_a_transform_is_a_product_with_its_matrix(transform, matrix):
    x = np.random.default_rng(0).standard_normal(matrix.shape[1])
    np.testing.assert_allclose(transform(*x), matrix @ x, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("run", ["definition", "__call__"])
def test_a_tile_is_transformed_in_both_directions(run, kernel):
    """One 6x6 tile without padding; the definitions run as plain Python, and compiled."""
    rng = np.random.default_rng(1)
    a, size = output_matrix(kernel), 7 - kernel
    d, dy = rng.standard_normal((1, 6, 6, 2)), rng.standard_normal((1, size, size, 2))
    v, m = np.empty((6, 6, 1, 1, 1, 2)), np.empty((6, 6, 1, 1, 1, 2))
    y, dx = np.empty((1, size, size, 2)), np.empty((1, 6, 6, 2))
    getattr(compiled_tiles.input_tiles, run)(d, v, 0, size)
    getattr(compiled_tiles.gradient_tiles, run)(dy, m, size)
    for c in range(2):
        np.testing.assert_allclose(v[:, :, 0, 0, 0, c], B.T @ d[0, :, :, c] @ B, rtol=1e-12)
        np.testing.assert_allclose(m[:, :, 0, 0, 0, c], a @ dy[0, :, :, c] @ a.T, rtol=1e-12)
    product = v * m
    getattr(compiled_tiles.output_tiles, run)(product, y, size)
    getattr(compiled_tiles.input_gradient_tiles, run)(product, dx, 0, size)
    for c in range(2):
        one = product[:, :, 0, 0, 0, c]
        np.testing.assert_allclose(y[0, :, :, c], a.T @ one @ a, rtol=1e-11)
        np.testing.assert_allclose(dx[0, :, :, c], B @ one @ B.T, rtol=1e-11)


@pytest.mark.parametrize(
    ("images", "height", "width", "padding"), [(3, 9, 6, 1), (2, 5, 5, 0), (4, 3, 8, 2)]
)
def test_the_convolution_and_its_gradients_are_those_of_numpy(images, height, width, padding):
    """Tiles that reach over the edge, several pieces of a batch, and odd sizes."""
    rng = np.random.default_rng(2)
    convolution = TileConvolution((height, width, 5), 4, padding)
    convolution.images = 2  # of a piece
    x = rng.standard_normal((images, height, width, 5))
    weight = rng.standard_normal((3, 3, 5, 4))
    dy = rng.standard_normal((images, *convolution.out_shape, 4))
    results = []
    for wanted in (Engine.numpy, Engine.compiled):
        engine.use(wanted)
        y, dweight, dx = np.empty_like(dy), np.empty_like(weight), np.empty_like(x)
        convolution.convolve(x, weight, y)
        convolution.gradients(x, dy, weight, dweight, dx)
        results.append((y, dweight, dx))
    for by_numpy, compiled in zip(*results, strict=True):
        np.testing.assert_allclose(compiled, by_numpy, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("padding", [0, 1, 2, 4])
@pytest.mark.parametrize(("images", "height", "width"), [(3, 9, 6), (2, 5, 5), (1, 8, 12)])
def test_5x5_filters_are_those_of_patches(images, height, width, padding):
    rng = np.random.default_rng(3)
    tiles = TileConvolution((height, width, 3), 4, padding, kernel=5)
    tiles.images = 2  # of a piece
    x, weight = rng.standard_normal((images, height, width, 3)), rng.standard_normal((5, 5, 3, 4))
    dy = rng.standard_normal((images, *tiles.out_shape, 4))
    results = []
    for way in (tiles, PatchConvolution((height, width, 3), 4, 5, 1, padding)):
        y, dweight, dx = np.empty_like(dy), np.empty_like(weight), np.empty_like(x)
        way.convolve(x, weight, y)
        way.gradients(x, dy, weight, dweight, dx)
        results.append((y, dweight, dx))
    for by_tiles, by_patches in zip(*results, strict=True):
        np.testing.assert_allclose(by_tiles, by_patches, rtol=1e-9, atol=1e-9)


def test_5x5_filters_in_float32_lose_little():
    """In units of the results' own size: direct sums of so many terms are off by some 1e-6."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((4, 14, 14, 32)).astype(np.float32)
    weight = rng.standard_normal((5, 5, 32, 64)).astype(np.float32)
    results = []
    for way in (
        TileConvolution((14, 14, 32), 64, 2, kernel=5),
        PatchConvolution((14, 14, 32), 64, 5, 1, 2),
    ):
        y = np.empty((4, 14, 14, 64), np.float32)
        way.convolve(x, weight, y)
        results.append(y)
    tiled, direct = results
    error = (tiled - direct) / np.sqrt(np.mean(direct**2))
    assert np.sqrt(np.mean(error**2)) < 1e-5
    assert np.abs(error).max() < 1e-4
