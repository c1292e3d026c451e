"""Matrix products on our own threads, with BLAS on one thread.

BLAS libraries have threads of their own, but on a machine that is not idle these collapse: the
caller spins while a worker waits for its turn on a core. Ours sleep. A large product is cut into
pieces along the longer side of its result: as few as keep the cores busy. The cuts depend on
shapes alone, and so do the bits.
"""

import bisect
import itertools
from typing import NamedTuple

import numpy as np

from scratchnet.compute.blocks import for_each

# FLOPs from which a product is cut into 2, 4 and 8 pieces. The first limit is some 250 us on one
# core, several times what waking a thread takes. The others are far above it because BLAS packs a
# matrix anew for each piece: 8 pieces of a product of 1 GFLOP take 10 % longer than 2.
CUTS = (25_000_000, 200_000_000, 1_600_000_000)
HEAD_START = 1.2  # the first piece, in others: it is begun while the other threads wake up
TILE = 16  # rows or columns that BLAS computes at once: pieces are whole tiles


class Product(NamedTuple):
    """out = a b for matrices (m, k) and (k, n)."""

    a: np.ndarray
    b: np.ndarray
    out: np.ndarray

    @property
    def flops(self) -> int:
        """Floating-point operations."""
        return 2 * self.out.size * self.a.shape[1]

    def pieces(self) -> "list[Product]":
        """Products that give the parts of `out`."""
        a, b, out = self
        length = max(out.shape)
        edges = _edges(length, 2 ** bisect.bisect_right(CUTS, self.flops))
        parts = [slice(first, last) for first, last in itertools.pairwise(edges) if first < last]
        if length == len(out):
            return [Product(a[part], b, out[part]) for part in parts]
        return [Product(a, b[:, part], out[:, part]) for part in parts]

    def compute(self) -> None:
        """On the calling thread alone."""
        np.matmul(self.a, self.b, out=self.out)


def _edges(length: int, count: int) -> list[int]:
    """Where `count` pieces of `length` rows or columns begin and end."""
    piece = length / (HEAD_START + count - 1)
    inner = [TILE * round(piece * (HEAD_START + i) / TILE) for i in range(count - 1)]
    return [0, *(min(edge, length) for edge in inner), length]


def multiply(*products: Product) -> None:
    """Compute products that do not depend on each other."""
    pieces = [piece for product in products for piece in product.pieces()]
    if sum(product.flops for product in products) < CUTS[0] / 2:
        for piece in pieces:
            piece.compute()
    else:
        for_each(Product.compute, pieces)
