"""Look at what layers put out, without a line in the layers themselves."""

import contextlib
from collections.abc import Callable, Iterator

import numpy as np

from scratchnet.nn.layer import Layer

See = Callable[[Layer, np.ndarray], None]  # the array is the layer's own: look, do not keep


@contextlib.contextmanager
def observed(layers: list[Layer], see: See) -> Iterator[None]:
    """Within this context, `see` is called with each output of each of these layers."""
    for layer in layers:
        vars(layer)["forward"] = _telling(layer, see)  # hides that of the class
    try:
        yield
    finally:
        for layer in layers:
            del vars(layer)["forward"]


def _telling(layer: Layer, see: See) -> Callable[[np.ndarray, bool], np.ndarray]:
    forward = layer.forward

    def told(x: np.ndarray, train: bool) -> np.ndarray:
        y = forward(x, train)
        see(layer, y)
        return y

    return told
