"""Layers against PyTorch: outputs, gradients and running statistics, where it is installed."""

import numpy as np
import pytest

from scratchnet.nn.activations import Tanh
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from scratchnet.nn.residual import Residual

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.usefixtures("each_engine")

# Ours differ from PyTorch's in layout: images NHWC, not NCHW; weights (k, k, C, F), not
# (F, C, k, k).


def to_torch(x):
    """Images or vectors as PyTorch lays them out, in its own memory."""
    array = x.transpose(0, 3, 1, 2) if x.ndim == 4 else x
    return torch.tensor(array.copy())


def from_torch(tensor):
    array = tensor.detach().numpy()
    return array.transpose(0, 2, 3, 1) if array.ndim == 4 else array


def filters_to_torch(weight):
    return torch.nn.Parameter(torch.tensor(weight.transpose(3, 2, 0, 1).copy()))


def some(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def ours(layer, shape):
    """The layer in a float64 network, its parameters away from where they start."""
    network = Network([layer], shape[1:], seed=0, dtype=np.float64)
    layer.needs_dx = True
    network.parameters.values += 0.3 * some(network.parameters.size, seed=1)
    return layer


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-10)


def compare(layer, reference, x):
    """Outputs in training and the gradient of the input, for a random upstream gradient."""
    x_torch = to_torch(x).requires_grad_()
    y_torch = reference(x_torch)
    y = layer.forward(x, train=True)
    close(y, from_torch(y_torch))
    upstream = some(y.shape, seed=2)
    y_torch.backward(to_torch(upstream))
    close(layer.backward(upstream), from_torch(x_torch.grad))


def convolution(layer):
    """PyTorch's convolution with the weights of one of ours."""
    reference = torch.nn.Conv2d(1, 1, layer.kernel, layer.stride, layer.padding)
    reference.weight = filters_to_torch(layer.weight)
    reference.bias = torch.nn.Parameter(torch.tensor(layer.bias)) if layer.has_bias else None
    return reference


def normalisation(kind, layer):
    """PyTorch's normalisation with the parameters of one of ours."""
    reference = kind(len(layer.scale), dtype=torch.float64)
    reference.weight = torch.nn.Parameter(torch.tensor(layer.scale))
    reference.bias = torch.nn.Parameter(torch.tensor(layer.shift))
    return reference


def compare_filters(layer, reference):
    close(layer.grad_weight, reference.weight.grad.numpy().transpose(2, 3, 1, 0))
    if layer.has_bias:
        close(layer.grad_bias, reference.bias.grad.numpy())


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("kernel", "padding"), [(1, 0), (2, 0), (3, 0), (3, 1), (5, 2)])
def test_conv2d(kernel, padding, stride, bias):
    x = some((3, 9, 8, 4))
    layer = ours(Conv2d(5, kernel, stride=stride, padding=padding, bias=bias), x.shape)
    reference = convolution(layer)
    compare(layer, reference, x)
    compare_filters(layer, reference)


@pytest.mark.parametrize("kernel", [2, 3])
@pytest.mark.parametrize("shape", [(2, 6, 6, 3), (3, 7, 8, 2)])
@pytest.mark.parametrize(
    ("layer", "reference"), [(MaxPool2d, torch.nn.MaxPool2d), (AvgPool2d, torch.nn.AvgPool2d)]
)
def test_pooling(layer, reference, shape, kernel):
    compare(ours(layer(kernel), shape), reference(kernel), some(shape))


def test_of_equal_numbers_the_same_one_takes_the_gradient():
    x = np.round(some((4, 6, 6, 3)))  # many are equal
    compare(ours(MaxPool2d(3), x.shape), torch.nn.MaxPool2d(3), x)


def test_global_average():
    x = some((3, 5, 4, 2))
    compare(ours(GlobalAvgPool(), x.shape), lambda t: t.mean(dim=(2, 3)), x)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [((9, 4), torch.nn.BatchNorm1d), ((5, 3, 4, 6), torch.nn.BatchNorm2d)],
)
def test_batch_norm(shape, kind):
    layer = ours(BatchNorm(momentum=0.1), shape)
    reference = normalisation(kind, layer)
    for seed in range(3):  # running statistics move from batch to batch
        reference.zero_grad()
        compare(layer, reference, 3 + 2 * some(shape, seed))
        close(layer.grad_scale, reference.weight.grad)
        close(layer.grad_shift, reference.bias.grad)
        close(layer.buffers["mean"], reference.running_mean)
        close(layer.buffers["var"], reference.running_var)
    x = some(shape, seed=7)
    close(layer.forward(x, train=False), from_torch(reference.eval()(to_torch(x))))


def test_layer_norm():
    x = 3 + 2 * some((6, 5))
    layer = ours(LayerNorm(), x.shape)
    reference = normalisation(torch.nn.LayerNorm, layer)
    compare(layer, reference, x)
    close(layer.grad_scale, reference.weight.grad)
    close(layer.grad_shift, reference.bias.grad)


@pytest.mark.parametrize(("stride", "channels"), [(1, 3), (2, 5)])
def test_residual_block(stride, channels):
    x = some((4, 6, 6, 3))
    first = Conv2d(channels, 3, stride=stride, padding=1, bias=False)
    norm, last = BatchNorm(), Conv2d(channels, 3, padding=1)
    shortcut = Conv2d(channels, 1, stride=stride) if stride > 1 else None
    layer = ours(Residual([first, norm, Tanh(), last], [shortcut] if shortcut else None), x.shape)
    convolutions = {conv: convolution(conv) for conv in (first, last, shortcut) if conv}
    branch = torch.nn.Sequential(
        convolutions[first],
        normalisation(torch.nn.BatchNorm2d, norm),
        torch.nn.Tanh(),
        convolutions[last],
    )
    direct = convolutions[shortcut] if shortcut else torch.nn.Identity()
    compare(layer, lambda t: branch(t) + direct(t), x)
    for conv, reference in convolutions.items():
        compare_filters(conv, reference)
    close(norm.buffers["var"], branch[1].running_var)
