"""Exact values at 0, at each boundary, one step either side, and at the end."""

import math

import pytest

from scratchnet.errors import SettingError
from scratchnet.optim.schedules import Constant, Cosine, Linear, OneCycle, Step, Triangular

STEPS = 10  # per epoch


def values(settings, steps, lr=1.0, epochs=10):
    schedule = settings.build(lr, STEPS, epochs)
    return [schedule(step) for step in steps]


def test_constant():
    assert values(Constant(), [0, 1, 99, 100], lr=0.3) == [0.3] * 4


def test_warmup_rises_linearly_and_ends_at_the_peak():
    expected = [0.05, 0.1, 0.95, 1.0, 1.0, 1.0]
    assert values(Constant(warmup_epochs=2), [0, 1, 18, 19, 20, 21]) == pytest.approx(expected)


def test_cosine():
    # 20 warm-up steps, then 80: halfway at 60, a quarter at 40
    schedule = Cosine(lr_min=0.2, warmup_epochs=2)
    quarter = 0.2 + 0.8 * (1 + math.sqrt(0.5)) / 2
    expected = [0.05, 1.0, 1.0, quarter, 0.6, 0.2]
    assert values(schedule, [0, 19, 20, 40, 60, 100]) == pytest.approx(expected, rel=1e-12)
    before, after = values(schedule, [59, 61])
    assert before - 0.6 == pytest.approx(0.6 - after)
    assert before == pytest.approx(0.2 + 0.4 * (1 + math.cos(math.pi * 39 / 80)))
    assert values(schedule, [99])[0] == pytest.approx(0.2 + 0.4 * (1 + math.cos(math.pi * 79 / 80)))
    assert values(schedule, [101]) == values(schedule, [100])


def test_linear():
    expected = [1.0, 0.99, 0.5, 0.01, 0.0]
    assert values(Linear(), [0, 1, 50, 99, 100]) == pytest.approx(expected)
    expected = [1.0, 1.0, 0.55, 0.1, 0.1]
    schedule = Linear(lr_min=0.1, warmup_epochs=1)
    assert values(schedule, [9, 10, 55, 100, 101]) == pytest.approx(expected)


def test_step():
    expected = [1.0, 1.0, 0.5, 0.5, 0.25, 0.0625]
    schedule = Step(every_epochs=2, factor=0.5)
    assert values(schedule, [0, 19, 20, 39, 40, 99]) == pytest.approx(expected)
    assert values(Step(every_epochs=0.5), [4, 5, 9, 10]) == pytest.approx([1, 0.1, 0.1, 0.01])


def test_one_cycle():
    schedule = OneCycle(rise=0.2, start_divisor=10, end_divisor=100)
    expected = [0.1, 0.145, 0.955, 1.0, (1 + 0.01) / 2, 0.01]
    assert values(schedule, [0, 1, 19, 20, 60, 100]) == pytest.approx(expected)
    after_the_peak = 0.01 + 0.99 * (1 + math.cos(math.pi / 80)) / 2
    assert values(schedule, [21])[0] == pytest.approx(after_the_peak)
    assert values(schedule, [101]) == values(schedule, [100])


def test_triangular():
    schedule = Triangular(rise=0.2, start_share=0.1, end_share=0.04)
    expected = [0.1, 0.145, 0.955, 1.0, 0.988, 0.52, 0.052, 0.04]
    assert values(schedule, [0, 1, 19, 20, 21, 60, 99, 100]) == pytest.approx(expected)
    assert values(schedule, [101]) == values(schedule, [100])
    assert values(schedule, [20], lr=3.0) == pytest.approx([3.0])


@pytest.mark.parametrize("schedule", [Cosine(lr_min=2.0), Linear(lr_min=2.0)])
def test_lr_min_above_the_peak_is_refused(schedule):
    with pytest.raises(SettingError, match=r"lr_min=2: must be <= optimizer\.lr=1"):
        schedule.build(1.0, STEPS, 10)


def test_warmup_as_long_as_the_run_is_refused():
    with pytest.raises(SettingError, match=r"warmup_epochs=10: must be < trainer\.epochs=10"):
        Cosine(warmup_epochs=10).build(1.0, STEPS, 10)
