"""All variations of one training set, in their order."""

import numpy as np

from scratchnet.data.augmentation.crop import Crop
from scratchnet.data.augmentation.cutout import Cutout
from scratchnet.data.augmentation.flip import AlternatingFlip, RandomFlip
from scratchnet.data.augmentation.part import Part
from scratchnet.data.augmentation.settings import Augmentation, Flip
from scratchnet.data.augmentation.warp import Warp

_WARP_NUMBERS = 10  # float32 numbers per pixel that a warp works with


class Augmenter:
    """Varies images of one shape (H, W, C), out of a training set of `count` images.

    It keeps nothing from one part of a batch to another: parts may be varied in parallel.
    """

    def __init__(
        self, settings: Augmentation, shape: tuple[int, int, int], *, seed: int, count: int
    ):
        self._pixels = [Crop(settings.crop)] if settings.crop else []
        if settings.flip is Flip.random:
            self._pixels.append(RandomFlip())
        if settings.flip is Flip.alternating:
            self._pixels.append(AlternatingFlip(seed, count))
        self.numbers = int(np.prod(shape))  # that are in use per image
        if settings.rotation or settings.scaling or settings.elastic_alpha:
            self._pixels.append(Warp(settings, shape))
            self.numbers += _WARP_NUMBERS * shape[0] * shape[1]
        self._cutout = Cutout(settings.cutout) if settings.cutout else None

    def pixels(self, images: np.ndarray, part: Part) -> np.ndarray:
        """The varied images, uint8 or float32 (n, H, W, C); `images`, uint8, may be changed."""
        for vary in self._pixels:
            images = vary(images, part)
        return images

    def normalised(self, x: np.ndarray, part: Part) -> None:
        """What is done to the normalised images, float32 (n, H, W, C), in place."""
        if self._cutout:
            self._cutout(x, part)
