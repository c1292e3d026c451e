"""Batch normalisation and the ReLU that follows it, together.

Backward, dy is set to 0 where the ReLU was 0; dx is then that of batch normalisation (`nn.norm`),
whose two sums are taken on the way.
"""

import numpy as np

from scratchnet.kernels import channels
from scratchnet.nn.activations import ActivationName, ReLU
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.norm import BatchNorm


class BatchNormReLU(BatchNorm):
    """y = max(BatchNorm(x), 0): two layers in one, which saves a pass over memory each way.

    In names and summaries they are still two: a BatchNorm, and a ReLU inside it.
    """

    class_name = "BatchNorm"

    def __init__(self, *, momentum: float = 0.1, eps: float = 1e-5):
        super().__init__(momentum=momentum, eps=eps)
        self.relu = ReLU()

    def children(self) -> list[Layer]:
        return [self.relu]

    def build(self, shape: Shape) -> Shape:
        self.relu.out_shape = super().build(shape)
        return self.relu.out_shape

    def _affine(self, x: np.ndarray, factor: np.ndarray, offset: np.ndarray, y: np.ndarray) -> None:
        channels.affine_relu(x, factor, offset, y)
        self.relu.y = y

    def _gradient_sums(self, dy: np.ndarray) -> np.ndarray:
        """The sums of `BatchNorm`, once dy is 0 where the ReLU is."""
        sums: np.ndarray = channels.relu_gradient_sums(dy, self.x, self.relu.y)
        return sums


def norm_and(activation: ActivationName) -> list[Layer]:
    """A batch normalisation and the activation after it, in one layer where there is one."""
    if activation is ActivationName.relu:
        return [BatchNormReLU()]
    return [BatchNorm(), activation.layer()]
