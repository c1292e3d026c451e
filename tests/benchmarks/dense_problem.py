"""What all contenders of the dense benchmark train."""

from dataclasses import dataclass

import numpy as np
from dense_net import CLASSES
from problem import Problem


@dataclass(frozen=True)
class DenseProblem(Problem):
    """A dense network with ReLU and dropout after each hidden layer."""

    hidden_dims: list[int]
    dropout: float

    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """All normalised images as vectors, float32 (n, H W C), and int64 labels (n,)."""
        x, labels = self.normalised()
        return x.reshape(len(x), -1), labels

    def dims(self, inputs: int) -> list[int]:
        """The width of every layer, for images of `inputs` values."""
        return [inputs, *self.hidden_dims, CLASSES]
