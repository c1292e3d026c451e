"""The layers of a network: their sizes and their cost."""

import math
from dataclasses import dataclass
from functools import cached_property

from scratchnet.nn.layer import Layer, Shape, named
from scratchnet.nn.network import Network


@dataclass(frozen=True)
class Row:
    """One layer: its trainable numbers, and its FLOPs for one sample, forward."""

    name: str
    depth: int  # 0 at the top, 1 inside another layer, ...
    out_shape: Shape
    parameters: int
    flops: int


class Summary:
    """The layers of a network, nested ones included, each with its output shape and cost.

    FLOPs are the floating-point operations of matrix products in convolutions and linear layers,
    two for each multiply-add. Everything else touches each number about once and is not counted.
    """

    def __init__(self, network: Network):
        self.input_shape = network.input_shape
        names = {layer: name for name, layer in named(network.layers).items()}
        self.rows = _rows(network.layers, names, depth=0)

    @cached_property
    def parameters(self) -> int:
        """The number of trainable numbers."""
        return sum(row.parameters for row in self.rows)

    @cached_property
    def flops(self) -> int:
        """Floating-point operations for one sample, forward.

        A training step takes about three times as many: forward, and the gradients of the weights
        and of the input.
        """
        return sum(row.flops for row in self.rows)

    @cached_property
    def activations(self) -> int:
        """The numbers that the layers hold for one sample between forward and backward, roughly.

        Of layers inside one another only the inner ones count, and none that only reshapes.
        """
        following = [*[row.depth for row in self.rows[1:]], 0]
        inner = [
            row
            for row, next_depth in zip(self.rows, following, strict=True)
            if next_depth <= row.depth
        ]
        return sum(math.prod(row.out_shape) for row in inner if not row.name.endswith(".Flatten"))

    def headline(self) -> str:
        """Parameters and FLOPs in a few words."""
        return f"{self.parameters:,} parameters, {self.flops / 1e6:,.3f} MFLOP per sample"

    def table(self) -> str:
        """All layers as a plain-text table; every line ends with a newline."""
        cells = [("layer", "output", "parameters", "FLOP per sample")]
        cells.append(("input", _by(self.input_shape), "", ""))
        for row in self.rows:
            name = "  " * row.depth + row.name
            cells.append((name, _by(row.out_shape), _count(row.parameters), _count(row.flops)))
        cells.append(("total", "", f"{self.parameters:,}", f"{self.flops:,}"))
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {size:>{widths[2]}}  {flops:>{widths[3]}}"
            for name, shape, size, flops in cells
        ]
        return "".join(f"{line.rstrip()}\n" for line in lines)


def _rows(layers: list[Layer], names: dict[Layer, str], depth: int) -> list[Row]:
    rows = []
    for layer in layers:
        rows.append(_row(layer, names[layer], depth))
        rows += _rows(layer.children(), names, depth + 1)
    return rows


def _row(layer: Layer, name: str, depth: int) -> Row:
    parameters = sum(math.prod(wanted.shape) for wanted in layer.declarations.values())
    flops = 0
    if hasattr(layer, "weight"):  # each weight is used once at each place of the output
        places = math.prod(layer.out_shape[:-1])
        flops = 2 * layer.weight.size * places
    return Row(name, depth, layer.out_shape, parameters, flops)


def _by(shape: Shape) -> str:
    return " x ".join(map(str, shape))


def _count(number: int) -> str:
    return f"{number:,}" if number else ""
