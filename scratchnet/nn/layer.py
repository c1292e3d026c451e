"""What every layer is: a function of a batch that knows its own derivative."""

from collections.abc import Callable, Iterator

import numpy as np

from scratchnet.nn.initializers import Initializer
from scratchnet.nn.parameters import Declaration, Kind
from scratchnet.system import interrupts

Shape = tuple[int, ...]
Sample = Callable[[int], np.ndarray]  # n -> the first n training samples (at most), float32


class TooSmall(ValueError):
    """Raised in `build` by a layer that needs larger images."""


class Layer:
    """A differentiable function applied to a batch; arrays are (batch, *shape), images NHWC.

    `build(shape)` is called once with the shape of one sample: it declares the parameters and
    returns the shape of one output. The network then lays all parameters out in one vector and
    hands the layer its views: a parameter declared as "weight" is `self.weight`, its gradient
    `self.grad_weight`. From then on, `forward` and `backward` are called in turn.
    """

    class_name: str  # in summaries and settings: that of the class, unless it says otherwise
    needs_dx = True  # False where the gradient with respect to the input is unused
    out_shape: Shape  # of one sample; set by `build_in_a_row`

    def __init_subclass__(cls) -> None:
        cls.class_name = cls.__dict__.get("class_name", cls.__name__)

    def __init__(self) -> None:
        self.declarations: dict[str, Declaration] = {}
        self.buffers: dict[str, np.ndarray] = {}  # learned without gradients, updated in place
        self._arrays: dict[str, np.ndarray] = {}

    def build(self, shape: Shape) -> Shape:
        """Declare the parameters; returns the shape of one output for one sample of this shape."""
        return shape

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        """The output for a batch, in an array that the next call overwrites."""
        raise NotImplementedError

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        """Write the gradients of the parameters to `grad_...`; returns dloss/dx for dy = dloss/dy.

        That is for the last `forward`, in training or evaluation as it was. May overwrite `dy` and
        return it as dx. Layers that save work that way return None where `needs_dx` is False.
        """
        raise NotImplementedError

    def calibrate(self, sample: Sample) -> None:
        """Compute from training samples what is not learned by gradients; most layers need nothing.

        Called once, before the first step, for the first layer of a network.
        """

    def branches(self) -> np.ndarray | None:
        """On which side of its kinks the last `forward` was, number by number; None: it is smooth.

        Within a branch the layer is differentiable; where two meet (a ReLU at 0, two equal numbers
        in a pool), central differences and the derivative may disagree.
        """
        return None

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
        """Ask for a trainable parameter; called in `build`."""
        self.declarations[name] = Declaration(shape, initializer, fan_in, fan_out, kind)

    def array(self, name: str, shape: Shape, dtype: np.dtype) -> np.ndarray:
        """An uninitialised array that this layer keeps, so that a training step allocates none.

        It is made on first use, and made anew only for a larger batch. A smaller batch (the last
        one of an epoch) gets its first rows.
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
    """All layers, nested ones included, by name: place in the order and kind, "3.Linear"."""
    return {f"{i}.{layer.class_name}": layer for i, layer in enumerate(walk(layers))}


def build_in_a_row(layers: list[Layer], shape: Shape) -> Shape:
    """Build layers, each on the output shape of the one before; returns the shape of the last."""
    for layer in layers:
        shape = layer.out_shape = layer.build(shape)
    return shape


def forward_in_a_row(layers: list[Layer], x: np.ndarray, train: bool) -> np.ndarray:
    """The output of the last layer, each applied to the output of the one before."""
    for layer in layers:
        interrupts.check()  # a step of a large network takes many seconds
        x = layer.forward(x, train)
    return x


def backward_in_a_row(layers: list[Layer], dy: np.ndarray) -> np.ndarray:
    """dloss/dx of the first layer, for dy = dloss/dy of the last: the chain rule, backwards."""
    for layer in reversed(layers):
        interrupts.check()
        dx = layer.backward(dy)
        assert dx is not None, "every layer with trained layers before it needs dx"
        dy = dx
    return dy
