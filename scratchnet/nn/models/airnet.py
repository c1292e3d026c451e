"""A network that learns small colour images in few epochs."""

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.initializers import OutputInit, dirac
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.models.model import Model
from scratchnet.nn.pooling import MaxPool2d
from scratchnet.nn.shift_norm import ShiftNorm
from scratchnet.nn.whitening import WhiteningConv2d
from scratchnet.settings import choice, setting


@choice("airnet")
class AirNet(Model):
    """A whitening 2x2 convolution, a group for each width, the largest number of each channel.

    A group is conv - pool - norm - activation - conv - norm - activation, with 3x3 convolutions
    that start as the identity. It pools while there are 2x2 pixels left: three times for an image
    of 32x32, twice for one of 8x8. The logits are scaled by 1/9.

    After airbench94: K. Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU".
    """

    widths: list[int] = setting(
        [64, 256, 256], "channels of each group", at_least=1, at_most=4096, non_empty=True
    )
    activation: ActivationName = setting(
        ActivationName.gelu_tanh, "after the stem and each normalisation"
    )
    norm_momentum: float = setting(
        0.4, "share of a batch in the running statistics", above=0, at_most=1
    )
    output_init: OutputInit = setting(OutputInit.glorot, "how the output weights start")
    output_scale: float = setting(1 / 9, "fixed factor on the logits", above=0)
    output_bias: bool = setting(False, "a bias for each class")

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        layers: list[Layer] = [WhiteningConv2d(2), self.activation.layer()]
        size = min(input_shape[:2]) - 1  # of the remaining image
        for width in self.widths:
            layers += self._group(width, pool=size >= 2)
            size = size // 2 if size >= 2 else size
        if size >= 2:
            layers.append(MaxPool2d(size))
        return [*layers, Flatten()]

    def _group(self, width: int, pool: bool) -> list[Layer]:
        return [
            _convolution(width),
            *([MaxPool2d()] if pool else []),
            ShiftNorm(momentum=self.norm_momentum),
            self.activation.layer(),
            _convolution(width),
            ShiftNorm(momentum=self.norm_momentum),
            self.activation.layer(),
        ]


def _convolution(channels: int) -> Conv2d:
    return Conv2d(channels, 3, padding=1, bias=False, initializer=dirac)
