"""Each kernel against its equation, over vectors and images, in one slice and in several."""

import numpy as np
import pytest

from scratchnet.compute import blocks
from scratchnet.kernels import channels


@pytest.fixture(params=[(5, 3), (1, 4, 2, 3), (7, 3, 5, 3)])
def shape(request):
    return request.param


@pytest.fixture(params=["one slice", "a slice for each sample"], autouse=True)
def slices(request, monkeypatch):
    if request.param != "one slice":
        monkeypatch.setattr(blocks, "SLICE", 1)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_channel_sums(shape, rng):
    x = rng.standard_normal(shape)
    np.testing.assert_allclose(channels.channel_sums(x), x.reshape(-1, 3).sum(axis=0), atol=1e-12)


def test_mean_and_variance_keep_their_digits_far_from_zero(shape, rng):
    x = (1000 + rng.standard_normal(shape)).astype(np.float32)
    mean, var = channels.mean_and_variance(x)
    pixels = x.reshape(-1, 3).astype(np.float64)
    assert mean.dtype == var.dtype == np.float64
    np.testing.assert_allclose(mean, pixels.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(var, pixels.var(axis=0), rtol=1e-3)


def test_gradient_sums(shape, rng):
    dy, x = rng.standard_normal((2, *shape))
    expected = [dy.reshape(-1, 3).sum(axis=0), (dy * x).reshape(-1, 3).sum(axis=0)]
    np.testing.assert_allclose(channels.gradient_sums(dy, x), expected, atol=1e-12)


def test_affine(shape, rng):
    x, out = rng.standard_normal(shape), np.empty(shape)
    factor, offset = rng.standard_normal((2, 3))
    channels.affine(x, factor, offset, out)
    np.testing.assert_allclose(out, factor * x + offset)


def test_combine_overwrites_dy(shape, rng):
    dy, x = rng.standard_normal((2, *shape))
    a, b, c = rng.standard_normal((3, 3))
    expected = a * dy + b * x + c
    channels.combine(dy, a, x, b, c)
    np.testing.assert_allclose(dy, expected)


def test_bias_and_its_gradient(shape, rng):
    y, bias = rng.standard_normal(shape), rng.standard_normal(3)
    total = channels.bias_gradient(y)
    np.testing.assert_allclose(total, y.reshape(-1, 3).sum(axis=0), atol=1e-12)
    expected = y + bias
    channels.add_bias(y, bias)
    np.testing.assert_array_equal(y, expected)
