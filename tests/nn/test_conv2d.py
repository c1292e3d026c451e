"""The convolution against plain loops, central differences, and itself on other threads."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.compute import threads
from scratchnet.kernels import patch_convolution
from scratchnet.kernels.tile_convolution import TileConvolution
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.network import Network

pytestmark = pytest.mark.usefixtures("each_engine")

# (batch, H, W, C), channels out, kernel, stride, padding
CASES = [
    ((1, 3, 3, 1), 1, 3, 1, 1),
    ((2, 5, 4, 3), 2, 3, 1, 1),
    ((3, 5, 7, 2), 3, 3, 2, 1),
    ((2, 6, 6, 2), 3, 3, 2, 0),
    ((2, 4, 4, 3), 2, 2, 1, 0),
    ((2, 5, 5, 2), 4, 1, 1, 0),
    ((2, 5, 5, 2), 4, 1, 2, 0),
    ((1, 7, 6, 1), 2, 5, 1, 2),
    ((1, 8, 8, 1), 2, 5, 3, 2),
]
TILED = ((1, 5, 3, 16), 17, 3, 1, 1)  # wide enough for Winograd's tiles, both ways


def slow_convolution(x, weight, bias, stride, padding):
    """The definition, in loops."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kernel = weight.shape[0]
    rows = (x.shape[1] - kernel) // stride + 1
    columns = (x.shape[2] - kernel) // stride + 1
    y = np.zeros((len(x), rows, columns, weight.shape[3]))
    for n, i, j in np.ndindex(len(x), rows, columns):
        patch = x[n, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
        y[n, i, j] = np.tensordot(patch, weight, axes=3) + bias
    return y


@pytest.mark.parametrize(("shape", "channels", "kernel", "stride", "padding"), [*CASES, TILED])
def test_values(shape, channels, kernel, stride, padding):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    layer = Conv2d(channels, kernel, stride=stride, padding=padding)
    network = Network([layer], shape[1:], seed=0, dtype=np.float64)
    layer.bias[...] = rng.standard_normal(channels)
    expected = slow_convolution(x, layer.weight, layer.bias, stride, padding)
    assert network.output_shape == expected.shape[1:]
    np.testing.assert_allclose(layer.forward(x, train=True), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("shape", "channels", "kernel", "stride", "padding"), CASES)
def test_gradients(shape, channels, kernel, stride, padding, bias):
    x = np.random.default_rng(0).standard_normal(shape)
    check_layer(Conv2d(channels, kernel, stride=stride, padding=padding, bias=bias), x)


@pytest.mark.parametrize(("shape", "channels", "kernel", "stride", "padding"), CASES)
def test_a_matrix_of_patches_may_hold_less_than_an_image(
    monkeypatch, shape, channels, kernel, stride, padding
):
    monkeypatch.setattr(patch_convolution, "PATCH_BYTES", 1000)
    x = np.random.default_rng(0).standard_normal(shape)
    check_layer(Conv2d(channels, kernel, stride=stride, padding=padding), x)


def test_gradients_by_tiles():
    shape, channels, kernel, stride, padding = TILED
    x = np.random.default_rng(0).standard_normal(shape)
    network = check_layer(Conv2d(channels, kernel, stride=stride, padding=padding), x)
    assert isinstance(network.layers[0].products, TileConvolution)


@pytest.mark.parametrize("channels", [8, 24])  # by patches, by tiles
def test_results_do_not_depend_on_threads(channels):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((43, 16, 16, 24)).astype(np.float32)
    upstream = rng.standard_normal((43, 16, 16, channels)).astype(np.float32)
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        layer = Conv2d(channels, 3, padding=1)
        network = Network([layer], x.shape[1:], seed=0)
        layer.needs_dx = True
        y = layer.forward(x, train=True)
        dx = layer.backward(upstream.copy())
        results.append((y.tobytes(), dx.tobytes(), network.parameters.grads.tobytes()))
    threads.use(1)
    assert results[0] == results[1] == results[2]


def test_an_image_that_is_too_small_is_refused_with_the_least_size():
    with pytest.raises(
        ValueError, match=r"2x2 is too small for a 5x5 .* at least 3 pixels each way"
    ):
        Network([Conv2d(3, 5, padding=1)], (2, 2, 1), seed=0)
