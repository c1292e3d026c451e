"""Activation functions and their slopes (derivatives), for vectors of numbers.

For each function f there is a pair, to be called one after the other on the same block:

    f(x, y, s)          writes f(x) to y, and may leave in s what the slope needs
    f_slope(x, y, s)    writes f'(x) to s, given x, y = f(x) and what f left in s

x, y and s are three vectors of one size. `apply` and `apply_with_slope` walk over whole arrays.
"""

import math
from collections.abc import Callable

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.kernels.erf import erf

Function = Callable[[np.ndarray, np.ndarray, np.ndarray], None]

LEAK = 0.01  # the slope of a leaky ReLU for x < 0
CUBIC = 0.044715  # of x^3, in the tanh form of GELU
SQRT_2_OVER_PI = math.sqrt(2 / math.pi)


def apply(f: Function, x: np.ndarray, y: np.ndarray) -> None:
    """y = f(x) for contiguous arrays of one shape."""

    def apply_to_block(x: np.ndarray, y: np.ndarray) -> None:
        f(x, y, scratch("activation", x.size, x.dtype))

    for_each_block(apply_to_block, x, y)


def apply_with_slope(
    f: Function, f_slope: Function, x: np.ndarray, y: np.ndarray, slopes: np.ndarray
) -> None:
    """y = f(x) and slopes = f'(x), the second while each block of x and y is in the cache."""

    def apply_to_block(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
        f(x, y, s)
        f_slope(x, y, s)

    for_each_block(apply_to_block, x, y, slopes)


def relu(x: np.ndarray, y: np.ndarray) -> None:
    """y = max(x, 0) for contiguous arrays of one shape."""

    def relu_of_block(x: np.ndarray, y: np.ndarray) -> None:
        np.maximum(x, 0, out=y)

    for_each_block(relu_of_block, x, y)


def relu_backward(y: np.ndarray, dy: np.ndarray) -> None:
    """dy <- dy [y > 0], which is dx: y > 0 where x > 0."""

    def mask_block(y: np.ndarray, dy: np.ndarray) -> None:
        dy *= np.greater(y, 0, out=scratch("positive", y.size, np.dtype(bool)))

    for_each_block(mask_block, y, dy)


def leaky_relu(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """y = max(x, 0.01 x)."""
    np.multiply(x, LEAK, out=y)
    np.maximum(x, y, out=y)


def leaky_relu_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = 1 where x > 0, else 0.01."""
    s.fill(LEAK)
    positive = np.greater(x, 0, out=scratch("positive", x.size, np.dtype(bool)))
    np.copyto(s, 1, where=positive)


def elu(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = exp(min(x, 0)) - 1; y = max(x, 0) + s."""
    np.minimum(x, 0, out=s)
    np.expm1(s, out=s)
    np.maximum(x, 0, out=y)
    y += s


def elu_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = exp(min(x, 0)), which is 1 for x >= 0."""
    s += 1


def tanh(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """y = tanh(x)."""
    np.tanh(x, out=y)


def tanh_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = 1 - y^2."""
    np.multiply(y, y, out=s)
    np.subtract(1, s, out=s)


def sigmoid(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """y = 1 / (1 + exp(-x))."""
    _sigmoid(x, out=y)


def sigmoid_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = y (1 - y)."""
    np.subtract(1, y, out=s)
    s *= y


def silu(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = sigmoid(x); y = x s."""
    _sigmoid(x, out=s)
    np.multiply(x, s, out=y)


def silu_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s <- s (1 - y) + y, which is s + y (1 - s)."""
    s *= np.subtract(1, y, out=scratch("slope", x.size, x.dtype))
    s += y


def gelu(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = P(x) = (1 + erf(x / sqrt 2)) / 2, the normal distribution; y = x P(x)."""
    scaled = np.multiply(x, math.sqrt(0.5), out=scratch("gelu", x.size, x.dtype))
    erf(scaled, out=s)
    s += 1
    s *= 0.5
    np.multiply(x, s, out=y)


def gelu_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s <- s + x p(x), with the normal density p(x) = exp(-x^2 / 2) / sqrt(2 pi)."""
    p = np.multiply(x, x, out=scratch("gelu", x.size, x.dtype))
    p *= -0.5
    np.exp(p, out=p)
    p *= 1 / math.sqrt(2 * math.pi)
    p *= x
    s += p


def gelu_tanh(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s = tanh(u) with u = sqrt(2/pi) (x + 0.044715 x^3); y = x (1 + s) / 2."""
    np.multiply(x, x, out=s)
    s *= CUBIC
    s += 1
    s *= x
    s *= SQRT_2_OVER_PI
    np.tanh(s, out=s)
    np.add(s, 1, out=y)
    y *= x
    y *= 0.5


def gelu_tanh_slope(x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
    """s <- (1 + s) (1 + x (1 - s) du/dx) / 2, with du/dx = sqrt(2/pi) (1 + 3 * 0.044715 x^2)."""
    slope = np.multiply(x, x, out=scratch("gelu", x.size, x.dtype))
    slope *= 3 * CUBIC
    slope += 1
    slope *= SQRT_2_OVER_PI  # du/dx
    slope *= x
    slope *= np.subtract(1, s, out=scratch("one minus s", x.size, x.dtype))
    slope += 1
    s += 1
    s *= slope
    s *= 0.5


def _sigmoid(x: np.ndarray, out: np.ndarray) -> None:
    """1 / (1 + exp(-x)) as (1 + tanh(x/2)) / 2, which cannot overflow."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5
