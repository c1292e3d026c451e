"""Which of two ways computes a convolution: by patches, or filters of 3x3 and 5x5 by tiles."""

from typing import Protocol

import numpy as np

from scratchnet.kernels import engine
from scratchnet.kernels.patch_convolution import PatchConvolution
from scratchnet.kernels.tile_convolution import TileConvolution

FEWEST_CHANNELS = 16  # with fewer, the transforms cost more than the multiplications they save,
FEWEST_COMPILED = 4  # and with fewer than this where they are compiled
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
    patches = PatchConvolution(shape, filters, kernel, stride, padding)
    is_large = min(patches.out_shape) >= SMALLEST_OUTPUT
    channels = min(shape[2], filters)
    if stride > 1 or not is_large or kernel not in (3, 5) or channels < FEWEST_COMPILED:
        return patches
    tiles = TileConvolution(shape, filters, padding, kernel)
    if kernel == 3 and channels >= FEWEST_CHANNELS:
        return tiles
    return CompiledTilesOrPatches(tiles, patches)


class CompiledTilesOrPatches:
    """Filters of 5x5, or few of them: by tiles only where kernels are compiled.

    NumPy's transforms are for 3x3 filters.
    """

    def __init__(self, tiles: TileConvolution, patches: PatchConvolution):
        self.tiles, self.patches = tiles, patches
        self.out_shape = patches.out_shape

    def convolve(self, x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> None:
        """Write the convolution of x with weight to y."""
        self._way.convolve(x, weight, y)

    def gradients(
        self,
        x: np.ndarray,
        dy: np.ndarray,
        weight: np.ndarray,
        dweight: np.ndarray,
        dx: np.ndarray | None,
    ) -> None:
        """Write dloss/dweight and, where dx is an array, dloss/dx, for dy = dloss/dy."""
        self._way.gradients(x, dy, weight, dweight, dx)

    @property
    def _way(self) -> TileConvolution | PatchConvolution:
        return self.tiles if engine.is_compiled() else self.patches
