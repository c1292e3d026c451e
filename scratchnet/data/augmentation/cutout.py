"""Cutout: a square of each image is blanked out."""

import numpy as np

from scratchnet.data.augmentation.part import Part


class Cutout:
    """Sets a square of `size` x `size` pixels to 0, the mean of normalised images.

    Its centre may be any pixel, so part of the square may fall outside the image. DeVries & Taylor
    2017, "Improved Regularization of Convolutional Neural Networks with Cutout", sec. 3.
    """

    def __init__(self, size: int):
        self.size = size

    def __call__(self, x: np.ndarray, part: Part) -> None:
        """Blank out a square of each normalised image, float32 (n, H, W, C), in place."""
        count, height, width, channels = x.shape
        rows, columns = self._span(part.rng, height, count), self._span(part.rng, width, count)
        pixels = x.view(f"V{x.itemsize * channels}")[..., 0]  # faster: a pixel is set as one item
        image = np.arange(count)[:, None, None]
        pixels[image, rows[:, :, None], columns[:, None, :]] = np.zeros((), pixels.dtype)

    def _span(self, rng: np.random.Generator, length: int, count: int) -> np.ndarray:
        """The positions each square covers along one axis, (count, size), clipped to the image."""
        first = rng.integers(0, length, size=(count, 1)) - self.size // 2
        return np.clip(first + np.arange(self.size), 0, length - 1)
