"""Images of a single thing, brought into the form of a dataset: its light, size and place."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from scratchnet.data.decoding import opaque
from scratchnet.data.framing import Framing
from scratchnet.data.ink import Ink, find_ink

WORKING = 512  # pixels: the longer side of the image in which ink is looked for
CLOSE = 0.08  # of the image: nearer than that to its size and place, a thing lies well
SHAPED = 1.1  # the same for the ratio of height to width
WEAK = 0.8  # the strongest ink in an image of any dataset is stronger
FAINT = 0.05  # of the strongest ink: what is less does not count for the box


@dataclass(frozen=True)
class Prepared:
    """An image in the form of a dataset."""

    pixels: np.ndarray  # float32 (H, W): the ink, from 0 (none) to 1
    done: list[str]  # what has been changed, e.g. "inverted"; empty: nothing was necessary


def on_contrast(image: Image.Image) -> Image.Image:
    """The image, mode L; what is transparent is white if what is visible is dark, else black."""
    if not image.mode.endswith("A"):
        return image.convert("L")
    values = np.asarray(image.convert("LA"))
    visible = values[values[..., 1] > 0, 0]
    is_light = len(visible) > 0 and visible.mean() > 127
    return opaque(image, "black" if is_light else "white").convert("L")


def prepare(grey: Image.Image, framing: Framing, size: tuple[int, int]) -> Prepared | None:
    """The ink in an image (mode L) of one thing, light on black and framed as `framing` says.

    `size` is the height and width of the result. What lies well already is only resized; anything
    else is cropped to its ink, scaled and moved, and lines that are too thin are thickened. None
    if the image is blank.
    """
    small = grey.copy()
    small.thumbnail((WORKING, WORKING), Image.Resampling.BOX)
    values = np.asarray(small, np.float32) / 255
    ink = find_ink(values)
    if ink is None:
        return None
    done = ["inverted"] if ink.is_dark else []
    if ink.is_uneven:
        done.append("freed of shadows")
    if _lies_well(values.shape, ink, framing, size):
        whole = _resized(ink.amount if done else values, size)
        if whole.max() < WEAK:
            done.append("strengthened")
        return Prepared(whole / whole.max() if done else whole, done)
    framed, thickened = _framed(ink, framing, size)
    done.append("cropped, scaled and centred")
    if thickened:
        done.append("thickened")
    return Prepared(framed / framed.max(), done)


def _lies_well(shape: tuple[int, ...], ink: Ink, framing: Framing, size: tuple[int, int]) -> bool:
    """Whether the ink has about the size and place that it has in the dataset's images."""
    if not 1 / SHAPED < shape[0] * size[1] / (shape[1] * size[0]) < SHAPED:
        return False
    amount = _cleaned(ink)
    top, bottom, left, right = _bounds(amount)
    longer = max((bottom - top) / shape[0], (right - left) / shape[1])
    middle = _centre(amount) if framing.centre_of_mass else ((top + bottom) / 2, (left + right) / 2)
    off = [abs(place / length - 0.5) for place, length in zip(middle, shape, strict=True)]
    return abs(longer - framing.box) < CLOSE and max(off) < CLOSE


def _framed(ink: Ink, framing: Framing, size: tuple[int, int]) -> tuple[np.ndarray, bool]:
    """The ink, cropped, scaled and moved to its place; and whether it has been thickened."""
    amount = _cleaned(ink)
    thicker = _thickened(amount, framing.stroke) if framing.stroke else amount
    top, bottom, left, right = _bounds(thicker)
    crop = thicker[top:bottom, left:right]
    scale = framing.box * min(size) / max(crop.shape)
    height, width = (max(1, round(scale * length)) for length in crop.shape)
    thing = _resized(crop, (height, width))
    middle = _centre(thing) if framing.centre_of_mass else (height / 2, width / 2)
    first = [
        min(max(0, round(length / 2 - place)), length - own)
        for length, place, own in zip(size, middle, thing.shape, strict=True)
    ]
    framed = np.zeros(size, np.float32)
    framed[first[0] : first[0] + height, first[1] : first[1] + width] = thing
    return framed, thicker is not amount


def _cleaned(ink: Ink) -> np.ndarray:
    """The amount of ink without specks of dust; with the soft edges of what remains."""
    return np.where(_spread(ink.mask), ink.amount, 0)


def _thickened(amount: np.ndarray, least: float) -> np.ndarray:
    """The same ink, with lines at least `least` of their longer side wide; or the array itself."""
    mask = amount > amount.max() / 4
    top, bottom, left, right = _bounds(amount)
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    edge = np.count_nonzero(mask & ~inner)
    width = 2 * np.count_nonzero(mask) / edge  # a line has two edges
    missing = least * max(bottom - top, right - left) - width
    if missing < 1:
        return amount
    rings = round(missing / 2)
    thicker = np.pad(amount, rings)
    for _ in range(rings):
        thicker = _spread(thicker)
    return thicker


def _spread(values: np.ndarray) -> np.ndarray:
    """The largest value of each pixel and its eight neighbours."""
    padded = np.pad(values, 1)
    rows = np.maximum.reduce([padded[:-2], padded[1:-1], padded[2:]])
    return np.maximum.reduce([rows[:, :-2], rows[:, 1:-1], rows[:, 2:]])


def _bounds(amount: np.ndarray) -> tuple[int, int, int, int]:
    """The first and the last row (exclusive) with ink, and the same for columns."""
    inked = amount > FAINT * amount.max()
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _centre(amount: np.ndarray) -> tuple[float, float]:
    """The centre of mass: row and column."""
    total = amount.sum()
    rows, columns = amount.sum(axis=1), amount.sum(axis=0)
    row, column = (weights @ np.arange(len(weights)) / total for weights in (rows, columns))
    return float(row), float(column)


def _resized(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The values (H, W) in another size, smoothly, from 0 to 1."""
    if values.shape == size:
        return values
    height, width = size
    image = Image.fromarray(values).resize((width, height), Image.Resampling.LANCZOS)
    return np.clip(np.asarray(image), 0, 1)
