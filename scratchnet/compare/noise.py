"""How sure a figure is: 95 % intervals, and whether two figures can be told apart.

A difference between two runs is worth a second look only if it is larger than what other seeds or
other images would have made of it.
"""

import functools
import math
import statistics
from typing import NamedTuple

CONFIDENCE = 0.95
Z = statistics.NormalDist().inv_cdf((1 + CONFIDENCE) / 2)  # the same for a normal distribution


class Interval(NamedTuple):
    """Where a figure lies with 95 % confidence."""

    low: float
    high: float


def wilson(share: float, n: int) -> Interval:
    """The interval of a share that was measured on `n` >= 1 images.

    Wilson, Probable inference, the law of succession, and statistical inference, 1927; unlike the
    usual mean ± 1.96 standard errors it stays within 0 and 1, and is right near both.
    """
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + (Z / (2 * n)) ** 2)
    return Interval(max(centre - half, 0.0), min(centre + half, 1.0))


def of_mean(mean: float, std: float, n: int) -> Interval:
    """The interval of the mean of `n` >= 2 seeds with this sample standard deviation."""
    half = student(n - 1) * std / math.sqrt(n)
    return Interval(mean - half, mean + half)


def can_be_told_apart(a: float, b: float, of_a: Interval, of_b: Interval) -> bool:
    """Whether two figures differ, given their intervals.

    The interval of a - b from those of a and b (MOVER: Zou and Donner, 2008, equation 3), which is
    narrower than asking whether the two overlap.
    """
    if a < b:
        a, b, of_a, of_b = b, a, of_b, of_a
    return a - b > math.hypot(a - of_a.low, of_b.high - b)


def differ_in_pairs(differences: list[float], resolution: float) -> bool:
    """A paired t-test of n >= 2 differences, each between two runs with the same seed.

    `resolution` is the smallest step of the figure (one image): differences that happen to be equal
    do not make it surer than that.
    """
    n = len(differences)
    std = max(statistics.stdev(differences), resolution)
    return abs(statistics.fmean(differences)) > student(n - 1) * std / math.sqrt(n)


@functools.cache
def student(freedom: int) -> float:
    """The t within which Student's distribution with `freedom` >= 1 degrees holds 95 %."""
    low, high = 0.0, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < CONFIDENCE else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """P(|T| < t): Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    term = math.cos(angle) if freedom % 2 else 1.0
    terms = [term] if freedom > 1 else []
    for k in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= math.cos(angle) ** 2 * (k - 1) / k
        terms.append(term)
    total = math.sin(angle) * sum(terms)
    return 2 / math.pi * (angle + total) if freedom % 2 else total
