"""Two ways to compute the products of a convolution, with one interface.

`convolve` gives y from x, `gradients` gives dW and dx from x and dy. Both cut the batch into pieces
of a few images that stay in the cache, and share them out over our own threads.
"""

import math
import threading

import numpy as np

from scratchnet.compute.blocks import cut, for_each, sum_in_lanes
from scratchnet.compute.threads import scratch
from scratchnet.kernels.patches import Patches, Window
from scratchnet.kernels.tiles import Tiles, TileShape
from scratchnet.kernels.winograd import GG, NUMBERS

TILE_BYTES = 3_000_000  # of the transformed tiles of one piece, but at least
FEWEST_TILES = 64  # of them: the rows of the matrix products
FEWEST_CHANNELS = 16  # with fewer, the transforms cost more than the multiplications they save
SMALLEST_OUTPUT = 3  # pixels: of a smaller one, most of a tile of 4x4 would be thrown away


def convolution(
    shape: tuple[int, int, int], filters: int, kernel: int, stride: int, padding: int
) -> "PatchConvolution | TiledConvolution":
    """The faster way for images (H, W, C) and so many filters."""
    outputs = min(shape[:2]) + 2 * padding - 2  # of 3x3 filters
    if (
        (kernel, stride) == (3, 1)
        and outputs >= SMALLEST_OUTPUT
        and min(shape[2], filters) >= FEWEST_CHANNELS
    ):
        return TiledConvolution(shape, filters, padding)
    return PatchConvolution(shape, filters, kernel, stride, padding)


class PatchConvolution:
    """y = P W and dW = P^T dy, with the patches of x as rows of the matrix P: any convolution.

    dx is the convolution of dy, spread out by the stride, with W turned by 180 degrees and its
    channels swapped, padded by kernel - 1 - padding.
    """

    def __init__(
        self, shape: tuple[int, int, int], filters: int, kernel: int, stride: int, padding: int
    ):
        height, width, _ = shape
        frame = (height + 2 * padding, width + 2 * padding)
        window = Window(frame, padding, 1, kernel, stride)
        self.out_shape = window.positions()
        self.patches = Patches(window, shape)
        frame = (height + kernel - 1, width + kernel - 1)
        window = Window(frame, kernel - 1 - padding, stride, kernel, 1)
        self.gradient_patches = Patches(window, (*self.out_shape, filters))

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (k, k, C, F) to y (n, H', W', F)."""
        _multiply_patches(self.patches, x, weight, y)

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""
        filters = weight.shape[3]
        shape = (weight.size // filters, filters)

        def product(part: slice, total: np.ndarray) -> None:
            total[...] = 0
            one = scratch("product of rows", total.size, total.dtype).reshape(shape)
            for rows, patches in self.patches.matrices(x[part]):
                np.matmul(patches.T, dy[part, rows].reshape(-1, filters), out=one)
                total += one

        parts = cut(len(x), self.patches.images)
        dweight.reshape(shape)[...] = sum_in_lanes(product, parts, shape, x.dtype)
        if dx is not None:
            turned = weight[::-1, ::-1].transpose(0, 1, 3, 2)  # (k, k, F, C)
            copy = scratch("turned", turned.size, turned.dtype).reshape(turned.shape)
            np.copyto(copy, turned)
            _multiply_patches(self.gradient_patches, dy, copy, dx)


def _multiply_patches(patches: Patches, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
    matrix = weight.reshape(-1, weight.shape[3])

    def multiply(part: slice) -> None:
        for rows, one in patches.matrices(x[part]):
            np.matmul(one, matrix, out=y[part, rows].reshape(-1, weight.shape[3]))

    for_each(multiply, cut(len(x), patches.images))


class TiledConvolution:
    """3x3 filters by tiles (see `winograd`): a quarter of the multiplications of patches.

    Each of the 36 numbers of a transformed tile is a matrix product over the channels, with V
    (tiles, C), U (C, F), M (tiles, F): V U for the output, V^T M and M U^T for the gradients.
    """

    def __init__(self, shape: tuple[int, int, int], filters: int, padding: int):
        self.shape = (*shape, padding, filters)
        one = TileShape(1, *self.shape)
        self.out_shape = (one.out_height, one.out_width)
        self.images = max(TILE_BYTES // one.bytes, -(-FEWEST_TILES // math.prod(one.grid)))
        self._kept = threading.local()

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (3, 3, C, F) to y (n, H', W', F)."""
        u = _transformed(weight)

        def convolve(part: slice) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            np.matmul(tiles.v, u, out=tiles.m)
            tiles.give_output(y[part])

        for_each(convolve, cut(len(x), self.images))

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""
        u = _transformed(weight)

        def product(part: slice, total: np.ndarray) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            tiles.take_gradient(dy[part])
            np.matmul(tiles.v.transpose(0, 2, 1), tiles.m, out=total)
            if dx is not None:
                np.matmul(tiles.m, u.transpose(0, 2, 1), out=tiles.v)
                tiles.give_input_gradient(dx[part])

        parts = cut(len(x), self.images)
        du = sum_in_lanes(product, parts, u.shape, x.dtype)
        np.matmul(GG.T.astype(x.dtype), du.reshape(NUMBERS, -1), out=dweight.reshape(9, -1))

    def _tiles(self, part: slice, dtype: np.dtype) -> Tiles:
        """This thread's memory for so many images."""
        kept = self._kept.__dict__.setdefault("tiles", {})
        count = part.stop - part.start
        if (count, dtype) not in kept:
            kept[count, dtype] = Tiles(TileShape(count, *self.shape), dtype)
        return kept[count, dtype]


def _transformed(weight: np.ndarray) -> np.ndarray:
    """G g G^T for each filter g of weight (3, 3, C, F): (36, C, F), in scratch memory."""
    u = scratch("filters", NUMBERS * weight[0, 0].size, weight.dtype)
    np.matmul(GG.astype(weight.dtype), weight.reshape(9, -1), out=u.reshape(NUMBERS, -1))
    return u.reshape(NUMBERS, *weight.shape[2:])
