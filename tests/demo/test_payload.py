"""Weights are written as precisely as a small page allows."""

import itertools

import numpy as np
import pytest
from demo.pages import TEST
from export.exported import INPUTS, network_of

from scratchnet.demo import payload
from scratchnet.demo.weights import WeightType, rounded


@pytest.mark.parametrize(
    ("kind", "error"),
    [(WeightType.float16, 5e-4), (WeightType.int8, 0.004), (WeightType.int3, 0.4)],
)
def test_rounding_is_as_fine_as_the_type(kind, error):
    weights = np.random.default_rng(0).uniform(-1, 1, (3, 3, 4, 8)).astype(np.float32)
    weights[..., 2] = 0
    weights[..., 3] *= 100  # each output has a step of its own
    found = rounded(weights, kind)
    scale = np.where(np.arange(8) == 3, 100, 1)
    np.testing.assert_allclose(found / scale, weights / scale, atol=error)
    assert found.dtype == np.float32


def test_the_most_precise_type_that_fits_is_taken(monkeypatch):
    network = network_of("lenet")

    def taken(small):
        monkeypatch.setattr(payload, "SMALL", small)
        values = payload.best_payload(network, INPUTS, None, TEST, "a test")
        return values["rounding"]["type"]

    monkeypatch.setattr(payload, "MOST_LOST", 1)  # these networks have learned nothing
    order = [taken(payload.PROGRAM + size) for size in range(6000, 0, -250)]
    expected = ["float16", "int8", "int3", "int8"]  # the last where nothing fits
    assert [kind for kind, _ in itertools.groupby(order)] == expected
    monkeypatch.setattr(payload, "MOST_LOST", -1)
    assert "int3" not in {taken(payload.PROGRAM + size) for size in range(6000, 0, -500)}
