"""Batch normalisation without its scale."""

import numpy as np

from scratchnet.nn.layer import Shape
from scratchnet.nn.norm import BatchNorm


class ShiftNorm(BatchNorm):
    """y = (x - mean) / sqrt(var + eps) + shift: BatchNorm whose scale stays 1.

    Where the next layer is linear, or a ReLU before one, a scale adds nothing that its weights
    could not do. So used by K. Jordan's airbench94 (2024).
    """

    def build(self, shape: Shape) -> Shape:
        super().build(shape)
        del self.declarations["scale"]
        self.scale = np.ones(shape[-1])
        self.grad_scale = np.empty(shape[-1])  # computed all the same, but unused
        return shape
