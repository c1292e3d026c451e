"""The way of arrays and tables of numbers to one collection of samples."""

from dataclasses import dataclass, field

import numpy as np

from scratchnet.data.augmentation import Augmentation
from scratchnet.data.images import Findings
from scratchnet.data.own import duplicates, labels, samples
from scratchnet.data.own.collection import PARTS, Collection, digest_of
from scratchnet.data.own.dataset import OwnDataset
from scratchnet.data.own.layout import shown
from scratchnet.data.own.samples import Channels, Form
from scratchnet.errors import DataError
from scratchnet.settings import setting


@dataclass
class Split:
    """The samples and labels of one split, as they are in the file."""

    part: int  # TRAIN, VAL or TEST
    samples: np.ndarray
    labels: np.ndarray  # int64 or text (n,)


@dataclass
class NumbersCollection(Collection):
    """Samples that come as numbers, and what was assumed of them."""

    notes: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # of a table with a header
    taken_for_white: float = 255.0

    @property
    def features(self) -> list[str]:
        """The columns of a table with a header, in the order of the numbers of a sample."""
        return self.columns

    @property
    def white(self) -> float:
        """The number that was taken for white."""
        return self.taken_for_white

    @property
    def pixel_max(self) -> int:
        """The largest value found in an image: other image files are brought to that range."""
        return max(1, int(self.pixels.max())) if self.pixels.dtype == np.uint8 else 255

    def findings(self, parts: np.ndarray) -> Findings:
        """What was assumed when the numbers were read, and which images were found twice."""
        found = Findings()
        if self.pixels.dtype == np.uint8:  # vectors of few numbers may well be the same
            hashes = duplicates.hashes_of(self.pixels, np.arange(len(self.pixels)))
            found = self.same_pixels(hashes, parts)
        found.notes = [self._classes(), *self.notes]
        found.record = {"classes": self.counts(parts), "notes": self.notes, **found.record}
        return found

    def _classes(self) -> str:
        return f"{len(self.classes):,} classes: {shown(self.classes)}"


@dataclass
class LabelledDataset(OwnDataset):
    """Base of datasets whose files hold samples and labels as numbers."""

    classes: list[str] | None = setting(
        None, "names of the classes, in the order of their labels; null: the labels themselves"
    )
    augmentation: Augmentation = setting(Augmentation(), "how images are augmented")

    def _collect(
        self, splits: list[Split], names: list[str], notes: list[str], columns: list[str]
    ) -> NumbersCollection:
        """One collection of all splits. `names` are those of the classes, if the file has any.

        Raises DataError for samples that are neither images nor vectors, or labels that name no
        classes.
        """
        try:
            pixels, found = self._as_samples(splits, columns)
            indices, classes = labels.encode(
                [split.labels for split in splits], self.classes or names
            )
        except ValueError as error:
            raise DataError(f"{self.source}: {error}") from error
        all_pixels = np.concatenate(pixels)
        are_images = all_pixels.dtype == np.uint8
        return NumbersCollection(
            pixels=all_pixels,
            labels=np.concatenate(indices),
            parts=np.repeat([split.part for split in splits], list(map(len, indices))).astype("i1"),
            classes=classes,
            digest=digest_of(all_pixels),
            notes=[*found, *notes],
            columns=columns,
            taken_for_white=samples.white_of([s.samples for s in splits]) if are_images else 255.0,
        )

    def _as_samples(
        self, splits: list[Split], columns: list[str]
    ) -> tuple[list[np.ndarray], list[str]]:
        """The samples of each split, as images or vectors, and notes on what was assumed."""
        raise NotImplementedError


@dataclass
class NumbersDataset(LabelledDataset):
    """Base of datasets whose files hold images of any layout, or vectors of features."""

    form: Form = setting(Form.auto, "what rows of numbers are: square images or vectors")
    channels: Channels = setting(Channels.auto, "where the channels of colour images are")

    def _as_samples(
        self, splits: list[Split], columns: list[str]
    ) -> tuple[list[np.ndarray], list[str]]:
        parts = [split.samples for split in splits]
        for part in parts:
            samples.check_numbers(part)
        shapes = [part.shape[1:] for part in parts]
        if len(set(shapes)) > 1:
            raise ValueError(f"the splits have samples of different shapes: {shapes}")
        samples.check_ranges({PARTS[split.part]: split.samples for split in splits})
        if parts[0].ndim == 2 and not self._are_images(parts, columns):
            count = parts[0].shape[1]
            note = f"vectors of {count:,} numbers, each normalised by the training split"
            return [samples.as_vectors(part) for part in parts], [note]
        if parts[0].ndim == 2:
            images = samples.as_square_images(parts, self.channels)
        else:
            images = [samples.as_images(part, self.channels) for part in parts]
        height, width, count = images[0].shape[1:]
        if max(height, width) == 1:
            raise ValueError(f"holds images of 1x1 pixels, of shape {parts[0].shape}")
        colour = "grey" if count == 1 else "in colour"
        in_bytes, notes = samples.in_bytes(images)
        return in_bytes, [f"images of {height} x {width} pixels, {colour}", *notes]

    def _are_images(self, parts: list[np.ndarray], columns: list[str]) -> bool:
        """Whether rows of numbers are square images."""
        if self.form is not Form.auto:
            return self.form is Form.images
        if samples.named_as_pixels(columns):
            return samples.square_of(parts[0].shape[1]) is not None
        return all(samples.looks_like_images(part) for part in parts)
