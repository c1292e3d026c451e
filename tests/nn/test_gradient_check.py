"""The gradient check finds what is wrong, and only that."""

import dataclasses

import numpy as np
import pytest

from scratchnet.nn.gradient_check import GradientCheck
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import CNN, MLP, ResNet
from scratchnet.nn.models.mlp import NormName
from scratchnet.nn.models.model import Precision
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm

MODELS = [
    MLP(hidden_dims=[6, 5], dropout=0.3, norm=NormName.batch),
    CNN(widths=[3]),
    ResNet(widths=[2, 3], blocks_per_stage=1),
]


def check(model, *, train=True, samples=100):
    network = dataclasses.replace(model, dtype=Precision.float64).build((4, 6, 2), 3, seed=1)
    rng = np.random.default_rng(0)
    network.parameters.values += 0.1 * rng.standard_normal(network.parameters.size)
    x, labels = rng.standard_normal((3, 4, 6, 2)), rng.integers(0, 3, 3)
    before = network.parameters.values.copy(), x.copy()
    loss = SoftmaxCrossEntropy(0.1)
    found = GradientCheck(network, x, labels, loss, train=train, samples=samples, seed=0).run()
    np.testing.assert_array_equal(network.parameters.values, before[0])
    np.testing.assert_array_equal(x, before[1])
    return found


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_right_gradients_pass(model, train):
    found = check(model, train=train)
    assert all(verdict.is_right and verdict.checked >= 2 for verdict in found)
    assert found[-1].name == "input"
    assert found[-1].size == 3 * 4 * 6 * 2


def test_names_and_sizes_are_those_of_the_parameters():
    found = check(MLP(hidden_dims=[6]), samples=10**6)
    expected = {"1.Linear.weight": 288, "1.Linear.bias": 6, "3.Linear.weight": 18}
    expected |= {"3.Linear.bias": 3, "input": 144}
    assert {verdict.name: verdict.size for verdict in found} == expected
    assert all(verdict.checked == verdict.size for verdict in found)


def test_a_wrong_factor_is_found_where_it_is(monkeypatch):
    right = Linear.backward

    def wrong(self, dy):
        dx = right(self, dy)
        if self.features == 6:
            self.grad_weight[7, 2] *= 1.01
        return dx

    monkeypatch.setattr(Linear, "backward", wrong)
    found = check(MLP(hidden_dims=[6]), samples=10**6)
    (verdict,) = [verdict for verdict in found if not verdict.is_right]
    assert (verdict.name, verdict.where) == ("1.Linear.weight", (7, 2))
    assert verdict.error == pytest.approx(0.01, rel=0.02)


def test_a_missing_term_is_found(monkeypatch):
    right = BatchNorm._gradient_sums
    monkeypatch.setattr(BatchNorm, "_gradient_sums", lambda self, dy: 0 * right(self, dy))
    wrong = {verdict.name for verdict in check(MODELS[0]) if not verdict.is_right}
    assert {"2.BatchNorm.scale", "2.BatchNorm.shift", "1.Linear.weight", "input"} <= wrong


def test_a_gradient_that_is_not_a_number_is_wrong(monkeypatch):
    monkeypatch.setattr(Linear, "backward", lambda self, dy: np.full_like(self.x, np.nan))
    assert not check(MLP(hidden_dims=[6]))[-1].is_right


def test_a_kink_is_skipped_and_counted():
    network = MLP(hidden_dims=[4], dtype=Precision.float64).build((1, 1, 1), 3, seed=0)
    x, labels = np.zeros((3, 1, 1, 1)), np.array([0, 1, 1])  # every ReLU is at 0
    check_of = GradientCheck(
        network, x, labels, SoftmaxCrossEntropy(), train=True, samples=100, seed=0
    )
    found = {verdict.name: verdict for verdict in check_of.run()}
    assert (found["1.Linear.bias"].checked, found["1.Linear.bias"].kinks) == (0, 4)
    assert (found["input"].checked, found["input"].kinks) == (0, 3)
    assert found["3.Linear.bias"].checked == 3
    assert all(verdict.is_right for verdict in found.values())


def test_single_precision_is_refused():
    network = Network([Linear(2)], (3,), seed=0)
    with pytest.raises(ValueError, match="float32 have too few digits"):
        GradientCheck(
            network, np.zeros((1, 3)), np.zeros(1, int), None, train=True, samples=1, seed=0
        )
