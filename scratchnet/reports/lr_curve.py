"""The plot of a learning-rate range test."""

from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREY, ORANGE, Panels, heading, legend, log_axis
from scratchnet.training.range_test import SAFETY, Rates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL = Panels(1, 6.2, 3.2, left=0.72, right=0.25, bottom=0.6, top=0.85)
HEADROOM = 1.6  # the top of the y axis, in multiples of the first loss
RULE = f"suggested: 1/{SAFETY:g} of the rate with the lowest smoothed loss"


def draw_lr_curve(rates: Rates, path: Path, title: str) -> None:
    """Draw the loss over the learning rate; mark the lowest point, the suggestion and the end."""
    with PANEL.figure(path) as drawn:
        heading(drawn, title)
        (axes,) = PANEL.axes(drawn)
        axes.plot(rates.lrs, rates.losses, color=GREY, alpha=0.4, linewidth=1.0, label="one batch")
        axes.plot(rates.lrs, rates.smoothed, color=BLUE, label="smoothed")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda rate, _: numbers.short(rate))
        log_axis(axes, [*rates.smoothed, HEADROOM * rates.smoothed[0]])
        axes.set_xlabel(f"learning rate ({RULE})")
        axes.set_ylabel("training loss (nats)")
        if rates.has_diverged:
            _mark_end(axes, rates.lrs[-1])
        if rates.suggestion is not None:
            lr, loss = rates.lrs[rates.lowest], rates.smoothed[rates.lowest]
            axes.plot(lr, loss, "o", color="white", markeredgecolor=ORANGE, markersize=7, zorder=5)
            axes.axvline(rates.suggestion, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
            axes.set_title(
                f"lowest at {numbers.rough(lr)}, suggested {numbers.short(rates.suggestion)}",
                loc="right",
                fontsize=9,
                fontweight="normal",
                color=GREY,
            )
        legend(drawn, axes)


def _mark_end(axes: "Axes", lr: float) -> None:
    """Mark the rate at which the loss diverged, which ended the test."""
    axes.axvline(lr, color=ORANGE, linewidth=0.9)
    across = axes.get_xaxis_transform()
    axes.text(
        lr, 0.02, "diverged ", transform=across, rotation=90, ha="right", color=ORANGE, fontsize=9
    )
