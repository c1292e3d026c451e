"""Many small images as one, which is smaller and quicker to open than many files."""

import base64
import io
import math
from typing import Any

import numpy as np

LARGEST = 64  # pixels of a side: larger images are reduced


def sheet(images: np.ndarray, white: int) -> dict[str, Any] | None:
    """Images uint8 (n, H, W, 1 or 3) as a PNG in a data URL; None if there are none.

    The pixel value `white` is white. Image i is in column i % `columns` of row i // `columns`; an
    image has `width` x `height` pixels.
    """
    from PIL import Image  # here, as few commands need it

    if not len(images):
        return None
    images = _reduced(np.rint(images * (255 / white)).astype(np.uint8))
    count, height, width, channels = images.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    whole = np.zeros((rows * columns, height, width, channels), np.uint8)
    whole[:count] = images
    pixels = whole.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    pixels = pixels.reshape(rows * height, columns * width, channels)
    buffer = io.BytesIO()
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(buffer, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    return {"address": address, "columns": columns, "width": width, "height": height}


def reduced_size(height: int, width: int) -> tuple[int, int]:
    """The size that images of this size have on a sheet."""
    step = math.ceil(max(height, width) / LARGEST)
    return height // step, width // step


def _reduced(images: np.ndarray) -> np.ndarray:
    """Large images with blocks of pixels replaced by their means."""
    count, height, width, channels = images.shape
    step = math.ceil(max(height, width) / LARGEST)
    if step == 1 or min(height, width) < step:
        return images
    rows, columns = height // step, width // step
    cut = images[:, : rows * step, : columns * step]
    blocks = cut.reshape(count, rows, step, columns, step, channels)
    return np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)
