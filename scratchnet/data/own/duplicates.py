"""Images that occur twice where they should not: in two splits, or with two labels."""

import hashlib
from dataclasses import dataclass

import numpy as np

IN_TWO_SPLITS, WITH_TWO_LABELS = "same_pixels_in_two_splits", "same_pixels_with_two_labels"
NAME = "file"  # the key of an image's name; of images that have no file it is their number


@dataclass(frozen=True)
class Duplicates:
    """Groups of positions with the same pixels, each in different splits or with different labels.

    A group may be in both lists.
    """

    across_splits: list[np.ndarray]
    across_labels: list[np.ndarray]

    @property
    def warnings(self) -> list[str]:
        """One line on them, if there are any."""
        counts = {
            "in more than one split": sum(map(len, self.across_splits)),
            "with more than one label": sum(map(len, self.across_labels)),
        }
        said = " and ".join(f"{count:,} {how}" for how, count in counts.items() if count)
        return [f"images with the same pixels: {said} (see data.json)"] if said else []


def hashes_of(pixels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """16 bytes for each of some images, uint8 (n, 16): the same only for the same pixels."""
    pixels = np.ascontiguousarray(pixels)
    digests = [hashlib.blake2b(pixels[i].data, digest_size=16).digest() for i in rows.tolist()]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16)


def find(hashes: np.ndarray, labels: np.ndarray, parts: np.ndarray) -> Duplicates:
    """The duplicates among n images: uint8 (n, bytes), their labels and splits (n,)."""
    keys = np.ascontiguousarray(hashes).view(f"S{hashes.shape[1]}").ravel()
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1]))
    ends = np.append(starts[1:], len(order))
    several = ends - starts > 1
    groups = [order[i:end] for i, end in zip(starts[several], ends[several], strict=True)]
    return Duplicates(
        across_splits=[group for group in groups if np.ptp(parts[group])],
        across_labels=[group for group in groups if np.ptp(labels[group])],
    )
