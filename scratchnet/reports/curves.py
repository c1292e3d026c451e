"""curves.png: loss, accuracy, learning rate and gradient norm over the epochs."""

import math
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREEN, GREY, ORANGE, Panels, heading, legend, log_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = list[dict[str, int | float]]  # one per epoch, with the columns of metrics.csv

PANELS = Panels(
    2, 4.4, 2.3, left=0.75, right=0.25, bottom=0.55, top=0.85, gap=0.85, rows=2, row_gap=0.85
)
DECADE = 10.0


def draw_curves(rows: Rows, path: Path, title: str, best_epoch: int | None = None) -> None:
    """Draw the metrics of all epochs so far and mark the best epoch."""
    with PANELS.figure(path) as drawn:
        heading(drawn, title)
        loss, accuracy, lr, norm = panels = PANELS.axes(drawn)
        _draw_pair(loss, rows, "loss", 1.0)
        loss.set_title("Loss")
        loss.set_ylabel("cross-entropy (nats)")
        log_axis(loss, [value for line in loss.lines for value in line.get_ydata()])
        _draw_pair(accuracy, rows, "accuracy", 100.0)
        accuracy.set_title("Accuracy")
        accuracy.set_ylabel("correct (%)")
        _draw_lr(lr, rows)
        _draw_norm(norm, rows)
        for axes in panels:
            _fit_epochs(axes, len(rows))
        for axes in (lr, norm):
            axes.set_xlabel("epoch")
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
    rates = [row["lr"] for row in rows]
    _draw_one(axes, rows, rates, GREEN)
    axes.set_title("Learning rate")
    axes.set_ylabel("at the end of the epoch")
    if _spans_decades(rates):
        log_axis(axes, rates)
    else:
        axes.set_ylim(0, 1.1 * max(rates, default=1.0) or 1.0)
        axes.locator_params(axis="y", nbins=5)
        axes.yaxis.set_major_formatter(lambda rate, _: numbers.short(rate))


def _draw_norm(axes: "Axes", rows: Rows) -> None:
    norms = [row["grad_norm"] for row in rows]
    _draw_one(axes, rows, norms, BLUE)
    axes.set_title("Gradient")
    axes.set_ylabel("mean norm before clipping")
    log_axis(axes, norms)


def _draw_one(axes: "Axes", rows: Rows, values: list[float], colour: str) -> None:
    epochs = [row["epoch"] for row in rows]
    axes.plot(epochs, values, color=colour, marker=_marker(rows), markersize=3.5)


def _spans_decades(rates: list[float]) -> bool:
    """Whether the middle half of the rates does: a schedule that ends at 0 need not."""
    if not rates:
        return False
    first, _, third = statistics.quantiles(rates, n=4) if len(rates) > 1 else (rates[0],) * 3
    return 0 < DECADE * first <= third


def _marker(rows: Rows) -> str:
    """Mark the points while they are few: a single one makes no line."""
    return "o" if len(rows) <= 30 else ""


def _fit_epochs(axes: "Axes", count: int) -> None:
    """Put ticks at whole epochs, the last among them, and leave no empty space."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    found = MaxNLocator(nbins=7, integer=True, min_n_ticks=1).tick_values(1, max(count, 2))
    apart = found[1] - found[0]
    ticks = [tick for tick in found if 1 <= tick <= count - apart / 2]
    axes.xaxis.set_major_locator(FixedLocator([*ticks, max(count, 1)]))
    margin = max(0.25, 0.025 * count)
    axes.set_xlim(1 - margin, count + margin)


def _mark_best(axes: "Axes", epoch: float, value: float, text: str) -> None:
    axes.set_title(
        f"best epoch {epoch}: {text}", loc="right", fontsize=9, fontweight="normal", color=GREY
    )
    axes.axvline(epoch, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    if math.isfinite(value):
        axes.plot(epoch, value, "o", color="white", markeredgecolor=ORANGE, markersize=7, zorder=5)
