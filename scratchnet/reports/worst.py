"""worst.png: the images that the network gets most wrong."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.reports.figure import GREY, ORANGE, Panels, bare, heading, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS, ROWS = 6, 4
SIDE, ACROSS, DOWN = 1.6, 0.16, 0.75  # an image and the gaps between images, in inches
POINT = 1 / 72  # inches


def draw_worst(
    images: np.ndarray,
    labels: np.ndarray,
    predictions: np.ndarray,
    losses: np.ndarray,
    probabilities: np.ndarray,
    classes: list[str],
    path: Path,
) -> None:
    """Draw the misclassified test images with the highest loss, the worst first.

    `images` is uint8 (n, H, W, C); its brightest pixel becomes white. The other arrays are (n,);
    `probabilities` are those of the predicted classes.
    """
    wrong = worst_first(labels, predictions, losses)
    worst = wrong[: COLUMNS * ROWS]
    white = max(int(images.max(initial=1)), 1)
    rows = max(1, -(-len(worst) // COLUMNS))
    width, height = COLUMNS * (SIDE + ACROSS) - ACROSS, rows * (SIDE + DOWN) - DOWN
    panel = Panels(1, width, height, left=0.2, right=0.2, bottom=0.35, top=0.95)
    with panel.figure(path) as drawn:
        total = f"{len(labels):,} test images"
        found = f"{len(wrong):,} of {total} wrong"
        more = f": the {len(worst)} with the highest loss" if len(wrong) > len(worst) else ""
        heading(drawn, f"{found}{more}" if len(wrong) else f"All {total} correct")
        (axes,) = panel.axes(drawn)  # one for all images, in inches: 24 axes take 0.12 s more
        bare(axes)
        for place, i in enumerate(worst):
            row, column = divmod(place, COLUMNS)
            x, y = column * (SIDE + ACROSS), row * (SIDE + DOWN)
            _draw_image(axes, images[i] / white, x, y)
            true, predicted = classes[labels[i]], classes[predictions[i]]
            _write(axes, x + SIDE / 2, y, true, predicted, losses[i], probabilities[i])
        axes.set(xlim=(0, width), ylim=(height, 0))


def worst_first(labels: np.ndarray, predictions: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The indices of the wrong predictions, the highest loss first."""
    wrong = np.flatnonzero(labels != predictions)
    return wrong[np.argsort(-losses[wrong], kind="stable")]


def _draw_image(axes: "Axes", image: np.ndarray, x: float, y: float) -> None:
    """Draw one image (H, W, C), values in [0, 1], in the square at x, y, without smoothing."""
    height, width = image.shape[:2]
    if image.shape[2] == 1:
        image = image.repeat(3, axis=2)
    half_width, half_height = SIDE / 2 * np.array([width, height]) / max(width, height)
    x, y = x + SIDE / 2, y + SIDE / 2
    extent = (x - half_width, x + half_width, y + half_height, y - half_height)
    axes.imshow(image, interpolation="nearest", extent=extent, aspect="auto")


def _write(
    axes: "Axes", x: float, y: float, true: str, predicted: str, loss: float, probability: float
) -> None:
    """Write above and below an image; x, y is the middle of its upper edge."""
    above = {"ha": "center", "va": "bottom"}
    style = {"fontsize": 10, "fontweight": "bold"}
    axes.text(x, y - 16 * POINT, shortened(true, 18), above | style)
    style = {"fontsize": 8, "color": ORANGE}
    text = f"taken for {shortened(predicted, 12)}, {100 * probability:.0f} %"
    axes.text(x, y - 4 * POINT, text, above | style)
    style = {"fontsize": 8, "color": GREY, "ha": "center", "va": "top"}
    axes.text(x, y + SIDE + 3 * POINT, f"loss {loss:.2f}", style)
