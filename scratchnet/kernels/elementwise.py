"""Products and sums of two arrays, number by number, over blocks that fit in the cache."""

import numpy as np

from scratchnet.compute.blocks import for_each_block


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """out = a b for contiguous arrays of one shape; `out` may be `a` or `b`."""
    for_each_block(np.multiply, a, b, out)


def add(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """out = a + b for contiguous arrays of one shape; `out` may be `a` or `b`."""
    for_each_block(np.add, a, b, out)


def scale(x: np.ndarray, factor: float, out: np.ndarray) -> None:
    """out = factor x for contiguous arrays of one shape; `out` may be `x`."""

    def scale_block(x: np.ndarray, out: np.ndarray) -> None:
        np.multiply(x, factor, out=out)

    for_each_block(scale_block, x, out)
