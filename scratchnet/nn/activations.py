"""Activations: functions applied to each number on its own.

Each class gives the function and its slope (derivative) for one block of numbers; the shared base
walks over the blocks. In training the slope is computed beside the value, while the block is in
the cache, and kept: the backward pass of all of them is dx = dy * slope.
"""

import math
from enum import Enum

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.kernels.erf import erf
from scratchnet.nn.layer import Layer


class Activation(Layer):
    """y = f(x) for each number; dx = dy f'(x)."""

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", x.shape, x.dtype)
        if train:
            self.slopes = self.array("slopes", x.shape, x.dtype)
            for_each_block(self._value_and_slope, x, y, self.slopes)
        else:
            for_each_block(self._value_only, x, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        for_each_block(np.multiply, dy, self.slopes, dy)
        return dy

    def value(self, x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
        """Write f(x) to `y`; what is left in `s` is handed to `slope`."""
        raise NotImplementedError

    def slope(self, x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
        """Write f'(x) to `s`, given x, y = f(x), and what `value` left in `s`."""
        raise NotImplementedError

    def _value_and_slope(self, x: np.ndarray, y: np.ndarray, s: np.ndarray) -> None:
        self.value(x, y, s)
        self.slope(x, y, s)

    def _value_only(self, x: np.ndarray, y: np.ndarray) -> None:
        self.value(x, y, scratch("activation", x.size, x.dtype))


class ReLU(Layer):
    """f(x) = max(x, 0), f'(x) = [x > 0]. The slope is read off the output, so none is kept."""

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.y = self.array("y", x.shape, x.dtype)
        for_each_block(self._value, x, self.y)
        return self.y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        for_each_block(self._apply_slope, self.y, dy)
        return dy

    @staticmethod
    def _value(x: np.ndarray, y: np.ndarray) -> None:
        np.maximum(x, 0, out=y)

    @staticmethod
    def _apply_slope(y: np.ndarray, dy: np.ndarray) -> None:
        positive = np.greater(y, 0, out=scratch("positive", y.size, np.dtype(bool)))
        np.multiply(dy, positive, out=dy)


class LeakyReLU(Activation):
    """f(x) = x for x > 0, else a x; a = 0.01. Maas et al. 2013."""

    negative_slope = 0.01

    def value(self, x, y, s):
        np.multiply(x, self.negative_slope, out=y)
        np.maximum(x, y, out=y)

    def slope(self, x, y, s):
        s.fill(self.negative_slope)
        positive = np.greater(x, 0, out=scratch("positive", x.size, np.dtype(bool)))
        np.copyto(s, 1, where=positive)


class ELU(Activation):
    """f(x) = x for x > 0, else exp(x) - 1. Clevert et al. 2016, with alpha = 1."""

    def value(self, x, y, s):
        np.minimum(x, 0, out=s)
        np.expm1(s, out=s)
        np.maximum(x, 0, out=y)
        np.add(y, s, out=y)

    def slope(self, x, y, s):  # s = exp(min(x, 0)) - 1
        np.add(s, 1, out=s)


class Tanh(Activation):
    """f(x) = tanh(x), f'(x) = 1 - f(x)^2."""

    def value(self, x, y, s):
        np.tanh(x, out=y)

    def slope(self, x, y, s):
        np.multiply(y, y, out=s)
        np.subtract(1, s, out=s)


def _sigmoid(x: np.ndarray, out: np.ndarray) -> None:
    """1 / (1 + exp(-x)) as (1 + tanh(x/2)) / 2, which cannot overflow."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, 0.5, out=out)


class Sigmoid(Activation):
    """f(x) = 1 / (1 + exp(-x)), f'(x) = f(x) (1 - f(x))."""

    def value(self, x, y, s):
        _sigmoid(x, out=y)

    def slope(self, x, y, s):
        np.subtract(1, y, out=s)
        np.multiply(s, y, out=s)


class SiLU(Activation):
    """f(x) = x s(x) with the sigmoid s, f'(x) = s(x) + f(x) (1 - s(x)).

    Hendrycks & Gimpel 2016; Ramachandran et al. 2017 ("Swish").
    """

    def value(self, x, y, s):
        _sigmoid(x, out=s)
        np.multiply(x, s, out=y)

    def slope(self, x, y, s):  # s = sigmoid(x); s + y (1 - s) = y + s (1 - y)
        one_minus_y = np.subtract(1, y, out=scratch("slope", x.size, x.dtype))
        np.multiply(s, one_minus_y, out=s)
        np.add(s, y, out=s)


class GELU(Activation):
    """f(x) = x P(x), f'(x) = P(x) + x p(x), with P and p the normal distribution and density.

    P(x) = (1 + erf(x / sqrt 2)) / 2. Hendrycks & Gimpel 2016, eq. 1 (the exact form).
    """

    def value(self, x, y, s):
        scaled = np.multiply(x, math.sqrt(0.5), out=scratch("gelu", x.size, x.dtype))
        erf(scaled, out=s)
        np.add(s, 1, out=s)
        np.multiply(s, 0.5, out=s)
        np.multiply(x, s, out=y)

    def slope(self, x, y, s):  # s = P(x)
        density = np.multiply(x, x, out=scratch("gelu", x.size, x.dtype))
        np.multiply(density, -0.5, out=density)
        np.exp(density, out=density)
        np.multiply(density, 1 / math.sqrt(2 * math.pi), out=density)
        np.multiply(density, x, out=density)
        np.add(s, density, out=s)


class GELUTanh(Activation):
    """f(x) = x (1 + t) / 2 with t = tanh(u), u = sqrt(2/pi) (x + 0.044715 x^3).

    f'(x) = (1 + t) / 2 + x (1 - t^2) / 2 * du/dx. Hendrycks & Gimpel 2016, the tanh form.
    """

    def value(self, x, y, s):
        np.multiply(x, x, out=s)
        np.multiply(s, 0.044715, out=s)
        np.add(s, 1, out=s)
        np.multiply(s, x, out=s)
        np.multiply(s, math.sqrt(2 / math.pi), out=s)
        np.tanh(s, out=s)
        np.add(s, 1, out=y)
        np.multiply(y, x, out=y)
        np.multiply(y, 0.5, out=y)

    def slope(self, x, y, s):  # s = t
        u_slope = np.multiply(x, x, out=scratch("gelu", x.size, x.dtype))
        np.multiply(u_slope, 3 * 0.044715, out=u_slope)
        np.add(u_slope, 1, out=u_slope)
        np.multiply(u_slope, math.sqrt(2 / math.pi), out=u_slope)
        # (1 + t) / 2 + x (1 - t^2) / 2 * u' = (1 + t) (1 + x (1 - t) u') / 2
        np.multiply(u_slope, x, out=u_slope)
        one_minus_t = np.subtract(1, s, out=scratch("one minus t", x.size, x.dtype))
        np.multiply(u_slope, one_minus_t, out=u_slope)
        np.add(u_slope, 1, out=u_slope)
        np.add(s, 1, out=s)
        np.multiply(s, u_slope, out=s)
        np.multiply(s, 0.5, out=s)


class ActivationName(Enum):
    """The activations that a config can name."""

    relu = "relu"
    gelu = "gelu"
    gelu_tanh = "gelu_tanh"
    silu = "silu"
    leaky_relu = "leaky_relu"
    elu = "elu"
    tanh = "tanh"
    sigmoid = "sigmoid"

    def layer(self) -> Layer:
        """A new layer of this kind."""
        return _LAYERS[self]()


_LAYERS = {
    ActivationName.relu: ReLU,
    ActivationName.gelu: GELU,
    ActivationName.gelu_tanh: GELUTanh,
    ActivationName.silu: SiLU,
    ActivationName.leaky_relu: LeakyReLU,
    ActivationName.elu: ELU,
    ActivationName.tanh: Tanh,
    ActivationName.sigmoid: Sigmoid,
}
