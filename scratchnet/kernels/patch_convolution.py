"""Any convolution, as products with a matrix of patches."""

import math
from collections.abc import Iterator

import numpy as np

from scratchnet.compute.blocks import LANES, cut, for_each, sum_in_lanes
from scratchnet.compute.threads import scratch
from scratchnet.kernels.patches import add_patches, take_patches

PATCH_BYTES = 2_500_000  # of one matrix, at most: it stays in the cache until it is multiplied


class PatchConvolution:
    """y = P W, dW = P^T dy and dP = dy W^T, with the patches of x as rows of the matrix P.

    The matrix of a whole batch would be many times larger than any cache. So one matrix holds a few
    images, or a few rows of one.
    """

    def __init__(
        self, shape: tuple[int, int, int], filters: int, kernel: int, stride: int, padding: int
    ):
        height, width, channels = shape
        self.stride, self.padding = stride, padding
        rows, columns = ((n + 2 * padding - kernel) // stride + 1 for n in (height, width))
        self.out_shape = rows, columns
        self.patch_shape = (columns, kernel, kernel * channels)  # of the patches of a row
        row_bytes = 4 * math.prod(self.patch_shape)
        self.images = max(1, PATCH_BYTES // (rows * row_bytes))  # in one matrix, if several fit
        pieces = -(-rows * row_bytes // PATCH_BYTES) if self.images == 1 else 1
        self.rows = -(-rows // pieces)

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (k, k, C, F) to y (n, H', W', F)."""
        w = _matrix(weight)

        def convolve_images(part: slice) -> None:
            for rows, patches in self._pieces(x[part]):
                take_patches(x[part], rows.start, self.stride, self.padding, patches)
                np.matmul(self._rows(patches), w, out=_matrix(y[part, rows]))

        for_each(convolve_images, self._parts(len(x)))

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""
        w = _matrix(weight)

        def write_dw(part: slice, dw: np.ndarray) -> None:
            dw[...] = 0
            if dx is not None:
                dx[part] = 0
            for rows, patches in self._pieces(x[part]):
                take_patches(x[part], rows.start, self.stride, self.padding, patches)
                p, gradient = self._rows(patches), _matrix(dy[part, rows])
                dw += np.matmul(p.T, gradient, out=_scratch_like(dw))
                if dx is not None:
                    np.matmul(gradient, w.T, out=p)
                    add_patches(patches, rows.start, self.stride, self.padding, dx[part])

        _matrix(dweight)[...] = sum_in_lanes(write_dw, self._parts(len(x)), w.shape, x.dtype)

    def _parts(self, count: int) -> list[slice]:
        """Slices of a batch of `count` images, for each lane at least one."""
        parts = max(LANES, -(-count // self.images))
        return cut(count, -(-count // parts))

    def _pieces(self, x: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Rows of the output, and memory for their patches, which is the same for all pieces."""
        for rows in cut(self.out_shape[0], self.rows):
            shape = (len(x), rows.stop - rows.start, *self.patch_shape)
            yield rows, scratch("patches", math.prod(shape), x.dtype).reshape(shape)

    def _rows(self, patches: np.ndarray) -> np.ndarray:
        """The matrix P, (pixels of the output, k k C)."""
        return patches.reshape(-1, patches.shape[3] * patches.shape[4])


def _matrix(array: np.ndarray) -> np.ndarray:
    """A weight as (k k C, F), images as (pixels, F)."""
    return array.reshape(-1, array.shape[-1])


def _scratch_like(dw: np.ndarray) -> np.ndarray:
    return scratch("dw of rows", dw.size, dw.dtype).reshape(dw.shape)
