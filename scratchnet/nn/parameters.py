"""All trainable numbers of a network in one vector, all gradients in a second.

Layers work on their own views of it; the optimizer, clipping and checkpoints see two flat
vectors and need no loop over layers.
"""

from dataclasses import dataclass

import numpy as np

from scratchnet.nn.initializers import Initializer


@dataclass(frozen=True)
class Declaration:
    """A parameter that a layer asks for: its shape, how it starts, whether weight decay applies.

    Decay is for weights; biases and the parameters of normalisations go without.
    """

    shape: tuple[int, ...]
    initializer: Initializer
    fan_in: int
    fan_out: int
    decay: bool


@dataclass(frozen=True)
class Slot:
    """Where a parameter lies in the vectors: `values[start : start + size].reshape(shape)`."""

    name: str
    shape: tuple[int, ...]
    start: int
    decay: bool

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    def view(self, vector: np.ndarray) -> np.ndarray:
        """This parameter's part of a vector of the same layout, in its own shape."""
        return vector[self.start : self.start + self.size].reshape(self.shape)


class Parameters:
    """The vectors `values` and `grads`, both (size,), and the slots that lie in them.

    Decayed parameters come first: `values[:decayed]` is all that weight decay touches.
    """

    def __init__(self, declarations: dict[str, Declaration], dtype: np.dtype):
        order = sorted(declarations.items(), key=lambda item: not item[1].decay)  # stable
        self.slots: dict[str, Slot] = {}
        self.decayed = 0
        start = 0
        for name, declaration in order:
            slot = Slot(name, declaration.shape, start, declaration.decay)
            self.slots[name] = slot
            start += slot.size
            if declaration.decay:
                self.decayed = start
        self.values = np.zeros(start, dtype)
        self.grads = np.zeros(start, dtype)

    @property
    def size(self) -> int:
        """How many trainable numbers there are."""
        return self.values.size
