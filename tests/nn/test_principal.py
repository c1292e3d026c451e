"""Principal components: what they promise of their outputs, and their gradient."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.nn.models import MLP
from scratchnet.nn.network import Network
from scratchnet.nn.principal import EPS, PrincipalComponents

SHAPE = (3, 4, 2)


def some_images(count=2500):
    """Images whose 24 numbers go together, with a mean that is not 0."""
    rng = np.random.default_rng(0)
    mixing = rng.standard_normal((24, 24)) * np.linspace(3, 0.1, 24)[:, None]
    x = rng.standard_normal((count, 24)) @ mixing + rng.standard_normal(24)
    return x.reshape(count, *SHAPE).astype(np.float32)


def calibrated(x, count):
    network = Network([PrincipalComponents(count)], x.shape[1:], seed=0)
    network.calibrate(lambda wanted: x[:wanted])
    return network


def test_outputs_have_mean_0_and_are_uncorrelated_with_variance_1_largest_first():
    x = some_images()
    y = calibrated(x, 7).forward(x).astype(np.float64)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-5)
    flat = x.reshape(len(x), -1).astype(np.float64)
    singular_values = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False)
    variances = singular_values[:7] ** 2 / len(x)
    expected = np.diag(variances / (variances + EPS))
    np.testing.assert_allclose(y.T @ y / len(y), expected, atol=1e-4)


def test_all_components_keep_the_distances_that_whitening_defines():
    x = some_images()
    y = calibrated(x, 24).forward(x[:2]).astype(np.float64)
    flat = x.reshape(len(x), -1).astype(np.float64)
    metric = np.linalg.inv(np.cov(flat.T, bias=True) + EPS * np.eye(24))
    difference = flat[0] - flat[1]
    assert ((y[0] - y[1]) ** 2).sum() == pytest.approx(difference @ metric @ difference, rel=1e-3)


def test_a_direction_without_variance_is_not_blown_up():
    layer = calibrated(np.ones((4, *SHAPE), np.float32), 24).layers[0]
    assert np.abs(layer.weight).max() <= EPS**-0.5 * 1.001


def test_before_calibration_it_hands_on_the_first_numbers_of_a_image():
    x = some_images(2)
    y = Network([PrincipalComponents(5)], SHAPE, seed=0).forward(x)
    np.testing.assert_array_equal(y, x.reshape(2, 24)[:, :5])


def test_gradient():
    network = check_layer(PrincipalComponents(5), np.random.default_rng(0).standard_normal((3, 6)))
    assert not network.parameters.slots


def test_more_components_than_numbers_are_refused():
    with pytest.raises(ValueError, match="an image of 24 numbers has no 25 components"):
        MLP(components=25).check(SHAPE, 10)


def test_an_mlp_with_components_learns_behind_them_and_keeps_them_in_its_state():
    x = some_images()
    model = MLP(hidden_dims=[4], components=6)
    network = model.build(SHAPE, 10, seed=0)
    network.calibrate(lambda count: x[:count])
    assert network.layers[1].weight.shape == (6, 4)
    network.forward(x[:5], train=True)
    network.backward(np.ones((5, 10), np.float32))
    other = model.build(SHAPE, 10, seed=1)
    other.restore(network.state())
    assert other.forward(x[:5]).tobytes() == network.forward(x[:5]).tobytes()
