"""Which images are used for training, for validation and for testing."""

from enum import Enum

import numpy as np

from scratchnet.data.images import Images
from scratchnet.errors import DataError


class Validation(Enum):
    """Where the validation images come from."""

    holdout = "holdout"  # held out of the training set, chosen by the seed
    test_halves = "test_halves"  # half of the test set, the same for every seed
    none = "none"  # no validation: a final run that trains on the whole training set


def stratified(labels: np.ndarray, size: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """The positions of `size` samples, with each class in proportion to within one sample.

    Systematic sampling: sort by class, then take evenly spaced samples. `rng` decides which
    samples of a class are taken; without it the choice is fixed.
    """
    count = len(labels)
    order = np.arange(count) if rng is None else rng.permutation(count)
    by_class = order[np.argsort(labels[order], kind="stable")]
    return by_class[np.arange(size) * count // size]


def half(labels: np.ndarray) -> np.ndarray:
    """The positions of the test samples that become validation samples with `test_halves`.

    Raises DataError if there are too few for two halves.
    """
    if len(labels) < 2:
        raise DataError(
            f"dataset.validation=test_halves: needs 2 test samples or more, and there is "
            f"{len(labels)}; choose holdout or none"
        )
    return stratified(labels, len(labels) // 2)


def stratified_share(labels: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The positions of about this share of the samples of each class, in ascending order.

    A class with two samples or more gives at least one, and none gives its last one.
    """
    order = rng.permutation(len(labels))
    chosen = []
    for label in np.unique(labels):
        members = order[labels[order] == label]
        count = min(max(int(share * len(members) + 0.5), 1), len(members) - 1)
        chosen.append(members[:count])
    return np.sort(np.concatenate(chosen))


def split_off(images: Images, chosen: np.ndarray) -> tuple[Images, Images]:
    """The remaining images and the chosen ones, as two views of the same memory.

    Works in place: images are swapped until the chosen ones are at the end, so a large dataset is
    never in memory twice. Images that are not swapped keep their order.
    """
    end = len(images) - len(chosen)
    is_chosen = np.zeros(len(images), bool)
    is_chosen[chosen] = True
    leaving = np.flatnonzero(is_chosen[:end])
    coming = end + np.flatnonzero(~is_chosen[end:])
    places, sources = np.concatenate([leaving, coming]), np.concatenate([coming, leaving])
    for array in (images.pixels, images.labels):
        array[places] = array[sources]
    return (
        Images(images.pixels[:end], images.labels[:end]),
        Images(images.pixels[end:], images.labels[end:]),
    )
