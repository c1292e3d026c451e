"""Numbers formatted for people."""

import math

import pytest

from scratchnet.reports import numbers


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1:00"),
        (185, "3:05"),
        (3599.7, "1:00:00"),
        (3723, "1:02:03"),
        (100 * 3600, "100:00:00"),
    ],
)
def test_duration(seconds, text):
    assert numbers.duration(seconds) == text


@pytest.mark.parametrize(
    ("per_second", "text"),
    [(13_456, "13,500"), (1_000_000, "1,000,000"), (354.6, "355"), (12.34, "12.3"), (0.5, "0.500")],
)
def test_rate_has_three_digits(per_second, text):
    assert numbers.rate(per_second) == text


@pytest.mark.parametrize("per_second", [0, -1, math.inf, math.nan])
def test_a_rate_that_makes_no_sense_is_a_dash(per_second):
    assert numbers.rate(per_second) == "-"


def test_percent_and_learning_rate():
    assert numbers.percent(0.98254) == "98.25 %"
    assert numbers.learning_rate(0.00098) == "9.80e-04"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (1e-3, "1e-3"), (2.5e-4, "2.5e-4"), (0.1, "0.1"), (3, "3")]
)
def test_short(number, text):
    assert numbers.short(number) == text


def test_what_was_not_measured_is_a_dash():
    assert (numbers.percent(math.nan), numbers.loss(math.nan)) == ("-", "-")
    assert (numbers.percent(0.5), numbers.loss(0.07123)) == ("50.00 %", "0.0712")
