"""Where crops start."""

import numpy as np
import pytest
from augmentation_inputs import part

from scratchnet.data.augmentation.crop import Crop


def test_all_crop_positions_are_equally_likely():
    down, right = Crop(2).draw(part(0, 10_000))
    for offsets in (down, right):
        assert np.bincount(offsets + 2) == pytest.approx(np.full(5, 2000), rel=0.1)
    assert np.corrcoef(down, right)[0, 1] == pytest.approx(0, abs=0.03)
