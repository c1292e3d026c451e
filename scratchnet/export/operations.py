"""What a trained network computes in evaluation, as a list of plain operations.

Whatever only training needs is gone: dropout does nothing, batch normalisation is a factor and an
offset for each channel, and a layer that is two in one is two operations. What reads a network
elsewhere (ONNX, a page in a browser, a program in plain NumPy) knows these few kinds and no layers:

    flatten                 (H, W, C) -> (H W C,)
    linear                  y = x weight + bias
    convolution             with stride and padding; weight (k, k, C, F)
    affine                  y = factor x + offset for each channel
    layer_norm              over the channels, with scale, shift and eps
    scale                   y = factor x, a number
    max_pool, average_pool  over windows of kernel x kernel
    global_average          (H, W, C) -> (C,)
    residual                y = branch(x) + shortcut(x)
    relu, gelu, ...         an activation, by its name in a config
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, Shape, named
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.norm_relu import BatchNormReLU
from scratchnet.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from scratchnet.nn.principal import PrincipalComponents
from scratchnet.nn.residual import Residual
from scratchnet.nn.scale import Scale


@dataclass(frozen=True)
class Operation:
    """One step; `arrays` and `numbers` are what the kind needs."""

    kind: str
    name: str  # of its layer, e.g. "3.Linear"
    shape: Shape  # of one output
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    branch: "list[Operation]" = field(default_factory=list)
    shortcut: "list[Operation]" = field(default_factory=list)


def operations(network: Network) -> list[Operation]:
    """The operations of a network, in order. Arrays are float32 and contiguous."""
    names = {id(layer): name for name, layer in named(network.layers).items()}
    return _in_a_row(network.layers, network.input_shape, names)


def walk(steps: list[Operation]) -> Iterator[Operation]:
    """Each operation, followed by those inside it."""
    for step in steps:
        yield step
        yield from walk(step.branch)
        yield from walk(step.shortcut)


def arrays(steps: list[Operation]) -> dict[str, np.ndarray]:
    """All arrays by their full name, e.g. "3.Linear.weight"."""
    return {
        f"{step.name}.{name}": array for step in walk(steps) for name, array in step.arrays.items()
    }


def _in_a_row(layers: list[Layer], shape: Shape, names: dict[int, str]) -> list[Operation]:
    steps: list[Operation] = []
    for layer in layers:
        steps += _of(layer, shape, names)
        shape = layer.out_shape
    return steps


def _of(layer: Layer, shape: Shape, names: dict[int, str]) -> list[Operation]:
    """The operations of one layer, whose inputs have this shape."""
    name, out = names[id(layer)], layer.out_shape
    match layer:
        case Dropout():
            return []
        case Flatten():
            return [Operation("flatten", name, out)]
        case PrincipalComponents():
            matrix = _arrays(weight=layer.weight, bias=layer.offset)
            flat = layer.weight.shape[:1]
            return [Operation("flatten", name, flat), Operation("linear", name, out, matrix)]
        case Linear():
            return [Operation("linear", name, out, _weights(layer))]
        case Conv2d():
            numbers: dict[str, float] = {"stride": layer.stride, "padding": layer.padding}
            return [Operation("convolution", name, out, _weights(layer), numbers)]
        case BatchNorm():
            steps = [Operation("affine", name, out, _affine(layer))]
            inner = layer.relu if isinstance(layer, BatchNormReLU) else None
            return steps + ([Operation("relu", names[id(inner)], out)] if inner else [])
        case LayerNorm():
            both = _arrays(scale=layer.scale, shift=layer.shift)
            return [Operation("layer_norm", name, out, both, {"eps": layer.eps})]
        case Scale():
            return [Operation("scale", name, out, numbers={"factor": layer.factor})]
        case MaxPool2d():
            return [Operation("max_pool", name, out, numbers={"kernel": layer.kernel})]
        case AvgPool2d():
            return [Operation("average_pool", name, out, numbers={"kernel": layer.kernel})]
        case GlobalAvgPool():
            return [Operation("global_average", name, out)]
        case Residual():
            branch, shortcut = (
                _in_a_row(path, shape, names) for path in (layer.branch, layer.shortcut)
            )
            return [Operation("residual", name, out, branch=branch, shortcut=shortcut)]
    return [Operation(ActivationName.of(layer).value, name, out)]


def _weights(layer: Linear | Conv2d) -> dict[str, np.ndarray]:
    return _arrays(weight=layer.weight, **({"bias": layer.bias} if layer.has_bias else {}))


def _affine(layer: BatchNorm) -> dict[str, np.ndarray]:
    """factor and offset of scale (x - mean) / sqrt(var + eps) + shift."""
    mean, var = layer.buffers["mean"], layer.buffers["var"]
    factor = layer.scale / np.sqrt(var + layer.eps)
    return _arrays(factor=factor, offset=layer.shift - mean * factor)


def _arrays(**values: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.array(value, np.float32, order="C") for name, value in values.items()}
