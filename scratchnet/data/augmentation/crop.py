"""Random translation: a crop out of an image with a mirrored border."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.compute.threads import scratch
from scratchnet.data.augmentation.part import Part


class Crop:
    """Moves each image by up to `pad` pixels, 0 < pad < its height and width, in all directions.

    The border is mirrored ("reflect" padding); Krizhevsky et al. 2012, "ImageNet Classification
    with Deep Convolutional Neural Networks", sec. 4.1, and He et al. 2016, sec. 4.2, for CIFAR-10.
    """

    def __init__(self, pad: int):
        self.pad = pad

    def __call__(self, images: np.ndarray, part: Part) -> np.ndarray:
        """The moved images, uint8 (n, H, W, C)."""
        pad, (count, height, width, channels) = self.pad, images.shape
        starts = part.rng.integers(0, 2 * pad + 1, size=(2, count))  # of the rows, of the columns
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
        return crops[np.arange(count), starts[0], starts[1]].reshape(images.shape)


def _mirror_border(padded: np.ndarray, pad: int) -> None:
    """Fill a border of `pad` pixels with what lies inside of it, in place.

    A black border would be a strong signal of its own after normalisation: dense networks learn
    far less with one.
    """
    pixels = padded.view(f"V{padded.shape[3]}")[..., 0]  # a pixel is moved as one item: faster
    pixels[:, :pad] = pixels[:, 2 * pad : pad : -1]
    pixels[:, -pad:] = pixels[:, -pad - 2 : -2 * pad - 2 : -1]
    pixels[:, :, :pad] = pixels[:, :, 2 * pad : pad : -1]
    pixels[:, :, -pad:] = pixels[:, :, -pad - 2 : -2 * pad - 2 : -1]
