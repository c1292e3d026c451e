"""Progress in a log and on a terminal."""

import io
import math
import re
import time

import pytest
from rich.console import Console

from scratchnet.reports import progress
from scratchnet.reports.progress import PlainProgress, RichProgress, Total
from scratchnet.training.metrics import BatchMetrics, EpochMetrics


def metrics(epoch: int, val_accuracy: float = 0.5) -> EpochMetrics:
    return EpochMetrics(
        epoch=epoch,
        step=epoch * 10,
        lr=1e-3,
        train_loss=1.25,
        train_accuracy=0.75,
        val_loss=1.5,
        val_accuracy=val_accuracy,
        seconds=0.5,
        samples_per_second=13_456.0,
        grad_norm=1.0,
    )


def screen(width: int = 80) -> tuple[Console, io.StringIO]:
    output = io.StringIO()
    return Console(file=output, force_terminal=True, width=width, color_system=None), output


def last_lines(output: io.StringIO) -> list[str]:
    """The lines on the screen after the last refresh, without cursor codes."""
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output.getvalue())
    return [line.rstrip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def test_lines_are_aligned_and_mark_the_best_epoch(capsys):
    with PlainProgress(Total(epochs=120, samples=1000)) as bars:
        bars.on_batch(BatchMetrics(1, 1, 8, 1.0, 0.5, 1e-3))
        bars.on_epoch(metrics(1), is_best=True)
        bars.on_epoch(metrics(119), is_best=False)
    header, first, second = capsys.readouterr().out.splitlines()
    assert len(header) == len(first) == len(second)
    assert " ".join(first.split()).startswith(
        "1/120 1.2500 75.00 % 1.5000 50.00 %* 1.00e-03 13,500 "
    )
    assert second.index("1.5000") == first.index("1.5000")
    assert "*" not in second


def test_no_epoch_is_marked_as_best_without_validation(capsys):
    with PlainProgress(Total(epochs=2, samples=1000)) as bars:
        bars.on_epoch(metrics(1, val_accuracy=math.nan), is_best=True)
    assert "*" not in capsys.readouterr().out


def test_bars_show_the_epoch_and_all_epochs():
    console, output = screen()
    with RichProgress(Total(epochs=4, samples=1000), console) as bars:
        bars.on_batch(BatchMetrics(1, 1, 10, 2.25, 0.125, 1e-3))
        all_epochs, one_epoch = last_lines(output)[-2:]
        assert all_epochs.startswith("epoch 1/4 ")
        assert all_epochs.endswith("left")
        assert one_epoch.startswith("batch 1/10 ")
        assert "loss 2.2500" in one_epoch
        assert "acc 12.50 %" in one_epoch
        assert "lr 1.00e-03" in one_epoch
        bars.on_epoch(metrics(1, 0.5), is_best=True)
        bars.on_epoch(metrics(2, 0.25), is_best=False)
    end = last_lines(output)[-1]
    assert end.startswith("epoch 2/4 ")
    assert "val loss 1.5000" in end
    assert "acc 25.00 %" in end
    assert "best 50.00 %" in end


def test_bars_fit_a_narrow_terminal_at_their_widest():
    console, output = screen(80)
    with RichProgress(Total(epochs=120, samples=45_000), console) as bars:
        bars.on_epoch(metrics(119), is_best=True)
        bars.on_batch(BatchMetrics(120, 351, 352, 0.1234, 1.0, 1e-3))
    assert "…" not in output.getvalue()
    assert max(len(line) for line in last_lines(output)) <= 80


def test_speed_and_time_left_follow_the_clock(monkeypatch):
    class Clock:
        now = 0.0

        def perf_counter(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    console, output = screen(100)
    with RichProgress(Total(epochs=3, samples=1000, finished=1), console) as bars:
        bars.on_batch(BatchMetrics(2, 1, 10, 1.0, 0.5, 1e-3))
        clock.now = 9.0  # nine batches of 100 samples later
        monkeypatch.setattr(bars._pace, "is_due", lambda: True)
        bars.on_batch(BatchMetrics(2, 10, 10, 1.0, 0.5, 1e-3))
        all_epochs, one_epoch = last_lines(output)[-2:]
        assert one_epoch.endswith("100/s")
        assert all_epochs.endswith("9.0 s left")  # one epoch took nine seconds, one is left
        bars.on_epoch(metrics(3), is_best=True)
    assert last_lines(output)[-1].endswith("in 9.0 s")


def test_a_batch_between_two_drawings_costs_under_one_percent_of_a_step():
    console, _ = screen()
    with RichProgress(Total(epochs=1, samples=1000), console) as bars:
        bars.on_batch(BatchMetrics(1, 1, 10_000, 1.0, 0.5, 1e-3))
        bars._pace._next = float("inf")
        times = []
        for _ in range(20):
            start = time.perf_counter()
            for batch in range(2, 102):
                bars.on_batch(BatchMetrics(1, batch, 10_000, 1.0, 0.5, 1e-3))
            times.append((time.perf_counter() - start) / 100)
    assert min(times) < 0.01 * 0.8e-3


@pytest.mark.parametrize("crash", [KeyboardInterrupt, ValueError])
def test_the_cursor_is_restored_after_an_error(crash):
    def train():
        with RichProgress(Total(epochs=1, samples=10), console):
            raise crash

    console, output = screen()
    with pytest.raises(crash):
        train()
    assert output.getvalue().endswith("\x1b[?25h")  # the cursor is shown again


def test_bars_are_for_terminals(monkeypatch):
    assert isinstance(progress.progress(Total(1, 1)), PlainProgress)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(progress.progress(Total(1, 1)), RichProgress)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(progress.progress(Total(1, 1)), PlainProgress)
