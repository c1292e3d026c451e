"""Sums over each channel, and one factor or term for each: what normalisation is made of.

Arrays are (batch, C) or (batch, H, W, C); the channels are the last axis. Vectors of one number per
channel (C,) are of the type of the arrays.

NumPy is slow on rows as short as the C numbers of a pixel. So vectors are repeated over the W C
numbers of a row of an image, and sums are products with a vector of ones, which BLAS does fastest.
"""

import numpy as np

from scratchnet.compute.blocks import for_each, slices_of, sum_in_float64
from scratchnet.compute.threads import scratch
from scratchnet.kernels.kernel import kernel, total


def channel_sums(x: np.ndarray) -> np.ndarray:
    """The sum over all axes but the last, (C,), in the precision of x."""
    pixels = x.reshape(-1, x.shape[-1])
    ones = scratch("ones", len(pixels), x.dtype)
    ones.fill(1)
    return ones @ pixels


def mean_and_variance(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each channel over all other axes, float64 (C,).

    var = E[(x - s)^2] - (mean - s)^2 for any s. With the mean of one sample for s, the two terms
    are of the size of var, and no digits are lost where the mean is large.
    """
    s = x[0].reshape(-1, x.shape[-1]).mean(axis=0)
    n = x.size // x.shape[-1]
    mean, square = shifted_sums(x, s) / n  # of x - s
    return s + mean, np.maximum(square - mean**2, 0)


@kernel(rows="x", gather=total)
def shifted_sums(x, s):
    """The sums of x - s and of (x - s)^2 over all axes but the last, float64 (2, C)."""
    channels = len(s)
    pixels = x.reshape(x.size // channels, channels)
    sums, squares = np.zeros(channels), np.zeros(channels)
    for i in range(len(pixels)):
        for c in range(channels):
            difference = pixels[i, c] - s[c]
            sums[c] += difference
            squares[c] += difference * difference
    return np.stack((sums, squares))


@shifted_sums.in_numpy
def shifted_sums_in_numpy(x, s):
    (s_row,) = _rows_like(x, s)

    def sums(part):
        shifted = _scratch_like(x[part])
        np.subtract(_rows(x[part]), s_row, out=_rows(shifted))
        total = channel_sums(shifted)
        shifted *= shifted
        return np.stack([total, channel_sums(shifted)])

    return sum_in_float64(sums, slices_of(x))


@kernel(rows="dy x", gather=total)
def gradient_sums(dy, x):
    """The sums of dy and of dy x over all axes but the last, float64 (2, C)."""
    channels = x.shape[x.ndim - 1]
    pixels = x.reshape(x.size // channels, channels)
    gradients = dy.reshape(x.size // channels, channels)
    sums, products = np.zeros(channels), np.zeros(channels)
    for i in range(len(pixels)):
        for c in range(channels):
            sums[c] += gradients[i, c]
            products[c] += gradients[i, c] * pixels[i, c]
    return np.stack((sums, products))


@gradient_sums.in_numpy
def gradient_sums_in_numpy(dy, x):
    def sums(part):
        product = np.multiply(dy[part], x[part], out=_scratch_like(x[part]))
        return np.stack([channel_sums(dy[part]), channel_sums(product)])

    return sum_in_float64(sums, slices_of(x))


@kernel(rows="x out")
def affine(x, factor, offset, out):
    """out = factor x + offset, with factor and offset (C,)."""
    channels = len(factor)
    pixels, y = x.reshape(x.size // channels, channels), out.reshape(x.size // channels, channels)
    for i in range(len(pixels)):
        for c in range(channels):
            y[i, c] = factor[c] * pixels[i, c] + offset[c]


@affine.in_numpy
def affine_in_numpy(x, factor, offset, out):
    factor_row, offset_row = _rows_like(x, factor, offset)

    def affine_of_slice(part):
        y = _rows(out[part])
        np.multiply(_rows(x[part]), factor_row, out=y)
        y += offset_row

    for_each(affine_of_slice, slices_of(x))


@kernel(rows="x out")
def affine_relu(x, factor, offset, out):
    """out = max(factor x + offset, 0), with factor and offset (C,)."""
    channels = len(factor)
    pixels, y = x.reshape(x.size // channels, channels), out.reshape(x.size // channels, channels)
    for i in range(len(pixels)):
        for c in range(channels):
            y[i, c] = max(factor[c] * pixels[i, c] + offset[c], 0.0)


@affine_relu.in_numpy
def affine_relu_in_numpy(x, factor, offset, out):
    factor_row, offset_row = _rows_like(x, factor, offset)

    def affine_relu_of_slice(part):
        y = _rows(out[part])
        np.multiply(_rows(x[part]), factor_row, out=y)
        y += offset_row
        np.maximum(y, 0, out=y)

    for_each(affine_relu_of_slice, slices_of(x))


@kernel(rows="dy x y", gather=total)
def relu_gradient_sums(dy, x, y):
    """dy <- dy where y > 0, else 0; then the sums are those of `gradient_sums`."""
    channels = x.shape[x.ndim - 1]
    pixels, outputs = (
        x.reshape(x.size // channels, channels),
        y.reshape(x.size // channels, channels),
    )
    gradients = dy.reshape(x.size // channels, channels)
    sums, products = np.zeros(channels), np.zeros(channels)
    for i in range(len(pixels)):
        for c in range(channels):
            gradients[i, c] = gradients[i, c] if outputs[i, c] > 0.0 else 0.0
        for c in range(channels):
            sums[c] += gradients[i, c]
            products[c] += gradients[i, c] * pixels[i, c]
    return np.stack((sums, products))


@relu_gradient_sums.in_numpy
def relu_gradient_sums_in_numpy(dy, x, y):
    def sums(part):
        positive = scratch("positive", y[part].size, np.dtype(bool)).reshape(y[part].shape)
        dy[part] *= np.greater(y[part], 0, out=positive)
        product = np.multiply(dy[part], x[part], out=_scratch_like(x[part]))
        return np.stack([channel_sums(dy[part]), channel_sums(product)])

    return sum_in_float64(sums, slices_of(x))


@kernel(rows="dy x")
def combine(dy, a, x, b, c):
    """dy <- a dy + b x + c, with a, b and c (C,)."""
    channels = len(a)
    pixels = x.reshape(x.size // channels, channels)
    gradients = dy.reshape(x.size // channels, channels)
    for i in range(len(pixels)):
        for k in range(channels):
            gradients[i, k] = a[k] * gradients[i, k] + b[k] * pixels[i, k] + c[k]


@combine.in_numpy
def combine_in_numpy(dy, a, x, b, c):
    a_row, b_row, c_row = _rows_like(dy, a, b, c)

    def combine_slice(part):
        term = np.multiply(_rows(x[part]), b_row, out=_rows(_scratch_like(x[part])))
        term += c_row
        rows = _rows(dy[part])
        rows *= a_row
        rows += term

    for_each(combine_slice, slices_of(x))


@kernel(rows="y")
def add_bias(y, bias):
    """y <- y + bias, with bias (C,)."""
    channels = len(bias)
    pixels = y.reshape(y.size // channels, channels)
    for i in range(len(pixels)):
        for c in range(channels):
            pixels[i, c] += bias[c]


@add_bias.in_numpy
def add_bias_in_numpy(y, bias):
    def add_to_slice(part):
        y[part] += bias

    for_each(add_to_slice, slices_of(y))


@kernel(rows="dy", gather=total)
def bias_gradient(dy):
    """The sum of dy over all axes but the last, float64 (C,)."""
    channels = dy.shape[dy.ndim - 1]
    pixels = dy.reshape(dy.size // channels, channels)
    sums = np.zeros(channels)
    for i in range(len(pixels)):
        for c in range(channels):
            sums[c] += pixels[i, c]
    return sums


@bias_gradient.in_numpy
def bias_gradient_in_numpy(dy):
    others = tuple(range(dy.ndim - 1))
    return sum_in_float64(lambda part: dy[part].sum(axis=others), slices_of(dy))


def _row_pixels(x: np.ndarray) -> int:
    """How many pixels are worked on as one row: those of a row of an image, or a vector alone."""
    return x.shape[2] if x.ndim == 4 else 1


def _rows(x: np.ndarray) -> np.ndarray:
    """Images as rows of W C numbers, vectors as they are."""
    return x.reshape(-1, _row_pixels(x) * x.shape[-1])


def _rows_like(x: np.ndarray, *vectors: np.ndarray) -> list[np.ndarray]:
    """Vectors of one number per channel, repeated to the length of the `_rows` of x."""
    return [np.tile(vector, _row_pixels(x)) for vector in vectors]


def _scratch_like(x: np.ndarray) -> np.ndarray:
    return scratch("channels", x.size, x.dtype).reshape(x.shape)
