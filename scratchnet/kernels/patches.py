"""Patches of images as rows of a matrix ("im2col"): a convolution becomes a matrix product.

The matrix of a whole batch would be many times larger than any cache. So one matrix holds a few
images, or a few rows of one: it is small enough to stay in L2 until the product reads it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.compute.threads import scratch

PATCH_BYTES = 600_000  # of one matrix, at most


@dataclass(frozen=True)
class Window:
    """A square window that slides over an image with a frame of zeros.

    `frame` is (height, width) with the zeros. In it the image starts at `offset`, down and across,
    with `spread` - 1 zeros between its pixels (for the gradient of a convolution with a stride).
    """

    frame: tuple[int, int]
    offset: int
    spread: int
    kernel: int
    stride: int

    def positions(self) -> tuple[int, int]:
        """The number of places the window takes, down and across."""
        height, width = self.frame
        return (height - self.kernel) // self.stride + 1, (width - self.kernel) // self.stride + 1


class Patches:
    """The patches under a window, for images (n, H, W, C): rows of k k C numbers."""

    def __init__(self, window: Window, shape: tuple[int, int, int]):
        self.window = window
        self.shape = shape
        rows, columns = window.positions()
        self.row_length = window.kernel**2 * shape[2]
        bytes_per_row = columns * self.row_length * 4
        self.images = max(1, PATCH_BYTES // (rows * bytes_per_row))  # in one matrix, if several fit
        self.rows = rows if self.images > 1 else min(rows, max(1, PATCH_BYTES // bytes_per_row))
        self._kept = threading.local()

    def matrices(self, x: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """The matrices for up to `images` images x, each with the output rows that it is for.

        A matrix is (images * rows * columns, k k C), and is overwritten by the next one.
        """
        frames, view = self._frames(x.dtype)
        height, width, _ = self.shape
        offset, spread = self.window.offset, self.window.spread
        down = slice(offset, offset + (height - 1) * spread + 1, spread)
        across = slice(offset, offset + (width - 1) * spread + 1, spread)
        frames[: len(x), down, across] = x
        total = view.shape[1]
        for first in range(0, total, self.rows):
            rows = slice(first, min(first + self.rows, total))
            patches = view[: len(x), rows]
            matrix = scratch("patches", patches.size, x.dtype)
            np.copyto(matrix.reshape(patches.shape), patches)
            yield rows, matrix.reshape(-1, self.row_length)

    def _frames(self, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
        """This thread's framed images, and a view of their patches, (n, rows, columns, k, k C).

        The k C numbers of a patch's row are neighbours in memory, so they are copied in one piece.
        """
        kept = self._kept.__dict__
        if "frames" not in kept or kept["frames"].dtype != dtype:
            height, width = self.window.frame
            channels, k, stride = self.shape[2], self.window.kernel, self.window.stride
            frames = np.zeros((self.images, height, width, channels), dtype)
            image, row, column, value = frames.strides
            rows, columns = self.window.positions()
            view = as_strided(
                frames,
                (self.images, rows, columns, k, k * channels),
                (image, row * stride, column * stride, row, value),
            )
            kept.update(frames=frames, view=view)
        return kept["frames"], kept["view"]
