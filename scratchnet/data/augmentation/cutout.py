"""Cutout: a square of each image is blanked out."""

import numpy as np

from scratchnet.data.augmentation.part import Part
from scratchnet.kernels.augmentation import blank


class Cutout:
    """Sets a square of `size` x `size` pixels to 0, the mean of normalised images.

    Its centre may be any pixel, so part of the square may fall outside the image. DeVries & Taylor
    2017, "Improved Regularization of Convolutional Neural Networks with Cutout", sec. 3.
    """

    def __init__(self, size: int):
        self.size = size

    def __call__(self, x: np.ndarray, part: Part) -> None:
        """Blank out a square of each normalised image, float32 (n, H, W, C), in place."""
        count, height, width, _ = x.shape
        tops, lefts = (
            part.rng.integers(0, length, size=count) - self.size // 2 for length in (height, width)
        )
        blank(x, tops, lefts, self.size)
