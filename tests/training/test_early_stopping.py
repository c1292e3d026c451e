"""The best epoch and patience, on made-up epochs."""

import pytest

from scratchnet.training.early_stopping import BestEpoch, EarlyStopping, LastEpoch, Metric
from scratchnet.training.metrics import EpochMetrics


def epoch(number, loss=1.0, accuracy=0.5, balanced=0.5):
    return EpochMetrics(number, number, 0.1, 1.0, 0.5, loss, accuracy, 1.0, 1.0, 1.0, balanced)


def follow(settings, accuracies):
    best = BestEpoch(settings)
    for number, accuracy in enumerate(accuracies, 1):
        best.update(epoch(number, accuracy=accuracy))
        if best.is_over:
            return best, number
    return best, None


def test_stops_after_patience_epochs_without_improvement():
    best, stopped = follow(EarlyStopping(patience=2), [0.1, 0.3, 0.2, 0.3, 0.9])
    assert (best.epoch, best.score, stopped) == (4, 0.3, 4)  # of equals the last


def test_without_patience_never_stops():
    best, stopped = follow(EarlyStopping(), [0.5] + [0.1] * 50)
    assert (best.epoch, stopped) == (1, None)


def test_small_improvements_are_best_but_do_not_reset_patience():
    settings = EarlyStopping(patience=2, min_delta=0.1)
    best, stopped = follow(settings, [0.5, 0.55, 0.58])
    assert (best.epoch, stopped) == (3, 3)
    best, stopped = follow(settings, [0.5, 0.55, 0.65, 0.6])
    assert (best.epoch, stopped) == (3, None)


def test_loss_is_better_when_lower():
    best = BestEpoch(EarlyStopping(metric=Metric.val_loss))
    assert [best.update(epoch(i, loss=loss)) for i, loss in enumerate([2, 1, 1, 3, 0.5], 1)] == [
        True,
        True,
        True,
        False,
        True,
    ]


def test_balanced_accuracy_is_better_when_higher():
    best = BestEpoch(EarlyStopping(metric=Metric.val_balanced_accuracy))
    values = [(0.9, 0.5), (0.8, 0.6), (0.99, 0.55)]  # accuracy, balanced accuracy
    for number, (accuracy, balanced) in enumerate(values, 1):
        best.update(epoch(number, accuracy=accuracy, balanced=balanced))
    assert best.epoch == 2


def test_state_goes_on_where_it_stopped():
    settings = EarlyStopping(patience=3, min_delta=0.05)
    whole, part = BestEpoch(settings), BestEpoch(settings)
    accuracies = [0.5, 0.52, 0.6, 0.61, 0.62]
    for number, accuracy in enumerate(accuracies, 1):
        whole.update(epoch(number, accuracy=accuracy))
    for number, accuracy in enumerate(accuracies[:3], 1):
        part.update(epoch(number, accuracy=accuracy))
    resumed = BestEpoch(settings)
    resumed.restore(part.state())
    for number, accuracy in enumerate(accuracies[3:], 4):
        resumed.update(epoch(number, accuracy=accuracy))
    assert resumed.state() == whole.state()
    assert whole.waiting == 2


def test_nan_is_never_best():
    best = BestEpoch(EarlyStopping(metric=Metric.val_loss))
    assert not best.update(epoch(1, loss=float("nan")))


def test_patience_of_zero_is_refused():
    with pytest.raises(ValueError, match="patience=0: must be >= 1"):
        EarlyStopping(patience=0)


def test_without_validation_each_epoch_is_the_best_so_far():
    last = LastEpoch()
    for number in (1, 2, 3):
        assert last.update(epoch(number, loss=float("nan"), accuracy=float("nan")))
        assert not last.is_over
    resumed = LastEpoch()
    resumed.restore(last.state())
    assert (last.epoch, resumed.epoch) == (3, 3)
