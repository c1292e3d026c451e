"""Pooling: images made smaller.

If x moves a little, the largest number of a window is still the same one: y moves with it (dy/dx is
1) and with no other (0). A mean of k^2 numbers moves by 1 / k^2 of what each of them does.
"""

import numpy as np

from scratchnet.kernels import pooling
from scratchnet.nn.layer import Layer, Shape, TooSmall


class _Pool2d(Layer):
    """What both pools share: adjacent windows of k x k pixels, without overlap.

    Rows and columns at the end that do not fill a window are left out: H' = H // k.
    """

    def __init__(self, kernel: int = 2):
        super().__init__()
        self.kernel = kernel

    def build(self, shape: Shape) -> Shape:
        height, width, channels = shape
        k = self.kernel
        if min(height, width) < k:
            raise TooSmall(
                f"an image of {height}x{width} is too small for {k}x{k} pooling: "
                f"it needs at least {k} pixels each way"
            )
        self.in_shape = shape
        self.out_shape = (height // k, width // k, channels)
        return self.out_shape


class MaxPool2d(_Pool2d):
    """The largest number of each window; dy goes to the place where that number came from.

    Among equal numbers the first, row by row, takes the whole gradient.
    """

    def branches(self) -> np.ndarray:
        return self.winners

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", (len(x), *self.out_shape), x.dtype)
        self.winners = self.array("winners", y.shape, np.dtype(np.uint8))
        pooling.max_pool(x, self.kernel, y, self.winners)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = self.array("dx", (len(dy), *self.in_shape), dy.dtype)
        pooling.max_pool_backward(dy, self.winners, self.kernel, dx)
        return dx


class AvgPool2d(_Pool2d):
    """The mean of each window; each of its places gets dy / k^2."""

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", (len(x), *self.out_shape), x.dtype)
        pooling.mean_pool(x, self.kernel, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = self.array("dx", (len(dy), *self.in_shape), dy.dtype)
        pooling.mean_pool_backward(dy, self.kernel, dx)
        return dx


class GlobalAvgPool(Layer):
    """(batch, H, W, C) -> (batch, C): the mean over all places; each of them gets dy / (H W)."""

    def build(self, shape: Shape) -> Shape:
        self.in_shape = shape
        return shape[2:]

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", (len(x), self.in_shape[2]), x.dtype)
        return np.mean(x, axis=(1, 2), out=y)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        height, width, channels = self.in_shape
        dx = self.array("dx", (len(dy), *self.in_shape), dy.dtype)
        dy *= 1 / (height * width)
        np.copyto(dx, dy.reshape(-1, 1, 1, channels))
        return dx
