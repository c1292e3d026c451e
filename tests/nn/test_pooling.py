"""Pooling and residual connections against plain formulas and central differences."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.nn.activations import Tanh
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from scratchnet.nn.residual import Residual

pytestmark = pytest.mark.usefixtures("each_engine")

SHAPES = [(1, 2, 2, 1), (2, 4, 6, 3), (3, 5, 7, 2)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layer", [MaxPool2d, AvgPool2d, GlobalAvgPool])
def test_gradients(shape, layer):
    x = np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape) * 0.1
    check_layer(layer(), x)


@pytest.mark.parametrize(("layer", "reduce"), [(MaxPool2d, np.max), (AvgPool2d, np.mean)])
@pytest.mark.parametrize("kernel", [2, 3])
def test_values(layer, reduce, kernel):
    x = np.random.default_rng(0).standard_normal((2, 7, 6, 3))
    pool = layer(kernel)
    Network([pool], x.shape[1:], seed=0, dtype=np.float64)
    y = pool.forward(x, train=True)
    for n, i, j, c in np.ndindex(y.shape):
        rows, columns = slice(i * kernel, (i + 1) * kernel), slice(j * kernel, (j + 1) * kernel)
        assert y[n, i, j, c] == pytest.approx(reduce(x[n, rows, columns, c]))


def test_global_average():
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    pool = GlobalAvgPool()
    Network([pool], x.shape[1:], seed=0, dtype=np.float64)
    np.testing.assert_allclose(pool.forward(x, train=True), x.mean(axis=(1, 2)))


def test_of_equal_numbers_one_takes_the_gradient():
    pool = MaxPool2d(3)
    Network([pool], (3, 6, 1), seed=0)
    x = np.zeros((1, 3, 6, 1), np.float32)
    x[0, 1:, 4, 0] = 5
    pool.forward(x, train=True)
    dx = pool.backward(np.full((1, 1, 2, 1), 7, np.float32))[0, :, :, 0]
    expected = np.zeros((3, 6))
    expected[0, 0] = expected[1, 4] = 7
    np.testing.assert_array_equal(dx, expected)


def test_an_image_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match=r"1x4 is too small for 3x3 pooling: .* at least 3 pixels"):
        Network([MaxPool2d(3)], (1, 4, 2), seed=0)


@pytest.mark.parametrize("shortcut", [None, [Linear(4)]])
def test_residual_gradients(shortcut):
    x = np.random.default_rng(0).standard_normal((5, 4))
    check_layer(Residual([Linear(6), Tanh(), Linear(4)], shortcut), x)


def test_residual_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"branch gives \(6,\), the shortcut \(4,\)"):
        Network([Residual([Linear(6)])], (4,), seed=0)
