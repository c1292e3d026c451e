"""All models: their gradients, the images they take, and what their options do."""

import numpy as np
import pytest
from gradients import in_double, numeric_gradient, relative_error

from scratchnet.config import CHOICES
from scratchnet.errors import SettingError
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import CNN, MLP, AirNet, LeNet, LinearModel, ResNet
from scratchnet.nn.models.mlp import NormName
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.pooling import MaxPool2d
from scratchnet.nn.residual import Residual

pytestmark = pytest.mark.usefixtures("each_engine")

SMOOTH = ActivationName.gelu_tanh  # central differences do not see the corner of a ReLU

TINY = [
    LinearModel(output_bias=False, output_scale=0.3),
    MLP(hidden_dims=[5, 4], activation=SMOOTH, dropout=0.3),
    MLP(hidden_dims=[5, 4], activation=SMOOTH, norm=NormName.batch, components=7),
    MLP(hidden_dims=[5, 4], activation=SMOOTH, norm=NormName.layer, bottleneck=3),
    MLP(hidden_dims=[5, 5, 4], activation=SMOOTH, residual=True, bottleneck=3),
    LeNet(widths=[2, 3], hidden_dims=[4], activation=SMOOTH, dropout=0.2),
    CNN(widths=[2, 3], activation=SMOOTH, dropout=0.2),
    ResNet(widths=[2, 3], blocks_per_stage=1, activation=SMOOTH),
    AirNet(widths=[3, 4], activation=SMOOTH),
]
DATASETS = [one for one in CHOICES["dataset"].values() if one().specification]


def of_kind(network, kind):
    return [layer for layer in network.all_layers() if isinstance(layer, kind)]


@pytest.mark.parametrize("model", TINY, ids=lambda model: model.name)
@pytest.mark.parametrize("shape", [(6, 6, 1), (5, 7, 2)])
def test_gradient(model, shape):
    network = in_double(model).build(shape, classes=3, seed=1)
    rng = np.random.default_rng(0)
    network.parameters.values += 0.1 * rng.standard_normal(network.parameters.size)
    x, labels = rng.standard_normal((7, *shape)), rng.integers(0, 3, 7)
    loss_fn = SoftmaxCrossEntropy(0.1)

    def loss():
        network.begin_epoch(1)
        return loss_fn(network.forward(x, train=True), labels)[0]

    network.begin_epoch(1)
    network.backward(loss_fn(network.forward(x, train=True), labels)[1])
    numeric = numeric_gradient(loss, network.parameters.values)
    assert relative_error(network.parameters.grads, numeric) < 1e-6


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.__name__)
@pytest.mark.parametrize("name", CHOICES["model"])
def test_every_model_takes_every_dataset(name, dataset):
    network = CHOICES["model"][name]().build(dataset.shape, len(dataset.classes), seed=0)
    x = np.random.default_rng(0).standard_normal((3, *dataset.shape)).astype(np.float32)
    logits = network.forward(x, train=True)
    assert logits.shape == (3, 10)
    assert logits.dtype == np.float32
    assert np.isfinite(logits).all()
    network.backward(np.ones_like(logits))
    assert np.isfinite(network.parameters.grads).all()
    assert np.isfinite(network.forward(x)).all()


@pytest.mark.parametrize(
    ("model", "shape", "needed"),
    [
        (LeNet(), (3, 8, 1), 4),
        (LeNet(), (4, 4, 1), None),
        (CNN(widths=[1] * 4), (8, 8, 1), 16),
        (CNN(widths=[1] * 40), (8, 8, 1), "more than 1024"),
        (AirNet(), (1, 2, 3), 2),
        (ResNet(), (1, 2, 1), None),
    ],
)
def test_images_that_are_too_small_are_refused_with_the_size_that_is_needed(model, shape, needed):
    if needed is None:
        model.check(shape, 10)
        return
    words = f"images of {shape[0]}x{shape[1]} pixels are too small: its layers need {needed} each"
    for attempt in (lambda: model.check(shape, 10), lambda: model.build(shape, 10, seed=0)):
        with pytest.raises(ValueError, match=words):
            attempt()


