"""A window that shows the training live."""

import contextlib
import logging
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREEN, ORANGE, STYLE, import_matplotlib
from scratchnet.reports.pace import Pace
from scratchnet.system import interrupts
from scratchnet.training.metrics import BatchMetrics, EpochMetrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

logger = logging.getLogger("scratchnet")

ROOM = 1.5  # the length of the x axis, in what has been trained so far
FEW_POINTS = 30  # are marked: a single one makes no line
MOST_POINTS = 2000  # of one curve; beyond that, every second one is dropped


class Curve:
    """A line that grows point by point."""

    def __init__(self, axes: "Axes", colour: str, label: str = ""):
        (self.line,) = axes.plot([], [], color=colour, label=label, marker="o", markersize=3)
        self.x: list[float] = []
        self.y: list[float] = []

    def add(self, x: float, y: float) -> None:
        """Append a point."""
        self.x.append(x)
        self.y.append(y)
        if len(self.x) > MOST_POINTS:
            del self.x[1::2], self.y[1::2]

    def update(self) -> None:
        """Hand the points to matplotlib, which shows them at the next drawing."""
        self.line.set_data(self.x, self.y)
        self.line.set_marker("o" if len(self.x) <= FEW_POINTS else "")


class LiveWindow:
    """A Listener with a window that plots loss, accuracy and learning rate during the training.

    Use it in a `with` statement around the training. It takes at most 5% of the time. If no window
    can be opened, it logs one warning and does nothing else; a window that the user closes stays
    closed. At first it shows a part of the first epoch, and more as the training proceeds.
    """

    def __init__(self, epochs: int):
        self.epochs = epochs
        self._drawing = Pace(share=0.04, interval=0.25)
        self._sampling = Pace(share=1.0, interval=0.05)
        self._answering = Pace(share=0.01, interval=0.05)  # mouse, resizing, closing
        self._is_open = False

    def __enter__(self) -> "LiveWindow":
        with self._harmless():
            self._open()
            self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_open:
            from matplotlib import pyplot

            with self._harmless():
                self._draw()
                pyplot.close(self._figure)
        self._is_open = False

    def stay(self) -> None:
        """Show the last state until the user closes the window, or asks the process to stop.

        Where nobody sits at the terminal, as in a job of a sweep, the window closes at once.
        """
        if not (self._is_open and sys.stdin and sys.stdin.isatty()):
            return
        print("close the window to end", flush=True)
        with self._harmless():
            self._draw()
            while self._is_open and not interrupts.stop_requested():
                self._figure.canvas.flush_events()
                time.sleep(self._answering.interval)

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Add a point and redraw, as often as the time budget allows."""
        if not self._is_open:
            return
        if self._sampling.is_due():
            with self._sampling:
                self._add_training(metrics.progress, metrics.loss, metrics.accuracy, metrics.lr)
        if self._drawing.is_due():
            with self._harmless(), self._drawing:
                self._draw()
        elif self._answering.is_due():
            with self._harmless(), self._answering:
                self._figure.canvas.flush_events()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Add the results of an epoch, which show at the next drawing."""
        if self._is_open:
            epoch = metrics.epoch
            self._add_training(epoch, metrics.train_loss, metrics.train_accuracy, metrics.lr)
            self._val_loss.add(epoch, metrics.val_loss)
            self._val_accuracy.add(epoch, 100 * metrics.val_accuracy)

    def _add_training(self, x: float, loss: float, accuracy: float, lr: float) -> None:
        self._loss.add(x, loss)
        self._accuracy.add(x, 100 * accuracy)
        self._lr.add(x, lr)

    def _open(self) -> None:
        """Open the window. Raises any exception that a matplotlib backend may raise."""
        import_matplotlib()
        import matplotlib
        from matplotlib import pyplot
        from matplotlib.backends import BackendFilter, backend_registry

        backend = matplotlib.get_backend()
        if backend.lower() not in backend_registry.list_builtin(BackendFilter.INTERACTIVE):
            raise RuntimeError(f"no display (matplotlib's backend is {backend})")
        with matplotlib.rc_context(STYLE):
            self._figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.8), num="scratchnet")
            self._make_curves(*axes)
            self._figure.tight_layout()
        self._figure.canvas.mpl_connect("close_event", self._closed)
        self._figure.show()
        self._figure.canvas.flush_events()

    def _make_curves(self, loss: "Axes", accuracy: "Axes", lr: "Axes") -> None:
        self._axes = (loss, accuracy, lr)
        self._loss = Curve(loss, BLUE, "training (mean of the epoch so far)")
        self._val_loss = Curve(loss, ORANGE, "validation")
        self._accuracy = Curve(accuracy, BLUE)
        self._val_accuracy = Curve(accuracy, ORANGE)
        self._lr = Curve(lr, GREEN)
        self._curves = (self._loss, self._val_loss, self._accuracy, self._val_accuracy, self._lr)
        loss.legend(loc="upper right")
        titles = ("Loss", "Accuracy (%)", "Learning rate")
        for axes, title in zip(self._axes, titles, strict=True):
            axes.set_title(title)
            axes.set_xlabel("epoch")
            axes.margins(y=0.08)
        lr.yaxis.set_major_formatter(lambda rate, _: numbers.short(rate))

    def _draw(self) -> None:
        for curve in self._curves:
            curve.update()
        right = min(self.epochs, ROOM * max(self._loss.x, default=self.epochs))
        for axes in self._axes:
            axes.set_xlim(0, right)
            axes.relim()
            axes.autoscale_view(scalex=False)
        self._figure.canvas.draw_idle()
        self._figure.canvas.flush_events()

    def _closed(self, _event: object) -> None:
        self._is_open = False

    @contextlib.contextmanager
    def _harmless(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # every window system has its own exceptions
            self._is_open = False
            reason = str(error).partition("\n")[0] or type(error).__name__
            logger.warning("no live window, training continues without it: %s", reason)
