"""From images in memory to the batches that a network sees."""

from collections.abc import Iterator

import numpy as np

from scratchnet.compute import threads
from scratchnet.compute.blocks import batch_slices
from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Augmentation, Augmenter, Mixup, Part
from scratchnet.data.images import Images


class Loader:
    """Batches of normalised images, shuffled and augmented anew in each epoch.

    `mean` and `std` are float32 (channels,), in pixel units. The order and the augmentation of an
    epoch depend only on `seed`, the epoch and the batch size. Without `shuffle` the images keep
    their order. The last batch may be smaller. `classes`, their number, is needed for mixup only.

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
        self._raw = np.empty((self.batch_size, *shape), np.uint8)
        self._x = np.empty((self.batch_size, *shape), np.float32)
        self._mean = _per_value(mean, shape)
        self._scale = _per_value(1 / std, shape)
        settings = augmentation or Augmentation()
        self._augmenter = Augmenter(settings, shape, seed=seed, count=len(images))
        self._mixup = None
        if settings.mixup_alpha:
            if classes is None:
                raise ValueError("classes: mixup needs the number of classes")
            self._mixup = Mixup(settings.mixup_alpha, self.batch_size, shape, classes)

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
        raw = self.images.pixels[:count]
        x = np.empty(raw.shape, np.float32)
        self._normalise(raw, x)
        return x

    def _make(self, chosen: np.ndarray, epoch: int, rngs: list[np.random.Generator]) -> np.ndarray:
        """The images at these positions, augmented and normalised, in the batch buffer."""
        batch = self._x[: len(chosen)]
        slices = batch_slices(len(chosen), self._augmenter.numbers)

        def make(i: int) -> None:
            x, raw, positions = batch[slices[i]], self._raw[slices[i]], chosen[slices[i]]
            # All positions are valid; mode="clip" saves the second buffer that the default needs.
            np.take(self.images.pixels, positions, axis=0, out=raw[: len(x)], mode="clip")
            part = Part(positions, epoch, rngs[i])
            self._normalise(self._augmenter.augment_pixels(raw[: len(x)], part), x)
            self._augmenter.augment_normalised(x, part)

        threads.parallel(make, len(slices))
        return batch

    def _normalise(self, pixels: np.ndarray, out: np.ndarray) -> None:
        """x = (pixel - mean) * (1 / std), for images (n, H, W, C) of any numeric type."""
        x = out.reshape(len(out), -1)
        np.copyto(x, pixels.reshape(x.shape))
        x -= self._mean
        x *= self._scale


def _per_value(channels: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """One number per channel, repeated over a whole image: NumPy is slow on short rows.

    A single channel's number stays alone, which is faster still.
    """
    height, width, _ = shape
    values = np.asarray(channels, np.float32)
    return values if len(values) == 1 else np.tile(values, height * width)
