"""All trainable numbers of a network in one vector, all gradients in a second.

Layers work on their own views of it; the optimizer, clipping and checkpoints see two flat
vectors and need no loop over layers.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from scratchnet.nn.initializers import Initializer


class Kind(Enum):
    """What a parameter is for: an optimizer may treat each kind differently."""

    weight = "weight"  # of a hidden layer
    output = "output"  # weight of the output layer
    bias = "bias"
    norm = "norm"  # scale or shift of a normalisation

    @property
    def is_weight(self) -> bool:
        """True for all weights, those of the output layer included."""
        return self in (Kind.weight, Kind.output)


@dataclass(frozen=True)
class Declaration:
    """A parameter that a layer asks for: its shape, its initial values, what it is for."""

    shape: tuple[int, ...]
    initializer: Initializer
    fan_in: int
    fan_out: int
    kind: Kind


@dataclass(frozen=True)
class Slot:
    """A parameter's place in the vectors: `values[start : start + size].reshape(shape)`."""

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
        """This parameter's part of a vector with the same layout, in the parameter's shape."""
        return vector[self.place].reshape(self.shape)


class Parameters:
    """The vectors `values` and `grads`, both (size,), and the slot of each parameter by name.

    Weights come first, so that what decays is contiguous.
    """

    def __init__(self, declarations: dict[str, Declaration], dtype: np.dtype):
        order = sorted(declarations.items(), key=lambda item: not item[1].kind.is_weight)
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
        """The number of trainable numbers."""
        return self.values.size
