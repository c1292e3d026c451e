"""The compiled transforms against products with Winograd's matrices, and against NumPy's."""

import numpy as np
import pytest

from scratchnet.kernels import compiled_tiles, engine
from scratchnet.kernels.engine import Engine
from scratchnet.kernels.tile_convolution import TileConvolution
from scratchnet.kernels.winograd import A, B

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
        (compiled_tiles.times_at, A.T),
        (compiled_tiles.times_a, A),
        (compiled_tiles.times_b, B),
    ],
)
def test_a_transform_is_a_product_with_its_matrix(transform, matrix):
    x = np.random.default_rng(0).standard_normal(matrix.shape[1])
    np.testing.assert_allclose(transform(*x), matrix @ x, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("run", ["definition", "__call__"])
def test_a_tile_is_transformed_in_both_directions(run):
    """One 6x6 tile without padding; the definitions run as plain Python, and compiled."""
    rng = np.random.default_rng(1)
    d, dy = rng.standard_normal((1, 6, 6, 2)), rng.standard_normal((1, 4, 4, 2))
    v, m = np.empty((6, 6, 1, 1, 1, 2)), np.empty((6, 6, 1, 1, 1, 2))
    y, dx = np.empty((1, 4, 4, 2)), np.empty((1, 6, 6, 2))
    getattr(compiled_tiles.input_tiles, run)(d, v, 0)
    getattr(compiled_tiles.gradient_tiles, run)(dy, m)
    for c in range(2):
        np.testing.assert_allclose(v[:, :, 0, 0, 0, c], B.T @ d[0, :, :, c] @ B, rtol=1e-12)
        np.testing.assert_allclose(m[:, :, 0, 0, 0, c], A @ dy[0, :, :, c] @ A.T, rtol=1e-12)
    product = v * m
    getattr(compiled_tiles.output_tiles, run)(product, y)
    getattr(compiled_tiles.input_gradient_tiles, run)(product, dx, 0)
    for c in range(2):
        one = product[:, :, 0, 0, 0, c]
        np.testing.assert_allclose(y[0, :, :, c], A.T @ one @ A, rtol=1e-12)
        np.testing.assert_allclose(dx[0, :, :, c], B @ one @ B.T, rtol=1e-12)


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
