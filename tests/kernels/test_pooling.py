"""Pooling kernels against loops over the windows, with edges that fill no window."""

import numpy as np
import pytest

from scratchnet.kernels import pooling

K = 3
SHAPE = (2, 7, 6, 2)  # one row is left over
WINDOWS = list(np.ndindex(2, 2, 2, 2))  # (image, row, column, channel) of y


def window(x: np.ndarray, n: int, i: int, j: int, c: int) -> np.ndarray:
    """The view (K, K) of the numbers under one window."""
    return x[n, K * i : K * (i + 1), K * j : K * (j + 1), c]


@pytest.fixture
def x():
    return np.random.default_rng(0).integers(0, 5, SHAPE).astype(np.float32)  # many equal numbers


def test_the_winner_is_the_first_of_the_largest(x):
    y, winners = np.empty((2, 2, 2, 2), np.float32), np.empty((2, 2, 2, 2), np.uint8)
    pooling.max_pool(x, K, y, winners)
    for place in WINDOWS:
        assert y[place] == window(x, *place).max()
        assert winners[place] == window(x, *place).argmax()

    dy = np.arange(1, 17, dtype=np.float32).reshape(y.shape)
    dx = np.full(SHAPE, np.nan, np.float32)
    pooling.max_pool_backward(dy, winners, K, dx)
    expected = np.zeros(SHAPE)
    for place in WINDOWS:
        window(expected, *place)[np.unravel_index(winners[place], (K, K))] = dy[place]
    np.testing.assert_array_equal(dx, expected)


@pytest.mark.usefixtures("each_engine")
@pytest.mark.parametrize("k", [2, 3])
def test_windows_of_both_kinds_know_their_winners(x, k):
    shape = (2, 7 // k, 6 // k, 2)
    y, winners = np.empty(shape, np.float32), np.empty(shape, np.uint8)
    pooling.max_pool(x, k, y, winners)
    for n, i, j, c in np.ndindex(y.shape):
        numbers = x[n, k * i : k * (i + 1), k * j : k * (j + 1), c]
        assert y[n, i, j, c] == numbers.max()
        assert winners[n, i, j, c] == numbers.argmax()


def test_mean_pool(x):
    y = np.empty((2, 2, 2, 2), np.float32)
    pooling.mean_pool(x, K, y)
    for place in WINDOWS:
        assert y[place] == pytest.approx(window(x, *place).mean())

    dy = np.arange(1, 17, dtype=np.float32).reshape(y.shape)
    expected = np.zeros(SHAPE)
    for place in WINDOWS:
        window(expected, *place)[...] = dy[place] / K**2
    dx = np.full(SHAPE, np.nan, np.float32)
    pooling.mean_pool_backward(dy.copy(), K, dx)
    np.testing.assert_allclose(dx, expected, rtol=1e-6)
