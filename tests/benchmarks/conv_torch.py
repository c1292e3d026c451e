"""PyTorch with a convolutional network in channels_last, the layout that is fastest on CPUs.

Variants: "eager" and "compile" (network and loss through torch.compile); AdamW in one kernel.
"""

import time
from typing import Any

import torch
from conv_problem import ConvProblem
from peer_torch import TorchTraining, describe
from torch import nn

from scratchnet.nn.activations import GELUTanh, ReLU
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm
from scratchnet.nn.pooling import GlobalAvgPool, MaxPool2d
from scratchnet.nn.residual import Residual
from scratchnet.nn.scale import Scale


class Contender(TorchTraining):
    """Training."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        torch.manual_seed(0)
        super().__init__(
            *_network_and_data(problem),
            problem.batch_size,
            fused=True,
            compiled=variant == "compile",
        )


class Inference:
    """The loss over all images, in their order, with the start values."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        self.batch_size = problem.batch_size
        network, self.x, self.labels = _network_and_data(problem)
        network.eval()
        self.network = torch.compile(network) if variant == "compile" else network

    def describe(self) -> dict[str, Any]:
        return describe()

    @torch.inference_mode()
    def run_round(self) -> dict[str, Any]:
        total = torch.zeros(())
        batches = self.x.split(self.batch_size), self.labels.split(self.batch_size)
        start = time.perf_counter()
        for x, labels in zip(*batches, strict=True):
            total += nn.functional.cross_entropy(self.network(x), labels, reduction="sum")
        mean = total.item() / len(self.x)
        seconds = time.perf_counter() - start
        return {"samples_per_second": len(self.x) / seconds, "loss": mean}


def _network_and_data(problem: ConvProblem) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """The network, the images (n, H, W, C) and their labels (n,)."""
    x, labels = problem.normalised()
    network = translated(problem.network(lambda count: x[:count]))
    return network, torch.from_numpy(x), torch.from_numpy(labels)


def translated(network: Network) -> nn.Sequential:
    """A module for each layer of ours, with the same start values, for images (n, H, W, C)."""
    modules = nn.Sequential(_FromNHWC(), *map(_translate, network.layers))
    return modules.to(memory_format=torch.channels_last)


def _translate(layer: Layer) -> nn.Module:
    """The module that computes what a layer of ours does, with the same start values."""
    match layer:
        case Conv2d():
            return _convolution(layer)
        case BatchNorm():  # ShiftNorm is one whose scale stays 1
            norm = nn.BatchNorm2d(len(layer.shift), layer.eps, layer.momentum)
            norm.weight.requires_grad_("scale" in layer.declarations)
            return nn.Sequential(norm, *map(_translate, layer.children()))
        case MaxPool2d():
            return nn.MaxPool2d(layer.kernel)
        case GlobalAvgPool():
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case Residual():
            return _Residual(layer)
        case ReLU():
            return nn.ReLU()
        case GELUTanh():
            return nn.GELU("tanh")
        case Flatten():
            return _FlattenNHWC()
        case Linear():
            linear = nn.Linear(*layer.weight.shape, bias=layer.has_bias)
            _copy(linear.weight, layer.weight.T)
            if layer.has_bias:
                _copy(linear.bias, layer.bias)
            return linear
        case Scale():
            return _Scale(layer.factor)
    raise TypeError(f"no module for {type(layer).__name__}")


def _convolution(layer: Conv2d) -> nn.Conv2d:
    kernel, _, channels, features = layer.weight.shape
    convolution = nn.Conv2d(
        channels, features, kernel, layer.stride, layer.padding, bias=layer.has_bias
    )
    _copy(convolution.weight, layer.weight.transpose(3, 2, 0, 1))
    convolution.weight.requires_grad_("weight" in layer.declarations)  # whitening is fixed
    if layer.has_bias:
        _copy(convolution.bias, layer.bias)
    return convolution


def _copy(parameter: nn.Parameter, values) -> None:
    with torch.no_grad():
        parameter.copy_(torch.tensor(values))


class _FromNHWC(nn.Module):
    """NHWC in memory is what PyTorch calls channels_last: another view, no copy."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 3, 1, 2)


class _FlattenNHWC(nn.Module):
    """The numbers in the order that they have in memory."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


class _Residual(nn.Module):
    """The sum of two paths."""

    def __init__(self, layer: Residual):
        super().__init__()
        self.branch = nn.Sequential(*map(_translate, layer.branch))
        self.shortcut = nn.Sequential(*map(_translate, layer.shortcut))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.branch(x) + self.shortcut(x)


class _Scale(nn.Module):
    def __init__(self, factor: float):
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor
