"""How weights start. An initializer is a function (rng, shape, fan_in, fan_out) -> array."""

from collections.abc import Callable
from enum import Enum

import numpy as np

Initializer = Callable[[np.random.Generator, tuple[int, ...], int, int], np.ndarray]


def he(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
    """Normal with variance 2 / fan_in: keeps the variance through ReLU layers.

    He et al. 2015, "Delving Deep into Rectifiers", eq. 10.
    """
    return rng.standard_normal(shape) * np.sqrt(2 / fan_in)


def glorot(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> np.ndarray:
    """Normal with variance 2 / (fan_in + fan_out): a compromise between both directions.

    Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    networks", eq. 12.
    """
    return rng.standard_normal(shape) * np.sqrt(2 / (fan_in + fan_out))


def zeros(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> np.ndarray:
    """All zeros: for biases, or for an output layer that starts with equal class probabilities."""
    return np.zeros(shape)


def ones(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
    """All ones: for the scale of a normalisation."""
    return np.ones(shape)


def dirac(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> np.ndarray:
    """Filters (k, k, C, F) that pass the image on unchanged: filter i gives channel i, for i < C.

    Further filters are uniform with variance 1 / (3 fan_in). Zagoruyko & Komodakis 2017,
    "DiracNets"; as in airbench94 (K. Jordan 2024).
    """
    kernel, _, channels, filters = shape
    bound = np.sqrt(1 / fan_in)
    weight = rng.uniform(-bound, bound, shape)
    passed = np.arange(min(channels, filters))
    weight[..., passed] = 0
    weight[kernel // 2, kernel // 2, passed, passed] = 1
    return weight


class OutputInit(Enum):
    """The initializers that a config can name for the output layer."""

    glorot = "glorot"
    he = "he"
    zeros = "zeros"

    @property
    def initializer(self) -> Initializer:
        """The function of this name."""
        return {"glorot": glorot, "he": he, "zeros": zeros}[self.value]
