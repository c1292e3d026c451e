"""What all models share: an output layer, and a network built for the size of the images."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

import numpy as np

from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.layer import Layer, Shape, TooSmall, build_in_a_row, walk
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.parameters import Kind
from scratchnet.nn.scale import Scale
from scratchnet.settings import Choice, setting

WIDEST = 65_536  # neurons of a dense layer
LARGEST = 1024  # pixels each way, up to which the smallest images that fit are looked for


class Precision(Enum):
    """The types of number that a network can compute with."""

    float32 = "float32"
    float64 = "float64"


@dataclass
class Model(Choice):
    """Base of the models. A subclass provides the layers before the output layer."""

    takes_vectors: ClassVar[bool] = False  # whether samples may be vectors in place of images

    output_init: OutputInit = setting(OutputInit.glorot, "how the output weights start")
    output_scale: float = setting(1.0, "fixed factor on the logits", above=0)
    output_bias: bool = setting(True, "a bias for each class")
    dtype: Precision = setting(
        Precision.float32, "precision of all numbers; float64 takes twice the time and memory"
    )

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        """The layers that turn images (H, W, C) into vectors, not yet built."""
        raise NotImplementedError

    def layers(self, input_shape: Shape, classes: int) -> list[Layer]:
        """All layers, from images (H, W, C) to logits (classes,), not yet built.

        Raises ValueError for vectors (1, 1, features), unless the model `takes_vectors`.
        """
        if input_shape[:2] == (1, 1) and not self.takes_vectors:
            numbers = input_shape[2]
            raise ValueError(
                f"it takes images, and these are vectors of {numbers} numbers; use mlp or linear"
            )
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

        Raises ValueError if the images are too small, or other than the model takes.
        """
        layers = self.layers(input_shape, classes)
        try:
            build_in_a_row(layers, input_shape)
        except TooSmall as error:
            height, width, channels = input_shape
            sizes = range(2, LARGEST + 1)
            smallest = bisect_left(sizes, True, key=lambda n: self._fits((n, n, channels), classes))
            side = f"{sizes[smallest]}" if smallest < len(sizes) else f"more than {LARGEST}"
            raise ValueError(
                f"images of {height}x{width} pixels are too small: its layers need {side} each way"
            ) from error
        return layers

    def count_parameters(self, input_shape: Shape, classes: int) -> int:
        """The number of parameters of `build`, which are not allocated. Raises as `check` does."""
        layers = self.check(input_shape, classes)
        shapes = [one.shape for layer in walk(layers) for one in layer.declarations.values()]
        return sum(map(math.prod, shapes))

    def _fits(self, input_shape: Shape, classes: int) -> bool:
        """Whether such images have enough pixels for all layers."""
        try:
            build_in_a_row(self.layers(input_shape, classes), input_shape)
        except TooSmall:
            return False
        return True

    def build(self, input_shape: Shape, classes: int, seed: int) -> Network:
        """The network for images (H, W, C). Raises ValueError as `check` does."""
        self.check(input_shape, classes)
        layers = self.layers(input_shape, classes)
        return Network(layers, input_shape, seed=seed, dtype=np.dtype(self.dtype.value))
