"""The error function, which NumPy lacks."""

import math

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.functions import ERF_P, ERF_Q

_exact = np.frompyfunc(math.erf, 1, 1)


def erf(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    """erf(x) = 2/sqrt(pi) * integral from 0 to x of exp(-t^2) dt, for vectors, written to `out`.

    For float32 the rational function of `functions.erf`, within 4e-7 of the true value; otherwise
    `math.erf`, which is exact and slow. `out` must not be `x`.
    """
    if x.dtype != np.float32:
        out[...] = _exact(x)
        return out
    clipped, square, q = (scratch(f"erf {i}", x.size, x.dtype) for i in range(3))
    np.clip(x, -4, 4, out=clipped)
    np.multiply(clipped, clipped, out=square)
    _polynomial(ERF_P, square, out)
    _polynomial(ERF_Q, square, q)
    out *= clipped
    out /= q
    return out


def _polynomial(coefficients: tuple[float, ...], x: np.ndarray, out: np.ndarray) -> None:
    """out = the polynomial of x by Horner's scheme; the highest power comes first."""
    out.fill(coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += coefficient
