"""The smoothing matrix and its modes against SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from scratchnet.data.augmentation.elastic import gaussian, modes


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0, 20.0])
@pytest.mark.parametrize("length", [1, 5, 28])
def test_smoothing_equals_scipy_and_its_modes_keep_the_covariance(length, sigma):
    matrix = ndimage.gaussian_filter1d(np.eye(length), sigma, mode="constant", truncate=8, axis=0)
    np.testing.assert_allclose(gaussian(length, sigma), matrix, atol=1e-6)
    kept = modes(length, sigma)
    covariance = matrix @ matrix.T
    np.testing.assert_allclose(kept @ kept.T, covariance, atol=2e-6 * np.trace(covariance))
    assert kept.shape[1] <= length


def test_a_smooth_field_needs_few_modes():
    assert modes(28, 4.0).shape == (28, 9)
