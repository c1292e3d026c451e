"""Every activation against its textbook formula and central differences."""

import math

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.kernels.engine import Engine
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.network import Network

pytestmark = pytest.mark.usefixtures("each_engine")

FORMULAS = {
    "relu": lambda x: max(x, 0.0),
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "gelu_tanh": lambda x: (
        0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    ),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}
NAMES = [name.value for name in ActivationName]


def test_every_activation_has_a_formula():
    assert set(FORMULAS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-6)])
def test_values(name, dtype, tolerance):
    layer = ActivationName(name).layer()
    x = np.linspace(-20, 20, 401, dtype=dtype).reshape(1, -1)
    Network([layer], x.shape[1:], seed=0, dtype=dtype)
    expected = [FORMULAS[name](float(value)) for value in x[0]]
    for train in (True, False):
        y = layer.forward(x, train)
        assert y.dtype == dtype
        np.testing.assert_allclose(y[0], expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (2, 3, 5, 1)])
def test_gradients(name, shape):
    x = np.random.default_rng(1).standard_normal(shape) * 2
    x[np.abs(x) < 1e-3] = 0.5  # keep off the kinks, where there is no derivative
    check_layer(ActivationName(name).layer(), x)


@pytest.mark.parametrize("name", NAMES)
def test_float32_slopes_agree_with_float64(name, each_engine):
    tolerance = 2e-6 if each_engine is Engine.numpy else 6e-6  # 1 - t^2 in the tails, where t is -1
    x = np.linspace(-8, 8, 200_001).reshape(1, -1)  # several blocks
    slopes = []
    for dtype in (np.float32, np.float64):
        layer = ActivationName(name).layer()
        Network([layer], x.shape[1:], seed=0, dtype=dtype)
        layer.forward(x.astype(dtype), train=True)
        slopes.append(layer.backward(np.ones(x.shape, dtype)).copy())
    np.testing.assert_allclose(slopes[0], slopes[1], atol=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_huge_inputs_neither_overflow_nor_warn(name):
    layer = ActivationName(name).layer()
    x = np.array([[-3e38, -1e4, 1e4, 1e18]], np.float32)
    x = x if "gelu" not in name else np.clip(x, -1e6, 1e6)
    Network([layer], x.shape[1:], seed=0)
    assert np.isfinite(layer.forward(x, train=True)).all()
    assert np.isfinite(layer.backward(np.ones_like(x))).all()
