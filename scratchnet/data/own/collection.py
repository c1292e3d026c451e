"""All samples of a user's own data, before any are held out."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.data.images import Findings, Images

if TYPE_CHECKING:
    from scratchnet.data.image_format import ImageFormat

TRAIN, VAL, TEST = range(3)
PARTS = ("train", "val", "test")  # their names
_CHUNK = 1 << 22  # numbers in float64 at a time


@dataclass
class Collection:
    """Samples with their labels, and the split that each was given in.

    Images are uint8 (n, H, W, C); vectors are float32 (n, 1, 1, features), so that the statistics
    of a channel are those of a feature.
    """

    pixels: np.ndarray  # in memory or mapped from a file
    labels: np.ndarray  # int64 (n,)
    parts: np.ndarray  # int8 (n,): TRAIN, VAL or TEST; all TRAIN if no split was given
    classes: list[str]  # names, by label
    digest: str  # of the samples (see `digest_of`)

    @property
    def image_format(self) -> "ImageFormat | None":
        """What image files have to be brought to; None if the samples are not from such files."""
        return None

    @property
    def features(self) -> list[str]:
        """The columns of a table, in the order of the numbers of a sample; empty if unknown."""
        return []

    @property
    def pixel_max(self) -> int:
        """The largest value that a pixel has, <= 255."""
        return 255

    def part(self, parts: np.ndarray, which: int) -> Images:
        """The samples that are in split `which` of `parts`, int8 (n,), in their order."""
        rows = np.flatnonzero(parts == which)
        return Images(self.pixels, self.labels[rows], rows)

    def counts(self, parts: np.ndarray) -> dict[str, dict[str, int]]:
        """For each class the number of samples in each split."""
        pairs = Counter(zip(self.labels.tolist(), parts.tolist(), strict=True))
        return {
            name: {split: pairs[label, part] for part, split in enumerate(PARTS)}
            for label, name in enumerate(self.classes)
        }

    def statistics(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each channel, float64 (C,), over the samples `rows`."""
        mean = self._mean(rows, lambda values: values)
        return mean, np.sqrt(self._mean(rows, lambda values: (values - mean) ** 2))

    def findings(self, parts: np.ndarray) -> Findings:
        """What a user should know about these samples, split as in `parts`, int8 (n,)."""
        return Findings()

    def _mean(self, rows: np.ndarray, of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        channels = self.pixels.shape[3]
        size = int(np.prod(self.pixels.shape[1:]))
        total = np.zeros(channels)
        for chunk in np.array_split(rows, -(-len(rows) * size // _CHUNK)):
            total += of(self.pixels[chunk].reshape(-1, channels).astype(np.float64)).sum(axis=0)
        return total / (len(rows) * size / channels)


def digest_of(pixels: np.ndarray) -> str:
    """SHA-256 (hex) of the shape, the type and the values of an array."""
    digest = hashlib.sha256(f"{pixels.shape}{pixels.dtype.str}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()
