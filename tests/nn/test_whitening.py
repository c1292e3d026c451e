"""The whitening convolution: what it promises of its outputs, and its gradients."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.compute import threads
from scratchnet.nn.models import AirNet, LinearModel
from scratchnet.nn.network import Network
from scratchnet.nn.whitening import EPS, WhiteningConv2d

pytestmark = pytest.mark.usefixtures("each_engine")


def some_images(count=300):
    """Images whose neighbouring pixels and channels go together."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((count, 9, 10, 3))
    smooth = noise[:, 1:, 1:] + noise[:, :-1, 1:] + noise[:, 1:, :-1]
    return (smooth @ [[1, 0.5, 0.2], [0, 1, 0.5], [0, 0, 1]]).astype(np.float32)


def calibrated(x, dtype=np.float32):
    network = Network([WhiteningConv2d()], x.shape[1:], seed=0, dtype=dtype)
    network.calibrate(lambda count: x[:count])
    return network


def test_outputs_are_uncorrelated_with_variance_one_and_come_with_both_signs():
    x = some_images()
    network = calibrated(x)
    y = network.forward(x).reshape(-1, 24).astype(np.float64)
    np.testing.assert_allclose(y[:, 12:], -y[:, :12], atol=1e-5)
    second_moments = y[:, :12].T @ y[:, :12] / len(y)
    np.testing.assert_allclose(second_moments, np.diag(np.diag(second_moments)), atol=1e-3)
    patches = [x[:, i : 7 + i, j : 8 + j] for i in (0, 1) for j in (0, 1)]
    rows = np.concatenate(patches, axis=3).reshape(-1, 12).astype(np.float64)
    eigenvalues = np.linalg.svd(rows, compute_uv=False) ** 2 / len(rows)  # largest first
    np.testing.assert_allclose(
        np.diag(second_moments), eigenvalues / (eigenvalues + EPS), rtol=1e-3
    )


def test_a_direction_without_variance_is_not_blown_up():
    network = calibrated(np.ones((4, 5, 5, 1), np.float32))
    assert np.abs(network.layers[0].weight).max() <= EPS**-0.5 * 1.001
    assert np.isfinite(network.layers[0].weight).all()


def test_before_calibration_it_hands_on_the_numbers_of_each_patch():
    x = some_images(2)
    y = Network([WhiteningConv2d()], x.shape[1:], seed=0).forward(x)
    np.testing.assert_array_equal(y[..., :3], x[:, :-1, :-1])
    np.testing.assert_array_equal(y[..., 21:], -x[:, 1:, 1:])


@pytest.mark.parametrize("shape", [(1, 2, 2, 1), (3, 4, 5, 2)])
def test_gradients(shape):
    network = check_layer(WhiteningConv2d(), np.random.default_rng(0).standard_normal(shape))
    assert list(network.parameters.slots) == ["0.bias"]


def test_the_filters_are_in_the_state_and_no_parameters():
    x = some_images()
    model = AirNet(widths=[4])
    network = model.build(x.shape[1:], 10, seed=0)
    network.calibrate(lambda count: x[:count])
    other = model.build(x.shape[1:], 10, seed=1)
    other.restore(network.state())
    assert other.forward(x[:5]).tobytes() == network.forward(x[:5]).tobytes()
    np.testing.assert_array_equal(other.layers[0].weight, network.layers[0].weight)


def test_it_looks_at_so_many_samples_and_other_networks_at_none():
    asked = []

    def sample(count):
        asked.append(count)
        return some_images(20)

    LinearModel().build((8, 9, 3), 10, seed=0).calibrate(sample)
    assert asked == []
    AirNet().build((8, 9, 3), 10, seed=0).calibrate(sample)
    assert asked == [5000]


def test_results_do_not_depend_on_threads():
    x = some_images(600)
    upstream = np.random.default_rng(1).standard_normal((600, 7, 8, 24)).astype(np.float32)
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        network = calibrated(x)
        y = network.forward(x, train=True).tobytes()
        network.backward(upstream.copy())
        weight = network.layers[0].weight.tobytes()
        results.append((y, weight, network.parameters.grads.tobytes()))
    threads.use(1)
    assert results[0] == results[1] == results[2]
