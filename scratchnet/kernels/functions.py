"""tanh, erf and the like for single numbers, as rational functions: sums, products, one division.

A call of the C library for each number is slow, and cannot be vectorised. These are as exact as
float32 can show, within 4e-7. For float64 the exact functions take their place.

The coefficients are those of Eigen (Eigen/src/Core/MathFunctionsImpl.h).
"""

import math

from scratchnet.kernels.compiler import inner


@inner(exact=math.tanh)
def tanh(x):
    """x P(x^2) / Q(x^2) on [-9, 9], beyond which float32 tanh is +-1."""
    x = min(max(x, -9.0), 9.0)
    s = x * x
    p = -2.76076847742355e-16
    p = p * s + 2.00018790482477e-13
    p = p * s - 8.60467152213735e-11
    p = p * s + 5.12229709037114e-08
    p = p * s + 1.48572235717979e-05
    p = p * s + 6.37261928875436e-04
    p = p * s + 4.89352455891786e-03
    q = 1.19825839466702e-06
    q = q * s + 1.18534705686654e-04
    q = q * s + 2.26843463243900e-03
    q = q * s + 4.89352518554385e-03
    return x * p / q


@inner(exact=math.erf)
def erf(x):
    """x P(x^2) / Q(x^2) on [-4, 4], beyond which float32 erf is +-1."""
    x = min(max(x, -4.0), 4.0)
    s = x * x
    p = -2.72614225801306e-10
    p = p * s + 2.77068142495902e-08
    p = p * s - 2.10102402082508e-06
    p = p * s - 5.69250639462346e-05
    p = p * s - 7.34990630326855e-04
    p = p * s - 2.95459980854025e-03
    p = p * s - 1.60960333262415e-02
    q = -1.45660718464996e-05
    q = q * s - 2.13374055278905e-04
    q = q * s - 1.68282697438203e-03
    q = q * s - 7.37332916720468e-03
    q = q * s - 1.42647390514189e-02
    return x * p / q


@inner()
def sigmoid(x):
    """1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2."""
    return 0.5 + 0.5 * tanh(0.5 * x)


@inner()
def exp_of_negative(x):
    """exp(x) = (1 + t) / (1 - t) with t = tanh(x / 2), for x <= 0."""
    t = tanh(0.5 * x)
    return (1.0 + t) / (1.0 - t)


@inner()
def expm1_of_negative(x):
    """exp(x) - 1 = 2 t / (1 - t) with t = tanh(x / 2), for x <= 0."""
    t = tanh(0.5 * x)
    return 2.0 * t / (1.0 - t)
