"""Random translation: a crop from the image with a mirrored border."""

import numpy as np

from scratchnet.data.augmentation.part import Part


class Crop:
    """Shifts each image by up to `pad` pixels along both axes, with 0 < pad < height and width.

    The border is mirrored ("reflect" padding): after normalisation a black one would be a strong
    signal of its own, and dense networks learn far less with it. Krizhevsky et al. 2012, "ImageNet
    Classification with Deep Convolutional Neural Networks", sec. 4.1; for CIFAR-10, He et al. 2016,
    sec. 4.2.
    """

    def __init__(self, pad: int):
        self.pad = pad

    def draw(self, part: Part) -> tuple[np.ndarray, np.ndarray]:
        """Where the crop of each image starts, down and to the right of its corner, int64 (n,)."""
        starts = part.rng.integers(0, 2 * self.pad + 1, size=(2, len(part.positions)))
        down, right = starts - self.pad
        return down, right
