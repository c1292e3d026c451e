"""A dense network as the command describes it; the contenders get it as a `DenseProblem`."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

CLASSES = 10
ROUND_FLOP = 3e11  # about a second on two cores
MIN_BATCHES = 8  # in a round
QUICK_BATCHES = 8  # in a round of --quick


@dataclass(frozen=True)
class DenseNet:
    """A dense network and how it is trained; `images` per round, None: all."""

    dataset: str
    inputs: int  # values per image
    hidden_dims: tuple[int, ...]
    dropout: float
    batch_size: int = 128
    images: int | None = None

    @property
    def dims(self) -> tuple[int, ...]:
        return (self.inputs, *self.hidden_dims, CLASSES)

    @property
    def title(self) -> str:
        dims = "-".join(str(width) for width in self.dims)
        return f"{dims}, dropout {self.dropout:g}, batch {self.batch_size}, {self.dataset}"

    def settings(self) -> dict[str, Any]:
        """The fields of `DenseProblem` that describe the network."""
        return {"hidden_dims": list(self.hidden_dims), "dropout": self.dropout}

    def for_one_second(self) -> "DenseNet":
        """The same with as many images per round as make about one second of arithmetic."""
        weights = sum(a * b for a, b in pairwise(self.dims))
        wanted = round(ROUND_FLOP / (6 * weights))  # 2 FLOP per weight, three products
        return replace(self, images=max(wanted, MIN_BATCHES * self.batch_size))

    def for_trying_out(self) -> "DenseNet":
        """The same with rounds of a few batches."""
        return replace(self, images=QUICK_BATCHES * self.batch_size)
