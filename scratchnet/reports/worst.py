"""worst.png: the pictures that the network is most wrong about."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.reports.figure import GREY, ORANGE, Grid, bare, figure, heading, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS, ROWS = 6, 4


def draw_worst(
    images: np.ndarray,
    labels: np.ndarray,
    predictions: np.ndarray,
    losses: np.ndarray,
    probabilities: np.ndarray,
    classes: list[str],
    path: Path,
) -> None:
    """Draw the wrongly classified test pictures of highest loss, the worst first.

    `images` is uint8 (n, H, W, C), the brightest pixel of all becomes white. All else is (n,);
    `probabilities` are those of the predicted classes.
    """
    wrong = worst_first(labels, predictions, losses)
    worst = wrong[: COLUMNS * ROWS]
    white = max(int(images.max(initial=1)), 1)
    grid = Grid(
        *(max(1, -(-len(worst) // COLUMNS)), COLUMNS, 1.6, 1.6),
        **{"across": 0.16, "down": 0.75, "left": 0.2, "right": 0.2, "bottom": 0.35, "top": 0.95},
    )
    with figure(path, *grid.size) as drawn:
        total = f"{len(labels):,} test pictures"
        found = f"{len(wrong):,} of {total} wrong"
        more = f": the {len(worst)} of highest loss" if len(wrong) > len(worst) else ""
        heading(drawn, f"{found}{more}" if len(wrong) else f"All {total} correct")
        panels = grid.panels(drawn).ravel()
        for axes in panels:
            bare(axes)
        for axes, i in zip(panels, worst, strict=False):
            _draw_picture(axes, images[i] / white)
            _write(axes, classes[labels[i]], classes[predictions[i]], losses[i], probabilities[i])


def worst_first(labels: np.ndarray, predictions: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The positions of the wrong predictions, the highest loss first."""
    wrong = np.flatnonzero(labels != predictions)
    return wrong[np.argsort(-losses[wrong], kind="stable")]


def _draw_picture(axes: "Axes", picture: np.ndarray) -> None:
    """One picture (H, W, C) with values from 0 to 1, each pixel as it is."""
    if picture.shape[2] == 1:
        picture = picture.repeat(3, axis=2)
    axes.imshow(picture, interpolation="nearest")


def _write(axes: "Axes", true: str, predicted: str, loss: float, probability: float) -> None:
    axes.set_title(shortened(true, 18), fontsize=10, loc="center", pad=16)
    style = {"transform": axes.transAxes, "ha": "center", "fontsize": 8, "color": ORANGE}
    text = f"taken for {shortened(predicted, 12)}, {100 * probability:.0f} %"
    axes.text(0.5, 1.035, text, style)
    axes.set_xlabel(f"loss {loss:.2f}", fontsize=8, color=GREY, labelpad=3)
