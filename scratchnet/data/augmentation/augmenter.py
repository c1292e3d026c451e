"""All augmentations of one training set, in the order in which they apply."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from scratchnet.data.augmentation.crop import Crop
from scratchnet.data.augmentation.cutout import Cutout
from scratchnet.data.augmentation.flip import AlternatingFlip, Flipping, RandomFlip
from scratchnet.data.augmentation.part import Part
from scratchnet.data.augmentation.settings import Augmentation, Flip
from scratchnet.data.augmentation.warp import Warp

_WARP_NUMBERS = 10  # float32 numbers per pixel in the buffers of a warp


class Moves(NamedTuple):
    """Which pixels of n images a crop and a flip take, as the kernel `place` wants it."""

    down: np.ndarray  # int64 (n,): the row of the image where the crop starts
    right: np.ndarray  # int64 (n,): likewise the column
    flipped: np.ndarray  # bool (n,)


class Augmenter:
    """Augments images of one shape (H, W, C) from a training set of `count` images.

    Crops and flips choose the pixels to load; the rest changes images that are loaded and
    normalised. Nothing is kept between calls, so the parts of a batch may be augmented in parallel.
    """

    def __init__(
        self, settings: Augmentation, shape: tuple[int, int, int], *, seed: int, count: int
    ):
        self.numbers = int(np.prod(shape))  # in use per image
        self._crop = Crop(settings.crop) if settings.crop else None
        self._flip: Flipping | None = None
        if settings.flip is Flip.random:
            self._flip = RandomFlip()
        if settings.flip is Flip.alternating:
            self._flip = AlternatingFlip(seed, count)
        self._changes: list[Callable[[np.ndarray, Part], None]] = []
        if settings.rotation or settings.scaling or settings.elastic_alpha:
            self._changes.append(Warp(settings, shape))
            self.numbers += _WARP_NUMBERS * shape[0] * shape[1]
        if settings.cutout:
            self._changes.append(Cutout(settings.cutout))

    def draw_moves(self, part: Part) -> Moves | None:
        """How crop and flip move each image; None if both are off. To be called first."""
        if not (self._crop or self._flip):
            return None
        count = len(part.positions)
        still = np.zeros(count, np.int64)
        down, right = self._crop.draw(part) if self._crop else (still, still)
        flipped = self._flip.draw(part) if self._flip else np.zeros(count, np.bool_)
        return Moves(down, right, flipped)

    def change(self, x: np.ndarray, part: Part) -> None:
        """Warp normalised images, float32 (n, H, W, C), and blank squares out, in place."""
        for change in self._changes:
            change(x, part)
