"""The size and the colours that a folder's images have, judged by a sample of them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from scratchnet.compute import threads
from scratchnet.data import decoding
from scratchnet.data.image_format import SHARP
from scratchnet.data.own.walk import File
from scratchnet.errors import DataError, RunError

COUNT = 200  # images, spread evenly over all
LARGEST = 128  # pixels of a side: larger images are reduced to the usual size, too
USUAL = (32, 32)  # height and width


class Sample(NamedTuple):
    """What a sample of images has in common."""

    height: int
    width: int
    agree: bool  # whether that is the size of most images
    is_grey: bool  # all of them


def look_at(root: Path, files: Sequence[File]) -> Sample:
    """Judge the images of a folder. Files that cannot be decoded do not count."""
    images = [file for file in files if file.may_be_image]
    chosen = [images[i * len(images) // COUNT] for i in range(COUNT)]
    chosen = list(dict.fromkeys(chosen))
    found: list[tuple[tuple[int, int], bool] | None] = [None] * len(chosen)

    def look(i: int) -> None:
        try:
            image = decoding.decode(root / chosen[i].path, SHARP * LARGEST).image
        except (DataError, RunError):
            return  # it is reported once all files are decoded
        found[i] = (image.height, image.width), _is_grey(image)

    with decoding.quiet(), threads.using(threads.count()):
        threads.parallel(look, len(chosen))
    seen = [one for one in found if one is not None]
    sizes = Counter(size for size, _ in seen)
    is_grey = bool(seen) and all(grey for _, grey in seen)
    for size, count in sizes.most_common(1):
        if count > len(seen) / 2 and max(size) <= LARGEST:
            return Sample(*size, True, is_grey)
    return Sample(*USUAL, False, is_grey)


def _is_grey(image: Image.Image) -> bool:
    """Whether an image, mode L, LA, RGB or RGBA, has no colour."""
    if image.mode in ("L", "LA"):
        return True
    values = np.asarray(image)
    shown = values if values.shape[2] == 3 else values[values[..., 3] > 0]
    return bool((shown[..., :1] == shown[..., 1:3]).all())
