"""The range test, on losses that are made up and on a small network."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from scratchnet.data.digits import Digits
from scratchnet.data.loader import Loader
from scratchnet.errors import SettingError
from scratchnet.nn.models import MLP
from scratchnet.optim.schedules import Constant
from scratchnet.optim.sgd import SGD
from scratchnet.training.range_test import RangeTest, Rates
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Diverged, Trainer


class MadeUp:
    """A training whose loss is a function of the learning rate."""

    def __init__(self, loss):
        self.loss, self.epochs, self.lrs = loss, [], []
        self.network = SimpleNamespace(begin_epoch=self.epochs.append)
        self.train = SimpleNamespace(batches=lambda epoch: [(None, None)] * 7)

    def take_step(self, x, labels, lr):
        self.lrs.append(lr)
        value = self.loss(lr)
        if not math.isfinite(value):
            raise Diverged("not finite")
        return SimpleNamespace(loss=value)


def test_the_rate_grows_by_a_constant_factor_from_low_to_high():
    training = MadeUp(lambda lr: 1.0)
    rates = RangeTest(low=1e-4, high=1.0, steps=41).run(training)
    np.testing.assert_allclose(training.lrs, np.geomspace(1e-4, 1, 41), rtol=1e-12)
    assert rates.lrs == training.lrs
    assert training.epochs == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(rates.smoothed, 1.0, rtol=1e-12)  # no pull towards 0 at the start


def test_the_suggestion_is_a_tenth_of_the_rate_of_the_lowest_smoothed_loss():
    rates = Rates([1e-3, 1e-2, 0.123, 1.0], [3, 2, 1, 4], [3.0, 2.0, 1.0, 4.0])
    assert rates.lowest == 2
    assert rates.suggestion == 0.01
    assert Rates([1e-3, 1e-2], [1, 2], [1.0, 2.0]).suggestion is None


def test_no_rate_is_suggested_that_was_not_tested():
    assert Rates([1e-3, 1e-2], [2, 1], [2.0, 1.0]).suggestion == 1e-3
    assert Rates([1e-3, 9e-3], [2, 1], [2.0, 1.0]).suggestion is None


def test_smoothing_is_the_mean_with_falling_weights():
    losses = iter(np.random.default_rng(0).random(25) + 1)
    rates = RangeTest(steps=25).run(MadeUp(lambda lr: next(losses)))
    for step in (0, 5, 24):
        weights = 0.9 ** np.arange(step, -1, -1)
        expected = np.average(rates.losses[: step + 1], weights=weights)
        assert rates.smoothed[step] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("end", [1e9, math.inf, math.nan])
def test_it_stops_when_the_loss_diverges(end):
    test = RangeTest(low=1e-3, high=10, steps=100)
    rates = test.run(MadeUp(lambda lr: end if lr > 0.1 else 1.0 - lr))
    assert 50 <= len(rates.lrs) <= 51
    assert math.isfinite(rates.smoothed[-1])


def test_what_diverges_from_the_start_is_an_error():
    with pytest.raises(Diverged):
        RangeTest().run(MadeUp(lambda lr: math.nan))


def test_a_real_network_learns_in_the_middle_and_diverges_at_the_end():
    splits = Digits().load(0)
    train = Loader(splits.train, 64, mean=splits.mean, std=splits.std, seed=0, shuffle=True)
    network = MLP(hidden_dims=[16]).build(splits.shape, 10, seed=0)
    schedule = Constant().build(0.1, len(train), 1)
    training = Trainer(TrainerSettings(clip_norm=None), network, SGD(), schedule, train, None)
    rates = RangeTest(low=1e-5, high=1e4, steps=120).run(training)
    assert len(rates.lrs) < 120
    assert rates.smoothed[rates.lowest] < 0.8 * rates.smoothed[0]
    assert 1e-3 < rates.suggestion < 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"low": 0}, "low=0: must be > 0"),
        ({"low": 1.0, "high": 1.0}, "high=1: must be > low=1"),
        ({"steps": 19}, "steps=19: must be >= 20"),
        ({"high": math.inf}, "high=inf"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(SettingError, match=message):
        RangeTest(**settings)
