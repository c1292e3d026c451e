"""Activations: functions applied to each number on its own.

Each y depends on its own x alone, so by the chain rule dx = dy f'(x), number by number.

In training the slope f'(x) is computed together with the value, while the numbers are in the
cache, and kept. The code of the functions themselves is in `kernels.activations`.
"""

from enum import Enum

import numpy as np

from scratchnet.kernels import activations as f
from scratchnet.kernels import elementwise
from scratchnet.kernels.kernel import Kernel
from scratchnet.nn.layer import Layer


class Activation(Layer):
    """y = f(x) for each number; dx = dy f'(x). A subclass names the kernel of f and f'."""

    function: Kernel

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", x.shape, x.dtype)
        self.slopes = self.array("slopes", x.shape, x.dtype)
        self.function(x, y, self.slopes)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        elementwise.multiply(dy, self.slopes, dy)
        return dy


class ReLU(Layer):
    """f(x) = max(x, 0), f'(x) = [x > 0]. The slope is read off the output, so none is kept."""

    def branches(self) -> np.ndarray:
        return self.y > 0

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.y = self.array("y", x.shape, x.dtype)
        f.relu(x, self.y)
        return self.y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        f.relu_backward(self.y, dy)
        return dy


class LeakyReLU(Activation):
    """f(x) = x for x > 0, else a x; a = 0.01. Maas et al. 2013."""

    function = f.leaky_relu

    def branches(self) -> np.ndarray:
        return self.slopes == 1


class ELU(Activation):
    """f(x) = x for x > 0, else exp(x) - 1. Clevert et al. 2016, with alpha = 1."""

    function = f.elu


class Tanh(Activation):
    """f(x) = tanh(x), f'(x) = 1 - f(x)^2."""

    function = f.tanh_activation


class Sigmoid(Activation):
    """f(x) = 1 / (1 + exp(-x)), f'(x) = f(x) (1 - f(x))."""

    function = f.sigmoid_activation


class SiLU(Activation):
    """f(x) = x s(x) with the sigmoid s, f'(x) = s(x) + f(x) (1 - s(x)).

    Hendrycks & Gimpel 2016; Ramachandran et al. 2017 ("Swish").
    """

    function = f.silu


class GELU(Activation):
    """f(x) = x P(x), f'(x) = P(x) + x p(x), with P and p the normal distribution and density.

    P(x) = (1 + erf(x / sqrt 2)) / 2. Hendrycks & Gimpel 2016, eq. 1 (the exact form).
    """

    function = f.gelu


class GELUTanh(Activation):
    """f(x) = x (1 + t) / 2 with t = tanh(u), u = sqrt(2/pi) (x + 0.044715 x^3).

    f'(x) = (1 + t) / 2 + x (1 - t^2) / 2 * du/dx. Hendrycks & Gimpel 2016, the tanh form.
    """

    function = f.gelu_tanh


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

    @classmethod
    def of(cls, layer: Layer) -> "ActivationName":
        """The name of a layer. Raises ValueError if it is no activation."""
        for name, kind in _LAYERS.items():
            if type(layer) is kind:
                return name
        raise ValueError(f"{type(layer).__name__} is no activation")


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
