"""Pictures read between their pixels."""

import numpy as np

from scratchnet.threads import scratch

_F32, _INDEX = np.dtype(np.float32), np.dtype(np.intp)


def sample(images: np.ndarray, rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    """Bilinear interpolation: the values of n pictures at fractional positions.

    With i, j the whole parts of a position, clipped to the picture, and u, v what is left of it:
        value = (1 - u) ((1 - v) p[i, j] + v p[i, j+1]) + u ((1 - v) p[i+1, j] + v p[i+1, j+1])
    What lies outside is the nearest pixel of the border: a black border would be a signal of its
    own (see crop).

    `images` is (n, H, W, C) with H, W >= 2; `rows` and `columns` are float32 (K, n, L): K lines of
    L positions for each picture, one picture beside the other, both overwritten. `out` is float32
    (n, K, L, C).
    """
    _, height, width, channels = images.shape
    lines, count, length = rows.shape
    size = rows.size
    first, u = _whole_and_rest(rows, height, "u")
    second, v = _whole_and_rest(columns, width, "v")
    np.multiply(first, width, out=first)
    np.add(first, second, out=first)
    starts = np.arange(count, dtype=np.float32) * np.float32(height * width)  # exact to 2^24
    first += starts.repeat(length).reshape(count, length)
    index = scratch("index", size, _INDEX)
    np.copyto(index, first.reshape(-1), casting="unsafe")

    plane = scratch("plane", count * height * width, _F32)
    corners = [scratch(f"corner {i}", size, _F32) for i in range(4)]
    for channel in range(channels):
        np.copyto(plane.reshape(count, height, width), images[..., channel])
        for corner, offset in zip(corners, (0, 1, width, width + 1), strict=True):
            np.take(plane[offset:], index, out=corner, mode="clip")  # all are inside
        top = _between(corners[0], corners[1], v)
        bottom = _between(corners[2], corners[3], v)
        values = _between(top, bottom, u).reshape(lines, count, length)
        np.copyto(out[..., channel], values.transpose(1, 0, 2))


def _whole_and_rest(x: np.ndarray, length: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The whole parts (in place, 0 to length - 2) and what is left, a vector from 0 to 1."""
    np.clip(x, np.float32(0), np.nextafter(np.float32(length - 1), np.float32(0)), out=x)
    rest = scratch(name, x.size, _F32)
    np.copyto(rest.reshape(x.shape), x)
    np.floor(x, out=x)
    np.subtract(rest, x.reshape(-1), out=rest)
    return x, rest


def _between(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """a + share (b - a), in the memory of b."""
    np.subtract(b, a, out=b)
    np.multiply(b, share, out=b)
    return np.add(b, a, out=b)
