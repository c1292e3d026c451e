"""What an augmentation knows about its images."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Part:
    """A part of a batch, which one thread augments on its own."""

    positions: np.ndarray  # int64 (n,): which images of the training set they are
    epoch: int  # >= 0
    rng: np.random.Generator  # of this part: all random choices are drawn from it, in order
