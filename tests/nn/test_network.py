"""A whole network: its gradient, its layout of parameters, its randomness."""

import os
import signal

import numpy as np
import pytest
from gradients import in_double, numeric_gradient, relative_error

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import MLP, LinearModel
from scratchnet.optim.adam import AdamW
from scratchnet.system import interrupts

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize("model", [LinearModel(), MLP(hidden_dims=[5, 4], dropout=0.3)])
def test_gradient_of_a_whole_network(model):
    network = in_double(model).build((3, 3, 2), classes=4, seed=1)
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((6, 3, 3, 2)), rng.integers(0, 4, 6)
    loss_fn = SoftmaxCrossEntropy(0.1)

    def loss():
        network.begin_epoch(1)
        return loss_fn(network.forward(x, train=True), labels)[0]

    network.begin_epoch(1)
    network.backward(loss_fn(network.forward(x, train=True), labels)[1])
    numeric = numeric_gradient(loss, network.parameters.values)
    assert relative_error(network.parameters.grads, numeric) < 1e-6


def test_all_parameters_are_views_of_one_vector_with_weights_first():
    network = MLP(hidden_dims=[5, 4]).build((2, 2, 1), classes=3, seed=0)
    parameters = network.parameters
    assert parameters.size == 4 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3
    weights = 4 * 5 + 5 * 4 + 4 * 3
    parameters.values[:weights] = 7
    parameters.values[weights:] = 8
    for layer in network.all_layers():
        if isinstance(layer, Linear):
            assert (layer.weight == 7).all()
            assert (layer.bias == 8).all()
            assert np.shares_memory(layer.grad_weight, parameters.grads)


def test_initial_variances():
    network = MLP(hidden_dims=[400, 300]).build((20, 20, 1), classes=100, seed=0)
    first, second, output = [layer for layer in network.layers if isinstance(layer, Linear)]
    assert first.weight.var() == pytest.approx(2 / 400, rel=0.02)
    assert second.weight.var() == pytest.approx(2 / 400, rel=0.02)
    assert output.weight.var() == pytest.approx(2 / (300 + 100), rel=0.03)
    assert not first.bias.any()


def test_output_init_zeros_starts_at_equal_probabilities():
    network = MLP(output_init=OutputInit.zeros).build((4, 4, 1), classes=10, seed=0)
    assert not network.forward(np.ones((2, 4, 4, 1), np.float32)).any()


def test_same_seed_same_bits():
    a, b, c = (MLP().build((4, 4, 1), classes=10, seed=seed) for seed in (5, 5, 6))
    assert a.parameters.values.tobytes() == b.parameters.values.tobytes()
    assert a.parameters.values.tobytes() != c.parameters.values.tobytes()


def test_a_smaller_batch_gives_the_same_rows():
    network = MLP(activation=ActivationName.gelu).build((4, 4, 1), classes=10, seed=0)
    x = np.random.default_rng(0).standard_normal((8, 4, 4, 1)).astype(np.float32)
    whole = network.forward(x).copy()
    np.testing.assert_allclose(network.forward(x[:3]), whole[:3], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", list(ActivationName))
def test_overfits_32_samples(activation):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((32, 4, 4, 1)).astype(np.float32)
    labels = rng.integers(0, 10, 32)
    network = MLP(hidden_dims=[64, 64], activation=activation).build((4, 4, 1), 10, seed=0)
    optimizer, loss_fn = AdamW().build(network.parameters), SoftmaxCrossEntropy()
    for _ in range(400):
        loss, dlogits = loss_fn(network.forward(x, train=True), labels)
        network.backward(dlogits)
        optimizer.step(5e-3)
    assert loss < 0.01
    assert (network.forward(x).argmax(axis=1) == labels).all()


@pytest.mark.parametrize("signalled", [0, 1, 2, 3, 4])
def test_a_signal_stops_a_step_between_two_layers(signalled):
    """A step of a large network takes many seconds, for which nobody should have to wait."""
    network = MLP(hidden_dims=[4]).build((2, 2, 1), classes=3, seed=0)
    done = []

    def signal_after(call, layer):
        def watched(*arguments):
            done.append(layer)
            if len(done) == signalled + 1:
                os.kill(os.getpid(), signal.SIGTERM)
            return call(*arguments)

        return watched

    for layer in network.layers:
        layer.forward = signal_after(layer.forward, layer)
        layer.backward = signal_after(layer.backward, layer)

    def step():
        with interrupts.handled(), interrupts.deferred():
            network.backward(network.forward(np.ones((5, 2, 2, 1), np.float32), train=True))
            pytest.fail("this is not reached")

    with pytest.raises(interrupts.Interrupted):
        step()
    assert len(done) == signalled + 1
