"""Numbers of all kinds, turned into samples: images in bytes, or vectors.

Whatever is wrong with them raises ValueError, which does not know the file.
"""

import math
import re
from enum import Enum

import numpy as np

from scratchnet.data.images import Shape

SCALES = (1, 255)  # where pixels end, but for whole numbers to 65,535
SMALLEST_SQUARE = 8  # pixels each way of an image that nothing but the number of columns tells


class Channels(Enum):
    """Where the channels of colour images are."""

    auto = "auto"
    first = "first"  # (n, C, H, W)
    last = "last"  # (n, H, W, C)


class Form(Enum):
    """What rows of numbers are."""

    auto = "auto"
    images = "images"
    vectors = "vectors"


def check_numbers(values: np.ndarray) -> None:
    """Raise ValueError for anything but finite numbers."""
    if values.dtype.kind not in "biuf":
        raise ValueError(f"holds values of type {values.dtype}: must be numbers")
    if not values.size:
        raise ValueError("holds no samples")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        place = tuple(np.argwhere(~np.isfinite(values))[0].tolist())
        raise ValueError(f"holds {values[place]} at {list(place)}: must be finite numbers")


def check_ranges(parts: dict[str, np.ndarray]) -> None:
    """Raise ValueError if splits, by name, hold numbers on different scales: to 1, 255 or more.

    Numbers of one type may differ by chance, so that only 0 to 1 beside 0 to 100 or more is told.
    """
    ranges = {name: (float(part.min()), float(part.max())) for name, part in parts.items()}
    lit = [name for name, (low, high) in ranges.items() if high > low]  # others fit any range
    if not lit:
        return
    narrow, wide = (pick(lit, key=lambda name: ranges[name][1]) for pick in (min, max))
    low, high = ranges[narrow][1], ranges[wide][1]
    same_scale = np.searchsorted(SCALES, low) == np.searchsorted(SCALES, high)
    is_converted = parts[narrow].dtype != parts[wide].dtype and high >= 8 * low
    if not same_scale and (is_converted or (low <= 1 and high >= 100)):
        narrow_range, wide_range = (
            f"{ranges[name][0]:g} to {ranges[name][1]:g}" for name in (narrow, wide)
        )
        raise ValueError(
            f"the {narrow} split holds {narrow_range}, the {wide} split {wide_range}: bring them "
            "to one range"
        )


def as_images(values: np.ndarray, channels: Channels = Channels.auto) -> np.ndarray:
    """Images (n, H, W, C), C = 1 or 3, of (n, H, W), (n, H, W, C) or (n, C, H, W)."""
    if values.ndim == 3:
        return values[..., np.newaxis]
    if values.ndim != 4:
        raise ValueError(
            f"has shape {values.shape}: must be (n, H, W), (n, H, W, C), (n, C, H, W) or "
            "(n, features)"
        )
    is_first, is_last = values.shape[1] in (1, 3), values.shape[3] in (1, 3)
    if channels is Channels.auto and is_first and is_last:
        raise ValueError(
            f"has shape {values.shape}: are the channels first or last? say dataset.channels=first "
            "or dataset.channels=last"
        )
    first = is_first if channels is Channels.auto else channels is Channels.first
    if not (is_first if first else is_last):
        raise ValueError(f"has shape {values.shape}: images must have 1 or 3 channels")
    return np.moveaxis(values, 1, 3) if first else values


