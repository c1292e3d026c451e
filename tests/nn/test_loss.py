"""Softmax cross-entropy against the definition and central differences."""

import math

import numpy as np
import pytest
from gradients import numeric_gradient, relative_error

from scratchnet.nn.loss import SoftmaxCrossEntropy, WeightedCrossEntropy, softmax

pytestmark = pytest.mark.usefixtures("each_engine")


def by_definition(logits, labels, smoothing):
    total = 0.0
    for row, label in zip(logits, labels, strict=True):
        exponentials = [math.exp(z) for z in row]
        for k, e in enumerate(exponentials):
            target = (1 - smoothing) * (k == label) + smoothing / len(row)
            total -= target * math.log(e / sum(exponentials))
    return total / len(logits)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("shape", [(1, 2), (1, 10), (7, 3)])
def test_value_and_gradient(shape, smoothing):
    rng = np.random.default_rng(0)
    logits, labels = 3 * rng.standard_normal(shape), rng.integers(0, shape[1], shape[0])
    loss = SoftmaxCrossEntropy(smoothing)
    value, dlogits = loss(logits, labels)
    assert value == pytest.approx(by_definition(logits, labels, smoothing), rel=1e-12)
    assert loss.per_sample(logits, labels).mean() == pytest.approx(value, rel=1e-12)
    numeric = numeric_gradient(lambda: loss(logits, labels)[0], logits)
    assert relative_error(dlogits, numeric) < 1e-6


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_targets_that_several_classes_share(smoothing):
    rng = np.random.default_rng(0)
    logits, targets = 3 * rng.standard_normal((6, 4)), rng.dirichlet(np.ones(4), 6)
    loss = SoftmaxCrossEntropy(smoothing)
    value, dlogits = loss(logits, targets)
    by_class = [
        by_definition(logits[i : i + 1], [k], smoothing) for i in range(6) for k in range(4)
    ]
    expected = (np.reshape(by_class, (6, 4)) * targets).sum() / 6  # linear in the targets
    assert value == pytest.approx(expected, rel=1e-12)
    numeric = numeric_gradient(lambda: loss(logits, targets)[0], logits)
    assert relative_error(dlogits, numeric) < 1e-6


def test_one_hot_targets_are_labels():
    logits = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    labels = np.array([0, 2, 1, 1, 0])
    value, dlogits = SoftmaxCrossEntropy(0.1)(logits, labels)
    soft, soft_dlogits = SoftmaxCrossEntropy(0.1)(logits, np.eye(3, dtype=np.float32)[labels])
    assert soft == pytest.approx(value, rel=1e-6)
    np.testing.assert_allclose(soft_dlogits, dlogits, atol=1e-7)
    assert soft_dlogits.dtype == np.float32


WEIGHTS = np.array([0.25, 3.0, 0.0, 1.5])


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("are_soft", [False, True])
def test_class_weights_multiply_each_term_and_its_gradient(smoothing, are_soft):
    rng = np.random.default_rng(0)
    logits, labels = 3 * rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
    y = rng.dirichlet(np.ones(4), 6) if are_soft else np.eye(4)[labels]
    loss = WeightedCrossEntropy(WEIGHTS, smoothing)
    value, dlogits = loss(logits, y if are_soft else labels)
    expected = 0.0
    for row, shares in zip(logits, y, strict=True):
        for k, z in enumerate(row):
            log_p = z - math.log(sum(map(math.exp, row)))
            expected -= WEIGHTS[k] * ((1 - smoothing) * shares[k] + smoothing / 4) * log_p / 6
    assert value == pytest.approx(expected, rel=1e-12)
    numeric = numeric_gradient(lambda: loss(logits, y if are_soft else labels)[0], logits)
    assert relative_error(dlogits, numeric) < 1e-6


def test_equal_class_weights_change_nothing():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((5, 3)).astype(np.float32), np.array([0, 2, 1, 1, 0])
    value, dlogits = WeightedCrossEntropy(np.ones(3), 0.1)(logits, labels)
    plain, plain_dlogits = SoftmaxCrossEntropy(0.1)(logits, labels)
    assert value == pytest.approx(plain, rel=1e-6)
    np.testing.assert_allclose(dlogits, plain_dlogits, atol=1e-7)
    assert dlogits.dtype == np.float32


def test_huge_logits_stay_finite():
    logits = np.array([[1e4, -1e4, 0.0], [-1e30, 0.0, 1e30]], np.float32)
    value, dlogits = SoftmaxCrossEntropy()(logits, np.array([0, 2]))
    assert value == 0
    np.testing.assert_array_equal(dlogits, np.zeros((2, 3)))


def test_softmax_sums_to_one_and_float32_stays_float32():
    logits = np.random.default_rng(0).standard_normal((4, 5)).astype(np.float32)
    probabilities = softmax(logits)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    assert probabilities.dtype == np.float32
    assert SoftmaxCrossEntropy(0.1)(logits, np.array([0, 1, 2, 3]))[1].dtype == np.float32
