"""The calibration error is the one of the definition, computed image by image."""

import math

import pytest
from insight.answers import answers

from scratchnet.insight.calibration import BINS, calibration


def test_the_error_is_the_mean_distance_of_bins():
    said = answers(2000)
    found = calibration(said)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for share, right in zip(said.probabilities, said.labels == said.predictions, strict=True):
        bins.setdefault(math.ceil(share * BINS) - 1, []).append((share, right))
    error = 0.0
    for i in range(BINS):
        inside = bins.get(i, [])
        assert found["bins"][i]["count"] == len(inside)
        if inside:
            confidence = sum(share for share, _ in inside) / len(inside)
            accuracy = sum(right for _, right in inside) / len(inside)
            assert found["bins"][i]["confidence"] == pytest.approx(confidence)
            assert found["bins"][i]["accuracy"] == pytest.approx(accuracy)
            error += len(inside) / 2000 * abs(accuracy - confidence)
        else:
            assert found["bins"][i]["accuracy"] is None
    assert found["error"] == pytest.approx(error)
    assert found["accuracy"] == (said.labels == said.predictions).mean()
    assert found["confidence"] == pytest.approx(said.probabilities.mean())
    assert error > 0.01
