"""The fully connected layer.

For samples n, y_nj = sum_i x_ni W_ij + b_j. W_ij is in y_nj for every n, with the factor x_ni, so
dW_ij = sum_n x_ni dy_nj, or x^T dy. b_j is in the same ones, with the factor 1: db_j = sum_n dy_nj.
And x_ni is in y_nj for every j, with the factor W_ij: dx_ni = sum_j dy_nj W_ij, or dy W^T.
"""

import numpy as np

from scratchnet.kernels.products import Product, multiply
from scratchnet.nn.initializers import Initializer, he, zeros
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.parameters import Kind


class Linear(Layer):
    """y = x W + b, with x (batch, in), W (in, out), b (out,) or none, y (batch, out).

    Gradients, for dy = dloss/dy:  dW = x^T dy,  db = sum over the batch of dy,  dx = dy W^T.

    `kind` is Kind.output for the output layer, which some optimizers treat differently.
    """

    weight: np.ndarray
    bias: np.ndarray
    grad_weight: np.ndarray
    grad_bias: np.ndarray

    def __init__(
        self,
        features: int,
        *,
        bias: bool = True,
        initializer: Initializer = he,
        kind: Kind = Kind.weight,
    ):
        super().__init__()
        self.features = features
        self.has_bias = bias
        self.initializer = initializer
        self.kind = kind

    def build(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"Linear takes vectors, got samples of shape {shape}: use Flatten")
        fan_in, fan_out = shape[0], self.features
        self.declare(
            "weight",
            (fan_in, fan_out),
            self.initializer,
            self.kind,
            fan_in=fan_in,
            fan_out=fan_out,
        )
        if self.has_bias:
            self.declare("bias", (fan_out,), zeros, Kind.bias)
        return (fan_out,)

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.x = x
        y = self.array("y", (len(x), self.features), x.dtype)
        multiply(Product(x, self.weight, y))
        if self.has_bias:
            y += self.bias
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        products = [Product(self.x.T, dy, self.grad_weight)]
        dx = None
        if self.needs_dx:
            dx = self.array("dx", self.x.shape, dy.dtype)
            products.append(Product(dy, self.weight.T, dx))
        multiply(*products)
        if self.has_bias:
            np.sum(dy, axis=0, out=self.grad_bias)
        return dx
