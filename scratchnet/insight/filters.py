"""What the first layer looks for: its weights as images."""

from typing import Any

import numpy as np

from scratchnet.insight.sheet import sheet
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.layer import Layer
from scratchnet.nn.linear import Linear
from scratchnet.nn.network import Network
from scratchnet.nn.principal import PrincipalComponents

MOST = 64  # filters


def filters(network: Network) -> dict[str, Any] | None:
    """The first layer's weights as a sheet of images, those with the largest norm first.

    Grey stands for 0; the largest magnitude of each image is white (positive) or black. A dense
    layer has one weight for each pixel; behind principal components, they are multiplied out. None
    for networks on vectors or whose first layer cannot be shown.
    """
    height, width, channels = network.input_shape
    found = _first_weights(network.layers)
    if found is None or (height, width) == (1, 1) or channels not in (1, 3):
        return None
    name, weight = found
    if weight.ndim == 2:
        weight = weight.reshape(height, width, channels, -1)
    if not np.isfinite(weight).all():
        return None
    images = np.moveaxis(weight, 3, 0)
    norms = np.sqrt((images**2).sum(axis=(1, 2, 3)))
    order = np.argsort(-norms, kind="stable")[:MOST]
    largest = np.abs(images[order]).max(axis=(1, 2, 3), keepdims=True)
    scaled = 127.5 + 127.5 * images[order] / np.where(largest > 0, largest, 1)
    return {
        "layer": name,
        "count": len(images),
        "norms": norms[order].tolist(),
        "units": order.tolist(),
        "sheet": sheet(np.rint(scaled).astype(np.uint8), 255),
    }


def _first_weights(layers: list[Layer]) -> tuple[str, np.ndarray] | None:
    """Name and weights of the first layer that has some: (k, k, C, F), or (pixels, units)."""
    components = None
    for layer in layers:
        if isinstance(layer, PrincipalComponents):
            components = layer.weight
        elif isinstance(layer, Conv2d):
            return layer.class_name, layer.weight
        elif isinstance(layer, Linear):
            weight = layer.weight if components is None else components @ layer.weight
            return layer.class_name, weight
        elif layer.children():
            return None
    return None
