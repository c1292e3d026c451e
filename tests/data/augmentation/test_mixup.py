"""Mixup against its equation, image by image."""

import numpy as np
import pytest

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Mixup


@pytest.mark.parametrize("count", [1, 2, 7])
def test_mixup_mixes_images_and_labels_with_the_same_weight(count):
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((count, 3, 2, 1), np.float32), rng.integers(0, 4, count)
    mix = Mixup(0.4, classes=4)
    s = stream(1, "mixup").beta(0.4, 0.4)
    s = max(s, 1 - s)
    one_hot = np.eye(4)[labels]
    expected_x = [s * x[i] + (1 - s) * x[count - 1 - i] for i in range(count)]
    expected_t = [s * one_hot[i] + (1 - s) * one_hot[count - 1 - i] for i in range(count)]
    mixed, targets = mix(x, labels, stream(1, "mixup"))
    np.testing.assert_allclose(mixed, expected_x, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(targets, expected_t, rtol=1e-6)
    assert targets.dtype == mixed.dtype == np.float32
    np.testing.assert_array_equal(targets.argmax(axis=1), labels)
