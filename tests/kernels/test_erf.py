"""The error function against the standard library's."""

import math

import numpy as np
import pytest

from scratchnet.kernels.erf import erf


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 4e-7), (np.float64, 0)])
def test_erf_is_close_to_the_true_value(dtype, tolerance):
    x = np.linspace(-6, 6, 20_001, dtype=dtype)
    y = erf(x, np.empty_like(x))
    exact = np.array([math.erf(float(value)) for value in x])
    assert np.abs(y - exact).max() <= tolerance
