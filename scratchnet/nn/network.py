"""A network: layers in a row, with all their parameters in one vector."""

from collections.abc import Iterator

import numpy as np

from scratchnet.errors import RunError
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.layer import Layer, Sample, Shape, build_in_a_row
from scratchnet.nn.parameters import Parameters
from scratchnet.randomness import stream


class Network:
    """Layers applied one after the other to a batch (batch, *input_shape).

    Building it fixes all shapes, lays the parameters out in one vector and draws their start
    values from `seed`. float32 is for training; tests check gradients in float64.
    """

    def __init__(
        self,
        layers: list[Layer],
        input_shape: Shape,
        *,
        seed: int,
        dtype: type = np.float32,
    ):
        self.layers = layers
        self.input_shape = input_shape
        self.seed = seed
        self.output_shape = build_in_a_row(layers, input_shape)
        self._lay_out_parameters(np.dtype(dtype))
        self._skip_unread_gradients()
        self.begin_epoch(0)

    def calibrate(self, sample: Sample) -> None:
        """Let the layer that sees the pictures take what it needs from some of the training set."""
        self.layers[0].calibrate(sample)

    def forward(self, x: np.ndarray, train: bool = False) -> np.ndarray:
        """The logits (batch, classes), in an array that the next call overwrites."""
        for layer in self.layers:
            x = layer.forward(x, train)
        return x

    def backward(self, dlogits: np.ndarray) -> None:
        """Write the gradient of the loss to `parameters.grads`; overwrites `dlogits`."""
        dy = dlogits
        for layer in reversed(self.layers[self._first_trained :]):
            dy = layer.backward(dy)

    def begin_epoch(self, epoch: int) -> None:
        """Give each random layer its own stream for this epoch."""
        for index, layer in enumerate(self.all_layers()):
            if isinstance(layer, Dropout):
                layer.rng = stream(self.seed, "dropout", epoch, index)

    def all_layers(self) -> Iterator[Layer]:
        """Every layer, those inside others too, in order."""
        return _walk(self.layers)

    @property
    def small_products(self) -> bool:
        """True if most of the work is small products (see `threads.plan`)."""
        return any(layer.small_products for layer in self.all_layers())

    @property
    def buffers(self) -> dict[str, np.ndarray]:
        """What layers learn without gradients (running statistics), by name; may be empty."""
        return {
            f"{index}.{name}": array
            for index, layer in enumerate(self.all_layers())
            for name, array in layer.buffers.items()
        }

    def state(self) -> dict[str, np.ndarray]:
        """All that training changes, by name: the parameters and the buffers, not copied."""
        buffers = {f"buffers/{name}": array for name, array in self.buffers.items()}
        return {"parameters": self.parameters.values} | buffers

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go on from the `state()` of a network of the same kind; further names are left alone.

        Raises RunError where the state is that of another network.
        """
        for name, array in self.state().items():
            if name not in state or state[name].shape != array.shape:
                raise RunError(f"the checkpoint does not fit this network: {name} is different")
            array[...] = state[name]

    def _lay_out_parameters(self, dtype: np.dtype) -> None:
        owners = {
            f"{index}.{name}": (layer, name)
            for index, layer in enumerate(self.all_layers())
            for name in layer.declarations
        }
        declarations = {name: layer.declarations[short] for name, (layer, short) in owners.items()}
        self.parameters = Parameters(declarations, dtype)
        for index, (name, (layer, short)) in enumerate(owners.items()):
            slot, wanted = self.parameters.slots[name], declarations[name]
            value = slot.view(self.parameters.values)
            rng = stream(self.seed, "init", index)
            value[...] = wanted.initializer(rng, wanted.shape, wanted.fan_in, wanted.fan_out)
            setattr(layer, short, value)
            setattr(layer, f"grad_{short}", slot.view(self.parameters.grads))

    def _skip_unread_gradients(self) -> None:
        """Backward ends at the first layer with parameters, and nobody reads that layer's dx."""
        trained = [i for i, layer in enumerate(self.layers) if _is_trained(layer)]
        self._first_trained = trained[0] if trained else len(self.layers)
        if trained:
            self.layers[self._first_trained].needs_dx = False


def _walk(layers: list[Layer]) -> Iterator[Layer]:
    for layer in layers:
        yield layer
        yield from _walk(layer.children())


def _is_trained(layer: Layer) -> bool:
    return any(inner.declarations for inner in _walk([layer]))
