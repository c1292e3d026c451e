"""Attributions against central differences, and on networks whose answer is known."""

import numpy as np
import pytest

from scratchnet.explain.attribution import gradient_times_pixel, occlusion, shuffled_weights
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import softmax
from scratchnet.nn.models import CNN
from scratchnet.nn.models.model import Precision
from scratchnet.nn.network import Network


def test_gradient_times_pixel_is_a_derivative():
    network = CNN(widths=[3], dropout=0.5, dtype=Precision.float64).build((6, 6, 2), 3, seed=0)
    rng = np.random.default_rng(0)
    network.forward(rng.standard_normal((8, 6, 6, 2)), train=True)  # running statistics
    pixels, mean, std = rng.uniform(0, 255, (6, 6, 2)), np.array([90, 110]), np.array([50, 70])

    def logit(of):
        return network.forward(((of - mean) / std)[None])[0, 1]

    expected = np.zeros((6, 6))
    for place in np.ndindex(pixels.shape):
        moved = [pixels.copy(), pixels.copy()]
        moved[0][place] += 1e-4
        moved[1][place] -= 1e-4
        expected[place[:2]] += (logit(moved[0]) - logit(moved[1])) / 2e-4 * pixels[place]
    found = gradient_times_pixel(network, ((pixels - mean) / std)[None], pixels, std, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_occlusion_finds_the_one_pixel_that_matters():
    network = Network([Flatten(), Linear(2)], (10, 12, 1), seed=0)
    network.parameters.values[:] = 0
    network.layers[1].weight.reshape(10, 12, 2)[3, 8, 0] = 4
    x = np.ones((1, 10, 12, 1), np.float32)
    falls = occlusion(network, x, 0)
    whole = softmax(network.forward(x))[0, 0] - 0.5
    assert falls[3, 8] == pytest.approx(whole)
    near = np.zeros((10, 12), bool)
    near[2:5, 7:10] = True  # squares of 2x2 reach no further
    assert np.all(falls[~near] == 0)
    assert falls.shape == (10, 12)


def test_shuffled_weights_are_the_same_numbers_and_come_back():
    network = CNN(widths=[3]).build((6, 6, 2), 3, seed=0)
    before = {name: array.copy() for name, array in network.state().items()}
    with shuffled_weights(network, 0):
        for slot in network.parameters.slots.values():
            then, now = slot.view(before["parameters"]), slot.view(network.parameters.values)
            np.testing.assert_array_equal(np.sort(then, axis=None), np.sort(now, axis=None))
            assert np.array_equal(then, now) == (not slot.kind.is_weight)
    for name, array in network.state().items():
        np.testing.assert_array_equal(array, before[name])
