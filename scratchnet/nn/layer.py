"""What every layer is: a function of a batch that knows its own derivative."""

from collections.abc import Callable, Iterator

import numpy as np

from scratchnet.nn.initializers import Initializer
from scratchnet.nn.parameters import Declaration, Kind

Shape = tuple[int, ...]
Sample = Callable[[int], np.ndarray]  # so many (or, of few, all) training samples, float32


class Layer:
    """A differentiable function applied to a batch; arrays are (batch, *shape), images NHWC.

    `build(shape)` is called once with the shape of one sample: it declares the parameters and
    returns the shape of one output. The network then lays all parameters out in one vector and
    hands the layer its views: a parameter declared as "weight" is `self.weight`, its gradient
    `self.grad_weight`. After that, `forward` and `backward` are called in turn.
    """

    needs_dx = True  # False where nobody reads the gradient with respect to the input
    small_products = False  # True where products are small and shared out over our own threads
    out_shape: Shape  # of one sample; set by `build_in_a_row`

    def __init__(self) -> None:
        self.declarations: dict[str, Declaration] = {}
        self.buffers: dict[str, np.ndarray] = {}  # learned without gradients, updated in place
        self._arrays: dict[str, np.ndarray] = {}

    def build(self, shape: Shape) -> Shape:
        """The output shape for one sample of the given shape; declares parameters on the way."""
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        """The output for a batch, in an array that the layer reuses in its next call."""
        raise NotImplementedError

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        """From dloss/doutput the gradients of the parameters (written to `grad_...`) and dloss/dx.

        Belongs to the last `forward` with train=True. May overwrite `dy` and return it as dx.
        """
        raise NotImplementedError

    def calibrate(self, sample: Sample) -> None:
        """Take from training samples what this layer does not learn by gradients.

        Called once, before the first step, for the first layer of a network; most need nothing.
        """

    def children(self) -> "list[Layer]":
        """The layers inside this one, in order; none for a simple layer."""
        return []

    def declare(
        self,
        name: str,
        shape: Shape,
        initializer: Initializer,
        kind: Kind,
        *,
        fan_in: int = 1,
        fan_out: int = 1,
    ) -> None:
        """Ask for a trainable parameter, to be called in `build`."""
        self.declarations[name] = Declaration(shape, initializer, fan_in, fan_out, kind)

    def array(self, name: str, shape: Shape, dtype: np.dtype) -> np.ndarray:
        """An uninitialised array that this layer keeps from step to step.

        Made at the first use and again only for a larger batch; a smaller batch (the last one of
        an epoch) gets the first rows of it. So a training step allocates nothing.
        """
        kept = self._arrays.get(name)
        if (
            kept is None
            or kept.shape[0] < shape[0]
            or kept.shape[1:] != shape[1:]
            or kept.dtype != dtype
        ):
            kept = self._arrays[name] = np.empty(shape, dtype)
        return kept[: shape[0]]


def walk(layers: list[Layer]) -> Iterator[Layer]:
    """Each layer, followed by those inside it."""
    for layer in layers:
        yield layer
        yield from walk(layer.children())


def named(layers: list[Layer]) -> dict[str, Layer]:
    """Each layer, those inside others too, by its name: its place in the order and its kind."""
    return {f"{i}.{type(layer).__name__}": layer for i, layer in enumerate(walk(layers))}


def build_in_a_row(layers: list[Layer], shape: Shape) -> Shape:
    """Build layers, each on the output shape of the one before; returns the shape of the last."""
    for layer in layers:
        shape = layer.out_shape = layer.build(shape)
    return shape
