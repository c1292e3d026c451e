"""Filters that start as the identity."""

import numpy as np
import pytest

from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.initializers import dirac
from scratchnet.nn.network import Network


@pytest.mark.parametrize(("channels", "filters"), [(3, 3), (2, 5), (5, 2)])
def test_dirac_filters_hand_the_image_on(channels, filters):
    x = np.random.default_rng(0).standard_normal((2, 4, 5, channels)).astype(np.float32)
    layer = Conv2d(filters, 3, padding=1, bias=False, initializer=dirac)
    y = Network([layer], x.shape[1:], seed=0).forward(x)
    passed = min(channels, filters)
    np.testing.assert_array_equal(y[..., :passed], x[..., :passed])


def test_dirac_filters_without_a_channel_are_random():
    weight = dirac(np.random.default_rng(0), (3, 3, 64, 256), 9 * 64, 9 * 256)
    rest = weight[..., 64:]
    assert rest.var() == pytest.approx(1 / (3 * 9 * 64), rel=0.02)
    assert np.abs(rest).max() <= (9 * 64) ** -0.5
