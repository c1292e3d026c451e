"""Residual connections."""

from typing import Any

import numpy as np

from scratchnet.kernels import elementwise
from scratchnet.nn.layer import Layer, Shape, build_in_a_row


class Residual(Layer):
    """y = branch(x) + shortcut(x); the shortcut is x itself where no layers are given for it.

    dx is the sum of the gradients through both ways. He et al. 2016, "Deep Residual Learning".
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
        out, direct = x, x
        for layer in self.branch:
            out = layer.forward(out, train)
        for layer in self.shortcut:
            direct = layer.forward(direct, train)
        y = self.array("y", out.shape, x.dtype)
        elementwise.add(out, direct, out=y)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        # Both ways may overwrite what they are given, so the shortcut gets a copy.
        direct: Any = self.array("direct", dy.shape, dy.dtype)
        np.copyto(direct, dy)
        out: Any = dy
        for layer in reversed(self.branch):
            out = layer.backward(out)
        for layer in reversed(self.shortcut):
            direct = layer.backward(direct)
        dx = self.array("dx", out.shape, dy.dtype)
        elementwise.add(out, direct, out=dx)
        return dx
