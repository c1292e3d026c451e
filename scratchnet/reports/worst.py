"""worst.png: the images that the network gets most wrong."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.data.images import Images
from scratchnet.reports.figure import DPI, GREY, ORANGE, figure, heading, shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS, ROWS = 6, 4
# In inches; each a whole number of pixels:
SIDE, ACROSS, DOWN = 1.6, 0.16, 0.76  # an image and the gaps between images
MARGIN, BOTTOM, TOP = 0.2, 0.36, 0.96
POINT = 1 / 72


def draw_worst(
    images: Images,
    predictions: np.ndarray,
    losses: np.ndarray,
    probabilities: np.ndarray,
    classes: list[str],
    *,
    white: int,
    path: Path,
) -> None:
    """Draw the misclassified test images with the highest loss, the worst first.

    The arrays are (n,); `probabilities` are those of the predicted classes. `white` is the value of
    a pixel that is white.
    """
    labels = images.labels
    wrong = worst_first(labels, predictions, losses)
    worst = wrong[: COLUMNS * ROWS]
    rows = max(1, -(-len(worst) // COLUMNS))
    width, height = COLUMNS * (SIDE + ACROSS) - ACROSS, rows * (SIDE + DOWN) - DOWN
    with figure(path, MARGIN + width + MARGIN, BOTTOM + height + TOP) as drawn:
        total = f"{len(labels):,} test images"
        found = f"{len(wrong):,} of {total} wrong"
        more = f": the {len(worst)} with the highest loss" if len(wrong) > len(worst) else ""
        heading(drawn, f"{found}{more}" if len(wrong) else f"All {total} correct")
        from scratchnet.reports.mosaic import Mosaic  # here, as it imports matplotlib

        tiles = Mosaic()
        for place, (i, pixels) in enumerate(zip(worst, images.take(worst), strict=True)):
            row, column = divmod(place, COLUMNS)
            left, top = MARGIN + column * (SIDE + ACROSS), BOTTOM + height - row * (SIDE + DOWN)
            image = np.rint(pixels * (255 / white)).astype(np.uint8)
            tiles.add(image, round(DPI * left), round(DPI * (top - SIDE)), round(DPI * SIDE))
            true, predicted = classes[labels[i]], classes[predictions[i]]
            _write(drawn, left + SIDE / 2, top, true, predicted, losses[i], probabilities[i])
        drawn.add_artist(tiles)


def worst_first(labels: np.ndarray, predictions: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The indices of the wrong predictions, the highest loss first."""
    wrong = np.flatnonzero(labels != predictions)
    return wrong[np.argsort(-losses[wrong], kind="stable")]


def _write(
    drawn: "Figure", x: float, y: float, true: str, predicted: str, loss: float, probability: float
) -> None:
    """Write above and below an image; x, y (inches) is the middle of its upper edge."""
    inches = drawn.dpi_scale_trans
    above = {"ha": "center", "va": "bottom", "transform": inches}
    style = {"fontsize": 10, "fontweight": "bold"}
    drawn.text(x, y + 16 * POINT, shortened(true, 18), above | style)
    style = {"fontsize": 8, "color": ORANGE}
    text = f"taken for {shortened(predicted, 12)}, {100 * probability:.0f} %"
    drawn.text(x, y + 4 * POINT, text, above | style)
    below = {"ha": "center", "va": "top", "transform": inches}
    style = {"fontsize": 8, "color": GREY}
    drawn.text(x, y - SIDE - 3 * POINT, f"loss {loss:.2f}", below | style)
