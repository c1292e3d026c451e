"""Layer normalisation: each row of C channels has mean 0 and variance 1, then scale and shift.

Arrays are (batch, ..., C), `inverse_std` is (batch, ...): a number for each row.
"""

import math

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.channels import channel_sums
from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel, total


@kernel(rows="x xhat inverse_std y")
def layer_norm(x, scale, shift, eps, xhat, inverse_std, y):
    """y = scale xhat + shift, with xhat = (x - mean) / sqrt(var + eps) for each row."""
    count, channels = inverse_std.size, len(scale)
    rows, out = x.reshape(count, channels), y.reshape(count, channels)
    normalised, inverse = xhat.reshape(count, channels), inverse_std.reshape(count)
    share = x.dtype.type(1.0 / channels)
    for i in range(len(rows)):
        mean = share * row_sum(rows[i])
        for c in range(channels):
            normalised[i, c] = rows[i, c] - mean
        variance = share * dot(normalised[i], normalised[i])
        inverse[i] = x.dtype.type(1.0) / math.sqrt(variance + eps)
        for c in range(channels):
            normalised[i, c] *= inverse[i]
            out[i, c] = scale[c] * normalised[i, c] + shift[c]


@layer_norm.in_numpy
def layer_norm_in_numpy(x, scale, shift, eps, xhat, inverse_std, y):
    np.subtract(x, x.mean(axis=-1, keepdims=True), out=xhat)
    variance = np.multiply(xhat, xhat, out=y).mean(axis=-1)
    np.divide(1, np.sqrt(variance + eps), out=inverse_std)
    xhat *= inverse_std[..., None]
    np.multiply(xhat, scale, out=y)
    y += shift


@kernel(rows="dy xhat inverse_std", gather=total)
def layer_norm_backward(dy, xhat, inverse_std, scale):
    """dy <- (g - mean(g) - xhat mean(g xhat)) inverse_std for each row, with g = scale dy.

    Returns the sums of dy and of dy xhat over all rows, (2, C): dshift and dscale.
    """
    count, channels = inverse_std.size, len(scale)
    g, inverse = dy.reshape(count, channels), inverse_std.reshape(count)
    normalised = xhat.reshape(count, channels)
    share = dy.dtype.type(1.0 / channels)
    sums, products = np.zeros(channels), np.zeros(channels)  # in float64
    for i in range(count):
        for c in range(channels):
            sums[c] += g[i, c]
            products[c] += g[i, c] * normalised[i, c]
            g[i, c] *= scale[c]
        mean_g, mean_g_xhat = share * row_sum(g[i]), share * dot(g[i], normalised[i])
        for c in range(channels):
            g[i, c] = (g[i, c] - mean_g - normalised[i, c] * mean_g_xhat) * inverse[i]
    return np.stack((sums, products))


@layer_norm_backward.in_numpy
def layer_norm_backward_in_numpy(dy, xhat, inverse_std, scale):
    memory = scratch("layer norm", dy.size, dy.dtype).reshape(dy.shape)
    product = np.multiply(dy, xhat, out=memory)
    sums = channel_sums(dy), channel_sums(product)
    dy *= scale
    mean_g_xhat = np.multiply(dy, xhat, out=product).mean(axis=-1, keepdims=True)
    dy -= dy.mean(axis=-1, keepdims=True)
    dy -= np.multiply(xhat, mean_g_xhat, out=product)
    dy *= inverse_std[..., None]
    return sums


@inner(reorder=True)
def row_sum(x):
    """The sum of a vector."""
    total = x.dtype.type(0.0)
    for i in range(len(x)):
        total += x[i]
    return total


@inner(reorder=True)
def dot(x, y):
    """The sum of x_i y_i."""
    total = x.dtype.type(0.0)
    for i in range(len(x)):
        total += x[i] * y[i]
    return total
