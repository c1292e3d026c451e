"""Random smooth displacements, out of few random numbers."""

import numpy as np

_NEGLIGIBLE = 1e-6  # share of the variance that may be left out
_REACH = 8  # standard deviations after which a Gaussian is 0


def gaussian(length: int, sigma: float) -> np.ndarray:
    """The matrix (length, length) that smooths a line of pixels with a Gaussian; 0 lies outside."""
    reach = int(np.ceil(_REACH * sigma))
    total = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).sum()
    distance = np.arange(length) - np.arange(length)[:, None]
    return np.exp(-0.5 * (distance / sigma) ** 2) / total


def modes(length: int, sigma: float) -> np.ndarray:
    """A matrix L (length, m), m as small as can be, with L L^T = G G^T for G = `gaussian`.

    A field of independent normal numbers N, smoothed along both axes, is G N G'^T. With the
    singular values G = A S B^T this is (A S) (B^T N B') (A' S')^T, and the inner matrix again
    consists of independent normal numbers. So L Z L'^T with L = A S is distributed as the smoothed
    field is; and as smoothing leaves few singular values that matter, Z is small: 9 x 9 numbers
    instead of 28 x 28 for sigma = 4.
    """
    a, s, _ = np.linalg.svd(gaussian(length, sigma))
    left_out = 1 - np.cumsum(s**2) / np.sum(s**2)
    count = 1 + int(np.argmax(left_out <= _NEGLIGIBLE))
    return a[:, :count] * s[:count]
