"""Dropout.

In a step the mask is a constant, so y is a multiple of x, number by number, and dx the same
multiple of dy.
"""

import numpy as np

from scratchnet.kernels import elementwise
from scratchnet.kernels.dropout import STEPS, draw_mask
from scratchnet.nn.layer import Layer


class Dropout(Layer):
    """y = x m / (1 - p) in training, with m = 0 with probability p and else 1; y = x otherwise.

    The division ("inverted" dropout) keeps the mean of y equal to x, so evaluation needs nothing.
    Each y depends on its own x alone, so dx = dy m / (1 - p): what was dropped gets no gradient.
    p is rounded to a multiple of 2^-16, because masks are drawn from 16-bit random numbers.

    Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".
    """

    rng: np.random.Generator  # set by the network, anew for each epoch

    def __init__(self, p: float):
        super().__init__()
        self.dropped = round(p * STEPS)  # p, in steps
        self.scale = STEPS / (STEPS - self.dropped)  # 1 / (1 - p)

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.is_active = train
        if not train:
            return x
        self.mask = self.array("mask", x.shape, x.dtype)  # m / (1 - p)
        draw_mask(self.rng, self.dropped, self.scale, self.mask)
        y = self.array("y", x.shape, x.dtype)
        elementwise.multiply(x, self.mask, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        if self.is_active:
            elementwise.multiply(dy, self.mask, dy)
        return dy
