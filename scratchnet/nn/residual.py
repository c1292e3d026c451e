"""Residual connections.

For y = f(x) + g(x) the derivatives add up: dx = J_f^T dy + J_g^T dy. If g(x) = x, the second term
is dy itself: the gradient reaches the first layers undiminished, however many lie between.
"""

import numpy as np

from scratchnet.kernels import elementwise
from scratchnet.nn.layer import (
    Layer,
    Shape,
    backward_in_a_row,
    build_in_a_row,
    forward_in_a_row,
)


class Residual(Layer):
    """y = branch(x) + shortcut(x); without layers of its own, the shortcut is x itself.

    dx is the sum of the gradients along both paths. He et al. 2016, "Deep Residual Learning".
    """

    def __init__(self, branch: list[Layer], shortcut: list[Layer] | None = None):
        super().__init__()
        self.branch = branch
        self.shortcut = shortcut or []

    def children(self) -> list[Layer]:
        return [*self.branch, *self.shortcut]

    def build(self, shape: Shape) -> Shape:
        out, direct = build_in_a_row(self.branch, shape), build_in_a_row(self.shortcut, shape)
        if out != direct:
            raise ValueError(f"the branch gives {out}, the shortcut {direct}: they cannot be added")
        return out

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        out = forward_in_a_row(self.branch, x, train)
        direct = forward_in_a_row(self.shortcut, x, train)
        y = self.array("y", out.shape, x.dtype)
        elementwise.add(out, direct, y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        # Both paths may overwrite their dy, so the shortcut gets a copy.
        direct = self.array("direct", dy.shape, dy.dtype)
        np.copyto(direct, dy)
        out = backward_in_a_row(self.branch, dy)
        direct = backward_in_a_row(self.shortcut, direct)
        dx = self.array("dx", out.shape, dy.dtype)
        elementwise.add(out, direct, dx)
        return dx
