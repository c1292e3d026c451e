"""tanh, erf and the like for single numbers, as rational functions: sums, products, one division.

A call of the C library for each number is slow, and cannot be vectorised. These are as exact as
float32 can show, within 4e-7. For float64 the exact functions take their place.

The coefficients are those of Eigen (Eigen/src/Core/MathFunctionsImpl.h).
"""

import math

from scratchnet.kernels.compiler import inner

# coefficients of polynomials in x^2, from the highest power down
TANH_P = (
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
)
TANH_Q = (
    1.19825839466702e-06,
    1.18534705686654e-04,
    2.26843463243900e-03,
    4.89352518554385e-03,
)
ERF_P = (
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02,
)
ERF_Q = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)


@inner()
def polynomial(coefficients, x):
    """Horner's scheme, the coefficient of the highest power first."""
    total = coefficients[0]
    for i in range(1, len(coefficients)):
        total = total * x + coefficients[i]
    return total


@inner(exact=math.tanh)
def tanh(x):
    """x P(x^2) / Q(x^2) on [-9, 9], beyond which float32 tanh is +-1."""
    x = min(max(x, -9.0), 9.0)
    return x * polynomial(TANH_P, x * x) / polynomial(TANH_Q, x * x)


@inner(exact=math.erf)
def erf(x):
    """x P(x^2) / Q(x^2) on [-4, 4], beyond which float32 erf is +-1."""
    x = min(max(x, -4.0), 4.0)
    return x * polynomial(ERF_P, x * x) / polynomial(ERF_Q, x * x)


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
