"""confusion.png: which classes are mistaken for which."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.reports.figure import GREY, INK, Panels, bare, heading, shortened, subheading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CLASSES = 40  # with more, no names and numbers are written: too small to read
LONGEST_NAME = 16  # characters
DARK = 0.5  # of a colour scale: from here on numbers are white


def confusion(labels: np.ndarray, predictions: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes): how often class `row` was predicted as class `column`."""
    counts = np.bincount(labels * classes + predictions, minlength=classes * classes)
    return counts.reshape(classes, classes)


def draw_confusion(
    labels: np.ndarray, predictions: np.ndarray, classes: list[str], path: Path, title: str
) -> None:
    """Draw the confusion matrix of a run with this title: numbers count images.

    The colours of mistakes have a scale of their own, up to the most frequent one: on that of the
    correct predictions, a few percent could not be told from none.
    """
    counts = confusion(labels, predictions, len(classes))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    readable = len(classes) <= MOST_CLASSES
    names = [shortened(name, LONGEST_NAME) for name in classes] if readable else []
    side = min(max(3.6, 0.55 * len(classes)), 14.0)
    longest = 0.08 * max(map(len, names), default=0)  # inches
    panel = Panels(
        1,
        side,
        side,
        left=0.65 + longest,
        right=1.8,
        bottom=0.75 + 0.7 * longest,
        top=1.0,
    )
    with panel.figure(path) as drawn:
        correct, total = np.trace(counts), counts.sum()
        heading(drawn, f"{100 * correct / max(total, 1):.2f} % of {total:,} test images correct")
        subheading(drawn, title)
        (axes,) = panel.axes(drawn)
        is_correct = np.eye(len(classes), dtype=bool)
        mistakes = np.ma.masked_where(is_correct, shares)
        most = float(mistakes.max()) if np.ma.count(mistakes) else 0.0
        axes.imshow(np.ma.masked_where(~is_correct, shares), cmap="Blues", vmin=0, vmax=1)
        image = axes.imshow(mistakes, cmap="Oranges", vmin=0, vmax=most or 1)
        bare(axes)
        axes.set_xlabel("predicted class", labelpad=8)
        axes.set_ylabel("true class", labelpad=8)
        if names:
            _write_names(axes, names)
            dark = np.where(is_correct, shares, shares / (most or 1)) > DARK
            _write_counts(axes, counts, dark)
            _write_recalls(axes, counts)
        scale = drawn.colorbar(image, cax=axes.inset_axes((1 + 0.85 / side, 0.2, 0.025, 0.6)))
        scale.outline.set_visible(False)
        scale.ax.tick_params(length=0)
        scale.ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
        scale.set_label("mistaken, of the true class")


def _write_names(axes: "Axes", names: list[str]) -> None:
    """Label both axes with class names and draw white lines between the classes."""
    steep = max(map(len, names)) > 3
    angle, side = (40, "right") if steep else (0, "center")
    axes.set_xticks(range(len(names)), names, rotation=angle, ha=side, rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    edges, end = np.arange(1, len(names)) - 0.5, len(names) - 0.5
    for lines in (axes.hlines, axes.vlines):
        lines(edges, -0.5, end, color="white", linewidth=1.5)
    axes.tick_params(length=0, labelcolor=INK)
    axes.tick_params(axis="x", pad=10 if not steep else 4)


def _write_counts(axes: "Axes", counts: np.ndarray, dark: np.ndarray) -> None:
    """Write the number of images into each cell that is not empty, white on `dark` ones."""
    for (row, column), count in np.ndenumerate(counts):
        if count:
            style = {
                "ha": "center",
                "va": "center",
                "fontsize": _size(counts),
                "fontweight": "bold" if row == column else "normal",
                "color": "white" if dark[row, column] else INK,
            }
            axes.text(column, row, f"{count:,}", style)


def _write_recalls(axes: "Axes", counts: np.ndarray) -> None:
    """Write the recall of each class, the share of its images that are found, beside its row."""
    right = len(counts) - 0.4
    style = {"ha": "left", "va": "center", "fontsize": _size(counts), "color": GREY}
    axes.text(right, -0.5, "recall", style | {"va": "bottom"})
    for row, images in enumerate(counts.sum(axis=1)):
        if images:
            axes.text(right, row, f"{100 * counts[row, row] / images:.1f} %", style)


def _size(counts: np.ndarray) -> int:
    return 9 if len(counts) <= 15 else 6
