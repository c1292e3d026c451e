"""All samples of a user's own data, before any are held out."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.data.images import Findings, Images
from scratchnet.data.own import duplicates

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

    @property
    def white(self) -> float:
        """The number that stands for white in the files; they become bytes, of up to 255."""
        return 255.0

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

    def name(self, i: int) -> str:
        """What to call a sample: its number (from 0), in its split if these came with the data."""
        part = self.parts[i]
        if np.all(self.parts == part):
            return str(i)
        return f"{PARTS[part]}[{np.count_nonzero(self.parts[:i] == part)}]"

    def same_pixels(self, hashes: np.ndarray, parts: np.ndarray) -> Findings:
        """The images that occur twice where they should not, by their `duplicates.hashes_of`."""
        found = duplicates.find(hashes, self.labels, parts)
        record = {
            duplicates.IN_TWO_SPLITS: self._named(found.across_splits, parts),
            duplicates.WITH_TWO_LABELS: self._named(found.across_labels, parts),
        }
        return Findings(warnings=found.warnings, record=record)

    def findings(self, parts: np.ndarray) -> Findings:
        """What a user should know about these samples, split as in `parts`, int8 (n,)."""
        return Findings()

    def _named(self, groups: list[np.ndarray], parts: np.ndarray) -> list[list[dict[str, str]]]:
        """For each image of each group its name, class and split."""
        return [[self._about(i, parts) for i in group.tolist()] for group in groups]

    def _about(self, i: int, parts: np.ndarray) -> dict[str, str]:
        of_class = self.classes[self.labels[i]]
        return {duplicates.NAME: self.name(i), "class": of_class, "split": PARTS[parts[i]]}

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
