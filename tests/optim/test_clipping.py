import numpy as np
import pytest

from scratchnet.optim.clipping import clip_scale, global_norm

pytestmark = pytest.mark.usefixtures("each_engine")


def test_global_norm():
    assert global_norm(np.array([3.0, 0.0, -4.0], np.float32)) == 5.0


def test_clip_scale_shrinks_to_the_limit_and_never_grows():
    assert clip_scale(5.0, 1.0) == pytest.approx(0.2)
    assert clip_scale(1.0, 1.0) == 1.0
    assert clip_scale(0.0, 1.0) == 1.0
    assert clip_scale(1e9, None) == 1.0
