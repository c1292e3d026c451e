"""Long vectors in pieces that stay in the L2 cache through several passes.

A formula of twelve NumPy operations over 4 million numbers reads and writes main memory twelve
times. Block by block, all twelve passes but the first find their data in L2 (1 to 2 MB per core).
"""

from collections.abc import Callable

import numpy as np

from scratchnet.compute import threads

BLOCK = 131_072  # numbers; four float32 vectors of this length take 2 MB
SLICE = 262_144  # numbers of whole samples: larger, as fewer vectors are read at a time
_FEW = 4  # so few blocks are done before a second thread has woken up and got the GIL


def block_slices(size: int) -> list[slice]:
    """The slices that cut `size` numbers into blocks; the last may be shorter."""
    return [slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK)]


def for_each_block(task: Callable[..., None], *arrays: np.ndarray) -> None:
    """Call `task(*pieces)` for each block of some contiguous arrays of equal size, as vectors."""
    vectors = [array.reshape(-1) for array in arrays]
    slices = block_slices(vectors[0].size)
    if len(slices) == 1:
        task(*vectors)
        return

    spread(lambda i: task(*[vector[slices[i]] for vector in vectors]), len(slices))


def spread(task: Callable[[int], None], count: int) -> None:
    """Call `task(i)` for each of `count` blocks, on our own threads where they are many."""
    if count <= _FEW:
        for i in range(count):
            task(i)
    else:
        threads.parallel(task, count)


def batch_slices(count: int, numbers: int) -> list[slice]:
    """Slices of `count` samples of `numbers` numbers each: about SLICE per slice."""
    step = max(1, SLICE // numbers)
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]


def for_each_batch_slice(task: Callable[[slice], None], count: int, numbers: int) -> None:
    """Call `task(slice)` for all `batch_slices`: for work on whole samples, on our own threads."""
    slices = batch_slices(count, numbers)
    threads.parallel(lambda i: task(slices[i]), len(slices))


def sum_over_batch_slices(
    task: Callable[[slice], np.ndarray], count: int, numbers: int
) -> np.ndarray:
    """The sum of `task(slice)` over all `batch_slices`, in float64.

    The results are added in order, so the sum does not depend on how many threads ran.
    """
    slices = batch_slices(count, numbers)
    results: list[np.ndarray] = [None] * len(slices)

    def keep(i: int) -> None:
        results[i] = task(slices[i])

    threads.parallel(keep, len(slices))
    return np.sum(results, axis=0, dtype=np.float64)
