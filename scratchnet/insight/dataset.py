"""The data of a run: sizes, classes, samples as the network gets them, images that occur twice."""

from typing import Any

import numpy as np

from scratchnet.config import Config
from scratchnet.data.images import Images, Splits
from scratchnet.data.loader import Loader
from scratchnet.data.own import duplicates
from scratchnet.data.splits import stratified
from scratchnet.insight.sheet import sheet
from scratchnet.runs.load import Run
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

SAMPLES = 30  # training images
NAMED = 12  # groups of duplicates
MOST_BYTES = 1 << 29  # of images that are compared with one another


def dataset(run: Run, config: Config, splits: Splits | None) -> dict[str, Any]:
    """Plain values; without `splits` (the data cannot be loaded) only what the run has recorded."""
    images = run.data.get("images")
    values: dict[str, Any] = {
        "facts": {
            "fingerprint": as_typed(run.data.get("fingerprint"))[:16],
            "official release": as_typed(run.data.get("official")),
            "validation images": as_typed(run.data.get("protocol")),
        },
        "sizes": {
            printable(name): count
            for name, count in (images if isinstance(images, dict) else {}).items()
            if type(count) is int
        },
    }
    if splits is None:
        return values
    parts = {"train": splits.train, "val": splits.val, "test": splits.test}
    known = {name: part for name, part in parts.items() if part is not None}
    return values | {
        "counts": {
            name: np.bincount(part.labels, minlength=len(splits.classes)).tolist()
            for name, part in known.items()
        },
        "samples": None if splits.are_vectors else samples(config, splits),
        "twice": in_two_splits(splits, known),
    }


def samples(config: Config, splits: Splits) -> dict[str, Any]:
    """Some training images of all classes, augmented as in training."""
    chosen = stratified(splits.train.labels, min(SAMPLES, len(splits.train)))
    some = Images(splits.train.take(chosen), splits.train.labels[chosen])
    augmentation = config.dataset.augmentation if config.dataset.augment else None
    loader = Loader(
        some,
        len(some),
        mean=splits.mean,
        std=splits.std,
        seed=config.seed,
        augmentation=augmentation,
        classes=len(splits.classes),
    )
    x, _ = next(loader.batches(epoch=1))
    pixels = np.clip(np.rint(x * splits.std + splits.mean), 0, splits.pixel_max)
    return {
        "sheet": sheet(pixels.astype(np.uint8), max(1, splits.pixel_max)),
        "labels": some.labels.tolist(),
        "augmented": augmentation is not None,
    }


def in_two_splits(splits: Splits, parts: dict[str, Images]) -> dict[str, Any] | None:
    """How many groups of equal images are in more than one split, and some of them by name.

    None where that is unknown: vectors, or more bytes than can be compared in a moment.
    """
    recorded = splits.findings.record.get(duplicates.IN_TWO_SPLITS)
    if recorded is not None:
        return {
            "groups": len(recorded),
            "named": [
                [printable(f"{one['split']}: {one[duplicates.NAME]}") for one in group]
                for group in recorded[:NAMED]
            ],
        }
    size = int(np.prod(splits.shape)) * sum(map(len, parts.values()))
    if splits.are_vectors or size > MOST_BYTES:
        return None
    places = [(name, i) for name, part in parts.items() for i in range(len(part))]
    hashes = np.concatenate(
        [
            duplicates.hashes_of(part.pixels, part.rows_of(np.arange(len(part))))
            for part in parts.values()
        ]
    )
    numbers = np.repeat(np.arange(len(parts)), [len(part) for part in parts.values()])
    found = duplicates.find(hashes, np.zeros(len(hashes), np.int64), numbers).across_splits
    named = [[places[i] for i in group.tolist()] for group in found[:NAMED]]
    return {
        "groups": len(found),
        "named": [[f"{name}: {position}" for name, position in group] for group in named],
    }
