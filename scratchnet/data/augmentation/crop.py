"""Random translation: a crop from the image with a mirrored border."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.compute.threads import scratch
from scratchnet.data.augmentation.part import Part


class Crop:
    """Shifts each image by up to `pad` pixels along both axes, with 0 < pad < height and width.

    The border is mirrored ("reflect" padding). Krizhevsky et al. 2012, "ImageNet Classification
    with Deep Convolutional Neural Networks", sec. 4.1; for CIFAR-10, He et al. 2016, sec. 4.2.
    """

    def __init__(self, pad: int):
        self.pad = pad

    def __call__(self, images: np.ndarray, part: Part) -> np.ndarray:
        """The shifted images, uint8 (n, H, W, C)."""
        pad, (count, height, width, channels) = self.pad, images.shape
        rows, columns = part.rng.integers(0, 2 * pad + 1, size=(2, count))  # where crops start
        shape = (count, height + 2 * pad, width + 2 * pad, channels)
        padded = scratch("padded", int(np.prod(shape)), images.dtype).reshape(shape)
        padded[:, pad : pad + height, pad : pad + width] = images
        _mirror_border(padded, pad)
        # All crops as one view (image, start row, start column, row, column and channel).
        image, row, column, value = padded.strides
        crops = as_strided(
            padded,
            (count, 2 * pad + 1, 2 * pad + 1, height, width * channels),
            (image, row, column, row, value),
        )
        return crops[np.arange(count), rows, columns].reshape(images.shape)


def _mirror_border(padded: np.ndarray, pad: int) -> None:
    """Fill a border of `pad` pixels with the mirror image of the pixels inside it, in place.

    After normalisation a black border would be a strong signal of its own: dense networks learn
    far less with one.
    """
    pixels = padded.view(f"V{padded.shape[3]}")[..., 0]  # faster: a pixel is copied as one item
    pixels[:, :pad] = pixels[:, 2 * pad : pad : -1]
    pixels[:, -pad:] = pixels[:, -pad - 2 : -2 * pad - 2 : -1]
    pixels[:, :, :pad] = pixels[:, :, 2 * pad : pad : -1]
    pixels[:, :, -pad:] = pixels[:, :, -pad - 2 : -2 * pad - 2 : -1]
