"""Test-time augmentation: a network's logits averaged over several views of an image."""

from collections.abc import Iterator
from enum import Enum

import numpy as np

from scratchnet.nn.network import Network

_MOVES = ((0, 0), (2, 2))  # where the two moved views start in an image with a border of 1 pixel


class Views(Enum):
    """The views of an image to average over.

    Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", sec. 3.6, and his program
    airbench94 (`tta_level` 0, 1 and 2).
    """

    none = "none"  # the image alone
    flip = "flip"  # the image and its mirror image
    flip_shift = "flip_shift"  # and both moved by 1 pixel, once down and right, once up and left


def logits_of(network: Network, x: np.ndarray, views: Views) -> np.ndarray:
    """The logits (batch, classes) for images x (batch, H, W, C), averaged over their views.

    The next call may overwrite the array.
    """
    if views is Views.none:
        return network.forward(x)
    total: np.ndarray = np.zeros((), np.float32)
    for weight, placed in _placed(x) if views is Views.flip_shift else [(1.0, x)]:
        for view in (placed, placed[:, :, ::-1]):
            logits = network.forward(np.ascontiguousarray(view))
            total = total + np.float32(weight / 2) * logits
    return total


def _placed(x: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """The images unmoved and moved by a pixel, with weights that sum to 1."""
    yield 0.5, x
    height, width = x.shape[1:3]
    padded = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="reflect")
    for row, column in _MOVES:
        yield 0.25, padded[:, row : row + height, column : column + width]
