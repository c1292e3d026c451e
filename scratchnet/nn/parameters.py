"""All trainable numbers of a network in one vector, all gradients in a second.

Layers work on their own views of it; the optimizer, clipping and checkpoints see two flat
vectors and need no loop over layers.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from scratchnet.nn.initializers import Initializer


class Kind(Enum):
    """What a parameter is for, as the optimizer may treat each kind in a way of its own."""

    weight = "weight"
    bias = "bias"
    norm = "norm"  # the scale or the shift of a normalisation


@dataclass(frozen=True)
class Declaration:
    """A parameter that a layer asks for: its shape, how it starts, what it is for."""

    shape: tuple[int, ...]
    initializer: Initializer
    fan_in: int
    fan_out: int
    kind: Kind


@dataclass(frozen=True)
class Slot:
    """Where a parameter lies in the vectors: `values[start : start + size].reshape(shape)`."""

    name: str
    shape: tuple[int, ...]
    start: int
    kind: Kind

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def place(self) -> slice:
        """Its part of the vectors."""
        return slice(self.start, self.start + self.size)

    def view(self, vector: np.ndarray) -> np.ndarray:
        """This parameter's part of a vector of the same layout, in its own shape."""
        return vector[self.place].reshape(self.shape)


class Parameters:
    """The vectors `values` and `grads`, both (size,), and the slots that lie in them.

    Weights come first, as most of what an optimizer treats differently is different for them.
    """

    def __init__(self, declarations: dict[str, Declaration], dtype: np.dtype):
        order = sorted(declarations.items(), key=lambda item: item[1].kind is not Kind.weight)
        self.slots: dict[str, Slot] = {}
        start = 0
        for name, declaration in order:
            slot = Slot(name, declaration.shape, start, declaration.kind)
            self.slots[name] = slot
            start += slot.size
        self.values = np.zeros(start, dtype)
        self.grads = np.zeros(start, dtype)

    @property
    def size(self) -> int:
        """How many trainable numbers there are."""
        return self.values.size
