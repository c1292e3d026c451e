"""Two hand-worked steps per optimizer, and what all of them share."""

import math

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.compute.blocks import BLOCK
from scratchnet.errors import SettingError
from scratchnet.nn.initializers import zeros
from scratchnet.nn.parameters import Declaration, Kind, Parameters
from scratchnet.optim.adam import Adam, AdamW
from scratchnet.optim.lion import Lion
from scratchnet.optim.muon import Muon
from scratchnet.optim.sgd import SGD

pytestmark = pytest.mark.usefixtures("each_engine")


def parameters_of(weights, biases, dtype=np.float64) -> Parameters:
    parameters = Parameters(
        {
            "bias": Declaration((len(biases),), zeros, 1, 1, Kind.bias),
            "weight": Declaration((len(weights),), zeros, 1, 1, Kind.weight),
        },
        np.dtype(dtype),
    )
    parameters.values[:] = [*weights, *biases]
    return parameters


def two_steps(optimizer, lr=0.1):
    """A weight and a bias start at 1; the gradients are 0.5, then -0.25 for both."""
    parameters = parameters_of([1.0], [1.0])
    optimizer = optimizer.build(parameters)
    results = []
    for gradient in (0.5, -0.25):
        parameters.grads[:] = gradient
        optimizer.step(lr)
        results.append(parameters.values.tolist())
    return results


def test_sgd():
    # v = 0.5, p = 1 - 0.1 * 0.5; v = 0.9 * 0.5 - 0.25 = 0.2, p = 0.95 - 0.02
    np.testing.assert_allclose(two_steps(SGD(momentum=0.9)), [[0.95] * 2, [0.93] * 2])


def test_sgd_nesterov():
    # p = 1 - 0.1 (0.5 + 0.9 * 0.5) = 0.905; v = 0.2, p = 0.905 - 0.1 (-0.25 + 0.18) = 0.912
    expected = [[0.905] * 2, [0.912] * 2]
    np.testing.assert_allclose(two_steps(SGD(momentum=0.9, nesterov=True)), expected)


def test_sgd_l2_acts_on_the_weight_alone():
    # weight: g = 0.5 + 0.2 = 0.7, p = 0.93; g = -0.25 + 0.2 * 0.93 = -0.064, p = 0.9364
    expected = [[0.93, 0.95], [0.9364, 0.975]]
    np.testing.assert_allclose(two_steps(SGD(momentum=0, weight_decay=0.2)), expected)


def adam_by_hand(decay_in_gradient=0.0, decoupled_decay=0.0, lr=0.1):
    p, m, v, results = 1.0, 0.0, 0.0, []
    for t, gradient in enumerate((0.5, -0.25), 1):
        g = gradient + decay_in_gradient * p
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        p *= 1 - lr * decoupled_decay
        p -= lr * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        results.append(p)
    return results


def test_adam():
    results = two_steps(Adam())
    # first step: m' = 0.5, sqrt(v') = 0.5, so p = 1 - 0.1; second: m' = 0.02 / 0.19, ...
    assert results[0][0] == pytest.approx(0.9, rel=1e-7)
    m, v = (0.9 * 0.05 - 0.025) / 0.19, (0.999 * 0.00025 + 0.0000625) / 0.001999
    assert results[1][0] == pytest.approx(0.9 - 0.1 * m / math.sqrt(v), rel=1e-6)


def test_adam_l2_is_added_to_the_gradient():
    results = np.array(two_steps(Adam(weight_decay=0.2)))
    np.testing.assert_allclose(results[:, 0], adam_by_hand(decay_in_gradient=0.2), rtol=1e-12)
    np.testing.assert_allclose(results[:, 1], adam_by_hand(), rtol=1e-12)


def test_adamw_decay_is_decoupled():
    results = np.array(two_steps(AdamW(weight_decay=0.2)))
    np.testing.assert_allclose(results[:, 0], adam_by_hand(decoupled_decay=0.2), rtol=1e-12)
    np.testing.assert_allclose(results[:, 1], adam_by_hand(), rtol=1e-12)


