"""Random masks."""

import numpy as np

from scratchnet.kernels.kernel import kernel

STEPS = 65_536  # probabilities are multiples of 1 / STEPS: masks are drawn from 16-bit numbers
_PIECE = 16_384  # random numbers drawn at a time: 32 KB, which needs no new memory pages


def draw_mask(rng: np.random.Generator, dropped: int, scale: float, mask: np.ndarray) -> None:
    """mask = 0 with probability dropped / STEPS, else `scale`, for each number on its own.

    Draws raw 64-bit words, four 16-bit numbers each, and compares these with the threshold.
    """
    mask = mask.reshape(-1)
    for start in range(0, mask.size, _PIECE):
        piece = mask[start : start + _PIECE]
        words = rng.bit_generator.random_raw(-(-piece.size // 4))
        keep(words.view(np.uint16)[: piece.size], np.uint16(dropped), float(scale), piece)


@kernel()
def keep(random, threshold, scale, mask):
    """mask = scale where a random number reaches the threshold, else 0."""
    for i in range(mask.size):
        mask[i] = scale if random[i] >= threshold else 0.0


@keep.in_numpy
def keep_in_numpy(random, threshold, scale, mask):
    np.multiply(random >= threshold, mask.dtype.type(scale), out=mask)
