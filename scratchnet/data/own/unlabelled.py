"""Samples without labels, brought to the form of those that a network was trained on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scratchnet.data.images import Shape
from scratchnet.data.own import samples
from scratchnet.data.own.array_files import samples_to_predict
from scratchnet.data.own.csv_table import are_ids, may_be_ids
from scratchnet.data.own.samples import Channels
from scratchnet.data.own.table import Table
from scratchnet.errors import DataError
from scratchnet.system.text import printable

ARRAYS = (".npy", ".npz")
TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")


@dataclass
class Unlabelled:
    """The samples of one file, uint8 images or float32 vectors (n, H, W, C)."""

    samples: np.ndarray
    names: list[str]  # of each sample: its id, or its number from 1
    id_name: str | None = None  # of the column of ids, if the file has one
    are_pixels: bool = False  # the columns are called pixel0, pixel1, ..., as in Kaggle's digits


def is_file_of_samples(path: Path) -> bool:
    """Whether a file's name says that it holds samples as numbers."""
    return path.name.lower().endswith((*ARRAYS, *TABLES))


def read(
    path: Path,
    shape: Shape,
    features: list[str],
    channels: Channels = Channels.auto,
    label: int | None = None,
) -> Unlabelled:
    """The samples in an .npy, .npz or CSV file, for a network that takes samples (H, W, C).

    `features` are the columns that the training data had, in their order; empty if they had no
    names. Columns that a table has beside them are ignored. `label` is the position of the labels
    in the training data, if known. Raises DataError.
    """
    if path.name.lower().endswith(ARRAYS):
        values = samples_to_predict(path)
        found = Unlabelled(values, [])
    else:
        found = _from_table(path, shape, features, label)
    try:
        found.samples = _in_form(found.samples, shape, channels)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
    found.names = found.names or [str(number) for number in range(1, len(found.samples) + 1)]
    return found


def _from_table(path: Path, shape: Shape, features: list[str], label: int | None) -> Unlabelled:
    table, count = Table.open(path), int(np.prod(shape))
    if features and table.has_header:
        missing = [name for name in features if name not in table.names]
        if missing:
            more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
            raise DataError(
                f"{path}: lacks column {printable(missing[0])}{more} of the training data"
            )
        places = [table.names.index(name) for name in features]
    elif len(table.names) == count:
        places = list(range(count))
    else:
        position = f" (position {label})" if label is not None else ""
        labelled = len(table.names) == count + 1
        hint = f"; if one holds the labels{position}, remove it" if labelled else ""
        raise DataError(
            f"{path}: has {len(table.names):,} columns, but the network takes {count:,} "
            f"numbers{hint}"
        )
    ids = [i for i in range(len(table.names)) if i not in places and may_be_ids(table, i)][:1]
    rows = table.read(places, ids)
    found = Unlabelled(
        rows.values, [], are_pixels=samples.named_as_pixels([table.names[i] for i in places])
    )
    if ids and are_ids(rows.texts[0]):
        found.names, found.id_name = rows.texts[0], table.names[ids[0]]
    return found


def _in_form(values: np.ndarray, shape: Shape, channels: Channels) -> np.ndarray:
    """The values as samples (n, H, W, C). Raises ValueError."""
    samples.check_numbers(values)
    count = shape[2]
    if shape[:2] == (1, 1):
        rows = values.reshape(1, -1) if values.shape == (count,) else values
        if rows.shape[1:] not in ((count,), shape):
            raise ValueError(
                f"has shape {values.shape}: the network takes {count:,} numbers for each sample, "
                f"shape (n, {count})"
            )
        return samples.as_vectors(rows)
    (in_bytes,), _ = samples.in_bytes([_as_images(values, shape, channels)])
    return in_bytes


def _as_images(values: np.ndarray, shape: Shape, channels: Channels) -> np.ndarray:
    height, width, count = shape
    numbers = height * width * count
    layouts = {shape, (count, height, width), (numbers,)} | ({shape[:2]} if count == 1 else set())
    batch = values[np.newaxis] if values.shape in layouts else values
    form = batch.shape[1:]
    if form == shape or (count == 1 and form == shape[:2]):
        return batch.reshape(-1, *shape)
    if form == (count, height, width):
        return np.moveaxis(batch, 1, 3)
    if form == (numbers,) and samples.square_of(numbers) == shape:
        (images,) = samples.as_square_images([batch], channels)
        return images
    raise ValueError(
        f"has shape {values.shape}: the network takes images of {height} x {width} pixels in "
        f"{count} channel{'s' if count > 1 else ''}"
    )
