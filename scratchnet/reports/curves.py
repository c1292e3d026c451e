"""curves.png: loss, accuracy and learning rate over the epochs."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREEN, GREY, ORANGE, Panels, heading, legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = list[dict[str, int | float]]  # one per epoch, with the columns of metrics.csv

PANELS = Panels(3, 3.5, 2.8, left=0.72, right=0.2, bottom=0.55, top=0.85, gap=0.72)


def draw_curves(rows: Rows, path: Path, title: str, best_epoch: int | None = None) -> None:
    """Draw the metrics of all epochs so far and mark the best epoch."""
    with PANELS.figure(path) as drawn:
        heading(drawn, title)
        loss, accuracy, lr = PANELS.axes(drawn)
        _draw_pair(loss, rows, "loss", 1.0)
        loss.set_title("Loss")
        loss.set_ylabel("cross-entropy (nats)")
        _draw_pair(accuracy, rows, "accuracy", 100.0)
        accuracy.set_title("Accuracy")
        accuracy.set_ylabel("correct (%)")
        _draw_lr(lr, rows)
        for axes in (loss, accuracy, lr):
            axes.set_xlabel("epoch")
            _fit_epochs(axes, len(rows))
        best = next((row for row in rows if row["epoch"] == best_epoch), None)
        if best and not math.isnan(best["val_accuracy"]):
            _mark_best(loss, best["epoch"], best["val_loss"], f"{best['val_loss']:.4f}")
            percent = 100 * best["val_accuracy"]
            _mark_best(accuracy, best["epoch"], percent, f"{percent:.2f} %")
        legend(drawn, loss)


def _draw_pair(axes: "Axes", rows: Rows, name: str, scale: float) -> None:
    epochs = [row["epoch"] for row in rows]
    for split, label, colour in (("train", "training", BLUE), ("val", "validation", ORANGE)):
        values = [scale * row[f"{split}_{name}"] for row in rows]
        if rows and all(map(math.isnan, values)):
            continue  # there are no validation images
        axes.plot(epochs, values, color=colour, label=label, marker=_marker(rows), markersize=3.5)


def _draw_lr(axes: "Axes", rows: Rows) -> None:
    epochs, rates = [row["epoch"] for row in rows], [row["lr"] for row in rows]
    axes.plot(epochs, rates, color=GREEN, marker=_marker(rows), markersize=3.5)
    axes.set_title("Learning rate")
    axes.set_ylabel("at the end of the epoch")
    positive = [rate for rate in rates if rate > 0]
    if positive and max(positive) >= 10 * min(positive):
        axes.set_yscale("log")
        _mark_minor(axes)
    else:
        axes.set_ylim(0, 1.1 * max(rates, default=1.0) or 1.0)
        axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(lambda rate, _: numbers.short(rate))


def _mark_minor(axes: "Axes") -> None:
    """Draw the minor ticks of the y axis as one artist: as ticks, they take as long as a panel."""
    from matplotlib.markers import TICKLEFT

    axes.set_ylim(axes.get_ylim())
    low, high = axes.get_ylim()
    minor = [y for y in axes.yaxis.get_minorticklocs() if low <= y <= high]
    axes.minorticks_off()
    (marks,) = axes.plot([0] * len(minor), minor, transform=axes.get_yaxis_transform())
    marks.set(marker=TICKLEFT, markersize=2.0, markeredgewidth=0.6, linestyle="none")
    marks.set(color=GREY, clip_on=False)


def _marker(rows: Rows) -> str:
    """Mark the points while they are few: a single one makes no line."""
    return "o" if len(rows) <= 30 else ""


def _fit_epochs(axes: "Axes", count: int) -> None:
    """Put ticks at whole epochs only, and leave no empty space."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    margin = max(0.25, 0.025 * count)
    axes.set_xlim(1 - margin, count + margin)


def _mark_best(axes: "Axes", epoch: float, value: float, text: str) -> None:
    axes.set_title(
        f"best epoch {epoch}: {text}", loc="right", fontsize=9, fontweight="normal", color=GREY
    )
    axes.axvline(epoch, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    if math.isfinite(value):
        axes.plot(epoch, value, "o", color="white", markeredgecolor=ORANGE, markersize=7, zorder=5)
