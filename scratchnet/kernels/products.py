"""Matrix products on our own threads, with BLAS on one thread.

BLAS libraries have threads of their own, but on a machine that is not idle these collapse: the
caller spins while a worker waits for its turn on a core. Ours sleep. A large product is cut into
pieces along the longer side of its result. The cuts depend on shapes alone, and so do the bits.
"""

import itertools
from typing import NamedTuple

import numpy as np

from scratchnet.compute.blocks import for_each

PIECE = 12_500_000  # FLOPs: some 100 us on one core, several times what it takes to wake a thread
MOST_PIECES = 8


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
        count = min(self.flops // PIECE, MOST_PIECES)
        if count <= 1:
            return [self]
        length = max(out.shape)
        edges = [length * i // count for i in range(count + 1)]
        parts = [slice(first, last) for first, last in itertools.pairwise(edges)]
        if length == len(out):
            return [Product(a[part], b, out[part]) for part in parts]
        return [Product(a, b[:, part], out[:, part]) for part in parts]

    def compute(self) -> None:
        """On the calling thread alone."""
        np.matmul(self.a, self.b, out=self.out)


def multiply(*products: Product) -> None:
    """Compute products that do not depend on each other."""
    pieces = [piece for product in products for piece in product.pieces()]
    if sum(product.flops for product in products) < PIECE:
        for piece in pieces:
            piece.compute()
    else:
        for_each(Product.compute, pieces)
