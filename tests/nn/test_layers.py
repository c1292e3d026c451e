"""Linear, Flatten and Dropout against central differences and plain formulas."""

import numpy as np
import pytest
from gradients import check_layer

from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network

pytestmark = pytest.mark.usefixtures("each_engine")

SHAPES = [(1, 1), (1, 7), (5, 3), (16, 10)]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("train", [True, False])
def test_linear_gradients(rng, shape, train):
    check_layer(Linear(4), rng.standard_normal(shape), train=train)


def test_linear_is_x_w_plus_b(rng):
    layer = Linear(2)
    Network([layer], (3,), seed=0, dtype=np.float64)
    layer.bias[...] = [1.0, -1.0]
    x = rng.standard_normal((5, 3))
    expected = [
        [sum(row[i] * layer.weight[i, k] for i in range(3)) + layer.bias[k] for k in range(2)]
        for row in x
    ]
    np.testing.assert_allclose(layer.forward(x, train=True), expected, rtol=1e-12)


def test_linear_refuses_images():
    with pytest.raises(ValueError, match="use Flatten"):
        Network([Linear(2)], (8, 8, 1), seed=0)


@pytest.mark.parametrize("shape", [(1, 2, 3, 1), (4, 3, 3, 2)])
def test_flatten_gradients(rng, shape):
    check_layer(Flatten(), rng.standard_normal(shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("train", [True, False])
def test_dropout_gradients(rng, shape, p, train):
    check_layer(Dropout(p), rng.standard_normal(shape), train=train)


def test_dropout_drops_a_share_p_and_scales_the_rest():
    layer = Dropout(0.3)
    Network([layer], (1000,), seed=0)
    y = layer.forward(np.ones((200, 1000), np.float32), train=True)
    assert np.mean(y == 0) == pytest.approx(0.3, abs=0.003)
    np.testing.assert_allclose(y[y != 0], 1 / 0.7, rtol=1e-4)
    assert y.mean() == pytest.approx(1, abs=0.005)


def test_dropout_does_nothing_in_evaluation(rng):
    layer = Dropout(0.9)
    Network([layer], (6,), seed=0)
    x = rng.standard_normal((3, 6))
    assert layer.forward(x, train=False) is x


def test_dropout_masks_differ_by_step_layer_and_epoch():
    first, second = Dropout(0.5), Dropout(0.5)
    network = Network([first, second], (500,), seed=0)
    x = np.ones((1, 500), np.float32)

    def masks(epoch):
        network.begin_epoch(epoch)
        pairs = []
        for _ in range(2):
            network.forward(x, train=True)
            pairs += [first.mask.tobytes(), second.mask.tobytes()]
        return pairs

    assert masks(1) == masks(1)
    assert len(set(masks(1) + masks(2))) == 8
