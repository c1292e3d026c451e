"""Images that occur twice where they should not: in two splits, or with two labels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Duplicates:
    """Groups of positions with the same pixels, each in different splits or with different labels.

    A group may be in both lists.
    """

    across_splits: list[np.ndarray]
    across_labels: list[np.ndarray]


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
