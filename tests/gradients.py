"""Central differences: the oracle for every backward pass."""

import dataclasses

import numpy as np

from scratchnet.nn.layer import Layer
from scratchnet.nn.models.model import Model, Precision
from scratchnet.nn.network import Network


def numeric_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """df/dx by central differences for a scalar function of x, which is changed and restored."""
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f()
        x[index] = kept - h
        below = f()
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference over the largest value: one number for the whole array."""
    return float(np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-12))


def in_double(model: Model) -> Model:
    """The same model with numbers of 64 bits."""
    return dataclasses.replace(model, dtype=Precision.float64)


def check_layer(layer: Layer, x: np.ndarray, *, train: bool = True) -> Network:
    """Compare a layer's backward with central differences for a random upstream gradient.

    Checks dloss/dx and every parameter's gradient in float64 to a relative error of 1e-6, for
    loss = sum(output * upstream). Returns the network around the layer.
    """
    network = Network([layer], x.shape[1:], seed=3, dtype=np.float64)
    layer.needs_dx = True
    rng = np.random.default_rng(5)
    network.parameters.values += 0.1 * rng.standard_normal(network.parameters.size)
    upstream = rng.standard_normal((len(x), *network.output_shape))

    def loss() -> float:
        network.begin_epoch(1)  # the same dropout mask in each call
        return float((layer.forward(x, train) * upstream).sum())

    loss()
    dx = layer.backward(upstream.copy()).copy()
    grads = network.parameters.grads.copy()
    assert relative_error(dx, numeric_gradient(loss, x)) < 1e-6
    if grads.size:
        assert relative_error(grads, numeric_gradient(loss, network.parameters.values)) < 1e-6
    return network
