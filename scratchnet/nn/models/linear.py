"""Softmax regression: the simplest classifier, and the yardstick for all others."""

from typing import ClassVar

from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.models.model import Model
from scratchnet.settings import choice


@choice("linear")
class LinearModel(Model):
    """logits = flatten(x) W + b."""

    takes_vectors: ClassVar = True

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        return [Flatten()]
