"""A network: layers in a row, with all their parameters in one vector.

Backpropagation is the chain rule, from the last layer to the first. With y_k = f_k(y_(k-1), w_k)
and the loss L(y_n), a layer that is given dy_k = dL/dy_k computes

    dy_(k-1) = (df_k / dy_(k-1))^T dy_k,    dw_k = (df_k / dw_k)^T dy_k

and hands dy_(k-1) on. So one pass finds every gradient, for about twice the work of the forward
pass, and no layer needs to know more than its own f.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.errors import RunError
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.layer import (
    Layer,
    Sample,
    Shape,
    backward_in_a_row,
    build_in_a_row,
    forward_in_a_row,
    walk,
)
from scratchnet.nn.parameters import Parameters, Slot


class Network:
    """Layers applied one after the other to a batch (batch, *input_shape).

    Building it fixes all shapes, lays the parameters out in one vector and draws their initial
    values from `seed`. Everything is computed in `dtype`, float32 or float64.
    """

    def __init__(
        self,
        layers: list[Layer],
        input_shape: Shape,
        *,
        seed: int,
        dtype: np.typing.DTypeLike = np.float32,
    ):
        self.layers = layers
        self.input_shape = input_shape
        self.seed = seed
        self.output_shape = build_in_a_row(layers, input_shape)
        self.dtype = np.dtype(dtype)
        self._lay_out_parameters(self.dtype)
        self.train_all_but([])
        self.begin_epoch(0)

    def calibrate(self, sample: Sample) -> None:
        """Let the first layer compute what it needs from samples of the training set."""
        self.layers[0].calibrate(sample)

    def forward(self, x: np.ndarray, train: bool = False) -> np.ndarray:
        """The logits (batch, classes), in an array that the next call overwrites."""
        return forward_in_a_row(self.layers, x.astype(self.dtype, copy=False), train)

    def backward(self, dlogits: np.ndarray) -> None:
        """Write the gradient of the loss to `parameters.grads`; overwrites `dlogits`."""
        trained = self.layers[self._first_trained :]
        if trained:
            dy = backward_in_a_row(trained[1:], dlogits)
            trained[0].backward(dy)  # without dx, which no layer needs
        for slot in self._frozen:
            self.parameters.grads[slot.place] = 0

    def input_gradient(self, dlogits: np.ndarray) -> np.ndarray:
        """dloss/dx for the batch x of the last `forward`; otherwise as `backward`."""
        trained_needs = [layer.needs_dx for layer in self.layers]
        for layer in self.layers:
            layer.needs_dx = True
        dx = backward_in_a_row(self.layers, dlogits)
        for layer, needs_dx in zip(self.layers, trained_needs, strict=True):
            layer.needs_dx = needs_dx
        return dx

    def train_all_but(self, layers: Iterable[Layer]) -> list[Slot]:
        """Freeze these layers, with those inside them, and no others.

        Returns the parameters that are still trained. The gradients of the others are 0 from now
        on; running statistics still move. Backward ends at the first layer with trained parameters.
        """
        frozen = {id(layer) for layer in walk(list(layers))}
        slots = list(self.parameters.slots.values())
        self._frozen = [slot for slot in slots if id(self._owners[slot.name]) in frozen]
        self._skip_unused_gradients(frozen)
        return [slot for slot in slots if slot not in self._frozen]

    def begin_epoch(self, epoch: int) -> None:
        """Give each random layer its own stream for this epoch."""
        for index, layer in enumerate(self.all_layers()):
            if isinstance(layer, Dropout):
                layer.rng = stream(self.seed, "dropout", epoch, index)

    def all_layers(self) -> Iterator[Layer]:
        """Every layer in order, nested ones included."""
        return walk(self.layers)

    @property
    def buffers(self) -> dict[str, np.ndarray]:
        """What layers learn without gradients (running statistics), by name."""
        return {
            f"{index}.{name}": array
            for index, layer in enumerate(self.all_layers())
            for name, array in layer.buffers.items()
        }

    def state(self) -> dict[str, np.ndarray]:
        """Everything that training changes, by name: parameters and buffers, not copied."""
        buffers = {f"buffers/{name}": array for name, array in self.buffers.items()}
        return {"parameters": self.parameters.values} | buffers

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Copy in the `state()` of a network of the same architecture; other names are ignored.

        Raises RunError if the state is that of another architecture.
        """
        for name, array in self.state().items():
            found = state.get(name)
            if found is None or found.shape != array.shape or found.dtype != array.dtype:
                raise RunError(f"the checkpoint does not fit this network: {name} differs")
            array[...] = found

    @contextmanager
    def with_weights(self, change: Callable[[np.ndarray], np.ndarray]) -> Iterator[None]:
        """Within this context, each weight array is what `change` makes of it; others stay."""
        kept = {name: array.copy() for name, array in self.state().items()}
        for layer in self.all_layers():
            weight = getattr(layer, "weight", None)
            if weight is not None:
                weight[...] = change(weight)
        try:
            yield
        finally:
            self.restore(kept)

    def _lay_out_parameters(self, dtype: np.dtype) -> None:
        owners = {
            f"{index}.{name}": (layer, name)
            for index, layer in enumerate(self.all_layers())
            for name in layer.declarations
        }
        declarations = {name: layer.declarations[short] for name, (layer, short) in owners.items()}
        self.parameters = Parameters(declarations, dtype)
        self._owners = {name: layer for name, (layer, _) in owners.items()}
        for index, (name, (layer, short)) in enumerate(owners.items()):
            slot, wanted = self.parameters.slots[name], declarations[name]
            value = slot.view(self.parameters.values)
            rng = stream(self.seed, "init", index)
            value[...] = wanted.initializer(rng, wanted.shape, wanted.fan_in, wanted.fan_out)
            setattr(layer, short, value)
            setattr(layer, f"grad_{short}", slot.view(self.parameters.grads))

    def _skip_unused_gradients(self, frozen: set[int]) -> None:
        """Backward ends at the first trained layer, whose dx is unused."""
        trained = [
            i
            for i, layer in enumerate(self.layers)
            if any(inner.declarations and id(inner) not in frozen for inner in walk([layer]))
        ]
        self._first_trained = trained[0] if trained else len(self.layers)
        for i, layer in enumerate(self.layers):
            layer.needs_dx = i > self._first_trained
