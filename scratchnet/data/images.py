"""A dataset: images with their labels, the splits made of them, and what a network has to fit."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scratchnet.data.image_format import ImageFormat  # imports Pillow, which few runs need

Shape = tuple[int, int, int]  # height, width, channels


@dataclass
class Images:
    """Images and their labels, in bytes; the loader turns them into float32 batch by batch."""

    pixels: np.ndarray  # uint8 (n, height, width, channels), in memory or mapped from a file
    labels: np.ndarray  # int64 (n,), class indices
    rows: np.ndarray | None = None  # int64 (n,): image i is pixels[rows[i]]; None: pixels[i]
    names: list[str] | None = None  # of the files, by position; None: they are not from files

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, positions: np.ndarray) -> np.ndarray:
        """The pixels of the images at these positions, (len(positions), H, W, C)."""
        return self.pixels[self.rows_of(positions)]

    def rows_of(self, positions: np.ndarray) -> np.ndarray:
        """Where in `pixels` the images at these positions are."""
        return positions if self.rows is None else self.rows[positions]


@dataclass
class Findings:
    """What loading has brought to light: told when a run starts, and kept in its folder."""

    notes: list[str] = field(default_factory=list)  # lines to print
    warnings: list[str] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)  # plain values: all details, for data.json


@dataclass(frozen=True)
class Specification:
    """What a network and its schedule have to fit."""

    shape: Shape
    classes: int  # how many there are
    training_size: int  # images to train on

    @property
    def are_vectors(self) -> bool:
        """Whether the samples are vectors (1, 1, features), not images."""
        return self.shape[:2] == (1, 1)


@dataclass
class Splits:
    """A dataset, ready to train on. A network sees x = (pixel - mean) / std."""

    train: Images
    val: Images | None  # None: the whole training set is used for training
    test: Images
    classes: list[str]  # names, by label
    mean: np.ndarray  # float32 (channels,), in pixel units
    std: np.ndarray  # float32 (channels,), in pixel units
    pixel_max: int  # the largest value that a pixel has, <= 255
    fingerprint: str  # of all images and labels; the same for every split
    official: bool  # whether the content is that of the official release
    protocol: str  # where the validation images come from: the name of a Validation, or `given`
    image_format: "ImageFormat | None" = None  # what image files are brought to, if they are
    features: list[str] = field(default_factory=list)  # columns of a table, in a sample's order
    white: float = 255.0  # in the files of numbers that the images were read from
    findings: Findings = field(default_factory=Findings)

    @property
    def shape(self) -> Shape:
        """Height, width and channels of an image."""
        height, width, channels = self.train.pixels.shape[1:]
        return height, width, channels

    @property
    def are_vectors(self) -> bool:
        """Whether the samples are vectors (1, 1, features), not images."""
        return self.specification.are_vectors

    @property
    def specification(self) -> Specification:
        """What a network has to fit."""
        return Specification(self.shape, len(self.classes), len(self.train))


def fingerprint(*parts: Images) -> str:
    """SHA-256 (hex) of the shapes, pixels and labels of all parts, in order."""
    digest = hashlib.sha256()
    for images in parts:
        digest.update(repr(images.pixels.shape).encode())
        digest.update(images.pixels.data)
        digest.update(images.labels.astype("<i8").data)
    return digest.hexdigest()
