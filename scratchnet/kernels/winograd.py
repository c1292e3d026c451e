"""Filters with a quarter of the multiplications: Winograd's minimal filtering, F(4x4, 3x3).

A tile y of 4x4 outputs depends on a tile d of 6x6 inputs. For a filter g that takes 16 * 9 = 144
multiplications; written as

    y = A^T [(G g G^T) * (B^T d B)] A        with * number by number

it takes 36, and additions that all channels share. Read backwards, with dy = dloss/dy:

    dg = G^T [(B^T d B) * (A dy A^T)] G      summed over all tiles
    dd = B [(G g G^T) * (A dy A^T)] B^T      summed where tiles of inputs overlap

In one dimension this is a product of polynomials: A and G evaluate them at the points 0, 1, -1, 2,
-2 and infinity (where only the highest power counts), and B finds the product from its values. The
same 6 points serve a filter of 5x5 with tiles of 2x2 outputs, F(2x2, 5x5): 36 for 100.

The functions below are the products with B^T, A^T, A and B, for all tiles at a time: each takes the
numbers of a column vector as arrays over tiles and channels, and needs fewer additions than the
matrix has entries. (One matrix product with `kron(B.T, B.T)`, 36 x 36, in place of both directions
was tried: on a processor with AVX-512 it takes 1.2 to 1.5 times as long.)

Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", sec. 4.3.
"""

from collections.abc import Sequence

import numpy as np

INPUTS = 6  # in each direction, that a tile of outputs depends on
NUMBERS = INPUTS**2  # of a transformed tile or filter
POINTS = (0, 1, -1, 2, -2)  # and infinity
SCALES = (4, -6, -6, 24, 24, 1)  # of the rows of G, for a B of whole numbers


def outputs(kernel: int) -> int:
    """The outputs of a tile in each direction, for filters of 3x3 or 5x5: 4 or 2."""
    return INPUTS + 1 - kernel


def values(powers: int) -> np.ndarray:
    """(6, powers): the values of 1, x, x^2, ... at the points, and at infinity."""
    at_infinity = np.eye(powers)[-1:]
    return np.vstack([np.vander(POINTS, powers, increasing=True), at_infinity])


def output_matrix(kernel: int) -> np.ndarray:
    """A, (6, outputs)."""
    return values(outputs(kernel))


def filter_matrix(kernel: int) -> np.ndarray:
    """G, (6, kernel)."""
    return values(kernel) / np.array(SCALES)[:, None]


def filter_transform(kernel: int) -> np.ndarray:
    """(36, kernel^2): G g G^T of a filter g that is written as a vector."""
    matrix = filter_matrix(kernel)
    return np.kron(matrix, matrix)


B = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
).T
TILE = 4  # outputs, in the functions below: of 3x3 filters

Vector = Sequence[np.ndarray]  # its numbers, each an array over tiles and channels


def transform_input(d: Vector, v: Vector, t: np.ndarray) -> None:
    """v = B^T d, from 6 numbers to 6. `t` is memory of the shape of one number."""
    d0, d1, d2, d3, d4, d5 = d
    v0, v1, v2, v3, v4, v5 = v
    np.subtract(d4, d2, out=v1)
    np.subtract(d3, d1, out=v2)

    np.subtract(d0, d2, out=v0)  # 4 (d0 - d2) + (d4 - d2)
    v0 *= 4
    v0 += v1

    np.subtract(d5, d3, out=v5)  # (d5 - d3) - 4 (d3 - d1)
    np.multiply(v2, 4, out=t)
    v5 -= t

    v2 *= 2  # (d4 - d2) +- 2 (d3 - d1)
    np.add(v1, v2, out=v3)
    np.subtract(v1, v2, out=v4)

    np.multiply(d2, 4, out=v1)  # (d4 - 4 d2) +- (d3 - 4 d1)
    np.subtract(d4, v1, out=v1)
    np.multiply(d1, 4, out=t)
    np.subtract(d3, t, out=t)
    np.subtract(v1, t, out=v2)
    v1 += t


def transform_output(m: Vector, t: np.ndarray) -> None:
    """A^T m, from 6 numbers to 4, in place of the first 4. Overwrites all of m; `t` as above."""
    m0, m1, m2, m3, m4, m5 = m
    np.add(m1, m2, out=t)
    m1 -= m2
    np.add(m3, m4, out=m2)
    np.subtract(m3, m4, out=m4)

    np.multiply(m4, 8, out=m3)  # (m1 - m2) + 8 (m3 - m4) + m5
    m3 += m1
    m3 += m5

    m4 *= 2  # (m1 - m2) + 2 (m3 - m4)
    m1 += m4

    m0 += t  # m0 + (m1 + m2) + (m3 + m4)
    m0 += m2

    m2 *= 4  # (m1 + m2) + 4 (m3 + m4)
    m2 += t


def transform_gradient(dy: Vector, m: Vector, t: np.ndarray) -> None:
    """m = A dy, from 4 numbers to 6; `t` as above."""
    dy0, dy1, dy2, dy3 = dy
    m0, m1, m2, m3, m4, m5 = m
    np.copyto(m0, dy0)
    np.copyto(m5, dy3)

    np.add(dy0, dy2, out=t)  # (dy0 + dy2) +- (dy1 + dy3)
    np.add(dy1, dy3, out=m2)
    np.add(t, m2, out=m1)
    np.subtract(t, m2, out=m2)

    np.multiply(dy2, 4, out=t)  # (dy0 + 4 dy2) +- 2 (dy1 + 4 dy3)
    t += dy0
    np.multiply(dy3, 4, out=m4)
    m4 += dy1
    m4 *= 2
    np.add(t, m4, out=m3)
    np.subtract(t, m4, out=m4)


def transform_input_gradient(v: Vector, dd: Vector, t: np.ndarray) -> None:
    """dd = B v, from 6 numbers to 6. Overwrites v; `t` as above."""
    v0, v1, v2, v3, v4, v5 = v
    d0, d1, d2, d3, d4, d5 = dd
    np.add(v1, v2, out=t)
    v1 -= v2
    np.add(v3, v4, out=v2)
    v3 -= v4
    v3 *= 2

    t += v0  # v0 + (v1 + v2)
    np.add(t, v2, out=d4)  # ... + (v3 + v4)
    t *= -4  # -5 v0 - 4 (v1 + v2) - (v3 + v4)
    t -= v0
    np.subtract(t, v2, out=d2)
    np.multiply(v0, 4, out=d0)

    np.copyto(d5, v5)
    v1 -= v5  # (v1 - v2) - v5
    np.add(v1, v3, out=t)  # ... + 2 (v3 - v4) - 4 v5
    v5 *= 4
    np.subtract(t, v5, out=d3)
    v1 *= -4  # -4 (v1 - v2) - 2 (v3 - v4) + 4 v5
    np.subtract(v1, v3, out=d1)
