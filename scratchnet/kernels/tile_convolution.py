"""Filters of 3x3 or 5x5, as products of transformed tiles."""

import threading

import numpy as np

from scratchnet.compute.blocks import cut, for_each, sum_in_lanes
from scratchnet.compute.threads import scratch
from scratchnet.kernels import engine
from scratchnet.kernels.compiled_tiles import CompiledTiles
from scratchnet.kernels.tiles import TileGeometry, Tiles
from scratchnet.kernels.winograd import NUMBERS, filter_transform

TILE_BYTES = 3_000_000  # of the transformed tiles of one piece of the batch, but at least
FEWEST_TILES = 128  # of them: the rows of the matrix products


class TileConvolution:
    """Filters with a quarter of the multiplications of patches (see `winograd`).

    Each of the 36 numbers of a transformed tile is a matrix product over the channels, with V
    (tiles, C), U (C, F) and M (tiles, F): M = V U for the output, dU = V^T M and V = M U^T for the
    gradients. NumPy's transforms are for 3x3 filters; those of 5x5 filters are compiled.
    """

    def __init__(self, shape: tuple[int, int, int], filters: int, padding: int, kernel: int = 3):
        height, width, channels = shape
        geometry = TileGeometry(height, width, channels, padding, filters, kernel)
        self._matrix = filter_transform(kernel)
        self.geometry = geometry
        self.out_shape = (geometry.out_height, geometry.out_width)
        fewest_images = -(-FEWEST_TILES // (geometry.down * geometry.across))
        self.images = max(TILE_BYTES // geometry.bytes, fewest_images)  # of a piece
        self._kept = threading.local()

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (k, k, C, F) to y (n, H', W', F)."""
        u = self._transform_filters(weight)

        def convolve_piece(part: slice) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            np.matmul(tiles.v, u, out=tiles.m)
            tiles.give_output(y[part])

        for_each(convolve_piece, cut(len(x), self.images))

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""
        u = self._transform_filters(weight)

        def write_du(part: slice, du: np.ndarray) -> None:
            tiles = self._tiles(part, x.dtype)
            tiles.take_input(x[part])
            tiles.take_gradient(dy[part])
            np.matmul(tiles.v.transpose(0, 2, 1), tiles.m, out=du)
            if dx is not None:
                np.matmul(tiles.m, u.transpose(0, 2, 1), out=tiles.v)
                tiles.give_input_gradient(dx[part])

        du = sum_in_lanes(write_du, cut(len(x), self.images), u.shape, x.dtype)
        matrix = self._matrix.T.astype(x.dtype)
        np.matmul(matrix, du.reshape(NUMBERS, -1), out=dweight.reshape(len(matrix), -1))

    def _tiles(self, part: slice, dtype: np.dtype) -> Tiles | CompiledTiles:
        """This thread's memory for a piece of the batch."""
        count = part.stop - part.start
        if engine.is_compiled():
            return CompiledTiles(self.geometry, count, dtype)
        kept = self._kept.__dict__.setdefault("tiles", {})
        if (count, dtype) not in kept:
            kept[count, dtype] = Tiles(self.geometry, count, dtype)
        tiles: Tiles = kept[count, dtype]
        return tiles

    def _transform_filters(self, weight: np.ndarray) -> np.ndarray:
        """u = G g G^T for each filter g of weight (k, k, C, F): (36, C, F), in scratch memory."""
        u = scratch("filters", NUMBERS * weight[0, 0].size, weight.dtype)
        matrix = self._matrix.astype(weight.dtype)
        np.matmul(matrix, weight.reshape(matrix.shape[1], -1), out=u.reshape(NUMBERS, -1))
        return u.reshape(NUMBERS, *weight.shape[2:])
