"""Where the time of the layers goes, measured from outside, as phases.py does for the trainer."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from scratchnet.nn.layer import Layer
from scratchnet.nn.network import Network
from scratchnet.nn.summary import Summary

DIRECTIONS = ("forward", "backward")


class LayerTimes:
    """Time and speed of each layer in training, forward and backward; evaluation is left out."""

    def __init__(self, network: Network):
        self.layers = network.layers
        self.summary = [row for row in Summary(network).rows if row.depth == 0]
        self.reset()
        for index, layer in enumerate(network.layers):
            self._wrap(index, layer)

    def reset(self) -> None:
        """Start a new measurement."""
        self.seconds = {direction: [0.0] * len(self.layers) for direction in DIRECTIONS}

    def rows(self, steps: int, samples: int) -> list[dict[str, Any]]:
        """For each layer: milliseconds per step and, where it has matrix products, GFLOP/s."""
        rows = []
        for index, (layer, row) in enumerate(zip(self.layers, self.summary, strict=True)):
            # backward: one product for the gradient of the weights, one for that of the input
            products = {"forward": 1, "backward": ("weight" in layer.declarations) + layer.needs_dx}
            shape = " x ".join(map(str, row.out_shape))
            result: dict[str, Any] = {"layer": row.name, "output": shape}
            for direction in DIRECTIONS:
                seconds = self.seconds[direction][index]
                result[f"{direction}_milliseconds"] = 1000 * seconds / steps
                if flops := products[direction] * row.flops:
                    result[f"{direction}_gflops"] = flops * samples / seconds / 1e9
            rows.append(result)
        return rows

    def _wrap(self, index: int, layer: Layer) -> None:
        forward, backward = layer.forward, layer.backward
        timed = self._timed("forward", index, forward)
        layer.forward = lambda x, train: (timed if train else forward)(x, train)
        layer.backward = self._timed("backward", index, backward)

    def _timed(
        self, direction: str, index: int, function: Callable[..., np.ndarray]
    ) -> Callable[..., np.ndarray]:
        def timed(*arguments: Any) -> np.ndarray:
            start = time.perf_counter()
            result = function(*arguments)
            self.seconds[direction][index] += time.perf_counter() - start
            return result

        return timed
