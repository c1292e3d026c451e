"""Which of two ways computes a convolution: by patches, or 3x3 filters by tiles."""

from typing import Protocol

import numpy as np

from scratchnet.kernels.patch_convolution import PatchConvolution
from scratchnet.kernels.tile_convolution import TileConvolution

FEWEST_CHANNELS = 16  # with fewer, the transforms cost more than the multiplications they save
SMALLEST_OUTPUT = 3  # pixels: of a smaller one, most of a tile of 4x4 would be thrown away


class Convolution(Protocol):
    """What both ways offer, for batches of images of one size.

    Both cut the batch into pieces of a few images that stay in the cache, and share the pieces out
    over our own threads.
    """

    out_shape: tuple[int, int]  # height and width of the output

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x (n, H, W, C) with weight (k, k, C, F) to y (n, H', W', F)."""

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""


def convolution(
    shape: tuple[int, int, int], filters: int, kernel: int, stride: int, padding: int
) -> Convolution:
    """The faster way for images (H, W, C) and this many filters."""
    output = min(shape[:2]) + 2 * padding - 2  # pixels, of 3x3 filters
    tiles_pay_off = output >= SMALLEST_OUTPUT and min(shape[2], filters) >= FEWEST_CHANNELS
    if kernel == 3 and stride == 1 and tiles_pay_off:
        return TileConvolution(shape, filters, padding)
    return PatchConvolution(shape, filters, kernel, stride, padding)
