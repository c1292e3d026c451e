"""Random crops and horizontal flips, a whole batch at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.settings import Settings, setting


@dataclass
class Augmentation(Settings):
    """How training pictures are varied."""

    crop: int = setting(
        0, "mirrored border around a picture before a crop of its size", unit="pixels", at_least=0
    )
    flip: bool = setting(False, "mirror every second picture left to right, at random")

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The random choices for `count` pictures.

        Returns where each crop starts in the padded picture, int (2, count) for rows and columns,
        each 0 to 2 * crop; and which pictures to mirror, bool (count,).
        """
        starts = rng.integers(0, 2 * self.crop + 1, size=(2, count))
        flips = rng.integers(0, 2, size=count, dtype=bool) & self.flip
        return starts, flips


class Augmenter:
    """Crops and flips batches of up to `batch_size` pictures of one shape (H, W, C)."""

    def __init__(self, settings: Augmentation, batch_size: int, shape: tuple[int, int, int]):
        self.settings = settings
        height, width, channels = shape
        pad = settings.crop
        self._padded = np.empty((batch_size, height + 2 * pad, width + 2 * pad, channels), np.uint8)
        self._inner = self._padded[:, pad : pad + height, pad : pad + width]
        # All crops as one view (picture, start row, start column, row, column and channel).
        picture, row, column, value = self._padded.strides
        self._crops = as_strided(
            self._padded,
            (batch_size, 2 * pad + 1, 2 * pad + 1, height, width * channels),
            (picture, row, column, row, value),
        )

    def __call__(self, images: np.ndarray, starts: np.ndarray, flips: np.ndarray) -> np.ndarray:
        """The varied pictures, uint8 (b, H, W, C); `images` may be changed."""
        if self.settings.crop:
            self._inner[: len(images)] = images
            _mirror_border(self._padded[: len(images)], self.settings.crop)
            crops = self._crops[np.arange(len(images)), starts[0], starts[1]]
            images = crops.reshape(images.shape)
        if self.settings.flip:
            _flip(images, np.flatnonzero(flips))
        return images


def _mirror_border(padded: np.ndarray, pad: int) -> None:
    """Fill a border of `pad` pixels with what lies inside of it, in place ("reflect" padding).

    A black border would be a strong signal of its own after normalisation: dense networks learn
    far less with one.
    """
    pixels = padded.view(f"V{padded.shape[3]}")[..., 0]  # a pixel is moved as one item: faster
    pixels[:, :pad] = pixels[:, 2 * pad : pad : -1]
    pixels[:, -pad:] = pixels[:, -pad - 2 : -2 * pad - 2 : -1]
    pixels[:, :, :pad] = pixels[:, :, 2 * pad : pad : -1]
    pixels[:, :, -pad:] = pixels[:, :, -pad - 2 : -2 * pad - 2 : -1]


def _flip(images: np.ndarray, chosen: np.ndarray) -> None:
    """Mirror the chosen pictures left to right, in place."""
    originals = images[chosen]
    mirrored = np.empty_like(originals)
    for channel in range(images.shape[3]):  # far faster than moving pixels of 3 bytes one by one
        mirrored[..., channel] = originals[:, :, ::-1, channel]
    images[chosen] = mirrored
