"""Activations: y = f(x) and slope = f'(x), for contiguous arrays of one shape.

The slope is computed beside the value, while the numbers are at hand; backward, dx = dy f'(x).
"""

import math

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels import erf as vector_erf
from scratchnet.kernels.functions import erf, exp_of_negative, expm1_of_negative, sigmoid, tanh
from scratchnet.kernels.kernel import kernel

LEAK = 0.01  # the slope of a leaky ReLU for x < 0
CUBIC = 0.044715  # of x^3, in the tanh form of GELU
SQRT_HALF = math.sqrt(1 / 2)
SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
DENSITY_AT_0 = 1 / math.sqrt(2 * math.pi)  # of the normal distribution


@kernel(numbers="x y")
def relu(x, y):
    """y = max(x, 0)."""
    for i in range(x.size):
        y[i] = max(x[i], 0.0)


@relu.in_numpy
def relu_in_numpy(x, y):
    np.maximum(x, 0, out=y)


@kernel(numbers="y dy")
def relu_backward(y, dy):
    """dy <- dy where y > 0, else 0; which is dx, as y > 0 where x > 0."""
    for i in range(y.size):
        dy[i] = dy[i] if y[i] > 0.0 else 0.0


@relu_backward.in_numpy
def relu_backward_in_numpy(y, dy):
    dy *= np.greater(y, 0, out=scratch("positive", y.size, np.dtype(bool)))


@kernel(numbers="x y slope")
def leaky_relu(x, y, slope):
    """y = slope x, with the slope 1 where x > 0, else 0.01."""
    for i in range(x.size):
        slope[i] = 1.0 if x[i] > 0.0 else LEAK
        y[i] = slope[i] * x[i]


@leaky_relu.in_numpy
def leaky_relu_in_numpy(x, y, slope):
    np.multiply(x, LEAK, out=y)
    np.maximum(x, y, out=y)
    slope.fill(LEAK)
    positive = np.greater(x, 0, out=scratch("positive", x.size, np.dtype(bool)))
    np.copyto(slope, 1, where=positive)


@kernel(numbers="x y slope")
def elu(x, y, slope):
    """y = x for x > 0, else exp(x) - 1; slope = 1, else exp(x)."""
    for i in range(x.size):
        e = expm1_of_negative(min(x[i], 0.0))
        y[i] = max(x[i], 0.0) + e
        slope[i] = e + 1.0


@elu.in_numpy
def elu_in_numpy(x, y, slope):
    np.minimum(x, 0, out=slope)
    np.expm1(slope, out=slope)
    np.maximum(x, 0, out=y)
    y += slope
    slope += 1


@kernel(numbers="x y slope")
def tanh_activation(x, y, slope):
    """y = tanh(x), slope = 1 - y^2."""
    for i in range(x.size):
        y[i] = tanh(x[i])
        slope[i] = 1.0 - y[i] * y[i]


@tanh_activation.in_numpy
def tanh_in_numpy(x, y, slope):
    np.tanh(x, out=y)
    np.multiply(y, y, out=slope)
    np.subtract(1, slope, out=slope)


@kernel(numbers="x y slope")
def sigmoid_activation(x, y, slope):
    """y = 1 / (1 + exp(-x)), slope = y (1 - y)."""
    for i in range(x.size):
        y[i] = sigmoid(x[i])
        slope[i] = y[i] * (1.0 - y[i])


@sigmoid_activation.in_numpy
def sigmoid_in_numpy(x, y, slope):
    _sigmoid(x, out=y)
    np.subtract(1, y, out=slope)
    slope *= y


@kernel(numbers="x y slope")
def silu(x, y, slope):
    """y = x s with the sigmoid s of x, slope = s + y (1 - s)."""
    for i in range(x.size):
        s = sigmoid(x[i])
        y[i] = x[i] * s
        slope[i] = s + y[i] * (1.0 - s)


@silu.in_numpy
def silu_in_numpy(x, y, slope):
    _sigmoid(x, out=slope)
    np.multiply(x, slope, out=y)
    slope *= np.subtract(1, y, out=scratch("activation", x.size, x.dtype))  # s (1 - y) + y
    slope += y


@kernel(numbers="x y slope")
def gelu(x, y, slope):
    """y = x P, slope = P + x p, with the normal distribution P and its density p at x.

    P = (1 + erf(x / sqrt 2)) / 2, p = exp(-x^2 / 2) / sqrt(2 pi).
    """
    for i in range(x.size):
        probability = 0.5 + 0.5 * erf(SQRT_HALF * x[i])
        density = DENSITY_AT_0 * exp_of_negative(-0.5 * x[i] * x[i])
        y[i] = x[i] * probability
        slope[i] = probability + x[i] * density


@gelu.in_numpy
def gelu_in_numpy(x, y, slope):
    t = np.multiply(x, SQRT_HALF, out=scratch("activation", x.size, x.dtype))
    vector_erf.erf(t, out=slope)
    slope += 1
    slope *= 0.5  # P
    np.multiply(x, slope, out=y)
    density = np.multiply(x, x, out=t)
    density *= -0.5
    np.exp(density, out=density)
    density *= DENSITY_AT_0
    density *= x
    slope += density


@kernel(numbers="x y slope")
def gelu_tanh(x, y, slope):
    """y = x (1 + t) / 2, slope = (1 + t) / 2 + x (1 - t^2) / 2 du/dx, with t = tanh(u).

    u = sqrt(2/pi) (x + 0.044715 x^3).
    """
    for i in range(x.size):
        square = x[i] * x[i]
        t = tanh(SQRT_2_OVER_PI * x[i] * (1.0 + CUBIC * square))
        u_slope = SQRT_2_OVER_PI * (1.0 + 3.0 * CUBIC * square)
        y[i] = 0.5 * x[i] * (1.0 + t)
        slope[i] = 0.5 * (1.0 + t) + 0.5 * x[i] * (1.0 - t * t) * u_slope


@gelu_tanh.in_numpy
def gelu_tanh_in_numpy(x, y, slope):
    np.multiply(x, x, out=slope)
    slope *= CUBIC
    slope += 1
    slope *= x
    slope *= SQRT_2_OVER_PI
    t = np.tanh(slope, out=slope)
    np.add(t, 1, out=y)
    y *= x
    y *= 0.5
    u_slope = np.multiply(x, x, out=scratch("activation", x.size, x.dtype))
    u_slope *= 3 * CUBIC
    u_slope += 1
    u_slope *= SQRT_2_OVER_PI
    u_slope *= x  # slope = (1 + t) (1 + x (1 - t) du/dx) / 2
    u_slope *= np.subtract(1, t, out=scratch("one minus t", x.size, x.dtype))
    u_slope += 1
    slope += 1
    slope *= u_slope
    slope *= 0.5


def _sigmoid(x, out):
    """1 / (1 + exp(-x)) as (1 + tanh(x/2)) / 2, which cannot overflow."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5
