"""The residual network."""

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.models.model import Model
from scratchnet.nn.norm import BatchNorm
from scratchnet.nn.norm_relu import norm_and
from scratchnet.nn.pooling import GlobalAvgPool
from scratchnet.nn.residual import Residual
from scratchnet.settings import choice, setting


@choice("resnet")
class ResNet(Model):
    """A 3x3 convolution, a stage of residual blocks for each width, the mean over all places.

    A block is y = act(shortcut(x) + norm(conv(act(norm(conv(x)))))) with 3x3 convolutions. Each
    stage but the first begins with stride 2; where the shape changes, the shortcut is a 1x1
    convolution with norm. Three stages of n blocks have 6n + 2 layers: n = 3 gives ResNet-20.

    He et al. 2016, "Deep Residual Learning for Image Recognition", sec. 4.2.
    """

    widths: list[int] = setting(
        [16, 32, 64], "channels of each stage", at_least=1, at_most=4096, non_empty=True
    )
    blocks_per_stage: int = setting(
        3, "residual blocks in each stage, two convolutions each", at_least=1, at_most=200
    )
    activation: ActivationName = setting(ActivationName.relu, "after each normalisation and block")
    dropout: float = setting(
        0.0,
        "probability that a number is dropped before the output layer",
        at_least=0,
        at_most=0.99,
    )

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        channels = self.widths[0]
        layers = [_convolution(channels, 3, 1), *norm_and(self.activation)]
        for stage, width in enumerate(self.widths):
            for block in range(self.blocks_per_stage):
                stride = 2 if stage > 0 and block == 0 else 1
                layers += self._block(channels, width, stride)
                channels = width
        layers.append(GlobalAvgPool())
        return [*layers, Dropout(self.dropout)] if self.dropout > 0 else layers

    def _block(self, channels: int, width: int, stride: int) -> list[Layer]:
        branch = [
            _convolution(width, 3, stride),
            *norm_and(self.activation),
            _convolution(width, 3, 1),
            BatchNorm(),
        ]
        same_shape = stride == 1 and channels == width
        shortcut = [] if same_shape else [_convolution(width, 1, stride), BatchNorm()]
        return [Residual(branch, shortcut), self.activation.layer()]


def _convolution(channels: int, kernel: int, stride: int) -> Conv2d:
    """A convolution without a bias: the normalisation that follows has one."""
    return Conv2d(channels, kernel, stride=stride, padding=kernel // 2, bias=False)
