"""Environment variables to set before NumPy loads its BLAS; the package imports this first.

OpenBLAS's idle workers spin for a while after each call (2^26 cycles by default) and take the
core from our own threads. 2^18 cycles, some 0.1 ms, keeps them awake between two products of one
layer, and lets them sleep through the rest. A value set by the user stays.
"""

import os

os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "18")
