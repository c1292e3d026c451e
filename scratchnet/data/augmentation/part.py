"""What an augmentation knows about its images."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Part:
    """A part of a batch: the images that one thread augments."""

    positions: np.ndarray  # int64 (n,), of the images in the training set
    epoch: int  # >= 0
    rng: np.random.Generator  # this part's own: all its random choices are drawn from it, in order
