"""Activations: functions applied to each number on its own.

In training the slope (derivative) is computed together with the value, while the numbers are in
the cache, and kept: the backward pass is dx = dy * slope. The code of the functions themselves is
in `kernels.activations`.
"""

from enum import Enum

import numpy as np

from scratchnet.kernels import activations as f
from scratchnet.kernels import elementwise
from scratchnet.nn.layer import Layer


class Activation(Layer):
    """y = f(x) for each number; dx = dy f'(x). A subclass gives f as `value` and f' as `slope`."""

    value: f.Function
    slope: f.Function

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", x.shape, x.dtype)
        if train:
            self.slopes = self.array("slopes", x.shape, x.dtype)
            f.apply_with_slope(self.value, self.slope, x, y, self.slopes)
        else:
            f.apply(self.value, x, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        elementwise.multiply(dy, self.slopes, out=dy)
        return dy


class ReLU(Layer):
    """f(x) = max(x, 0), f'(x) = [x > 0]. The slope is read off the output, so none is kept."""

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.y = self.array("y", x.shape, x.dtype)
        f.relu(x, self.y)
        return self.y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        f.relu_backward(self.y, dy)
        return dy


class LeakyReLU(Activation):
    """f(x) = x for x > 0, else a x; a = 0.01. Maas et al. 2013."""

    value = staticmethod(f.leaky_relu)
    slope = staticmethod(f.leaky_relu_slope)


class ELU(Activation):
    """f(x) = x for x > 0, else exp(x) - 1. Clevert et al. 2016, with alpha = 1."""

    value = staticmethod(f.elu)
    slope = staticmethod(f.elu_slope)


class Tanh(Activation):
    """f(x) = tanh(x), f'(x) = 1 - f(x)^2."""

    value = staticmethod(f.tanh)
    slope = staticmethod(f.tanh_slope)


class Sigmoid(Activation):
    """f(x) = 1 / (1 + exp(-x)), f'(x) = f(x) (1 - f(x))."""

    value = staticmethod(f.sigmoid)
    slope = staticmethod(f.sigmoid_slope)


class SiLU(Activation):
    """f(x) = x s(x) with the sigmoid s, f'(x) = s(x) + f(x) (1 - s(x)).

    Hendrycks & Gimpel 2016; Ramachandran et al. 2017 ("Swish").
    """

    value = staticmethod(f.silu)
    slope = staticmethod(f.silu_slope)


class GELU(Activation):
    """f(x) = x P(x), f'(x) = P(x) + x p(x), with P and p the normal distribution and density.

    P(x) = (1 + erf(x / sqrt 2)) / 2. Hendrycks & Gimpel 2016, eq. 1 (the exact form).
    """

    value = staticmethod(f.gelu)
    slope = staticmethod(f.gelu_slope)


class GELUTanh(Activation):
    """f(x) = x (1 + t) / 2 with t = tanh(u), u = sqrt(2/pi) (x + 0.044715 x^3).

    f'(x) = (1 + t) / 2 + x (1 - t^2) / 2 * du/dx. Hendrycks & Gimpel 2016, the tanh form.
    """

    value = staticmethod(f.gelu_tanh)
    slope = staticmethod(f.gelu_tanh_slope)


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


_LAYERS: dict[ActivationName, type[Layer]] = {
    ActivationName.relu: ReLU,
    ActivationName.gelu: GELU,
    ActivationName.gelu_tanh: GELUTanh,
    ActivationName.silu: SiLU,
    ActivationName.leaky_relu: LeakyReLU,
    ActivationName.elu: ELU,
    ActivationName.tanh: Tanh,
    ActivationName.sigmoid: Sigmoid,
}
