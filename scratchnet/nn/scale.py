"""A fixed factor."""

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.nn.layer import Layer


class Scale(Layer):
    """y = c x with a constant c; dx = c dy."""

    def __init__(self, factor: float):
        super().__init__()
        self.factor = factor

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", x.shape, x.dtype)
        for_each_block(self._scale, x, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        for_each_block(self._scale, dy, dy)
        return dy

    def _scale(self, x: np.ndarray, y: np.ndarray) -> None:
        np.multiply(x, self.factor, out=y)
