"""Products and sums of two arrays, number by number; all are contiguous and of one shape."""

import numpy as np

from scratchnet.kernels.kernel import kernel


@kernel(numbers="a b out")
def multiply(a, b, out):
    """out = a b; `out` may be `a` or `b`."""
    for i in range(out.size):
        out[i] = a[i] * b[i]


@multiply.in_numpy
def multiply_in_numpy(a, b, out):
    np.multiply(a, b, out=out)


@kernel(numbers="a b out")
def add(a, b, out):
    """out = a + b; `out` may be `a` or `b`."""
    for i in range(out.size):
        out[i] = a[i] + b[i]


@add.in_numpy
def add_in_numpy(a, b, out):
    np.add(a, b, out=out)


@kernel(numbers="x out")
def scale(x, factor, out):
    """out = factor x; `out` may be `x`."""
    for i in range(x.size):
        out[i] = factor * x[i]


@scale.in_numpy
def scale_in_numpy(x, factor, out):
    np.multiply(x, factor, out=out)
