"""Independent random streams, each a pure function of what it is for.

No generator is shared, and none has to be saved: epoch 7 of a run draws the same numbers whether
or not the run was killed and resumed before.
"""

import zlib

from numpy.random import SFC64, Generator, SeedSequence


def stream(seed: int, purpose: str, *indices: int) -> Generator:
    """The generator for one purpose, e.g. `stream(seed, "shuffle", epoch)`.

    `seed` and `indices` are >= 0. Streams of different purposes or indices are independent
    (NumPy's SeedSequence); SFC64 is the fastest of NumPy's bit generators.
    """
    return Generator(SFC64(SeedSequence([seed, zlib.crc32(purpose.encode()), *indices])))
