"""Random masks."""

import numpy as np

from scratchnet.compute.threads import scratch

STEPS = 65_536  # probabilities are multiples of 1 / STEPS: masks are drawn from 16-bit numbers
_PIECE = 16_384  # random numbers drawn at a time: 32 KB, which needs no new memory pages


def draw_mask(rng: np.random.Generator, dropped: int, scale: float, mask: np.ndarray) -> None:
    """mask = 0 with probability dropped / STEPS, else `scale`, for each number on its own.

    Draws raw 64-bit words, four 16-bit numbers each, and compares these with the threshold.
    """
    mask = mask.reshape(-1)
    factor = mask.dtype.type(scale)
    for start in range(0, mask.size, _PIECE):
        piece = mask[start : start + _PIECE]
        words = rng.bit_generator.random_raw(-(-piece.size // 4))
        numbers = words.view(np.uint16)[: piece.size]
        kept = scratch("kept", piece.size, np.dtype(bool))
        np.greater_equal(numbers, dropped, out=kept)
        np.multiply(kept, factor, out=piece)
