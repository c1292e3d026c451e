"""All augmentations of one training set, in the order in which they apply."""

from collections.abc import Callable

import numpy as np

from scratchnet.data.augmentation.crop import Crop
from scratchnet.data.augmentation.cutout import Cutout
from scratchnet.data.augmentation.flip import AlternatingFlip, RandomFlip
from scratchnet.data.augmentation.part import Part
from scratchnet.data.augmentation.settings import Augmentation, Flip
from scratchnet.data.augmentation.warp import Warp

_WARP_NUMBERS = 10  # float32 numbers per pixel in the buffers of a warp


class Augmenter:
    """Augments images of one shape (H, W, C) from a training set of `count` images.

    Nothing is kept between calls, so the parts of a batch may be augmented in parallel.
    """

    def __init__(
        self, settings: Augmentation, shape: tuple[int, int, int], *, seed: int, count: int
    ):
        self.numbers = int(np.prod(shape))  # in use per image
        self._on_pixels: list[Callable[[np.ndarray, Part], np.ndarray]] = []
        if settings.crop:
            self._on_pixels.append(Crop(settings.crop))
        if settings.flip is Flip.random:
            self._on_pixels.append(RandomFlip())
        if settings.flip is Flip.alternating:
            self._on_pixels.append(AlternatingFlip(seed, count))
        if settings.rotation or settings.scaling or settings.elastic_alpha:
            self._on_pixels.append(Warp(settings, shape))
            self.numbers += _WARP_NUMBERS * shape[0] * shape[1]
        self._cutout = Cutout(settings.cutout) if settings.cutout else None

    def augment_pixels(self, images: np.ndarray, part: Part) -> np.ndarray:
        """The augmented images, uint8 or float32 (n, H, W, C); may overwrite `images` (uint8)."""
        for augment in self._on_pixels:
            images = augment(images, part)
        return images

    def augment_normalised(self, x: np.ndarray, part: Part) -> None:
        """Augment images that are normalised already, float32 (n, H, W, C), in place."""
        if self._cutout:
            self._cutout(x, part)
