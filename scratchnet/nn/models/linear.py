"""Softmax regression: the simplest classifier, and the yardstick for all others."""

from dataclasses import dataclass

import numpy as np

from scratchnet.nn.flatten import Flatten
from scratchnet.nn.initializers import OutputInit
from scratchnet.nn.layer import Shape
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.settings import Settings, setting


@dataclass
class LinearModel(Settings):
    """logits = flatten(x) W + b."""

    name: str = setting("linear", "the choice", fixed=True)
    output_init: OutputInit = setting(OutputInit.glorot, "how the weights start")

    def build(
        self, input_shape: Shape, classes: int, seed: int, dtype: type = np.float32
    ) -> Network:
        """The network for pictures of `input_shape` (H, W, C)."""
        layers = [Flatten(), Linear(classes, initializer=self.output_init.initializer)]
        return Network(layers, input_shape, seed=seed, dtype=dtype)
