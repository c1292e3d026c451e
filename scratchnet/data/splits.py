"""Which images train, which validate and which test."""

from enum import Enum

import numpy as np

from scratchnet.data.images import Images


class Validation(Enum):
    """Where the validation images come from."""

    holdout = "holdout"  # held out of the training set, chosen by the seed
    test_halves = "test_halves"  # one half of the test set, the same for every seed
    none = "none"  # there are none: a final run that trains on the whole training set


def stratified(labels: np.ndarray, size: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """The positions of `size` samples, each class in proportion (to less than one sample).

    Systematic sampling: sort by class, then take evenly spaced samples. Which ones of a class
    are taken is up to `rng`; without one it is fixed.
    """
    count = len(labels)
    order = np.arange(count) if rng is None else rng.permutation(count)
    by_class = order[np.argsort(labels[order], kind="stable")]
    return by_class[np.arange(size) * count // size]


def split_off(images: Images, chosen: np.ndarray) -> tuple[Images, Images]:
    """The other images, and the chosen ones: two views of the same memory.

    Works in place: images trade places until the chosen ones lie at the end, so a large
    dataset is never in memory twice. Only those that trade places change their order.
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
