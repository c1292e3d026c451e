"""The plots of a run folder. A plot that fails never stops the run: it logs one warning."""

import contextlib
import functools
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scratchnet.data.images import Images, Splits
from scratchnet.reports.confusion import draw_confusion
from scratchnet.reports.curves import draw_curves
from scratchnet.reports.pace import Pace
from scratchnet.reports.worst import draw_worst
from scratchnet.runs.folder import RunFolder
from scratchnet.training.early_stopping import BestEpoch, LastEpoch
from scratchnet.training.metrics import BatchMetrics, EpochMetrics, Evaluation

logger = logging.getLogger("scratchnet")


class Plots:
    """A Listener that keeps plots/curves.png up to date, and draws the other plots at the end.

    curves.png is redrawn after an epoch as long as that takes no more than 5% of the time; the
    curves of a training of a few seconds are drawn only at its end. The rows are read from
    metrics.csv, so the epoch must be recorded first.
    """

    def __init__(self, run: RunFolder, best: BestEpoch | LastEpoch):
        self.run = run
        self.best = best
        self._pace = Pace(share=0.05, delay=5.0)
        self._has_warned = False
        self._drawn = 0  # number of epochs in curves.png

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Nothing is drawn within an epoch."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Redraw the curves, as often as the time budget allows."""
        if self._pace.is_due():
            with self._pace:
                self.draw_curves()

    def draw_curves(self) -> None:
        """Draw curves.png with all epochs so far, unless it is up to date."""
        with self._harmless():
            metrics = self.run.metrics
            if len(metrics) > self._drawn:
                draw_curves(metrics, self._path("curves"), self._label, self.best.epoch)
                self._drawn = len(metrics)

    def draw_test(self, evaluation: Evaluation, splits: Splits) -> None:
        """Draw confusion.png and, for images, worst.png from the results on the test split."""
        with self._harmless():
            images, classes = splits.test, splits.classes
            labels, predictions = images.labels, evaluation.predictions
            draw_confusion(labels, predictions, classes, self._path("confusion"), self._label)
            if splits.are_vectors:
                return
            losses, probabilities = evaluation.losses, evaluation.probabilities
            draw_worst(
                images,
                predictions,
                losses,
                probabilities,
                classes,
                white=splits.pixel_max,
                path=self._path("worst"),
            )

    @functools.cached_property
    def _label(self) -> str:
        return label(self.run)

    def _path(self, name: str) -> Path:
        return self.run.plots / f"{name}.png"

    @contextlib.contextmanager
    def _harmless(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # a broken matplotlib, font or disk can raise anything
            if not self._has_warned:
                reason = str(error) or type(error).__name__
                logger.warning("a plot could not be drawn, the run continues: %s", reason)
            self._has_warned = True


def warm_up(folder: Path) -> None:
    """Draw each plot once, with hardly any data, into a folder.

    The first plots of a process take twice as long: matplotlib is imported and fills its caches.
    """
    draw_curves([], folder / "curves.png", "0123456789")
    label, share = np.zeros(1, np.int64), np.ones(1, np.float32)
    draw_confusion(label, 1 - label, ["0", "1"], folder / "confusion.png", "0123456789")
    image = Images(np.zeros((1, 1, 1, 1), np.uint8), label)
    draw_worst(image, label + 1, share, share, ["0", "1"], white=255, path=folder / "worst.png")


def label(run: RunFolder) -> str:
    """The title of a run, e.g. `digits, mlp, adamw (2026-11-23/10-15-02-3f9a1c)`."""
    config = run.config
    names = [config[group]["name"] for group in ("dataset", "model", "optimizer")]
    return f"{', '.join(names)} ({'/'.join(run.path.absolute().parts[-2:])})"
