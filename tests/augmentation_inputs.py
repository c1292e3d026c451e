"""Images to augment, and the part of a batch that they are."""

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Part

SHAPES = [(8, 8, 1), (5, 7, 3)]
COUNTS = [1, 6, 11]


def some_images(shape: tuple[int, int, int], count: int) -> np.ndarray:
    """Random images, uint8 (count, *shape)."""
    return np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)


def part(seed: int, count: int, epoch: int = 0) -> Part:
    """The first `count` images of a training set."""
    return Part(np.arange(count), epoch, stream(seed, "augment"))
