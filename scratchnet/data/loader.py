"""From pictures in memory to the batches that a network sees."""

from collections.abc import Iterator

import numpy as np

from scratchnet.data.augmentation import Augmentation, Augmenter
from scratchnet.data.pictures import Pictures
from scratchnet.randomness import stream


class Loader:
    """Batches of normalised pictures, shuffled and varied anew in each epoch.

    `mean` and `std` are float32 (channels,) in pixel units. The order of an epoch and its
    augmentation depend on nothing but `seed` and the epoch. Without `shuffle` the pictures keep
    their order; the last batch holds what is left and may be smaller.
    """

    def __init__(
        self,
        pictures: Pictures,
        batch_size: int,
        *,
        mean: np.ndarray,
        std: np.ndarray,
        seed: int,
        augmentation: Augmentation | None = None,
        shuffle: bool = False,
    ):
        self.pictures = pictures
        self.batch_size = min(batch_size, len(pictures))
        self.seed = seed
        self.shuffle = shuffle
        shape = pictures.images.shape[1:]
        self._raw = np.empty((self.batch_size, *shape), np.uint8)
        self._x = np.empty((self.batch_size, *shape), np.float32)
        self._mean = _per_value(mean, shape)
        self._scale = _per_value(1 / std, shape)
        self._augment = Augmenter(augmentation, self.batch_size, shape) if augmentation else None

    def __len__(self) -> int:
        """Batches per epoch."""
        return -(-len(self.pictures) // self.batch_size)

    def batches(self, epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The batches of an epoch (>= 0): x float32 (b, H, W, C) and labels int64 (b,).

        All batches share one memory: an `x` is valid until the next one is asked for.
        """
        count = len(self.pictures)
        order = np.arange(count)
        if self.shuffle:
            order = stream(self.seed, "shuffle", epoch).permutation(count)
        if self._augment:
            rng = stream(self.seed, "augment", epoch)
            starts, flips = self._augment.settings.draw(rng, count)

        for first in range(0, count, self.batch_size):
            batch = slice(first, first + self.batch_size)
            chosen = order[batch]
            # mode="clip": the default would go through a second buffer. All positions are valid.
            raw = np.take(
                self.pictures.images, chosen, axis=0, out=self._raw[: len(chosen)], mode="clip"
            )
            if self._augment:
                raw = self._augment(raw, starts[:, batch], flips[batch])
            yield self._normalise(raw), self.pictures.labels[chosen]

    def sample(self, count: int) -> np.ndarray:
        """The first `count` pictures (or all, where there are fewer), normalised and unchanged."""
        raw = self.pictures.images[:count]
        x = raw.reshape(len(raw), -1).astype(np.float32)
        np.subtract(x, self._mean, out=x)
        return np.multiply(x, self._scale, out=x).reshape(raw.shape)

    def _normalise(self, raw: np.ndarray) -> np.ndarray:
        """x = (pixel - mean) * (1 / std), written into the batch buffer."""
        batch = self._x[: len(raw)]
        x = batch.reshape(len(raw), -1)
        np.copyto(x, raw.reshape(x.shape))
        np.subtract(x, self._mean, out=x)
        np.multiply(x, self._scale, out=x)
        return batch


def _per_value(channels: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Numbers per channel, repeated for each value of a picture: NumPy is slow on short rows.

    One number for all is left alone, which is faster still.
    """
    height, width, _ = shape
    values = np.asarray(channels, np.float32)
    return values if len(values) == 1 else np.tile(values, height * width)
