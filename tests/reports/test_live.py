"""The live window shows the training, and never stops it."""

import subprocess
import sys

import matplotlib
import pytest
from matplotlib import pyplot
from matplotlib.backends import backend_registry
from matplotlib.figure import Figure

from scratchnet.reports import live
from scratchnet.reports.live import LiveWindow
from scratchnet.training.metrics import BatchMetrics, EpochMetrics

METRICS = EpochMetrics(1, 10, 1e-4, 0.75, 0.5, 1.5, 0.25, 1.0, 100.0, 1.0)


@pytest.fixture(autouse=True)
def agg():
    """No test opens a window, wherever it runs."""
    with matplotlib.rc_context():
        pyplot.switch_backend("agg")
        yield
        pyplot.close("all")


@pytest.fixture
def display(monkeypatch):
    """matplotlib's in-memory canvas stands in for a window."""
    monkeypatch.setattr(backend_registry, "list_builtin", lambda _: ["agg"])
    monkeypatch.setattr(Figure, "show", lambda self: None)


def train(window):
    for batch in range(1, 11):
        window.on_batch(BatchMetrics(1, batch, 10, 1 / batch, 0.1 * batch, 1e-3))
    window.on_epoch(METRICS, is_best=True)


def test_without_a_display_there_is_one_warning_and_training_continues(caplog):
    with LiveWindow(epochs=2) as window:
        train(window)
    (record,) = caplog.records
    assert "no live window, training continues" in record.getMessage()
    assert not pyplot.get_fignums()


@pytest.mark.parametrize("backend", ["TkAgg", "QtAgg", "nonsense"])
def test_a_backend_that_cannot_work_gives_one_warning(backend):
    code = """
from scratchnet.reports.live import LiveWindow
from scratchnet.training.metrics import BatchMetrics
with LiveWindow(epochs=2) as window:
    window.on_batch(BatchMetrics(1, 1, 1, 1.0, 0.5, 1e-3))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"MPLBACKEND": backend, "PYTHONPATH": ":".join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "no live window" in result.stderr


def test_the_window_shows_batches_and_epochs(display, monkeypatch):
    monkeypatch.setattr(live.Pace, "is_due", lambda _: True)
    with LiveWindow(epochs=2) as window:
        train(window)
        window.on_batch(BatchMetrics(2, 1, 10, 0.5, 0.9, 1e-4))
        loss, accuracy, lr = pyplot.gcf().axes
        training, validation = loss.lines
        assert list(training.get_xdata()) == pytest.approx(
            [*(b / 10 for b in range(1, 11)), 1, 1.1]
        )
        assert list(training.get_ydata())[-2:] == [0.75, 0.5]
        assert list(validation.get_xdata()) == [1]
        assert list(validation.get_ydata()) == [1.5]
        assert list(accuracy.lines[0].get_ydata())[-2:] == [50.0, 90.0]
        assert list(lr.lines[0].get_ydata())[-2:] == [1e-4, 1e-4]
        assert loss.get_ylim()[0] < 0.1 < 1.5 < loss.get_ylim()[1]
        assert loss.get_xlim() == pytest.approx((0, 1.65))  # room for as much again by half
    assert not pyplot.get_fignums()


def test_a_window_that_the_user_closes_stays_closed(display, caplog):
    with LiveWindow(epochs=2) as window:
        pyplot.close(pyplot.gcf())
        train(window)
    assert not caplog.records
    assert not pyplot.get_fignums()


def test_a_window_that_breaks_gives_one_warning(display, monkeypatch, caplog):
    with LiveWindow(epochs=2) as window:

        def broken(self):
            raise RuntimeError("display lost\nTraceback ...")

        monkeypatch.setattr(Figure, "draw_idle", broken, raising=False)
        monkeypatch.setattr(type(pyplot.gcf().canvas), "draw_idle", broken)
        train(window)
        train(window)
    (record,) = caplog.records
    assert record.getMessage().endswith("display lost")


def test_a_curve_stays_small_in_a_long_run(display, monkeypatch):
    monkeypatch.setattr(live, "MOST_POINTS", 100)
    figure = pyplot.figure()
    curve = live.Curve(figure.subplots(), "red")
    for x in range(10_000):
        curve.add(x, 2 * x)
    curve.update()
    assert len(curve.x) <= 100
    assert curve.x == sorted(curve.x)
    assert curve.y == [2 * x for x in curve.x]
    assert curve.x[0] == 0
    assert curve.x[-1] > 9_000


def test_the_first_batches_fill_most_of_the_window(display, monkeypatch):
    monkeypatch.setattr(live.Pace, "is_due", lambda _: True)
    with LiveWindow(epochs=100) as window:
        window.on_batch(BatchMetrics(1, 1, 10, 2.0, 0.1, 1e-3))
        loss, *_ = pyplot.gcf().axes
        assert loss.get_xlim() == pytest.approx((0, 0.15))
        assert loss.lines[0].get_marker() == "o"  # one point is no line


@pytest.mark.parametrize("ending", ["closed", "signal"])
def test_at_a_terminal_it_stays_until_it_is_closed_or_the_process_stops(
    display, monkeypatch, capsys, ending
):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    asked = iter([False, False, ending == "signal"])
    monkeypatch.setattr(live.interrupts, "stop_requested", lambda: next(asked))
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        if ending == "closed" and len(waits) == 2:
            window._closed(None)

    monkeypatch.setattr(live.time, "sleep", sleep)
    with LiveWindow(epochs=2) as window:
        train(window)
        window.stay()
    assert len(waits) == 2
    assert capsys.readouterr().out == "close the window to end\n"


def test_where_nobody_sits_at_the_terminal_it_does_not_stay(display, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with LiveWindow(epochs=2) as window:
        window.stay()
    assert capsys.readouterr().out == ""
