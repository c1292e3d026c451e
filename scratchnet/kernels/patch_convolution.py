"""Any convolution, as products with a matrix of patches."""

import numpy as np

from scratchnet.compute.blocks import cut, for_each, sum_in_lanes
from scratchnet.compute.threads import scratch
from scratchnet.kernels.patches import Patches, Window


class PatchConvolution:
    """y = P W and dW = P^T dy, with the patches of x as rows of the matrix P: any convolution.

    dx is the convolution of dy, spread out by the stride, with W turned by 180 degrees and its
    channels swapped, padded by kernel - 1 - padding.
    """

    def __init__(
        self, shape: tuple[int, int, int], filters: int, kernel: int, stride: int, padding: int
    ):
        height, width, _ = shape
        window = Window(
            frame=(height + 2 * padding, width + 2 * padding),
            offset=padding,
            spread=1,
            kernel=kernel,
            stride=stride,
        )
        self.out_shape = window.positions()
        self.patches = Patches(window, shape)
        gradient_window = Window(
            frame=(height + kernel - 1, width + kernel - 1),
            offset=kernel - 1 - padding,
            spread=stride,
            kernel=kernel,
            stride=1,
        )
        self.gradient_patches = Patches(gradient_window, (*self.out_shape, filters))

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

        def write_dw(part: slice, dw: np.ndarray) -> None:
            dw[...] = 0
            dw_of_rows = scratch("dw of rows", dw.size, dw.dtype).reshape(shape)
            for rows, patches in self.patches.matrices(x[part]):
                np.matmul(patches.T, dy[part, rows].reshape(-1, filters), out=dw_of_rows)
                dw += dw_of_rows

        pieces = cut(len(x), self.patches.images)
        dweight.reshape(shape)[...] = sum_in_lanes(write_dw, pieces, shape, x.dtype)
        if dx is not None:
            _multiply_patches(self.gradient_patches, dy, _turned(weight), dx)


def _turned(weight: np.ndarray) -> np.ndarray:
    """Filters (k, k, C, F) turned by 180 degrees, as (k, k, F, C), in scratch memory."""
    view = weight[::-1, ::-1].transpose(0, 1, 3, 2)
    turned = scratch("turned", view.size, view.dtype).reshape(view.shape)
    np.copyto(turned, view)
    return turned


def _multiply_patches(patches: Patches, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
    """y = P W for the patches P of x and the weight W, both as matrices."""
    filters = weight.shape[3]
    w = weight.reshape(-1, filters)

    def multiply(part: slice) -> None:
        for rows, matrix in patches.matrices(x[part]):
            np.matmul(matrix, w, out=y[part, rows].reshape(-1, filters))

    for_each(multiply, cut(len(x), patches.images))
