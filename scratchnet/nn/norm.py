"""Normalisation layers.

Let m be the mean of n numbers x_i, v that of (x_i - m)^2, r = 1 / sqrt(v + eps), and xhat_i =
r (x_i - m), whose gradient is g_i. Then x_i acts on the loss in three ways: through its own xhat_i,
r g_i; through m, which it moves by 1/n, -r mean(g); and through r, for which dr/dx_i =
-r^3 (x_i - m) / n, -r xhat_i mean(g xhat). (Through m alone, v stays: the mean of x - m is 0.)

    dx = r (g - mean(g) - xhat mean(g xhat)),  with g = scale dy

Batch norm takes the n numbers of a channel, over samples and places; layer norm those of a place.
"""

import math

import numpy as np

from scratchnet.kernels import channels
from scratchnet.kernels.layer_norm import layer_norm, layer_norm_backward
from scratchnet.nn.initializers import ones, zeros
from scratchnet.nn.layer import Layer, Shape, walk
from scratchnet.nn.parameters import Kind


class BatchNorm(Layer):
    """y = scale (x - mean) / sqrt(var + eps) + shift for each channel, the last axis of x.

    In training, mean and var are those of the batch, over samples and places, and the running
    statistics move towards them: running <- running + momentum (batch - running), for the variance
    with n - 1 in the denominator, as in PyTorch. Evaluation uses the running statistics.

    With xhat = (x - mean) / sqrt(var + eps):  dscale = sum dy xhat,  dshift = sum dy,
    dx = scale / sqrt(var + eps) (dy - mean(dy) - xhat mean(dy xhat)): the two means are what x does
    through mean and var. In evaluation these are constants, and the means drop out.
    Ioffe & Szegedy 2015, "Batch Normalization", algorithm 1.
    """

    scale: np.ndarray
    shift: np.ndarray
    grad_scale: np.ndarray
    grad_shift: np.ndarray

    def __init__(self, *, momentum: float = 0.1, eps: float = 1e-5):
        super().__init__()
        self.momentum = momentum
        self.eps = eps

    def build(self, shape: Shape) -> Shape:
        count = shape[-1]
        self.declare("scale", (count,), ones, Kind.norm)
        self.declare("shift", (count,), zeros, Kind.norm)
        self.buffers = {"mean": np.zeros(count), "var": np.ones(count)}
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        if train:
            mean, var = channels.mean_and_variance(x)
            n = x.size // x.shape[-1]
            self._move_running("mean", mean)
            self._move_running("var", var * n / max(n - 1, 1))
        else:
            mean, var = self.buffers["mean"], self.buffers["var"]
        self.x, self.mean, self.is_of_batch = x, mean, train
        self.inverse_std = 1 / np.sqrt(var + self.eps)
        factor = self.scale * self.inverse_std
        y = self.array("y", x.shape, x.dtype)
        offset = self.shift - mean * factor
        self._affine(x, factor.astype(x.dtype), offset.astype(x.dtype), y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        n = dy.size // dy.shape[-1] if self.is_of_batch else math.inf
        sum_dy, sum_dy_x = self._gradient_sums(dy)
        sum_dy_xhat = (sum_dy_x - self.mean * sum_dy) * self.inverse_std
        self.grad_scale[...] = sum_dy_xhat
        self.grad_shift[...] = sum_dy

        # dx = a (dy - mean(dy) - xhat mean(dy xhat)) is a dy + b x + c
        a = self.scale * self.inverse_std
        b = -a * self.inverse_std * sum_dy_xhat / n
        c = -a * sum_dy / n - b * self.mean
        a, b, c = (vector.astype(dy.dtype) for vector in (a, b, c))
        channels.combine(dy, a, self.x, b, c)
        return dy

    def _affine(self, x: np.ndarray, factor: np.ndarray, offset: np.ndarray, y: np.ndarray) -> None:
        """y = factor x + offset."""
        channels.affine(x, factor, offset, y)

    def _gradient_sums(self, dy: np.ndarray) -> np.ndarray:
        """The sums of dy and of dy x for each channel, float64 (2, C)."""
        sums: np.ndarray = channels.gradient_sums(dy, self.x)
        return sums

    def _move_running(self, name: str, value: np.ndarray) -> None:
        running = self.buffers[name]
        running += self.momentum * (value - running)


def needs_two_samples(layers: list[Layer]) -> bool:
    """Whether one of these built layers normalises over the samples of a batch alone.

    The variance of a single number is 0: such a batch would teach the layers before it nothing.
    """
    norms = [layer for layer in walk(layers) if isinstance(layer, BatchNorm)]
    return any(math.prod(norm.out_shape[:-1]) == 1 for norm in norms)


class LayerNorm(Layer):
    """y = scale (x - mean) / sqrt(var + eps) + shift, mean and var over the channels of each place.

    The channels are the last axis of x. With xhat = (x - mean) / sqrt(var + eps) and g = scale dy:
    dscale = sum dy xhat,  dshift = sum dy,
    dx = (g - mean(g) - xhat mean(g xhat)) / sqrt(var + eps).
    Ba et al. 2016, "Layer Normalization".
    """

    scale: np.ndarray
    shift: np.ndarray
    grad_scale: np.ndarray
    grad_shift: np.ndarray

    def __init__(self, *, eps: float = 1e-5):
        super().__init__()
        self.eps = eps

    def build(self, shape: Shape) -> Shape:
        self.declare("scale", (shape[-1],), ones, Kind.norm)
        self.declare("shift", (shape[-1],), zeros, Kind.norm)
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", x.shape, x.dtype)
        self.xhat = self.array("xhat", x.shape, x.dtype)
        self.inverse_std = self.array("inverse std", x.shape[:-1], x.dtype)
        layer_norm(x, self.scale, self.shift, self.eps, self.xhat, self.inverse_std, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        sums = layer_norm_backward(dy, self.xhat, self.inverse_std, self.scale)
        self.grad_shift[...], self.grad_scale[...] = sums
        return dy
