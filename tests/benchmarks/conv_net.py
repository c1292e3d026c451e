"""A convolutional network as the command describes it; contenders get it as a `ConvProblem`."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class ConvNet:
    """A network and how it is trained; `images` per round."""

    model: str  # as in `python run.py model=...`: cnn, airnet, lenet or resnet
    widths: tuple[int, ...]
    batch_size: int = 128
    images: int = 1024
    dataset: str = "cifar10"

    @property
    def title(self) -> str:
        widths = ", ".join(str(width) for width in self.widths)
        return f"{self.model} ({widths}), batch {self.batch_size}, {self.dataset}"

    def settings(self) -> dict[str, Any]:
        """The fields of `ConvProblem` that describe the network."""
        return {"model": self.model, "widths": list(self.widths)}

    def for_trying_out(self) -> "ConvNet":
        """The same, narrow and with rounds of two small batches."""
        narrow = tuple(width // 8 for width in self.widths)
        return replace(self, widths=narrow, batch_size=16, images=32)
