"""The error function, which NumPy lacks."""

import math

import numpy as np

from scratchnet.compute.threads import scratch

# x P(x^2) / Q(x^2) on [-4, 4], beyond which float32 erf is +-1: coefficients from the highest
# power down, as in Eigen's generic float erf (Eigen/src/Core/MathFunctionsImpl.h).
_P = (
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02,
)
_Q = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)
_exact = np.frompyfunc(math.erf, 1, 1)


def erf(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    """erf(x) = 2/sqrt(pi) * integral from 0 to x of exp(-t^2) dt, for vectors, written to `out`.

    For float32 a rational function, within 4e-7 of the true value; otherwise `math.erf`, which is
    exact and slow. `out` must not be `x`.
    """
    if x.dtype != np.float32:
        out[...] = _exact(x)
        return out
    clipped, square, q = (scratch(f"erf {i}", x.size, x.dtype) for i in range(3))
    np.clip(x, -4, 4, out=clipped)
    np.multiply(clipped, clipped, out=square)
    _polynomial(_P, square, out)
    _polynomial(_Q, square, q)
    out *= clipped
    out /= q
    return out


def _polynomial(coefficients: tuple[float, ...], x: np.ndarray, out: np.ndarray) -> None:
    """out = the polynomial of x by Horner's scheme; the highest power comes first."""
    out.fill(coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += coefficient
