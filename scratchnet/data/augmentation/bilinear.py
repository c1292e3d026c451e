"""Bilinear interpolation: images read at positions between their pixels."""

import numpy as np

from scratchnet.compute.threads import scratch

_F32, _INDEX = np.dtype(np.float32), np.dtype(np.intp)


def sample(images: np.ndarray, rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    """The values of n images p at fractional positions.

    With (i, j) the whole part of a position, clipped to the image, and (u, v) its fraction:
        value = (1 - u) ((1 - v) p[i, j] + v p[i, j+1]) + u ((1 - v) p[i+1, j] + v p[i+1, j+1])
    Outside the image the nearest border pixel counts: a black border would be a signal of its own
    (see crop).

    `images` is (n, H, W, C) with H, W >= 2; `rows` and `columns` are float32 (K, n, L): K lines of
    L positions per image, the images side by side; both are overwritten. `out` is float32
    (n, K, L, C).
    """
    _, height, width, channels = images.shape
    lines, count, length = rows.shape
    size = rows.size
    i, u = _split(rows, height, "whole rows")
    j, v = _split(columns, width, "whole columns")
    i *= np.float32(width)
    i += j  # now the offset of p[i, j] in its image
    starts = np.arange(count, dtype=np.float32) * np.float32(height * width)  # exact to 2^24
    by_line = i.reshape(lines, count * length)
    by_line += starts.repeat(length)
    index = scratch("index", size, _INDEX)
    np.copyto(index, i, casting="unsafe")

    plane = scratch("plane", count * height * width, _F32)
    corners = [scratch(f"corner {k}", size, _F32) for k in range(4)]
    for channel in range(channels):
        np.copyto(plane.reshape(count, height, width), images[..., channel])
        for corner, offset in zip(corners, (0, 1, width, width + 1), strict=True):
            # All positions are inside; "wrap" is merely the fastest mode.
            np.take(plane[offset:], index, out=corner, mode="wrap")
        top = _interpolate(corners[0], corners[1], v)
        bottom = _interpolate(corners[2], corners[3], v)
        values = _interpolate(top, bottom, u).reshape(lines, count, length)
        np.copyto(out[..., channel], values.transpose(1, 0, 2))


def _split(x: np.ndarray, length: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Whole parts, 0 to length - 2, and fractions, 0 to 1 (in the memory of x), as vectors."""
    x = x.reshape(-1)
    highest = np.nextafter(np.float32(length - 1), np.float32(0))
    np.clip(x, np.float32(0), highest, out=x)
    whole = np.floor(x, out=scratch(name, x.size, _F32))
    x -= whole
    return whole, x


def _interpolate(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """a + t (b - a), in the memory of b."""
    b -= a
    b *= t
    b += a
    return b
