"""scratchnet: neural networks from scratch in NumPy, for honest experiments on a laptop."""

from scratchnet.compute import blas as _blas  # noqa: F401  (first: it sets what NumPy's BLAS reads at load)

__version__ = "0.1.0"
