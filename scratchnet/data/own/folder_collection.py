"""The images of a folder, and what a user should know about them."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.data.fit import Fit
from scratchnet.data.image_format import ImageFormat
from scratchnet.data.images import Findings, Images
from scratchnet.data.own.collection import TRAIN, Collection
from scratchnet.data.own.layout import Layout, kinds, shown
from scratchnet.data.own.prepared import Index
from scratchnet.errors import DataError
from scratchnet.system.text import printable

INLINE = 3  # bad files that one line can name

logger = logging.getLogger("scratchnet")


def refuse(root: Path, bad: dict[str, str], good: int) -> None:
    """Raise DataError if there are bad files, path and reason; many of them are listed before."""
    if not bad:
        return
    lines = [printable(f"{path}: {reason}") for path, reason in bad.items()]
    listed = "; ".join(lines)
    if len(lines) > INLINE:
        listed = "they are listed above"
        for line in lines:
            logger.warning(line)
    raise DataError(
        f"dataset.path={root}: {len(bad):,} of {len(bad) + good:,} images cannot be read "
        f"({listed}); repair them, or set dataset.on_bad=skip to go on without them"
    )


@dataclass
class FolderCollection(Collection):
    """The images of a folder that could be read."""

    root: Path
    layout: Layout
    index: Index
    bad: dict[str, str]  # files that could not be read, and why

    @property
    def image_format(self) -> ImageFormat:
        """The format of all images."""
        return self.index.format

    def part(self, parts: np.ndarray, which: int) -> Images:
        """The images that are in split `which`, with the names of their files."""
        images = super().part(parts, which)
        images.names = [self.name(row) for row in np.flatnonzero(parts == which).tolist()]
        return images

    def statistics(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each channel, from the sums of each image: exact."""
        height, width, _ = self.index.format.shape
        mean, square = self.index.sums[rows].sum(axis=0) / (len(rows) * height * width)
        return mean, np.sqrt(np.maximum(square - mean**2, 0))

    def findings(self, parts: np.ndarray) -> Findings:
        """What was left out, skipped, chosen automatically or found twice."""
        twice = self.same_pixels(self.index.hashes, parts)
        others = [self.layout.files[i] for i in self.index.others]
        notes = [self._classes(), self._format()]
        warnings = []
        if self.layout.left_out:
            notes.append(f"left out: {shown(self.layout.left_out, '; ')}")
        if others:
            verb = "file is no image" if len(others) == 1 else "files are no images"
            notes.append(f"{len(others):,} {verb}: {kinds(others)}")
        if self.bad:
            warnings.append(f"skipped, as they cannot be read: {len(self.bad):,} (see data.json)")
        warnings += twice.warnings
        record = {
            "path": _text(self.root.resolve()),
            "classes": self.counts(parts),
            "format": self._plain_format(),
            "left_out": self.layout.left_out,
            "no_images": kinds(others),
            "skipped": [{"file": _text(path), "reason": why} for path, why in self.bad.items()],
            **twice.record,
        }
        return Findings(notes, warnings, record)

    def _classes(self) -> str:
        names = self.classes
        return f"{len(names):,} classes: {shown(names)}"

    def _format(self) -> str:
        one = self.index.format
        colour = "in grey" if one.channels == 1 else "in colour"
        how = {Fit.crop: "cropped", Fit.pad: "padded", Fit.stretch: "stretched"}[one.fit]
        return (
            f"images are {one.height} x {one.width} pixels {colour}; others are resized and {how} "
            "(dataset.size, color, fit)"
        )

    def _plain_format(self) -> dict[str, Any]:
        one = self.index.format
        return {"shape": list(one.shape), "fit": one.fit.name, "background": one.background}

    def name(self, i: int) -> str:
        """The path of the file that an image is from."""
        return _text(self.layout.files[self.index.rows[i]].path)


def collect(
    root: Path, layout: Layout, index: Index, pixels: np.ndarray, bad: dict[str, str]
) -> FolderCollection:
    """The images that were read, with their classes and splits.

    Raises DataError for a class without any image to train on.
    """
    labels = np.array(layout.labels, np.int64)[index.rows]
    parts = np.array(layout.parts, np.int8)[index.rows]
    counts = np.bincount(labels[parts == TRAIN], minlength=len(layout.classes))
    empty = [layout.classes[label] for label in np.flatnonzero(counts == 0)]
    if empty:
        raise DataError(
            f"dataset.path={root}: there is no image to train on that can be read of class "
            f"{shown(empty)}"
        )
    return FolderCollection(
        pixels=pixels,
        labels=labels,
        parts=parts,
        classes=layout.classes,
        digest=index.digest,
        root=root,
        layout=layout,
        index=index,
        bad=bad,
    )


def _text(path: Path | str) -> str:
    """A path that can be written down, whatever bytes are in it."""
    return os.fsencode(path).decode(errors="replace")
