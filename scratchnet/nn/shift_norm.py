"""Batch normalisation without its scale.

dx is that of `nn.norm` with a scale of 1; there is no dscale.
"""

import numpy as np

from scratchnet.nn.layer import Shape
from scratchnet.nn.norm import BatchNorm


class ShiftNorm(BatchNorm):
    """y = (x - mean) / sqrt(var + eps) + shift: BatchNorm whose scale stays 1.

    Before a linear layer, or a ReLU and then a linear layer, a scale adds nothing: the weights can
    absorb it. As in airbench94 (K. Jordan 2024).
    """

    def build(self, shape: Shape) -> Shape:
        super().build(shape)
        del self.declarations["scale"]
        self.scale = np.ones(shape[-1])
        self.grad_scale = np.empty(shape[-1])  # computed all the same, but unused
        return shape
