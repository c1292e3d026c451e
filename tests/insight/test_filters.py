"""Weights as images: those of the pixels that they are multiplied with."""

import numpy as np
import pytest
from insight.test_sheet import tiles_of

from scratchnet.insight.filters import filters
from scratchnet.nn.models import CNN, MLP, AirNet, LeNet, ResNet

SHAPE = (12, 12, 3)


@pytest.mark.parametrize("model", [MLP(hidden_dims=[6]), MLP(hidden_dims=[6], components=20)])
def test_a_dense_unit_has_a_weight_for_each_pixel(model):
    network = model.build(SHAPE, 4, seed=0)
    network.calibrate(lambda n: np.random.default_rng(0).normal(size=(50, *SHAPE)))
    found = filters(network)
    one_hot = np.eye(12 * 12 * 3, dtype=np.float32).reshape(-1, *SHAPE)
    kinds = [type(layer).__name__ for layer in network.layers]
    layers = network.layers[: 1 + kinds.index("Linear")]

    def outputs(x):
        for layer in layers:
            x = layer.forward(x, False)
        return x.copy()

    weights = (outputs(one_hot) - outputs(0 * one_hot)).T.reshape(-1, *SHAPE)
    norms = np.linalg.norm(weights.reshape(6, -1), axis=1)
    assert found["units"] == np.argsort(-norms).tolist()
    np.testing.assert_allclose(found["norms"], np.sort(norms)[::-1], rtol=1e-4)
    tile = tiles_of(found["sheet"])
    for i, unit in enumerate(found["units"]):
        expected = 127.5 + 127.5 * weights[unit] / np.abs(weights[unit]).max()
        np.testing.assert_allclose(tile(i), expected, atol=1)


def test_a_convolution_shows_its_kernels_and_a_wide_one_its_largest():
    network = CNN(widths=[80]).build(SHAPE, 4, seed=0)
    found = filters(network)
    weight = network.layers[0].weight
    assert found["count"] == 80
    assert len(found["units"]) == 64
    kernel = weight[..., found["units"][0]]
    expected = 127.5 + 127.5 * kernel / np.abs(kernel).max()
    np.testing.assert_allclose(tiles_of(found["sheet"])(0), expected, atol=1)


@pytest.mark.parametrize("model", [LeNet(), ResNet(), AirNet()])
def test_every_model_for_images_has_filters(model):
    assert filters(model.build((32, 32, 3), 4, seed=0)) is not None


def test_vectors_and_broken_weights_have_none():
    assert filters(MLP(hidden_dims=[6]).build((1, 1, 9), 4, seed=0)) is None
    network = MLP(hidden_dims=[6]).build(SHAPE, 4, seed=0)
    network.parameters.values[:] = np.nan
    assert filters(network) is None
