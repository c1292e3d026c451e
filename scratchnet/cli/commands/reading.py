"""All that `predict` is given: files of images, files of numbers, and folders of images."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scratchnet.cli.commands.image import Reader, Seen
from scratchnet.data import decoding
from scratchnet.data.own import unlabelled
from scratchnet.data.own.layout import natural
from scratchnet.data.own.samples import Channels
from scratchnet.data.own.walk import walk
from scratchnet.errors import UserError
from scratchnet.system.text import printable


@dataclass
class Reading:
    """What could be read, and what could not."""

    files: int  # named, or found in folders
    names: list[str] = field(default_factory=list)  # of each sample: its file, or its id in it
    samples: list[Seen] = field(default_factory=list)
    errors: list[UserError] = field(default_factory=list)  # one for each unread file
    kaggle_id: str | None = None  # the only file has Kaggle's columns: what it calls an id


def read_all(
    paths: list[Path],
    reader: Reader,
    channels: Channels = Channels.auto,
    label: int | None = None,
) -> Reading:
    """Read every file named, and every image in the folders named, in natural order.

    `channels` are those of the rows of a table, and `label` is where the training table had its
    labels. Raises UserError for a folder without images.
    """
    found = [file for path in paths for file in (_images_below(path) if path.is_dir() else [path])]
    reading = Reading(len(found))
    with decoding.quiet():
        for path in found:
            try:
                if unlabelled.is_file_of_samples(path):
                    _add_samples(reading, path, reader, channels, label)
                else:
                    reading.samples.append(reader.read(path))
                    reading.names.append(str(path))
            except UserError as error:
                reading.errors.append(error)
    return reading


def _add_samples(
    reading: Reading, path: Path, reader: Reader, channels: Channels, label: int | None
) -> None:
    """Add all samples in a file of numbers; ids alone name them if there is no other file."""
    height, width, count = reader.inputs.shape
    shape = (height, width, count)
    table = unlabelled.read(path, shape, reader.inputs.features, channels, label)
    reading.samples += [reader.of_numbers(sample) for sample in table.samples]
    is_alone = reading.files == 1
    reading.names += table.names if is_alone else [f"{path}, {name}" for name in table.names]
    if is_alone and table.are_pixels:
        reading.kaggle_id = table.id_name or "ImageId"


def _images_below(folder: Path) -> Iterator[Path]:
    found = walk(folder)
    images = sorted((file.path for file in found if file.may_be_image), key=natural)
    if not images:
        raise UserError(f"{folder}: holds no images")
    others = len(found) - len(images)
    if others:
        what = "1 other file is" if others == 1 else f"{others:,} other files are"
        print(printable(f"{folder}: {what} left out"), file=sys.stderr)
    return (folder / name for name in images)


def stacked(samples: list[Seen]) -> np.ndarray:
    """The pixels of all samples, (n, H, W, C)."""
    return np.stack([sample.pixels for sample in samples])
