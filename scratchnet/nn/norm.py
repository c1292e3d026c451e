"""Normalisation layers."""

import math

import numpy as np

from scratchnet.compute.blocks import for_each_batch_slice, sum_over_batch_slices
from scratchnet.compute.threads import scratch
from scratchnet.nn.initializers import ones, zeros
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.parameters import Kind


class BatchNorm(Layer):
    """y = scale (x - mean) / sqrt(var + eps) + shift for each channel, the last axis of x.

    In training, mean and var are those of the batch, over samples and places, and the running
    ones move towards them: running <- running + momentum (batch - running), the variance with
    n - 1 in its denominator, as in PyTorch. Evaluation uses the running ones.

    With x^ = (x - mean) / sqrt(var + eps):  dscale = sum dy x^,  dshift = sum dy,
    dx = scale / sqrt(var + eps) (dy - mean(dy) - x^ mean(dy x^)).
    Ioffe & Szegedy 2015, "Batch Normalization", algorithm 1.
    """

    def __init__(self, *, momentum: float = 0.1, eps: float = 1e-5):
        super().__init__()
        self.momentum = momentum
        self.eps = eps

    def build(self, shape: Shape) -> Shape:
        channels = shape[-1]
        self.declare("scale", (channels,), ones, Kind.norm)
        self.declare("shift", (channels,), zeros, Kind.norm)
        self.numbers = math.prod(shape)  # per sample
        # NumPy is slow on short rows: channel vectors are repeated over a row of the image
        self.repeat = shape[1] if len(shape) == 3 else 1
        self.buffers = {"mean": np.zeros(channels), "var": np.ones(channels)}
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        if train:
            count = x.size // x.shape[-1]
            mean, var = self._batch_statistics(x, count)
            self._move_running("mean", mean)
            self._move_running("var", var * count / max(count - 1, 1))
        else:
            mean, var = self.buffers["mean"], self.buffers["var"]
        self.x, self.mean = x, mean
        self.inverse_std = 1 / np.sqrt(var + self.eps)
        factor = self.scale * self.inverse_std
        factor, offset = self._rows(x.dtype, factor, self.shift - mean * factor)
        y = self.array("y", x.shape, x.dtype)

        def normalise(part: slice) -> None:
            rows = self._long(y[part])
            np.multiply(self._long(x[part]), factor, out=rows)
            np.add(rows, offset, out=rows)

        for_each_batch_slice(normalise, len(x), self.numbers)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        x, channels = self.x, len(self.mean)
        count = x.size // channels

        def sums(part: slice) -> np.ndarray:
            product = self._scratch(x[part])
            np.multiply(dy[part], x[part], out=product)
            return np.stack([_channel_sums(dy[part]), _channel_sums(product)])

        sum_dy, sum_dy_x = sum_over_batch_slices(sums, len(x), self.numbers)
        sum_dy_xhat = (sum_dy_x - self.mean * sum_dy) * self.inverse_std
        self.grad_scale[...] = sum_dy_xhat
        self.grad_shift[...] = sum_dy

        # dx is dy times one number per channel, plus x times a second, plus a third
        for_dy = self.scale * self.inverse_std
        for_x = -for_dy * self.inverse_std * sum_dy_xhat / count
        rest = -for_dy * sum_dy / count - for_x * self.mean
        for_dy, for_x, rest = self._rows(dy.dtype, for_dy, for_x, rest)

        def combine(part: slice) -> None:
            rows, from_x = self._long(dy[part]), self._long(self._scratch(x[part]))
            np.multiply(self._long(x[part]), for_x, out=from_x)
            np.add(from_x, rest, out=from_x)
            np.multiply(rows, for_dy, out=rows)
            np.add(rows, from_x, out=rows)

        for_each_batch_slice(combine, len(x), self.numbers)
        return dy

    def _batch_statistics(self, x: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of each channel, float64 (channels,).

        var = E[(x - s)^2] - (mean - s)^2 for any s. With the mean of one image for s, the two
        terms are of the size of var, and no digits are lost where the mean is large.
        """
        shift = x[0].reshape(-1, x.shape[-1]).mean(axis=0)
        (shift_row,) = self._rows(x.dtype, shift)

        def sums(part: slice) -> np.ndarray:
            shifted = self._scratch(x[part])
            np.subtract(self._long(x[part]), shift_row, out=self._long(shifted))
            total = _channel_sums(shifted)
            np.multiply(shifted, shifted, out=shifted)
            return np.stack([total, _channel_sums(shifted)])

        total, squares = sum_over_batch_slices(sums, len(x), self.numbers) / count
        return shift + total, np.maximum(squares - total**2, 0)

    def _move_running(self, name: str, value: np.ndarray) -> None:
        running = self.buffers[name]
        running += self.momentum * (value - running)

    def _long(self, x: np.ndarray) -> np.ndarray:
        """Images as rows of W C numbers, vectors as they are."""
        return x.reshape(-1, self.repeat * x.shape[-1])

    def _rows(self, dtype: np.dtype, *vectors: np.ndarray) -> list[np.ndarray]:
        """Vectors of one number per channel, repeated to the length of `_long` rows."""
        return [np.tile(vector.astype(dtype), self.repeat) for vector in vectors]

    def _scratch(self, like: np.ndarray) -> np.ndarray:
        return scratch("norm", like.size, like.dtype).reshape(like.shape)


def _channel_sums(x: np.ndarray) -> np.ndarray:
    """The sum over all axes but the last: a product with ones, which BLAS does fastest."""
    rows = x.reshape(-1, x.shape[-1])
    ones_row = scratch("ones", len(rows), x.dtype)
    ones_row.fill(1)
    return ones_row @ rows


class LayerNorm(Layer):
    """y = scale (x - mean) / sqrt(var + eps) + shift, mean and var over the channels of each place.

    The channels are the last axis of x. With x^ = (x - mean) / sqrt(var + eps) and g = scale dy:
    dscale = sum dy x^,  dshift = sum dy,  dx = (g - mean(g) - x^ mean(g x^)) / sqrt(var + eps).
    Ba et al. 2016, "Layer Normalization".
    """

    def __init__(self, *, eps: float = 1e-5):
        super().__init__()
        self.eps = eps

    def build(self, shape: Shape) -> Shape:
        self.declare("scale", (shape[-1],), ones, Kind.norm)
        self.declare("shift", (shape[-1],), zeros, Kind.norm)
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y, normalised = self.array("y", x.shape, x.dtype), self.array("xhat", x.shape, x.dtype)
        np.subtract(x, x.mean(axis=-1, keepdims=True), out=normalised)
        np.multiply(normalised, normalised, out=y)
        self.inverse_std = 1 / np.sqrt(y.mean(axis=-1, keepdims=True) + self.eps)
        np.multiply(normalised, self.inverse_std, out=normalised)
        self.xhat = normalised
        np.multiply(normalised, self.scale, out=y)
        return np.add(y, self.shift, out=y)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        xhat = self.xhat
        product = np.multiply(dy, xhat, out=self.array("product", dy.shape, dy.dtype))
        self.grad_scale[...] = _channel_sums(product)
        self.grad_shift[...] = _channel_sums(dy)
        np.multiply(dy, self.scale, out=dy)
        np.multiply(dy, xhat, out=product)
        np.multiply(xhat, product.mean(axis=-1, keepdims=True), out=product)
        np.subtract(dy, dy.mean(axis=-1, keepdims=True), out=dy)
        np.subtract(dy, product, out=dy)
        return np.multiply(dy, self.inverse_std, out=dy)
