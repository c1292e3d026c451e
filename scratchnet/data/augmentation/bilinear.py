"""Images read between their pixels."""

import numpy as np

from scratchnet.compute.threads import scratch

_F32, _INDEX = np.dtype(np.float32), np.dtype(np.intp)


def sample(images: np.ndarray, rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    """Bilinear interpolation: the values of n images at fractional positions.

    With i, j the whole parts of a position, clipped to the image, and u, v what is left of it:
        value = (1 - u) ((1 - v) p[i, j] + v p[i, j+1]) + u ((1 - v) p[i+1, j] + v p[i+1, j+1])
    What lies outside is the nearest pixel of the border: a black border would be a signal of its
    own (see crop).

    `images` is (n, H, W, C) with H, W >= 2; `rows` and `columns` are float32 (K, n, L): K lines of
    L positions for each image, one image beside the other, both overwritten. `out` is float32
    (n, K, L, C).
    """
    _, height, width, channels = images.shape
    lines, count, length = rows.shape
    size = rows.size
    first, u = _whole_and_rest(rows, height, "whole rows")
    second, v = _whole_and_rest(columns, width, "whole columns")
    np.multiply(first, np.float32(width), out=first)
    np.add(first, second, out=first)
    starts = np.arange(count, dtype=np.float32) * np.float32(height * width)  # exact to 2^24
    by_line = first.reshape(lines, count * length)
    np.add(by_line, starts.repeat(length), out=by_line)
    index = scratch("index", size, _INDEX)
    np.copyto(index, first, casting="unsafe")

    plane = scratch("plane", count * height * width, _F32)
    corners = [scratch(f"corner {i}", size, _F32) for i in range(4)]
    for channel in range(channels):
        np.copyto(plane.reshape(count, height, width), images[..., channel])
        for corner, offset in zip(corners, (0, 1, width, width + 1), strict=True):
            # All positions are inside; "wrap" is the mode that takes them fastest.
            np.take(plane[offset:], index, out=corner, mode="wrap")
        top = _between(corners[0], corners[1], v)
        bottom = _between(corners[2], corners[3], v)
        values = _between(top, bottom, u).reshape(lines, count, length)
        np.copyto(out[..., channel], values.transpose(1, 0, 2))


def _whole_and_rest(x: np.ndarray, length: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The whole parts, 0 to length - 2, and what is left (in place), 0 to 1, as vectors."""
    x = x.reshape(-1)
    highest = np.nextafter(np.float32(length - 1), np.float32(0))
    np.clip(x, np.float32(0), highest, out=x)
    whole = np.floor(x, out=scratch(name, x.size, _F32))
    return whole, np.subtract(x, whole, out=x)


def _between(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """a + share (b - a), in the memory of b."""
    np.subtract(b, a, out=b)
    np.multiply(b, share, out=b)
    return np.add(b, a, out=b)
