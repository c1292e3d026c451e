"""Normalisation against plain formulas and central differences."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.compute import threads
from scratchnet.nn.activations import ReLU
from scratchnet.nn.layer import backward_in_a_row, named
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.norm_relu import BatchNormReLU

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize(
    ("layer", "train"),
    [(BatchNorm, True), (BatchNorm, False), (LayerNorm, True), (LayerNorm, False)],
)
@pytest.mark.parametrize("shape", [(2, 3), (7, 5), (3, 2, 4, 3)])
def test_gradients(layer, train, shape):
    check_layer(layer(), 1 + 2 * np.random.default_rng(0).standard_normal(shape), train=train)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_batch_norm_values_and_running_statistics(dtype):
    rng = np.random.default_rng(0)
    layer = BatchNorm(momentum=0.2)
    Network([layer], (4, 5, 3), seed=0, dtype=dtype)
    layer.scale[...] = [1, 2, 3]
    layer.shift[...] = [0, 1, 2]
    x = (100 + rng.standard_normal((6, 4, 5, 3))).astype(dtype)
    y = layer.forward(x, train=True)
    wide = x.astype(np.float64).reshape(-1, 3)
    mean, var = wide.mean(axis=0), wide.var(axis=0)
    expected = layer.scale * (wide - mean) / np.sqrt(var + 1e-5) + layer.shift
    tolerance = 1e-10 if dtype == np.float64 else 2e-4
    np.testing.assert_allclose(y.reshape(-1, 3), expected, atol=tolerance)
    np.testing.assert_allclose(layer.buffers["mean"], 0.2 * mean, rtol=1e-6)
    unbiased = wide.var(axis=0, ddof=1)
    np.testing.assert_allclose(layer.buffers["var"], 0.8 + 0.2 * unbiased, rtol=1e-5)

    running_mean, running_var = layer.buffers["mean"].copy(), layer.buffers["var"].copy()
    y = layer.forward(x, train=False)
    expected = layer.scale * (wide - running_mean) / np.sqrt(running_var + 1e-5) + layer.shift
    np.testing.assert_allclose(y.reshape(-1, 3), expected, rtol=1e-5, atol=tolerance)
    np.testing.assert_array_equal(layer.buffers["mean"], running_mean)


def test_layer_norm_values():
    x = np.random.default_rng(0).standard_normal((4, 6))
    layer = LayerNorm()
    Network([layer], (6,), seed=0, dtype=np.float64)
    expected = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(layer.forward(x, train=True), expected)


def test_batch_norm_does_not_depend_on_threads():
    rng = np.random.default_rng(0)
    x, upstream = rng.standard_normal((2, 50, 16, 16, 24)).astype(np.float32)
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        layer = BatchNorm()
        network = Network([layer], x.shape[1:], seed=0)
        y = layer.forward(x, train=True).tobytes()
        dx = layer.backward(upstream.copy()).tobytes()
        results.append((y, dx, network.parameters.grads.tobytes()))
    threads.use(1)
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("shape", [(7, 5), (3, 2, 4, 3)])
def test_norm_and_relu_in_one_are_what_they_are_one_after_the_other(shape):
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, *shape))
    results = []
    for layers in ([BatchNormReLU(momentum=0.2)], [BatchNorm(momentum=0.2), ReLU()]):
        network = Network(layers, shape[1:], seed=0, dtype=np.float64)
        network.parameters.values[...] = np.random.default_rng(1).standard_normal(2 * shape[-1])
        y = network.forward(x, train=True).copy()
        dx = backward_in_a_row(layers, dy.copy())
        grads = network.parameters.grads.copy()
        evaluated = network.forward(x, train=False).copy()
        of_evaluation = backward_in_a_row(layers, dy.copy())
        results.append([y, dx, grads, evaluated, of_evaluation, network.parameters.grads])
        results[-1] += network.buffers.values()
        assert list(named(layers)) == ["0.BatchNorm", "1.ReLU"]
        assert list(network.buffers) == ["0.mean", "0.var"]
    for together, apart in zip(*results, strict=True):
        np.testing.assert_allclose(together, apart, rtol=1e-12, atol=1e-12)