def test_lion():
    # weight: decayed to 0.98 and down by 0.1; then 0.88 * 0.98, and m = 0.005, so that the
    # direction is that of 0.9 * 0.005 - 0.1 * 0.25 < 0: up by 0.1
    expected = [[0.88, 0.9], [0.88 * 0.98 + 0.1, 1.0]]
    np.testing.assert_allclose(two_steps(Lion(weight_decay=0.2)), expected)
    # with beta1 = 0.99, 0.99 * 0.3 * 0.5 outweighs 0.01 * 0.25: down again
    expected = [[0.9] * 2, [0.8] * 2]
    np.testing.assert_allclose(two_steps(Lion(beta1=0.99, beta2=0.7, weight_decay=0)), expected)


@pytest.mark.parametrize("optimizer", [SGD, Adam, AdamW, Lion, Muon])
def test_grad_scale_is_the_same_as_scaled_gradients(optimizer):
    values = []
    for factor, scale in ((1.0, 0.25), (0.25, 1.0)):
        parameters = parameters_of([1.0], [1.0])
        instance = optimizer().build(parameters)
        parameters.grads[:] = 0.5 * factor
        instance.step(0.1, scale)
        values.append(parameters.values.copy())
    np.testing.assert_array_equal(values[0], values[1])


@pytest.mark.parametrize("make", [SGD, Adam, lambda: AdamW(weight_decay=0.1), Lion])
def test_many_blocks_on_any_number_of_threads_give_the_same_bits(make):
    size = 5 * BLOCK + 17
    rng = np.random.default_rng(0)
    start, grads = rng.standard_normal((2, size)).astype(np.float32)
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        parameters = parameters_of(start[:-40_000], start[-40_000:], np.float32)
        optimizer = make().build(parameters)
        for _ in range(3):
            parameters.grads[:] = grads
            optimizer.step(0.01, 0.5)
        results.append(parameters.values.tobytes())
    threads.use(1)
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("make", [SGD, Adam, AdamW, lambda: Lion(beta2=0.9), Muon])
def test_momentum_without_gradient_ends_at_zero_not_at_subnormal_numbers(make):
    parameters = parameters_of([1.0] * 20, [1.0], np.float32)
    optimizer = make().build(parameters)
    parameters.grads[:] = np.logspace(-20, 0, 21)
    subnormal = 0
    for _ in range(1200):
        optimizer.step(1e-3)
        parameters.grads[:] = 0
        momentum = np.abs(next(iter(optimizer.state.values())))
        subnormal += np.count_nonzero((momentum > 0) & (momentum < np.finfo(np.float32).tiny))
    assert subnormal == 0
    assert not momentum.any()


@pytest.mark.parametrize("make", [SGD, Adam, AdamW, Lion, Muon])
def test_two_trainings_share_the_settings_and_nothing_else(make):
    settings = make()

    def train(parameters, optimizer, seed):
        parameters.grads[:] = np.random.default_rng(seed).standard_normal(parameters.size)
        optimizer.step(0.1)
        return parameters.values.tolist()

    def begin():
        parameters = parameters_of([1.0, 2.0], [3.0])
        return parameters, settings.build(parameters)

    alone, first, second = begin(), begin(), begin()
    expected = [train(*alone, seed) for seed in (0, 1)]
    found = []
    for seed in (0, 1):
        found.append(train(*first, seed))
        train(*second, 7 + seed)
    assert found == expected
    assert settings == make()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: SGD(lr=0), "lr"),
        (lambda: SGD(momentum=1.0), "momentum"),
        (lambda: SGD(momentum=0.0, nesterov=True), "nesterov"),
        (lambda: Adam(beta2=-0.1), "beta2"),
        (lambda: Lion(beta2=1.0), "beta2"),
        (lambda: Muon(ns_steps=0), "ns_steps"),
        (lambda: AdamW(lr=float("nan")), "lr"),
        (lambda: AdamW(weight_decay=float("inf")), "weight_decay"),
    ],
)
def test_values_out_of_range_are_named(make, field):
    with pytest.raises(SettingError, match=f"^{field}="):
        make()
