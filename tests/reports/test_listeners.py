"""Every listener gets every event, in the order of the list."""

import pytest
from small_trainings import Recorder

from scratchnet.reports.listeners import Listeners
from scratchnet.training.metrics import BatchMetrics, EpochMetrics

BATCH = BatchMetrics(1, 1, 8, 1.0, 0.5, 1e-3)
EPOCH = EpochMetrics(1, 8, 1e-3, 1.0, 0.5, 1.0, 0.5, 1.0, 100.0, 1.0)


def test_each_gets_every_event_unchanged():
    recorders = [Recorder(), Recorder()]
    listeners = Listeners(recorders)
    listeners.on_batch(BATCH)
    listeners.on_epoch(EPOCH, is_best=True)
    listeners.on_epoch(EPOCH, is_best=False)
    for recorder in recorders:
        assert recorder.batches == [BATCH]
        assert recorder.epochs == [(EPOCH, True), (EPOCH, False)]


def test_those_after_one_that_fails_hear_nothing():
    """The recorder comes first: what it could not save, nothing else may report as done."""

    class Broken(Recorder):
        def on_epoch(self, metrics, is_best):
            raise OSError

    last = Recorder()
    with pytest.raises(OSError):  # noqa: PT011
        Listeners([Broken(), last]).on_epoch(EPOCH, is_best=True)
    assert last.epochs == []
