"""An image file as a network expects it: in the size, channels and range of its dataset."""

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from scratchnet.errors import UserError
from scratchnet.runs.inputs import Inputs
from scratchnet.system import files
from scratchnet.system.text import printable

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM")  # decoded by no other program
LARGEST = 100 << 20  # bytes


def load_image(path: Path, inputs: Inputs) -> np.ndarray:
    """The image as uint8 (H, W, C), with the size, channels and pixel range of the dataset.

    The image is rotated as its EXIF data says, put on white if it is transparent, and resized
    (its proportions may change). Raises UserError for a file that is not an image.
    """
    content = files.read(path, LARGEST)
    height, width, channels = inputs.shape
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # minor faults in a readable file
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                image = _opaque(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError as error:
        formats = ", ".join(FORMATS)
        raise UserError(f"{path}: is not an image; it must be one of {formats}") from error
    except Exception as error:  # Pillow's decoders raise all kinds of errors
        reason = printable(str(error)) or type(error).__name__
        raise UserError(f"{path}: the image cannot be read: {reason}") from error
    image = image.convert("L" if channels == 1 else "RGB")
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    pixels = np.asarray(image).reshape(height, width, channels)
    return np.round(pixels * (inputs.pixel_max / 255)).astype(np.uint8)


def _opaque(image: Image.Image) -> Image.Image:
    """The image with 8 bits per channel and no transparency."""
    if image.mode.startswith("I"):  # 16 bits
        values = np.asarray(image).astype(np.float64)
        if values.min() < 0 or values.max() > 0xFFFF:
            raise ValueError("it has more than 16 bits per pixel")
        return Image.fromarray(np.round(values / 257).astype(np.uint8))
    if image.mode == "F":
        raise ValueError("its pixels are fractions")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")
