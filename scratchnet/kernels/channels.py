"""Sums over each channel, and one factor or term for each: what normalisation is made of.

Arrays are (batch, C) or (batch, H, W, C); the channels are the last axis. Vectors of one number per
channel (C,) may be float64: they are rounded to the arrays' type once, before they are used.

NumPy is slow on rows as short as the C numbers of a pixel. So vectors are repeated over the W C
numbers of a row of an image, and sums are products with a vector of ones, which BLAS does fastest.
"""

import numpy as np

from scratchnet.compute.blocks import for_each, slices_of, sum_in_float64
from scratchnet.compute.threads import scratch


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
    (s_row,) = _rows_like(x, s)

    def sums(part: slice) -> np.ndarray:
        shifted = _scratch_like(x[part])
        np.subtract(_rows(x[part]), s_row, out=_rows(shifted))
        total = channel_sums(shifted)
        shifted *= shifted
        return np.stack([total, channel_sums(shifted)])

    n = x.size // x.shape[-1]
    mean, square = sum_in_float64(sums, slices_of(x)) / n  # of x - s
    return s + mean, np.maximum(square - mean**2, 0)


def gradient_sums(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The sums of dy and of dy x over all axes but the last, float64 (2, C)."""

    def sums(part: slice) -> np.ndarray:
        product = np.multiply(dy[part], x[part], out=_scratch_like(x[part]))
        return np.stack([channel_sums(dy[part]), channel_sums(product)])

    return sum_in_float64(sums, slices_of(x))


def affine(x: np.ndarray, factor: np.ndarray, offset: np.ndarray, out: np.ndarray) -> None:
    """out = factor x + offset, with factor and offset (C,)."""
    factor_row, offset_row = _rows_like(x, factor, offset)

    def affine_of_slice(part: slice) -> None:
        y = _rows(out[part])
        np.multiply(_rows(x[part]), factor_row, out=y)
        y += offset_row

    for_each(affine_of_slice, slices_of(x))


def combine(dy: np.ndarray, a: np.ndarray, x: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    """dy <- a dy + b x + c, with a, b and c (C,)."""
    a_row, b_row, c_row = _rows_like(dy, a, b, c)

    def combine_slice(part: slice) -> None:
        term = np.multiply(_rows(x[part]), b_row, out=_rows(_scratch_like(x[part])))
        term += c_row
        rows = _rows(dy[part])
        rows *= a_row
        rows += term

    for_each(combine_slice, slices_of(x))


def add_bias(y: np.ndarray, bias: np.ndarray) -> None:
    """y <- y + bias, with bias (C,)."""

    def add_to_slice(part: slice) -> None:
        y[part] += bias

    for_each(add_to_slice, slices_of(y))


def bias_gradient(dy: np.ndarray) -> np.ndarray:
    """The sum of dy over all axes but the last, float64 (C,); within a slice in dy's precision."""
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
    return [np.tile(vector.astype(x.dtype), _row_pixels(x)) for vector in vectors]


def _scratch_like(x: np.ndarray) -> np.ndarray:
    return scratch("channels", x.size, x.dtype).reshape(x.shape)
