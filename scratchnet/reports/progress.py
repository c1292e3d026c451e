"""Progress of a training: bars on a terminal, lines in a log."""

import math
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.pace import Pace
from scratchnet.training.metrics import BatchMetrics, EpochMetrics

if TYPE_CHECKING:
    from rich.console import Console


@dataclass
class Total:
    """The amount of work in a training."""

    epochs: int
    samples: int  # per epoch
    finished: int = 0  # epochs trained before a resume


def progress(total: Total) -> "RichProgress | PlainProgress":
    """A Listener with bars on a terminal, or lines elsewhere; use it in a `with` statement."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return PlainProgress(total)
    from rich.console import Console  # slow to import, and only bars need it

    return RichProgress(total, Console())


class PlainProgress:
    """A line per epoch, in columns; with validation, `*` marks the best epoch so far."""

    HEADER = (
        "    epoch   train loss  accuracy     val loss  accuracy        lr   samples/s      time"
    )

    def __init__(self, total: Total):
        self.total = total

    def __enter__(self) -> "PlainProgress":
        self._start = time.perf_counter()
        print(self.HEADER, flush=True)
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Print nothing: a line cannot be overwritten."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Print the line of an epoch."""
        elapsed = time.perf_counter() - self._start
        star = "*" if is_best and not math.isnan(metrics.val_accuracy) else " "
        print(
            f"{metrics.epoch:4}/{self.total.epochs:<4}"
            f"   {metrics.train_loss:10.4f}  {numbers.percent(metrics.train_accuracy):>8}"
            f"   {numbers.loss(metrics.val_loss):>10}  {numbers.percent(metrics.val_accuracy):>8}"
            f"{star} {numbers.learning_rate(metrics.lr):>8}"
            f"  {numbers.rate(metrics.samples_per_second):>10}  {numbers.duration(elapsed):>8}",
            flush=True,
        )


class RichProgress:
    """Two bars that stay in place: one for all epochs, one for the batches of the current epoch."""

    def __init__(self, total: Total, console: "Console"):
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        self.total = total
        self._pace = Pace(share=0.01, interval=0.2)
        self._best = 0.0
        fields = ("name", "loss", "accuracy", "detail", "speed")
        texts = {
            field: TextColumn(
                f"{{task.fields[{field}]}}",
                markup=False,
                table_column=Column(no_wrap=True, justify="left" if field == "name" else "right"),
            )
            for field in fields
        }
        bar = BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=5))
        self._bars = Progress(
            texts["name"],
            bar,
            texts["loss"],
            texts["accuracy"],
            texts["detail"],
            texts["speed"],
            console=console,
            auto_refresh=False,  # no second thread that competes with the training
            expand=True,
        )

    def __enter__(self) -> "RichProgress":
        epochs, done = self.total.epochs, self.total.finished
        blank = dict.fromkeys(("loss", "accuracy", "detail", "speed"), "")
        self._all = self._bars.add_task(
            "", total=epochs, completed=done, name=f"epoch {done}/{epochs}", **blank
        )
        self._one = self._bars.add_task("", total=1, name="batch", **blank)
        self._start = self._epoch_start = time.perf_counter()
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.update(self._one, visible=False)
        self._bars.stop()

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Update both bars, as often as the time budget allows."""
        if metrics.batch == 1:
            self._epoch_start = time.perf_counter()
        if not self._pace.is_due():
            return
        with self._pace:
            elapsed = time.perf_counter() - self._epoch_start
            share = (metrics.batch - 1) / metrics.batches
            speed = share * self.total.samples / elapsed if share > 0 else 0.0
            done = metrics.progress
            self._bars.update(
                self._all,
                completed=done,
                name=f"epoch {metrics.epoch}/{self.total.epochs}",
                speed=self._time_left(done),
            )
            self._bars.update(
                self._one,
                total=metrics.batches,
                completed=metrics.batch,
                name=f"batch {metrics.batch}/{metrics.batches}",
                loss=f"loss {metrics.loss:.4f}",
                accuracy=f"acc {numbers.percent(metrics.accuracy)}",
                detail=f"lr {numbers.learning_rate(metrics.lr)}",
                speed=f"{numbers.rate(speed)}/s",
            )
            self._bars.refresh()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Show the results of an epoch at the next refresh."""
        if is_best:
            self._best = metrics.val_accuracy
        self._bars.update(
            self._all,
            completed=metrics.epoch,
            name=f"epoch {metrics.epoch}/{self.total.epochs}",
            loss=f"val loss {numbers.loss(metrics.val_loss)}",
            accuracy=f"acc {numbers.percent(metrics.val_accuracy)}",
            detail=f"best {numbers.percent(self._best)}",
            speed=self._time_left(metrics.epoch),
        )

    def _time_left(self, done: float) -> str:
        """Estimate the time left from the mean speed so far, evaluation included."""
        elapsed = time.perf_counter() - self._start
        fresh = done - self.total.finished
        if done >= self.total.epochs:
            return f"in {numbers.duration(elapsed)}"
        return f"{numbers.duration(elapsed * (self.total.epochs - done) / fresh)} left"
