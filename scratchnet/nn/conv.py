"""The convolution."""

import math

import numpy as np

from scratchnet import threads
from scratchnet.nn.initializers import Initializer, he, zeros
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.patches import Patches, Window
from scratchnet.threads import scratch

LANES = 8  # partial sums of a weight gradient; fixed, so that the sum does not depend on threads


class Conv2d(Layer):
    """y[i, j] = sum over (a, b) in the kernel of x[s i + a - p, s j + b - p] W[a, b] + bias.

    x is (batch, H, W, C), W (k, k, C, F), y (batch, H', W', F) with H' = (H + 2p - k) // s + 1 for
    stride s and padding p with zeros (0 <= p < k). With the patches of x as rows of a matrix P:

        y = P W,   dW = P^T dy,   dx = the convolution of dy, spread out by s, with W turned by 180
                                       degrees and its channels swapped, padded by k - 1 - p.
    """

    small_products = True

    def __init__(
        self,
        channels: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
        initializer: Initializer = he,
    ):
        super().__init__()
        if not 0 <= padding < kernel:
            raise ValueError(f"padding={padding} must be >= 0 and < kernel={kernel}")
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.has_bias = bias
        self.initializer = initializer

    def build(self, shape: Shape) -> Shape:
        height, width, channels = shape
        k, p, s = self.kernel, self.padding, self.stride
        if min(height, width) + 2 * p < k:
            raise ValueError(
                f"a picture of {height}x{width} is too small for a {k}x{k} convolution with "
                f"padding {p}: {k - 2 * p - min(height, width)} pixels are missing"
            )
        forward = Window((height + 2 * p, width + 2 * p), p, 1, k, s)
        rows, columns = forward.positions()
        self.patches = Patches(forward, shape)
        backward = Window((height + k - 1, width + k - 1), k - 1 - p, s, k, 1)
        self.gradient_patches = Patches(backward, (rows, columns, self.channels))
        self.declare(
            "weight",
            (k, k, channels, self.channels),
            self.initializer,
            fan_in=k * k * channels,
            fan_out=k * k * self.channels,
            decay=True,
        )
        if self.has_bias:
            self.declare("bias", (self.channels,), zeros)
        return rows, columns, self.channels

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.x = x
        weight = self.weight.reshape(-1, self.channels)
        y = self.array("y", (len(x), *self.patches.window.positions(), self.channels), x.dtype)
        slices = self.patches.slices(len(x))

        def convolve(i: int) -> None:
            for rows, patches in self.patches.matrices(x[slices[i]]):
                part = y[slices[i], rows]
                np.matmul(patches, weight, out=part.reshape(-1, self.channels))
                if self.has_bias:
                    np.add(part, self.bias, out=part)

        threads.parallel(convolve, len(slices))
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        self._weight_gradient(dy)
        return self._input_gradient(dy) if self.needs_dx else None

    def _weight_gradient(self, dy: np.ndarray) -> None:
        slices = self.patches.slices(len(dy))
        shape = (self.weight.size // self.channels, self.channels)
        lanes = min(LANES, len(slices))
        sums = scratch("lanes", lanes * self.weight.size, dy.dtype).reshape(lanes, *shape)
        bias_sums = np.zeros((lanes, self.channels), dy.dtype)

        def add_up(lane: int) -> None:
            sums[lane] = 0
            product = scratch("product", self.weight.size, dy.dtype).reshape(shape)
            for part in slices[lane::lanes]:
                for rows, patches in self.patches.matrices(self.x[part]):
                    gradient = dy[part, rows].reshape(-1, self.channels)
                    np.matmul(patches.T, gradient, out=product)
                    np.add(sums[lane], product, out=sums[lane])
                if self.has_bias:
                    bias_sums[lane] += dy[part].sum(axis=(0, 1, 2))

        threads.parallel(add_up, lanes)
        np.sum(sums, axis=0, out=self.grad_weight.reshape(shape))
        if self.has_bias:
            np.sum(bias_sums, axis=0, out=self.grad_bias)

    def _input_gradient(self, dy: np.ndarray) -> np.ndarray:
        dx = self.array("dx", self.x.shape, dy.dtype)
        channels = dx.shape[3]
        turned = self.weight[::-1, ::-1].transpose(0, 1, 3, 2)  # (k, k, F, C)
        weight = self.array("turned", (math.prod(turned.shape[:3]), channels), dy.dtype)
        np.copyto(weight.reshape(turned.shape), turned)
        slices = self.gradient_patches.slices(len(dy))

        def convolve(i: int) -> None:
            for rows, patches in self.gradient_patches.matrices(dy[slices[i]]):
                np.matmul(patches, weight, out=dx[slices[i], rows].reshape(-1, channels))

        threads.parallel(convolve, len(slices))
        return dx
