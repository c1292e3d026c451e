"""A small convolutional network in the style of VGG."""

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.models.model import Model
from scratchnet.nn.norm_relu import norm_and
from scratchnet.nn.pooling import MaxPool2d
from scratchnet.settings import choice, setting


@choice("cnn")
class CNN(Model):
    """A stage for each width: 2 x [3x3 convolution, batch norm, activation], pool; then logits.

    Simonyan & Zisserman 2015, "Very Deep Convolutional Networks" (VGG), with batch normalisation
    and without its hidden layers. The convolutions have no bias: the normalisation has one.
    """

    widths: list[int] = setting(
        [32, 64, 128], "channels of each stage", at_least=1, at_most=4096, non_empty=True
    )
    activation: ActivationName = setting(ActivationName.relu, "after each normalisation")
    dropout: float = setting(
        0.0,
        "probability that a number is dropped before the output layer",
        at_least=0,
        at_most=0.99,
    )

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        layers: list[Layer] = []
        for channels in self.widths:
            for _ in range(2):
                convolution = Conv2d(channels, 3, padding=1, bias=False)
                layers += [convolution, *norm_and(self.activation)]
            layers.append(MaxPool2d())
        layers.append(Flatten())
        return [*layers, Dropout(self.dropout)] if self.dropout > 0 else layers
