"""Drawing takes its share of the time, and no more."""

import pytest

from scratchnet.reports import pace


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = 100.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    return clock


def test_the_first_drawing_is_due_at_once(clock):
    assert pace.Pace(share=0.05).is_due()


def test_a_delay_is_waited_for(clock):
    paced = pace.Pace(share=0.05, delay=5.0)
    clock.now += 4.9
    assert not paced.is_due()
    clock.now += 0.2
    assert paced.is_due()


@pytest.mark.parametrize("share", [0.01, 0.05, 0.5, 1.0])
def test_drawing_takes_at_most_its_share(clock, share):
    paced = pace.Pace(share)
    drawing = 0.0
    start = clock.now
    for _ in range(20_000):
        if paced.is_due():
            with paced:
                clock.now += 0.01
                drawing += 0.01
        else:
            clock.now += 0.001
    assert drawing - 0.01 <= share * (clock.now - start)
    assert drawing >= 0.9 * share * (clock.now - start)


def test_cheap_drawings_keep_their_interval(clock):
    paced = pace.Pace(share=0.5, interval=0.2)
    with paced:
        clock.now += 0.001
    clock.now += 0.198
    assert not paced.is_due()
    clock.now += 0.002
    assert paced.is_due()


def test_a_drawing_that_fails_counts(clock):
    paced = pace.Pace(share=0.5)

    def fail():
        with paced:
            clock.now += 1
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert not paced.is_due()
