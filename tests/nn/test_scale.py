"""A fixed factor, and the normalisation without one."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm
from scratchnet.nn.scale import Scale
from scratchnet.nn.shift_norm import ShiftNorm

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize("layer", [Scale(-0.3), ShiftNorm()], ids=["scale", "shift_norm"])
@pytest.mark.parametrize("shape", [(5, 3), (3, 2, 4, 3)])
def test_gradients(layer, shape):
    check_layer(layer, np.random.default_rng(0).standard_normal(shape))


def test_scale_leaves_its_input_as_it_is():
    x = np.array([[1.0, -2.0]], np.float32)
    y = Network([Scale(0.5)], (2,), seed=0).forward(x)
    np.testing.assert_array_equal(y, [[0.5, -1.0]])
    np.testing.assert_array_equal(x, [[1.0, -2.0]])


def test_shift_norm_is_batch_norm_with_scale_1():
    x = np.random.default_rng(0).standard_normal((6, 4, 5, 3)).astype(np.float32)
    layers = ShiftNorm(momentum=0.4), BatchNorm(momentum=0.4)
    outputs = []
    for layer in layers:
        Network([layer], x.shape[1:], seed=0)
        layer.shift[...] = [1, 2, 3]
        outputs += [layer.forward(x, train=True).copy(), layer.forward(x, train=False)]
    np.testing.assert_allclose(outputs[0], outputs[2], rtol=1e-6)
    np.testing.assert_allclose(outputs[1], outputs[3], rtol=1e-6)
    assert list(layers[0].declarations) == ["shift"]
