"""LeNet, the first convolutional network used to read cheques."""

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.linear import Linear
from scratchnet.nn.models.model import WIDEST, Model
from scratchnet.nn.pooling import MaxPool2d
from scratchnet.settings import choice, setting


@choice("lenet")
class LeNet(Model):
    """[5x5 convolution, activation, pool] for each width, then hidden layers, then logits.

    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition" (LeNet-5), with
    these changes: ReLU and max pooling, more channels (it had 6 and 16), and convolutions that
    keep the image's size, so that small images fit too.
    """

    widths: list[int] = setting(
        [32, 64], "channels of each convolution", at_least=1, at_most=4096, non_empty=True
    )
    hidden_dims: list[int] = setting(
        [120, 84], "neurons of each hidden layer after the convolutions", at_least=1, at_most=WIDEST
    )
    activation: ActivationName = setting(
        ActivationName.relu, "after each convolution and hidden layer"
    )
    dropout: float = setting(
        0.0, "probability that a hidden neuron is dropped", at_least=0, at_most=0.99
    )

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        layers: list[Layer] = []
        for channels in self.widths:
            layers += [Conv2d(channels, 5, padding=2), self.activation.layer(), MaxPool2d()]
        layers.append(Flatten())
        for features in self.hidden_dims:
            layers += [Linear(features), self.activation.layer()]
            if self.dropout > 0:
                layers.append(Dropout(self.dropout))
        return layers
