"""The convolution.

At each place (i, j) it is a fully connected layer applied to the patch of the image that lies
there. All places share one W, so dW is the sum of what each contributes, x^T dy. A pixel lies in
several patches, at another place (a, b) of the kernel in each, so dx is the sum of what they send
back, dy W[a, b]^T.
"""

import numpy as np

from scratchnet.kernels import channels
from scratchnet.kernels.convolution import convolution
from scratchnet.nn.initializers import Initializer, he, zeros
from scratchnet.nn.layer import Layer, Shape, TooSmall
from scratchnet.nn.parameters import Kind


class Conv2d(Layer):
    """y[i, j] = sum over (a, b) in the kernel of x[s i + a - p, s j + b - p] W[a, b] + bias.

    x is (batch, H, W, C), W (k, k, C, F), y (batch, H', W', F) with H' = (H + 2p - k) // s + 1 for
    stride s and padding p with zeros (0 <= p < k). Backward, with sums over the batch too:

        dW[a, b] = sum over (i, j) of x[s i + a - p, s j + b - p]^T dy[i, j]
        dbias    = sum over (i, j) of dy[i, j]
        dx[u, v] = sum over (i, j) and (a, b) of dy[i, j] W[a, b]^T,
                   where s i + a - p = u and s j + b - p = v

    How the products are computed matters for speed alone: see `kernels.convolution`.
    """

    weight: np.ndarray
    bias: np.ndarray
    grad_weight: np.ndarray
    grad_bias: np.ndarray

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
            raise TooSmall(
                f"an image of {height}x{width} is too small for a {k}x{k} convolution with "
                f"padding {p}: it needs at least {k - 2 * p} pixels each way"
            )
        self.products = convolution((height, width, channels), self.channels, k, s, p)
        self.declare(
            "weight",
            (k, k, channels, self.channels),
            self.initializer,
            Kind.weight,
            fan_in=k * k * channels,
            fan_out=k * k * self.channels,
        )
        if self.has_bias:
            self.declare("bias", (self.channels,), zeros, Kind.bias)
        out_height, out_width = self.products.out_shape
        return out_height, out_width, self.channels

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.x = x
        y = self.array("y", (len(x), *self.out_shape), x.dtype)
        self.products.convolve(x, self.weight, y)
        if self.has_bias:
            channels.add_bias(y, self.bias)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        if self.has_bias:
            self.grad_bias[...] = channels.bias_gradient(dy)
        dx = self.array("dx", self.x.shape, dy.dtype) if self.needs_dx else None
        self.products.gradients(self.x, dy, self.weight, self.grad_weight, dx)
        return dx
