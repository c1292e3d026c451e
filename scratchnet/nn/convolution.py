"""Two ways to compute the products of a convolution, with one interface.

`convolve` gives y from x, `weight_gradient` gives dW from x and dy. Both cut the batch into pieces
of a few pictures that stay in the cache, and share them out over our own threads.
"""

import math
import threading
from collections.abc import Callable

import numpy as np

from scratchnet import threads
from scratchnet.nn.patches import Patches, Window
from scratchnet.nn.tiles import Tiles, TileShape
from scratchnet.nn.winograd import GG, NUMBERS
from scratchnet.threads import scratch

LANES = 8  # partial sums of a weight gradient; fixed, so that the sum does not depend on threads
TILE_BYTES = 3_000_000  # of the transformed tiles of one piece, but at least
FEWEST_TILES = 64  # of them: the rows of the matrix products
FEWEST_CHANNELS = 16  # with fewer, the transforms cost more than the multiplications they save
SMALLEST_OUTPUT = 3  # pixels: of a smaller one, most of a tile of 4x4 would be thrown away


def convolution(
    shape: tuple[int, int, int], filters: int, window: Window
) -> "PatchConvolution | TiledConvolution":
    """The faster way for pictures (H, W, C) and so many filters under a window."""
    height, width = window.positions()
    if (
        (window.kernel, window.stride, window.spread) == (3, 1, 1)
        and min(height, width) >= SMALLEST_OUTPUT
        and min(shape[2], filters) >= FEWEST_CHANNELS
    ):
        return TiledConvolution(shape, filters, window.offset)
    return PatchConvolution(shape, filters, window)


class PatchConvolution:
    """y = P W and dW = P^T dy, with the patches of x as rows of the matrix P: any convolution."""

    def __init__(self, shape: tuple[int, int, int], filters: int, window: Window):
        self.filters = filters
        self.patches = Patches(window, shape)

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (k, k, C, F) to y (n, H', W', F)."""
        matrix = weight.reshape(-1, self.filters)

        def convolve(part: slice) -> None:
            for rows, patches in self.patches.matrices(x[part]):
                np.matmul(patches, matrix, out=y[part, rows].reshape(-1, self.filters))

        for_each(convolve, pieces(len(x), self.patches.images))

    def weight_gradient(self, x: np.ndarray, dy: np.ndarray, out: np.ndarray) -> None:
        """Write the gradient of the weight, (k, k, C, F), to `out`."""
        shape = (out.size // self.filters, self.filters)

        def product(part: slice, total: np.ndarray) -> None:
            total[...] = 0
            one = scratch("product of rows", total.size, total.dtype).reshape(shape)
            for rows, patches in self.patches.matrices(x[part]):
                np.matmul(patches.T, dy[part, rows].reshape(-1, self.filters), out=one)
                np.add(total, one, out=total)

        parts = pieces(len(x), self.patches.images)
        out.reshape(shape)[...] = sum_of(product, parts, shape, x.dtype)


class TiledConvolution:
    """3x3 filters by tiles (see `winograd`): a quarter of the multiplications of patches.

    Each of the 36 numbers of a transformed tile is a matrix product over the channels, V U for the
    output and V^T M for the gradient, with V (tiles, C), U (C, F) and M (tiles, F).
    """

    def __init__(self, shape: tuple[int, int, int], filters: int, padding: int):
        self.shape = (*shape, padding, filters)
        one = TileShape(1, *self.shape)
        self.pictures = max(TILE_BYTES // one.bytes, -(-FEWEST_TILES // math.prod(one.grid)))
        self._kept = threading.local()

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (3, 3, C, F) to y (n, H', W', F)."""
        channels, filters = weight.shape[2:]
        u = scratch("transformed filters", NUMBERS * channels * filters, x.dtype)
        np.matmul(GG.astype(x.dtype), weight.reshape(9, -1), out=u.reshape(NUMBERS, -1))
        u = u.reshape(NUMBERS, channels, filters)

        def convolve(part: slice) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            np.matmul(tiles.v, u, out=tiles.m)
            tiles.give_output(y[part])

        for_each(convolve, pieces(len(x), self.pictures))

    def weight_gradient(self, x: np.ndarray, dy: np.ndarray, out: np.ndarray) -> None:
        """Write the gradient of the weight, (3, 3, C, F), to `out`."""

        def product(part: slice, total: np.ndarray) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            tiles.take_gradient(dy[part])
            np.matmul(tiles.v.transpose(0, 2, 1), tiles.m, out=total)

        parts = pieces(len(x), self.pictures)
        du = sum_of(product, parts, (NUMBERS, *out.shape[2:]), x.dtype)
        np.matmul(GG.T.astype(x.dtype), du.reshape(NUMBERS, -1), out=out.reshape(9, -1))

    def _tiles(self, part: slice, dtype: np.dtype) -> Tiles:
        """This thread's memory for so many pictures."""
        kept = self._kept.__dict__.setdefault("tiles", {})
        count = part.stop - part.start
        if (count, dtype) not in kept:
            kept[count, dtype] = Tiles(TileShape(count, *self.shape), dtype)
        return kept[count, dtype]


def pieces(count: int, size: int) -> list[slice]:
    """The slices that cut `count` pictures into pieces of `size`; the last may be smaller."""
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]


def for_each(task: Callable[[slice], None], parts: list[slice]) -> None:
    """Call `task(part)` for all parts, on our own threads."""
    threads.parallel(lambda i: task(parts[i]), len(parts))


def sum_of(
    product: Callable[[slice, np.ndarray], None],
    parts: list[slice],
    shape: tuple[int, ...],
    dtype: np.dtype,
) -> np.ndarray:
    """The sum of what `product(part, out)` writes to `out`, for all parts; in scratch memory.

    The parts go to a fixed number of lanes in turn, and the lanes are added in order.
    """
    lanes = min(LANES, len(parts))
    size = math.prod(shape)
    sums = scratch("lanes", lanes * size, dtype).reshape(lanes, *shape)

    def add_up(lane: int) -> None:
        first, *others = parts[lane::lanes]
        product(first, sums[lane])
        one = scratch("product", size, dtype).reshape(shape)
        for part in others:
            product(part, one)
            np.add(sums[lane], one, out=sums[lane])

    threads.parallel(add_up, lanes)
    for other in sums[1:]:
        np.add(sums[0], other, out=sums[0])
    return sums[0]
