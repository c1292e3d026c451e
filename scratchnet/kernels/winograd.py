"""3x3 filters with a quarter of the multiplications: Winograd's minimal filtering, F(4x4, 3x3).

A tile y of 4x4 outputs depends on a tile d of 6x6 inputs. For a filter g that takes 16 * 9 = 144
multiplications; written as

    y = A^T [(G g G^T) * (B^T d B)] A        with * number by number

it takes 36, and additions that all channels share. Read backwards, with dy = dloss/dy:

    dg = G^T [(B^T d B) * (A dy A^T)] G      summed over all tiles
    dd = B [(G g G^T) * (A dy A^T)] B^T      summed where tiles of inputs overlap

The functions below are the products with A^T, B^T, A and B, for all tiles at a time: each takes the
numbers of a column vector as arrays, and does a row of the matrix as a step or two over them.

Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", sec. 4.3.
"""

from collections.abc import Sequence

import numpy as np

TILE = 4  # outputs of a tile, in each direction
INPUTS = TILE + 2  # inputs that they depend on
NUMBERS = INPUTS**2  # of a transformed tile or filter

G = np.array(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ]
)
GG = np.kron(G, G)  # (36, 9): G g G^T of a filter g that is written as a vector of 9 numbers

Vector = Sequence[np.ndarray]  # its numbers, each an array over tiles and channels


def transform_input(d: Vector, out: Vector, t: np.ndarray) -> None:
    """out = B^T d, from 6 numbers to 6; `t` is memory of the same shape.

    B^T = [4  0 -5  0  1  0]
          [0 -4 -4  1  1  0]
          [0  4 -4 -1  1  0]
          [0 -2 -1  2  1  0]
          [0  2 -1 -2  1  0]
          [0  4  0 -5  0  1]
    """
    np.subtract(d[4], d[2], out=out[1])
    np.subtract(d[3], d[1], out=out[2])

    np.subtract(d[0], d[2], out=out[0])  # 4 (d0 - d2) + (d4 - d2)
    np.multiply(out[0], 4, out=out[0])
    np.add(out[0], out[1], out=out[0])

    np.subtract(d[5], d[3], out=out[5])  # (d5 - d3) - 4 (d3 - d1)
    np.multiply(out[2], 4, out=t)
    np.subtract(out[5], t, out=out[5])

    np.multiply(out[2], 2, out=out[2])  # (d4 - d2) +- 2 (d3 - d1)
    np.add(out[1], out[2], out=out[3])
    np.subtract(out[1], out[2], out=out[4])

    np.multiply(d[2], 4, out=out[1])  # (d4 - 4 d2) +- (d3 - 4 d1)
    np.subtract(d[4], out[1], out=out[1])
    np.multiply(d[1], 4, out=t)
    np.subtract(d[3], t, out=t)
    np.subtract(out[1], t, out=out[2])
    np.add(out[1], t, out=out[1])


def transform_output(m: Vector, t: np.ndarray) -> None:
    """A^T m, from 6 numbers to 4, written over the first 4; `t` is memory of the same shape.

    A^T = [1  1  1  1  1  0]
          [0  1 -1  2 -2  0]
          [0  1  1  4  4  0]
          [0  1 -1  8 -8  1]
    """
    np.add(m[1], m[2], out=t)
    np.subtract(m[1], m[2], out=m[1])
    np.add(m[3], m[4], out=m[2])
    np.subtract(m[3], m[4], out=m[4])

    np.multiply(m[4], 8, out=m[3])  # (m1 - m2) + 8 (m3 - m4) + m5
    np.add(m[3], m[1], out=m[3])
    np.add(m[3], m[5], out=m[3])

    np.multiply(m[4], 2, out=m[4])  # (m1 - m2) + 2 (m3 - m4)
    np.add(m[1], m[4], out=m[1])

    np.add(m[0], t, out=m[0])  # m0 + (m1 + m2) + (m3 + m4)
    np.add(m[0], m[2], out=m[0])

    np.multiply(m[2], 4, out=m[2])  # (m1 + m2) + 4 (m3 + m4)
    np.add(m[2], t, out=m[2])


def transform_gradient(dy: Vector, out: Vector, t: np.ndarray) -> None:
    """out = A dy, from 4 numbers to 6; `t` is memory of the same shape."""
    np.copyto(out[0], dy[0])
    np.copyto(out[5], dy[3])

    np.add(dy[0], dy[2], out=t)  # (dy0 + dy2) +- (dy1 + dy3)
    np.add(dy[1], dy[3], out=out[2])
    np.add(t, out[2], out=out[1])
    np.subtract(t, out[2], out=out[2])

    np.multiply(dy[2], 4, out=t)  # (dy0 + 4 dy2) +- 2 (dy1 + 4 dy3)
    np.add(t, dy[0], out=t)
    np.multiply(dy[3], 4, out=out[4])
    np.add(out[4], dy[1], out=out[4])
    np.multiply(out[4], 2, out=out[4])
    np.add(t, out[4], out=out[3])
    np.subtract(t, out[4], out=out[4])


def transform_input_gradient(v: Vector, out: Vector, t: np.ndarray) -> None:
    """out = B v, from 6 numbers to 6. Uses v up; `t` is memory of the same shape."""
    np.add(v[1], v[2], out=t)
    np.subtract(v[1], v[2], out=v[1])
    np.add(v[3], v[4], out=v[2])
    np.subtract(v[3], v[4], out=v[3])
    np.multiply(v[3], 2, out=v[3])

    np.add(v[0], t, out=t)  # v0 + (v1 + v2)
    np.add(t, v[2], out=out[4])  # ... + (v3 + v4)
    np.multiply(t, -4, out=t)  # -5 v0 - 4 (v1 + v2) - (v3 + v4)
    np.subtract(t, v[0], out=t)
    np.subtract(t, v[2], out=out[2])
    np.multiply(v[0], 4, out=out[0])

    np.copyto(out[5], v[5])
    np.subtract(v[1], v[5], out=v[1])  # (v1 - v2) - v5
    np.add(v[1], v[3], out=t)  # ... + 2 (v3 - v4) - 4 v5
    np.multiply(v[5], 4, out=v[5])
    np.subtract(t, v[5], out=out[3])
    np.multiply(v[1], -4, out=v[1])  # -4 (v1 - v2) - 2 (v3 - v4) + 4 v5
    np.subtract(v[1], v[3], out=out[1])
