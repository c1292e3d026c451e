"""Dropout."""

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.nn.layer import Layer

_PIECE = 16_384  # random numbers drawn at a time: 32 KB, which needs no new memory pages


class Dropout(Layer):
    """y = x m / (1 - p) in training, with m = 0 with probability p and else 1; y = x otherwise.

    The division ("inverted" dropout) keeps the mean of y equal to x, so evaluation needs nothing.
    p is rounded to a multiple of 2^-16, because masks are drawn from 16-bit random numbers.

    Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".
    """

    rng: np.random.Generator  # set by the network, anew for each epoch

    def __init__(self, p: float):
        super().__init__()
        self.threshold = round(p * 65_536)
        self.scale = 65_536 / (65_536 - self.threshold)

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        if not train:
            return x
        self.mask = self.array("mask", x.shape, x.dtype)
        self._draw_mask(x.size)
        y = self.array("y", x.shape, x.dtype)
        for_each_block(np.multiply, x, self.mask, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        for_each_block(np.multiply, dy, self.mask, dy)
        return dy

    def _draw_mask(self, size: int) -> None:
        """Fill the mask with 0 and 1 / (1 - p), piece by piece: four 16-bit numbers a raw word."""
        mask = self.mask.reshape(-1)
        scale = mask.dtype.type(self.scale)
        for start in range(0, size, _PIECE):
            piece = mask[start : start + _PIECE]
            random = self.rng.bit_generator.random_raw(-(-piece.size // 4)).view(np.uint16)
            kept = scratch("kept", piece.size, np.dtype(bool))
            np.greater_equal(random[: piece.size], self.threshold, out=kept)
            np.multiply(kept, scale, out=piece)
