"""The transforms of tiles, a row of tiles at a time: what `tiles.Tiles` does, compiled.

Images are (n, H, W, C). Transformed tiles are (6, 6, n, down, across, C): their 36 numbers come
first, so that each of these is a matrix (tiles, C) for the products over channels. The tiles at
the edges may reach beyond the image, where there are zeros. `size` is the number of outputs of a
tile in each direction, 4 or 2, as filters are 3x3 or 5x5. See `winograd` for the equations.

Compiled loops are fast on long vectors, and the C numbers of a pixel may be few. So the pixels of a
row are sorted by their place in a tile: then the first, second, ... pixels of all tiles of the row
are such vectors, one number for each tile and channel.
"""

import math

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel
from scratchnet.kernels.tiles import TileGeometry
from scratchnet.kernels.winograd import INPUTS, NUMBERS


class CompiledTiles:
    """Buffers for the tiles of a few images: `v` (36, tiles, C) and `m` (36, tiles, F)."""

    def __init__(self, geometry: TileGeometry, count: int, dtype: np.dtype):
        self.padding, self.size = geometry.padding, geometry.tile
        grid = (INPUTS, INPUTS, count, geometry.down, geometry.across)
        self._v = _memory("v", (*grid, geometry.channels), dtype)
        self._m = _memory("m", (*grid, geometry.filters), dtype)
        self.v = self._v.reshape(NUMBERS, -1, geometry.channels)
        self.m = self._m.reshape(NUMBERS, -1, geometry.filters)

    def take_input(self, x: np.ndarray) -> None:
        """v = B^T d B for all tiles d of images (n, H, W, C)."""
        input_tiles(x, self._v, self.padding, self.size)

    def take_gradient(self, dy: np.ndarray) -> None:
        """m = A dy A^T for all tiles of gradients (n, H', W', F)."""
        gradient_tiles(dy, self._m, self.size)

    def give_output(self, y: np.ndarray) -> None:
        """y = A^T m A for all tiles, as images (n, H', W', F)."""
        output_tiles(self._m, y, self.size)

    def give_input_gradient(self, dx: np.ndarray) -> None:
        """dx = the sum of B v B^T over all tiles, as images (n, H, W, C)."""
        input_gradient_tiles(self._v, dx, self.padding, self.size)


@inner()
def times_bt(d0, d1, d2, d3, d4, d5):
    """B^T d."""
    a, b = d4 - d2, d3 - d1
    c, e = d4 - 4.0 * d2, d3 - 4.0 * d1
    return 4.0 * (d0 - d2) + a, c + e, c - e, a + 2.0 * b, a - 2.0 * b, d5 - d3 - 4.0 * b


@inner()
def times_at(m0, m1, m2, m3, m4):
    """A^T m without m5, the value at infinity, which belongs to the last output alone."""
    a, b, c, d = m1 + m2, m1 - m2, m3 + m4, m3 - m4
    return m0 + a + c, b + 2.0 * d, a + 4.0 * c, b + 8.0 * d


@inner()
def times_a(y0, y1, y2, y3):
    """A y without the value at infinity, which is the last output."""
    a, b, c, d = y0 + y2, y1 + y3, y0 + 4.0 * y2, 2.0 * (y1 + 4.0 * y3)
    return y0, a + b, a - b, c + d, c - d


@inner()
def times_b(v0, v1, v2, v3, v4, v5):
    """B v."""
    a, b, c, d = v1 + v2, v1 - v2, v3 + v4, 2.0 * (v3 - v4)
    return 4.0 * v0, 4.0 * (v5 - b) - d, -5.0 * v0 - 4.0 * a - c, b + d - 5.0 * v5, v0 + a + c, v5


@inner()
def read_row(image, y, left, row):
    """row = pixels (y, left), (y, left + 1), ... of an image (H, W, C), or 0 outside of it.

    They are sorted by their place in a tile: row (size, tiles, C).
    """
    height, width, channels = image.shape
    size, tiles, _ = row.shape
    for place in range(size):
        for j in range(tiles):
            x = left + size * j + place
            if 0 <= y < height and 0 <= x < width:
                for c in range(channels):
                    row[place, j, c] = image[y, x, c]
            else:
                for c in range(channels):
                    row[place, j, c] = 0.0


