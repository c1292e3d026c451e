"""What all models share: an output layer, and a network built for the size of the images."""

from dataclasses import dataclass

import numpy as np

from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.layer import Layer, Shape, build_in_a_row
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.parameters import Kind
from scratchnet.nn.scale import Scale
from scratchnet.settings import Choice, setting


@dataclass
class Model(Choice):
    """Base of the models. A subclass provides the layers before the output layer."""

    output_init: OutputInit = setting(OutputInit.glorot, "how the output weights start")
    output_scale: float = setting(1.0, "fixed factor on the logits", above=0)
    output_bias: bool = setting(True, "a bias for each class")

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        """The layers that turn images (H, W, C) into vectors, not yet built."""
        raise NotImplementedError

    def layers(self, input_shape: Shape, classes: int) -> list[Layer]:
        """All layers, from images (H, W, C) to logits (classes,), not yet built."""
        output = Linear(
            classes,
            bias=self.output_bias,
            initializer=self.output_init.initializer,
            kind=Kind.output,
        )
        scale = [] if self.output_scale == 1 else [Scale(self.output_scale)]
        return [*self.hidden_layers(input_shape), output, *scale]

    def check(self, input_shape: Shape, classes: int) -> list[Layer]:
        """The layers for images (H, W, C), built but without weights.

        Raises ValueError if the images are too small.
        """
        layers = self.layers(input_shape, classes)
        build_in_a_row(layers, input_shape)
        return layers

    def build(
        self, input_shape: Shape, classes: int, seed: int, dtype: type = np.float32
    ) -> Network:
        """The network for images (H, W, C). Raises ValueError if they are too small."""
        return Network(self.layers(input_shape, classes), input_shape, seed=seed, dtype=dtype)
