"""Images as a network sees them, side by side in one file."""

import io
import math

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scratchnet.system import output

MOST = 400  # images
SIDE = 112  # pixels: images smaller than that are enlarged, each pixel to a square
GAP = 4  # pixels between images
GROUND = 128  # the grey between them


def contact_sheet(images: list[np.ndarray], white: int) -> bytes:
    """A PNG of the first images, uint8 (H, W, C), row by row; the pixel value `white` is white."""
    shown = images[:MOST]
    height, width, channels = shown[0].shape
    scale = max(1, SIDE // max(height, width))
    columns = math.ceil(math.sqrt(len(shown)))
    rows = math.ceil(len(shown) / columns)
    down, across = scale * height + GAP, scale * width + GAP
    sheet = np.full((rows * down + GAP, columns * across + GAP, channels), GROUND, np.uint8)
    for place, pixels in enumerate(shown):
        row, column = divmod(place, columns)
        large = np.rint(pixels * (255 / white)).astype(np.uint8)
        large = large.repeat(scale, axis=0).repeat(scale, axis=1)
        top, left = row * down + GAP, column * across + GAP
        sheet[top : top + scale * height, left : left + scale * width] = large
    text = PngInfo()
    for key, value in output.PNG.items():
        text.add_text(key, value)
    buffer = io.BytesIO()
    Image.fromarray(sheet[..., 0] if channels == 1 else sheet).save(buffer, "PNG", pnginfo=text)
    return buffer.getvalue()
