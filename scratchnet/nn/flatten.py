"""From images to vectors.

The numbers stay the same and in the same order, so dx is dy in the shape of x.
"""

import math

import numpy as np

from scratchnet.nn.layer import Layer, Shape


class Flatten(Layer):
    """(batch, H, W, C) -> (batch, H W C), without a copy."""

    def build(self, shape: Shape) -> Shape:
        self.shape = shape
        return (math.prod(shape),)

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        return x.reshape(len(x), -1)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return dy.reshape(len(dy), *self.shape)
