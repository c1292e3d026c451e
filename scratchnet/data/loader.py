"""From images in memory to the batches that a network sees."""

from collections.abc import Iterator

import numpy as np

from scratchnet.compute import threads
from scratchnet.compute.blocks import batch_slices
from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Augmentation, Augmenter, Mixup, Part
from scratchnet.data.images import Images, Shape
from scratchnet.kernels.loading import load, place


class Loader:
    """Batches of normalised images, shuffled and augmented anew in each epoch.

    `mean` and `std` are float32 (channels,), in pixel units. The order and the augmentation of an
    epoch depend only on `seed`, the epoch and the batch size. Without `shuffle` the images keep
    their order. The last batch may be smaller. `classes` is the number of classes, for mixup only.

    A batch is made in parts, spread over our own threads; each part has its own random stream.
    """

    def __init__(
        self,
        images: Images,
        batch_size: int,
        *,
        mean: np.ndarray,
        std: np.ndarray,
        seed: int,
        augmentation: Augmentation | None = None,
        classes: int | None = None,
        shuffle: bool = False,
    ):
        self.images = images
        self.batch_size = min(batch_size, len(images))
        self.seed = seed
        self.shuffle = shuffle
        shape = images.pixels.shape[1:]
        self._x = np.empty((self.batch_size, *shape), np.float32)
        self._mean = _per_value(mean, shape)
        self._scale = _per_value(1 / std, shape)
        settings = augmentation or Augmentation()
        self._augmenter = Augmenter(settings, shape, seed=seed, count=len(images))
        self._mixup = None
        if settings.mixup_alpha:
            if classes is None:
                raise ValueError("classes: mixup needs the number of classes")
            self._mixup = Mixup(settings.mixup_alpha, classes)

    def __len__(self) -> int:
        """Batches per epoch."""
        return -(-len(self.images) // self.batch_size)

    def batches(self, epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The batches of an epoch (>= 0): x float32 (b, H, W, C) and labels int64 (b,).

        With mixup the labels are targets, float32 (b, classes). All batches share one buffer: an
        `x` is valid until the next batch is requested.
        """
        count = len(self.images)
        order = np.arange(count)
        if self.shuffle:
            order = stream(self.seed, "shuffle", epoch).permutation(count)
        parts = len(batch_slices(self.batch_size, self._augmenter.numbers))
        rngs = [stream(self.seed, "augment", epoch, i) for i in range(parts)]
        mixup_rng = stream(self.seed, "mixup", epoch)

        for first in range(0, count, self.batch_size):
            chosen = order[first : first + self.batch_size]
            x, labels = self._make(chosen, epoch, rngs), self.images.labels[chosen]
            yield self._mixup(x, labels, mixup_rng) if self._mixup else (x, labels)

    def sample(self, count: int) -> np.ndarray:
        """The first `count` images (or all, if there are fewer), normalised but not augmented."""
        positions = np.arange(min(count, len(self.images)))
        x = np.empty((len(positions), *self.images.pixels.shape[1:]), np.float32)
        load(self.images.pixels, self.images.rows_of(positions), self._mean, self._scale, x)
        return x

    def _make(self, chosen: np.ndarray, epoch: int, rngs: list[np.random.Generator]) -> np.ndarray:
        """The images at these positions, augmented and normalised, in the batch buffer."""
        batch = self._x[: len(chosen)]
        slices = batch_slices(len(chosen), self._augmenter.numbers)
        pixels, mean, scale = self.images.pixels, self._mean, self._scale

        def make(i: int) -> None:
            x, part = batch[slices[i]], Part(chosen[slices[i]], epoch, rngs[i])
            rows, moves = self.images.rows_of(part.positions), self._augmenter.draw_moves(part)
            if moves:
                place(pixels, rows, *moves, mean, scale, x)
            else:
                load(pixels, rows, mean, scale, x)
            self._augmenter.change(x, part)

        threads.parallel(make, len(slices))
        return batch


def _per_value(channels: np.ndarray, shape: Shape) -> np.ndarray:
    """One number per channel, repeated over a whole image, as the kernels want it."""
    height, width, _ = shape
    return np.tile(np.asarray(channels, np.float32), height * width)