@kernel()
def input_tiles(x, v, padding, size):
    """v = B^T d B for the tiles d of 6x6 pixels of images x, `size` pixels from each other."""
    _, _, images, down, across, channels = v.shape
    length = across * channels
    v = v.reshape(6, 6, images, down, length)
    tiles = across + 5 // size  # that a row of tiles takes pixels from
    rows = np.empty((6, size, tiles, channels), x.dtype)
    d = rows.reshape(6, size * tiles * channels)
    half = np.empty_like(d)
    # where each of the six numbers across a tile begins: at a place, in this tile or a later one
    n0, n1, n2, n3, n4, n5 = [(n % size * tiles + n // size) * channels for n in range(6)]
    for image in range(images):
        for i in range(down):
            for k in range(6):
                read_row(x[image], size * i + k - padding, -padding, rows[k])
            for c in range(d.shape[1]):
                u = times_bt(d[0, c], d[1, c], d[2, c], d[3, c], d[4, c], d[5, c])
                for k in range(6):
                    half[k, c] = u[k]
            for k in range(6):
                # slices, as Numba takes h[n0 + c] for one that may count from the end: slow
                h = half[k]
                h0, h1, h2 = h[n0 : n0 + length], h[n1 : n1 + length], h[n2 : n2 + length]
                h3, h4, h5 = h[n3 : n3 + length], h[n4 : n4 + length], h[n5 : n5 + length]
                for c in range(length):
                    u = times_bt(h0[c], h1[c], h2[c], h3[c], h4[c], h5[c])
                    for n in range(6):
                        v[k, n, image, i, c] = u[n]


@kernel()
def output_tiles(m, y, size):
    """y = A^T m A for all tiles m, written to images y side by side."""
    _, _, images, down, across, channels = m.shape
    _, height, width, _ = y.shape
    length, last = across * channels, size - 1
    m = m.reshape(6, 6, images, down, length)
    half, out = np.empty((4, 6, length), y.dtype), np.empty((4, length), y.dtype)
    pixels = out.reshape(4, across, channels)
    for image in range(images):
        for i in range(down):
            for n in range(6):
                for c in range(length):
                    u = times_at(
                        m[0, n, image, i, c],
                        m[1, n, image, i, c],
                        m[2, n, image, i, c],
                        m[3, n, image, i, c],
                        m[4, n, image, i, c],
                    )
                    for k in range(4):
                        half[k, n, c] = u[k]
                for c in range(length):
                    half[last, n, c] += m[5, n, image, i, c]
            for k in range(min(size, height - size * i)):
                h = half[k]
                for c in range(length):
                    u = times_at(h[0, c], h[1, c], h[2, c], h[3, c], h[4, c])
                    for n in range(4):
                        out[n, c] = u[n]
                for c in range(length):
                    out[last, c] += h[5, c]
                for x in range(width):
                    for c in range(channels):
                        y[image, size * i + k, x, c] = pixels[x % size, x // size, c]


@kernel()
def gradient_tiles(dy, m, size):
    """m = A dy A^T for the tiles of size x size pixels of images dy."""
    _, _, images, down, across, channels = m.shape
    length, last = across * channels, size - 1
    m = m.reshape(6, 6, images, down, length)
    rows = np.zeros((4, size, across, channels), dy.dtype)
    half, out = np.zeros((6, 4, length), dy.dtype), np.empty((5, length), dy.dtype)
    d, t = rows.reshape(4, size * length), half.reshape(6, 4 * length)
    for image in range(images):
        for i in range(down):
            for k in range(size):
                read_row(dy[image], size * i + k, 0, rows[k])
            for c in range(size * length):
                u = times_a(d[0, c], d[1, c], d[2, c], d[3, c])
                for k in range(5):
                    t[k, c] = u[k]
                t[5, c] = d[last, c]
            for k in range(6):
                h = half[k]
                for c in range(length):
                    u = times_a(h[0, c], h[1, c], h[2, c], h[3, c])
                    for n in range(5):
                        out[n, c] = u[n]
                for n in range(5):  # one after the other, as five far places at once are slow
                    for c in range(length):
                        m[k, n, image, i, c] = out[n, c]
                for c in range(length):
                    m[k, 5, image, i, c] = h[last, c]


@kernel()
def input_gradient_tiles(v, dx, padding, size):
    """dx = the sum of B v B^T over all tiles v, each where its 6x6 pixels lie in images dx."""
    _, _, images, down, across, channels = v.shape
    _, height, width, _ = dx.shape
    length = across * channels
    v = v.reshape(6, 6, images, down, length)
    half, out = np.empty((6, 6, length), dx.dtype), np.empty((6, length), dx.dtype)
    pixels = out.reshape(6, across, channels)
    for image in range(images):
        dx[image] = 0.0
        for i in range(down):
            for n in range(6):
                for c in range(length):
                    u = times_b(
                        v[0, n, image, i, c],
                        v[1, n, image, i, c],
                        v[2, n, image, i, c],
                        v[3, n, image, i, c],
                        v[4, n, image, i, c],
                        v[5, n, image, i, c],
                    )
                    for k in range(6):
                        half[k, n, c] = u[k]
            for k in range(6):
                y = size * i + k - padding
                if 0 <= y < height:
                    h = half[k]
                    for c in range(length):
                        u = times_b(h[0, c], h[1, c], h[2, c], h[3, c], h[4, c], h[5, c])
                        for n in range(6):
                            out[n, c] = u[n]
                    for j in range(across):
                        for n in range(6):
                            x = size * j + n - padding
                            if 0 <= x < width:
                                for c in range(channels):
                                    dx[image, y, x, c] += pixels[n, j, c]


def _memory(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Memory of this thread, shared by all convolutions."""
    return scratch(f"tiles {name}", math.prod(shape), dtype).reshape(shape)
