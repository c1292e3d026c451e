"""A dataset in memory: images with their labels, and the splits made of them."""

import hashlib
from dataclasses import dataclass

import numpy as np


@dataclass
class Images:
    """Images and their labels, in bytes; the loader turns them into float32 batch by batch."""

    pixels: np.ndarray  # uint8 (n, height, width, channels)
    labels: np.ndarray  # int64 (n,), class indices

    def __len__(self) -> int:
        return len(self.labels)


@dataclass
class Splits:
    """A dataset, ready to train on. A network sees x = (pixel - mean) / std."""

    train: Images
    val: Images | None  # None: the whole training set is used for training
    test: Images
    classes: list[str]  # names, by label
    mean: np.ndarray  # float32 (channels,), in pixel units
    std: np.ndarray  # float32 (channels,), in pixel units
    fingerprint: str  # of all images and labels; the same for every split
    official: bool  # whether the content is that of the official release
    protocol: str  # where the validation images come from: the name of a Validation

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of an image."""
        return self.train.pixels.shape[1:]


def fingerprint(*parts: Images) -> str:
    """SHA-256 (hex) of the shapes, pixels and labels of all parts, in order."""
    digest = hashlib.sha256()
    for images in parts:
        digest.update(repr(images.pixels.shape).encode())
        digest.update(images.pixels.data)
        digest.update(images.labels.astype("<i8").data)
    return digest.hexdigest()