def square_of(numbers: int) -> Shape | None:
    """The shape of a square image of so many numbers, grey or in colour; None if there is none."""
    for channels in (1, 3):
        side = math.isqrt(numbers // channels)
        if side > 1 and side * side * channels == numbers:
            return side, side, channels
    return None


def named_as_pixels(columns: list[str]) -> bool:
    """Whether columns are called pixel0, px_1, 1x1 and the like."""
    return bool(columns) and all(
        re.fullmatch(r"(pixel|px|pix)[ _.-]?\d+|\d+x\d+", name, re.ASCII | re.IGNORECASE)
        for name in columns
    )


def looks_like_images(rows: np.ndarray) -> bool:
    """Whether rows (n, numbers) may be square images: whole numbers from 0 to 255, 8x8 or more."""
    shape = square_of(rows.shape[1])
    if shape is None or shape[0] < SMALLEST_SQUARE:
        return False
    return bool(rows.min() >= 0 and 1 < rows.max() <= 255 and np.all(np.mod(rows, 1) == 0))


def as_square_images(
    parts: list[np.ndarray], channels: Channels = Channels.auto
) -> list[np.ndarray]:
    """Images (n, H, W, C) of rows (n, H W C), of several splits.

    Colours come one after the other (first), or together for each pixel (last). Left to `auto`,
    they are read in the way in which neighbouring pixels differ less.
    """
    shape = square_of(parts[0].shape[1])
    if shape is None:
        raise ValueError(
            f"has {parts[0].shape[1]} numbers per sample: not those of a square image, grey or in "
            "colour; say dataset.form=vectors"
        )
    side, _, count = shape
    if channels is Channels.auto:
        some = parts[0][:1000]
        smoother = min(
            (Channels.last, Channels.first), key=lambda one: _roughness(some, shape, one)
        )
        channels = smoother
    if channels is Channels.first and count > 1:
        return [np.moveaxis(part.reshape(-1, count, side, side), 1, 3) for part in parts]
    return [part.reshape(-1, side, side, count) for part in parts]


def _roughness(rows: np.ndarray, shape: Shape, channels: Channels) -> float:
    """The mean difference between pixels one above the other."""
    side, _, count = shape
    planes = rows.reshape(-1, count, side, side)
    images = planes if channels is Channels.first else rows.reshape(-1, 1, side, side * count)
    return float(np.abs(np.diff(images.astype(np.float64), axis=2)).mean())


def in_bytes(parts: list[np.ndarray]) -> tuple[list[np.ndarray], list[str]]:
    """The images of all splits as uint8, and what was assumed of their range, as notes.

    They hold bytes, or whole numbers up to 255 or 65,535, or fractions from 0 to 1 or to 255.
    """
    if all(part.dtype == np.uint8 for part in parts):
        return parts, []
    low, high, whole = _limits(parts)
    factor = _factor(low, high, whole)
    if factor is None:
        raise ValueError(
            f"holds pixels from {low:g} to {high:g}: must be bytes, or numbers from 0 to 1, to 255 "
            "or (whole numbers) to 65,535"
        )
    note = f"pixels are numbers from {low:g} to {high:g}: white is taken to be {255 / factor:g}"
    return [np.rint(part * factor).astype(np.uint8) for part in parts], [note]


def white_of(parts: list[np.ndarray]) -> float:
    """The number that stands for white in images that `in_bytes` accepts: 1, 255 or 65,535."""
    if all(part.dtype == np.uint8 for part in parts):
        return 255.0
    factor = _factor(*_limits(parts))
    assert factor is not None
    return float(round(255 / factor))


def _limits(parts: list[np.ndarray]) -> tuple[float, float, bool]:
    """The lowest and the highest number, and whether all are whole."""
    low = float(min(part.min() for part in parts))
    high = float(max(part.max() for part in parts))
    whole = all(np.all(np.mod(part, 1) == 0) for part in parts if part.dtype.kind == "f")
    return low, high, bool(whole)


def _factor(low: float, high: float, whole: bool) -> float | None:
    """What to multiply pixels by, to make them bytes; None if it cannot be told."""
    if low < 0 or high > (65_535 if whole else 255):
        return None
    if high > 255:
        return 255 / 65_535
    if high <= 1:
        return 255.0
    return 1.0 if whole or high >= 128 else None


def as_vectors(values: np.ndarray) -> np.ndarray:
    """Vectors (n, features) as float32 (n, 1, 1, features)."""
    vectors = np.ascontiguousarray(values, np.float32).reshape(len(values), 1, 1, -1)
    if not np.isfinite(vectors).all():
        raise ValueError("holds numbers that are too large: must be below 1e38")
    return vectors
