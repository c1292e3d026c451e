"""What is drawn in an image of a single thing: the ink, as opposed to the paper.

The paper may be lighter or darker than the ink, unevenly lit and noisy, as in a photograph.
"""

from dataclasses import dataclass

import numpy as np

FEWEST = 0.03  # of the range from black to white: less contrast than that is no drawing
NOISE = 3.0  # standard deviations of the paper that count as paper
EVEN = 0.1  # of that range: light that varies less is not mentioned
DARKEST = 0.1  # of that range: paper is not taken to be darker
CLEAN = 0.004  # of that range: paper that varies less, by a grey level, is of one brightness
SAMPLES = 5000  # pixels that a surface is fitted to
ROUNDS = 10  # of its fit
SPECK = 0.05  # of the largest connected part: smaller ones are dust


@dataclass(frozen=True)
class Ink:
    """How much ink there is at each pixel."""

    amount: np.ndarray  # float32 (H, W), 0 (paper) to at most 1 (black)
    is_dark: bool  # the ink is darker than the paper
    is_uneven: bool  # differences in the light on the paper have been removed

    @property
    def mask(self) -> np.ndarray:
        """Where there is ink, bool (H, W), without specks of dust."""
        strong = self.amount > self.amount.max() / 4
        labels = components(strong)
        sizes = np.bincount(labels[strong])
        return strong & (sizes >= SPECK * sizes.max())[labels]


def find_ink(grey: np.ndarray) -> Ink | None:
    """The ink in a grey image, float32 (H, W) from 0 (black) to 1 (white); None if it is blank.

    Most of the border is paper: a smooth surface, of the second degree, is fitted to it and then to
    all the paper. Ink is the distance from that surface, beyond the paper's own noise.
    """
    if np.ptp(grey) < FEWEST:
        return None
    edge = np.zeros(grey.shape, bool)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    rough = grey - surface(grey, edge)
    if np.ptp(rough) < FEWEST:
        return None
    is_dark = bool((rough**3).sum() < 0)  # strong differences count, not the many weak ones
    sign = np.float32(-1 if is_dark else 1)
    paper = sign * rough <= threshold(sign * rough)
    light = surface(grey, paper)
    amount = sign * (grey - light)
    if is_dark:
        amount = amount / np.maximum(light, DARKEST)  # in the shade, less light is missing
    noise = NOISE * _deviation(amount[paper])
    amount = np.clip(amount - noise, 0, 1)
    if amount.max() < FEWEST:
        return None
    return Ink(amount, is_dark, is_uneven=float(np.ptp(light)) > EVEN)


def threshold(values: np.ndarray) -> float:
    """The level that separates dark from light best.

    It maximises the variance between the two classes (Otsu 1979, "A Threshold Selection Method
    from Gray-Level Histograms").
    """
    counts, edges = np.histogram(values, 256)
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]  # never 0: the lowest value is in the first bin
    sums = np.cumsum(counts * centres)
    total, above = sums[-1], values.size - below
    between = (total * below - values.size * sums[:-1]) ** 2 / (below * above)
    best = np.flatnonzero(between == between.max())  # all levels of a gap are as good
    return float(edges[1:][best].mean())


def components(mask: np.ndarray) -> np.ndarray:
    """A label for each pixel of a mask (H, W): the same for those that touch, also diagonally.

    A label is the place of a pixel. Each pixel takes the largest label beside it, and then the
    label that is now at that place: distances are covered in leaps.
    """
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        padded = np.pad(labels, 1)
        rows = np.maximum.reduce([padded[:-2], padded[1:-1], padded[2:]])
        largest = np.maximum.reduce([rows[:, :-2], rows[:, 1:-1], rows[:, 2:]])
        largest = np.where(mask, largest, 0)
        largest = np.append(0, largest)[largest]
        if (largest == labels).all():
            return labels
        labels = largest


def surface(grey: np.ndarray, paper: np.ndarray) -> np.ndarray:
    """The brightness of the paper, (H, W), fitted where `paper`, bool (H, W), is mostly right.

    The sum of absolute distances is minimised (by least squares, reweighted), so that what is not
    paper hardly matters. Where a third is equally bright, as if drawn on a screen, all of it is.
    """
    levels = np.rint(255 * grey[paper]).astype(int)
    counts = np.bincount(levels, minlength=256)
    if 3 * counts.max() >= len(levels):
        return np.full(grey.shape, counts.argmax() / 255, np.float32)
    height, width = grey.shape
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    terms = np.stack(np.broadcast_arrays(1.0, x, y, x * x, x * y, y * y), axis=-1)
    some = np.flatnonzero(paper)
    some = some[:: 1 + len(some) // SAMPLES]
    there, values = terms.reshape(-1, 6)[some], grey.ravel()[some]
    importance = np.ones(len(some))
    for _ in range(ROUNDS):
        root = np.sqrt(importance)
        factors, *_ = np.linalg.lstsq(there * root[:, None], values * root)
        importance = 1 / np.maximum(np.abs(values - there @ factors), CLEAN)
    return (terms @ factors).astype(np.float32)


def _deviation(values: np.ndarray) -> float:
    """The standard deviation, from the median, which outliers do not move."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