@pytest.mark.parametrize("name", CHOICES["model"])
def test_vectors_are_taken_by_dense_models_and_refused_by_others_in_words(name):
    model = CHOICES["model"][name]()
    if name not in ("mlp", "linear"):
        with pytest.raises(ValueError, match="takes images, and these are vectors of 4 numbers"):
            model.check((1, 1, 4), 3)
        return
    network = model.build((1, 1, 4), 3, seed=0)
    x = np.random.default_rng(0).standard_normal((5, 1, 1, 4)).astype(np.float32)
    assert network.forward(x, train=True).shape == (5, 3)
    network.backward(np.ones((5, 3), np.float32))
    assert np.isfinite(network.parameters.grads).all()


def test_the_check_makes_no_weights():
    MLP(hidden_dims=[65_536] * 100).check((32, 32, 3), 10)  # 1.6 TB


def test_known_sizes():
    def size(model):
        return model.build((32, 32, 3), 10, seed=0).parameters.size

    # LeNet-5 on 32x32x3, its convolutions keeping the size: 16 images of 8x8 are left
    lenet = (75 + 1) * 6 + (150 + 1) * 16 + (8 * 8 * 16 + 1) * 120 + 121 * 84 + 85 * 10
    assert size(LeNet(widths=[6, 16])) == lenet
    assert size(AirNet()) == 1_971_328 + 24  # 9 C C' of the convolutions, norms, head; stem's bias
    # He et al. 2016, table 6, gives 0.27M and 0.85M (with shortcuts that have no weights)
    assert size(ResNet()) == pytest.approx(0.27e6, rel=0.02)
    assert size(ResNet(blocks_per_stage=9)) == pytest.approx(0.85e6, rel=0.02)


def test_resnet_depth_is_6n_plus_2():
    network = ResNet(blocks_per_stage=3).build((32, 32, 3), 10, seed=0)
    on_the_way = [layer for layer in of_kind(network, Conv2d) if layer.kernel == 3]
    assert len(on_the_way) + len(of_kind(network, Linear)) == 20
    assert network.layers[-2].in_shape == (8, 8, 64)


def test_airnet_pools_while_there_are_pixels_and_its_head_takes_the_rest():
    def pools(shape):
        network = AirNet().build(shape, 10, seed=0)
        (output,) = of_kind(network, Linear)
        assert output.weight.shape == (256, 10)
        return [layer.kernel for layer in of_kind(network, MaxPool2d)]

    assert pools((32, 32, 3)) == [2, 2, 2, 3]
    assert pools((28, 28, 1)) == [2, 2, 2, 3]
    assert pools((8, 8, 1)) == [2, 2]


def test_norm_of_an_mlp():
    def norms(norm):
        network = MLP(norm=norm, bottleneck=4).build((4, 4, 1), 10, seed=0)
        return [type(layer) for layer in of_kind(network, (BatchNorm, LayerNorm))]

    assert norms(NormName.none) == []
    assert norms(NormName.batch) == [BatchNorm] * 4
    assert norms(NormName.layer) == [LayerNorm] * 4


def test_bottleneck_and_residual_blocks_of_an_mlp():
    model = MLP(hidden_dims=[8, 8, 6], bottleneck=3, residual=True, output_bias=False)
    network = model.build((4, 4, 1), 10, seed=0)
    widths = [layer.weight.shape for layer in of_kind(network, Linear)]
    stem, same, narrower, output = [(16, 3), (3, 8)], [(8, 3), (3, 8)], [(8, 3), (3, 6)], [(6, 10)]
    assert widths == [*stem, *same, *narrower, (8, 6), *output]
    first, second = of_kind(network, Residual)
    assert first.shortcut == []
    assert len(second.shortcut) == 1


def test_residual_needs_two_hidden_layers():
    with pytest.raises(SettingError, match=r"residual=true: needs a second hidden layer"):
        MLP(hidden_dims=[8], residual=True)


@pytest.mark.parametrize("name", CHOICES["model"])
def test_options_of_the_output_layer(name):
    choice = CHOICES["model"][name]
    x = np.random.default_rng(0).standard_normal((2, 8, 8, 1)).astype(np.float32)

    def logits(**options):
        network = choice(**options).build((8, 8, 1), 10, seed=0)
        return network.forward(x).copy(), of_kind(network, Linear)[-1]

    once, output = logits(output_scale=1.0, output_bias=False)
    assert "bias" not in output.declarations
    twice, output = logits(output_scale=2.0, output_bias=True)
    assert "bias" in output.declarations
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-6)
    assert not logits(output_init=OutputInit.zeros)[0].any()
