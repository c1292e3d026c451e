"""Event files, read back with TensorBoard's own reader."""

import sys

import pytest

from scratchnet.errors import UserError
from scratchnet.reports.tensorboard import TAGS, TensorBoard
from scratchnet.training.metrics import EpochMetrics

METRICS = [
    EpochMetrics(epoch, 10 * epoch, 0.1, 1.5, 0.25, 1.25 / epoch, 0.5, 2.0, 1000.0, 3.0)
    for epoch in (1, 2)
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_was_written_is_what_tensorboard_reads(tmp_path):
    pytest.importorskip("tensorboardX")
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    with TensorBoard(tmp_path / "events") as board:
        for metrics in METRICS:
            board.on_batch(metrics.epoch, 1, 1, 0.0, 0.0, 0.0)
            board.on_epoch(metrics, is_best=True)
    events = reader.EventAccumulator(str(tmp_path / "events"))
    events.Reload()
    assert sorted(events.Tags()["scalars"]) == sorted(TAGS.values())
    for name, tag in TAGS.items():
        read = [(event.step, event.value) for event in events.Scalars(tag)]
        assert read == [(m.epoch, pytest.approx(getattr(m, name))) for m in METRICS]


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(UserError, match=r"scratchnet\[tensorboard\]"):
        TensorBoard(tmp_path)
