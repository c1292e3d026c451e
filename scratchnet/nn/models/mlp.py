"""The multi-layer perceptron."""

from dataclasses import dataclass

import numpy as np

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.settings import Settings, setting


@dataclass
class MLP(Settings):
    """Flatten, then Linear - activation - dropout for each hidden layer, then Linear to logits."""

    name: str = setting("mlp", "the choice", fixed=True)
    hidden_dims: list[int] = setting(
        [256, 128], "neurons of each hidden layer", at_least=1, at_most=65_536, non_empty=True
    )
    activation: ActivationName = setting(ActivationName.relu, "after each hidden layer")
    dropout: float = setting(
        0.0, "probability that a hidden neuron is dropped", at_least=0, at_most=0.99
    )
    output_init: OutputInit = setting(OutputInit.glorot, "how the output weights start")

    def build(
        self, input_shape: Shape, classes: int, seed: int, dtype: type = np.float32
    ) -> Network:
        """The network for pictures of `input_shape` (H, W, C)."""
        layers: list[Layer] = [Flatten()]
        for features in self.hidden_dims:
            layers += [Linear(features), self.activation.layer()]
            if self.dropout > 0:
                layers.append(Dropout(self.dropout))
        layers.append(Linear(classes, initializer=self.output_init.initializer))
        return Network(layers, input_shape, seed=seed, dtype=dtype)
