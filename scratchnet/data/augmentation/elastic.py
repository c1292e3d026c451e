"""Smooth random displacements from few random numbers."""

import numpy as np

_NEGLIGIBLE = 1e-6  # fraction of the variance that may be left out
_REACH = 8  # standard deviations beyond which a Gaussian counts as 0


def gaussian(length: int, sigma: float) -> np.ndarray:
    """The matrix (length, length) that smooths a line of pixels with a Gaussian, padded with 0."""
    reach = int(np.ceil(_REACH * sigma))
    total = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).sum()
    distance = np.arange(length) - np.arange(length)[:, None]
    return np.exp(-0.5 * (distance / sigma) ** 2) / total


def modes(length: int, sigma: float) -> np.ndarray:
    """The matrix L (length, m) with L L^T = G G^T for G = `gaussian`, and m as small as possible.

    A field N of independent normal numbers, smoothed along both axes, is G N G'^T. With the
    singular value decomposition G = A S B^T it equals (A S) (B^T N B') (A' S')^T, and the matrix in
    the middle again holds independent normal numbers. So L Z L'^T with L = A S has the distribution
    of the smoothed field. Smoothing leaves few singular values that matter, so Z is small: for
    sigma = 4, 9 x 9 numbers instead of 28 x 28.
    """
    a, s, _ = np.linalg.svd(gaussian(length, sigma))
    left_out = 1 - np.cumsum(s**2) / np.sum(s**2)
    count = 1 + int(np.argmax(left_out <= _NEGLIGIBLE))
    return a[:, :count] * s[:count]
