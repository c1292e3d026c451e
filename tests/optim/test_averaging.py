"""Averages by hand, against airbench94's own form, and what they leave alone."""

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.compute.blocks import BLOCK
from scratchnet.errors import SettingError
from scratchnet.optim.averaging import EMA, Lookahead, NoAveraging

pytestmark = pytest.mark.usefixtures("each_engine")

TOTAL = 20  # steps


def started(averaging, start, total=TOTAL):
    """An average that begins at a state of a vector of floats and one of doubles, and the state."""
    state = {"parameters": np.array(start, np.float32), "buffers/0.mean": np.array(start)}
    average = averaging.build(state, total)
    average.begin()
    return average, state


def values(average, state):
    with average.in_use():
        return state["buffers/0.mean"].tolist()


def test_ema():
    ema, state = started(EMA(decay=0.15), [0.0, 1.0])
    state["buffers/0.mean"][:] = [1.0, 2.0]
    ema.after_step(1)  # d = 1 / 10
    np.testing.assert_allclose(values(ema, state), [0.9, 1.9])
    state["buffers/0.mean"][:] = [-1.0, 0.0]
    ema.after_step(2)  # d = 2 / 11, but at most 0.15
    np.testing.assert_allclose(values(ema, state), [0.15 * 0.9 - 0.85, 0.15 * 1.9])
    assert state["buffers/0.mean"].tolist() == [-1.0, 0.0]


def test_lookahead_of_zhang():
    lookahead, state = started(Lookahead(every_steps=2, keep=0.75), [0.0, 1.0])
    for step, now in ((1, [9.0, 9.0]), (2, [1.0, 2.0])):
        state["buffers/0.mean"][:] = now
        lookahead.after_step(step)
        assert values(lookahead, state) == ([0.0, 1.0] if step == 1 else [0.25, 1.25])
    assert state["buffers/0.mean"].tolist() == [0.25, 1.25]


def test_lookahead_of_airbench94():
    """Its own lines: ema.lerp_(net, 1 - decay); net.copy_(ema) every five steps."""
    rng = np.random.default_rng(0)
    start, changes = rng.standard_normal(7), rng.standard_normal((TOTAL, 7))
    lookahead, state = started(Lookahead(every_steps=5, keep=0.95**5, power=3), start)
    ema, net = start.copy(), start.copy()
    for step in range(1, TOTAL + 1):
        state["buffers/0.mean"] += changes[step - 1]
        lookahead.after_step(step)
        net += changes[step - 1]
        if step % 5 == 0:
            decay = 0.95**5 * (step / TOTAL) ** 3
            ema = ema + (1 - decay) * (net - ema)
            net = ema.copy()
    np.testing.assert_allclose(state["buffers/0.mean"], net, rtol=1e-12)
    np.testing.assert_allclose(values(lookahead, state), ema, rtol=1e-12)


@pytest.mark.parametrize("averaging", [NoAveraging(), EMA(), Lookahead()])
def test_after_an_error_while_it_is_in_use_training_has_its_own_state_again(averaging):
    average, state = started(averaging, [1.0, 2.0])
    state["parameters"][:] = 5
    with pytest.raises(KeyboardInterrupt), average.in_use():
        raise KeyboardInterrupt
    assert (state["parameters"] == 5).all()


def test_what_never_changes_stays_as_it_is_to_the_bit():
    start = np.random.default_rng(0).standard_normal(1000)
    for averaging in (EMA(), Lookahead(every_steps=1, keep=0.3)):
        average, state = started(averaging, start)
        for step in range(1, TOTAL):
            average.after_step(step)
        assert values(average, state) == start.tolist()


@pytest.mark.parametrize("make", [EMA, lambda: Lookahead(every_steps=1)])
def test_any_number_of_threads_gives_the_same_bits(make):
    size = 5 * BLOCK + 17
    changes = np.random.default_rng(0).standard_normal((3, size)).astype(np.float32)
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        average, state = started(make(), np.zeros(size))
        for step, change in enumerate(changes, 1):
            state["parameters"] += change
            average.after_step(step)
        results.append({name: array.tobytes() for name, array in average.stored().items()})
    threads.use(1)
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: EMA(decay=1.0), "decay"),
        (lambda: Lookahead(keep=1.0), "keep"),
        (lambda: Lookahead(every_steps=0), "every_steps"),
    ],
)
def test_values_out_of_range_are_named(make, field):
    with pytest.raises(SettingError, match=f"^{field}="):
        make()
