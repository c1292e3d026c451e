"""Work cut into pieces, shared out over our own threads, with results that ignore their number.

Long vectors are cut into blocks. A formula of twelve NumPy operations over 4 million numbers reads
and writes main memory twelve times; block by block, all passes but the first find their data in the
L2 cache (1 to 2 MB per core). Batches are cut into slices of whole samples for the same reason.

Where the cuts are, and in which order partial sums are added, depends on sizes alone. So every
number of threads gives the same bits.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from scratchnet.compute import threads
from scratchnet.compute.threads import scratch

BLOCK = 131_072  # numbers; four float32 vectors of this length take 2 MB
SLICE = 262_144  # numbers of whole samples: larger, as fewer vectors are read at a time
LANES = 8  # partial sums of `sum_in_lanes`
FEW_BLOCKS = 4  # this many are done before a second thread has woken up and got the GIL

T = TypeVar("T")


def cut(count: int, size: int) -> list[slice]:
    """The slices that cut `count` items into pieces of `size`; the last may be shorter."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def block_slices(count: int) -> list[slice]:
    """The slices that cut a vector of `count` numbers into blocks."""
    return cut(count, BLOCK)


def batch_slices(count: int, numbers: int) -> list[slice]:
    """Slices of `count` samples of `numbers` numbers each: about SLICE numbers in a slice."""
    return cut(count, max(1, SLICE // numbers))


def slices_of(batch: np.ndarray) -> list[slice]:
    """The `batch_slices` of an array (n, ...) of n samples."""
    return batch_slices(len(batch), batch[0].size)


def for_each(task: Callable[[T], None], pieces: Sequence[T]) -> None:
    """Call `task(piece)` for all pieces, on our own threads."""
    threads.parallel(lambda i: task(pieces[i]), len(pieces))


def for_each_small(task: Callable[[T], None], pieces: Sequence[T]) -> None:
    """`for_each` for pieces as small as a block: a few of them are not worth waking threads for."""
    if len(pieces) <= FEW_BLOCKS:
        for piece in pieces:
            task(piece)
    else:
        for_each(task, pieces)


def for_each_block(task: Callable[..., object], *arrays: np.ndarray) -> None:
    """Call `task(*blocks)` for matching blocks of contiguous arrays of equal size, as vectors."""
    vectors = [array.reshape(-1) for array in arrays]

    def on_block(block: slice) -> None:
        task(*[vector[block] for vector in vectors])

    for_each_small(on_block, block_slices(vectors[0].size))


def sum_in_float64(term: Callable[[T], np.ndarray], pieces: Sequence[T]) -> np.ndarray:
    """The sum of `term(piece)` over all pieces, in float64: for statistics, a few numbers each."""
    terms: dict[int, np.ndarray] = {}

    def keep(i: int) -> None:
        terms[i] = term(pieces[i])

    threads.parallel(keep, len(pieces))
    in_order = [terms[i] for i in range(len(pieces))]
    return np.asarray(np.sum(in_order, axis=0, dtype=np.float64))


def sum_in_lanes(
    write_term: Callable[[T, np.ndarray], None],
    pieces: Sequence[T],
    shape: tuple[int, ...],
    dtype: np.dtype,
) -> np.ndarray:
    """The sum of what `write_term(piece, out)` writes to `out`: for terms as large as a weight.

    Pieces go to a fixed number of lanes in turn. A lane adds its terms up in `dtype`, then the
    lanes are added in order. The result (*shape) is in scratch memory, valid until the next call.
    """
    lanes = min(LANES, len(pieces))
    size = math.prod(shape)
    sums = scratch("lanes", lanes * size, dtype).reshape(lanes, *shape)

    def add_up(lane: int) -> None:
        first, *others = pieces[lane::lanes]
        total = sums[lane]
        write_term(first, total)
        term = scratch("lane term", size, dtype).reshape(shape)
        for piece in others:
            write_term(piece, term)
            total += term

    threads.parallel(add_up, lanes)
    total: np.ndarray = sums[0]
    for lane_sum in sums[1:]:
        total += lane_sum
    return total
