"""An image file as a network expects it: in the size, channels and range of its dataset."""

from pathlib import Path

import numpy as np
from PIL import Image

from scratchnet.data import decoding
from scratchnet.runs.inputs import Inputs


def load_image(path: Path, inputs: Inputs) -> np.ndarray:
    """The image as uint8 (H, W, C), with the size, channels and pixel range of the dataset.

    Where the dataset was made of image files, the image is treated as they were. Otherwise it is
    put on white if it is transparent, and resized (its proportions may change). Raises UserError
    for a file that is not an image.
    """
    height, width, channels = inputs.shape
    if inputs.image_format is not None:  # as the training images were
        with decoding.quiet():
            return inputs.image_format.read(path)
    with decoding.quiet():
        decoded = decoding.decode(path)
    image = decoding.opaque(decoded.image).convert("L" if channels == 1 else "RGB")
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    pixels = np.asarray(image).reshape(height, width, channels)
    return np.round(pixels * (inputs.pixel_max / 255)).astype(np.uint8)
