"""Bilinear interpolation: images read at positions between their pixels."""

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.kernel import kernel

_INDEX = np.dtype(np.intp)


@kernel()
def sample(images, rows, columns):
    """Each pixel of n images p becomes their value at a fractional position (row, column).

    With (i, j) the whole part of a position, clipped to the image, and (u, v) its fraction:
        value = (1 - u) ((1 - v) p[i, j] + v p[i, j+1]) + u ((1 - v) p[i+1, j] + v p[i+1, j+1])
    Outside the image the nearest border pixel counts: a black border would be a signal of its own
    (see crop).

    `images` is (n, H, W, C) with H, W >= 2; `rows` and `columns` are (H, n, W): the images side by
    side.
    """
    count, height, width, channels = images.shape
    lowest = images.dtype.type(0.0)
    last_row, last_column = images.dtype.type(height - 1), images.dtype.type(width - 1)
    p = np.empty((height, width, channels), images.dtype)
    for n in range(count):
        p[:] = images[n]
        for y in range(height):
            for x in range(width):
                row = min(max(rows[y, n, x], lowest), last_row)
                column = min(max(columns[y, n, x], lowest), last_column)
                i, j = min(np.uint32(row), height - 2), min(np.uint32(column), width - 2)
                u, v = row - images.dtype.type(i), column - images.dtype.type(j)
                for c in range(channels):
                    top = p[i, j, c] + v * (p[i, j + 1, c] - p[i, j, c])
                    bottom = p[i + 1, j, c] + v * (p[i + 1, j + 1, c] - p[i + 1, j, c])
                    images[n, y, x, c] = top + u * (bottom - top)


@sample.in_numpy
def sample_in_numpy(images, rows, columns):
    count, height, width, channels = images.shape
    size, dtype = rows.size, images.dtype
    i, u = _split(rows, height, "rows")
    j, v = _split(columns, width, "columns")
    i *= dtype.type(width)
    i += j  # now the offset of p[i, j] in its image
    starts = np.arange(count, dtype=dtype) * dtype.type(height * width)  # exact to 2^24
    by_row = i.reshape(height, count * width)
    by_row += starts.repeat(width)
    index = scratch("index", size, _INDEX)
    np.copyto(index, i, casting="unsafe")

    plane = scratch("plane", size, dtype)
    corners = [scratch(f"corner {k}", size, dtype) for k in range(4)]
    for channel in range(channels):
        np.copyto(plane.reshape(count, height, width), images[..., channel])
        for corner, offset in zip(corners, (0, 1, width, width + 1), strict=True):
            # All positions are inside; "wrap" is merely the fastest mode.
            np.take(plane[offset:], index, out=corner, mode="wrap")
        top = _interpolate(corners[0], corners[1], v)
        bottom = _interpolate(corners[2], corners[3], v)
        values = _interpolate(top, bottom, u).reshape(height, count, width)
        np.copyto(images[..., channel], values.transpose(1, 0, 2))


def _split(x: np.ndarray, length: int, axis: str) -> tuple[np.ndarray, np.ndarray]:
    """Whole parts, 0 to length - 2, and fractions, 0 to 1, of positions x, as vectors."""
    number = x.dtype.type
    fraction = scratch(f"{axis} fraction", x.size, x.dtype)
    np.clip(x.reshape(-1), number(0), np.nextafter(number(length - 1), number(0)), out=fraction)
    whole = np.floor(fraction, out=scratch(axis, x.size, x.dtype))
    fraction -= whole
    return whole, fraction


def _interpolate(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """a + t (b - a), in the memory of b."""
    b -= a
    b *= t
    b += a
    return b
