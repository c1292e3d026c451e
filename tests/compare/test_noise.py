"""Intervals and tests against SciPy, and how often they are wrong on data made for it."""

import numpy as np
import pytest
from scipy import stats

from scratchnet.compare import noise


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 8, 9, 30, 101])
def test_quantiles_of_student(freedom):
    assert noise.student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


@pytest.mark.parametrize(("right", "n"), [(0, 5), (5, 5), (97, 100), (175, 180), (1, 2)])
def test_the_interval_of_a_share(right, n):
    theirs = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert noise.wilson(right / n, n) == pytest.approx((theirs.low, theirs.high))


def test_the_interval_of_a_mean():
    values = [0.90, 0.92, 0.97]
    theirs = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    ours = noise.of_mean(np.mean(values), np.std(values, ddof=1), 3)
    assert ours == pytest.approx(theirs)


def test_pairs_are_compared_as_by_scipy():
    random = np.random.default_rng(0)
    found = []
    for shift in np.linspace(0, 0.05, 40):
        a, b = random.normal(0.9, 0.01, (2, 4))
        p = stats.ttest_rel(a + shift, b).pvalue
        assert noise.differ_in_pairs([*(a + shift - b)], resolution=0.0) == (p < 0.05)
        found.append(p < 0.05)
    assert 0 < sum(found) < 40


def test_equal_differences_are_no_surer_than_one_image():
    assert noise.differ_in_pairs([0.01, 0.01], resolution=0.0)
    assert not noise.differ_in_pairs([0.01, 0.01], resolution=1 / 180)


def test_equal_shares_are_seldom_told_apart():
    """Two runs of the same quality: at most about 1 pair in 20 may look different."""
    random = np.random.default_rng(1)
    shares = random.binomial(360, 0.95, (2000, 2)) / 360
    wrong = [
        noise.can_be_told_apart(a, b, noise.wilson(a, 360), noise.wilson(b, 360)) for a, b in shares
    ]
    assert 0.01 < np.mean(wrong) < 0.065
