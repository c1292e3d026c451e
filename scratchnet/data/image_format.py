"""The format that all images of a data set are brought to: one size, grey or colour."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageOps

from scratchnet.data import decoding
from scratchnet.data.fit import Fit
from scratchnet.data.images import Shape

SHARP = 3  # a large image is decoded at no less than this many times its final size


@dataclass(frozen=True)
class ImageFormat:
    """A format, and how an image file becomes an array in it. The same for training and after."""

    height: int
    width: int
    channels: int  # 1: grey, 3: red, green and blue
    fit: Fit
    background: str  # a colour that `rgb` knows; seen through transparent pixels, and where padded

    @property
    def shape(self) -> Shape:
        """Height, width and channels."""
        return self.height, self.width, self.channels

    def read(self, path: Path) -> np.ndarray:
        """An image file as uint8 (H, W, C). Raises BadImage, or RunError (no such file)."""
        return self.convert(self.decode(path).image)

    def decode(self, path: Path) -> decoding.Decoded:
        """An image file, at no more than the size that `convert` needs."""
        return decoding.decode(path, SHARP * max(self.height, self.width))

    def convert(self, image: Image.Image) -> np.ndarray:
        """A decoded image as uint8 (H, W, C)."""
        background = rgb(self.background)
        image = decoding.opaque(image, background).convert("L" if self.channels == 1 else "RGB")
        size = (self.width, self.height)
        if image.size != size:
            image = _fitted(image, size, self.fit, background)
        return np.asarray(image).reshape(self.shape)


def rgb(colour: str) -> tuple[int, int, int]:
    """A colour such as `white`, `#00ff80` or `rgb(0,255,128)`. Raises ValueError for others."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def luma(colour: tuple[int, int, int]) -> int:
    """How bright a colour is, 0 to 255 (ITU-R BT.601, as Pillow turns colour into grey)."""
    return np.asarray(Image.new("RGB", (1, 1), colour).convert("L")).item()


def _fitted(
    image: Image.Image, size: tuple[int, int], fit: Fit, background: tuple[int, int, int]
) -> Image.Image:
    smooth = (
        Image.Resampling.LANCZOS
    )  # widened to the scale, which keeps fine patterns from aliasing
    if fit is Fit.crop:
        return ImageOps.fit(image, size, smooth)
    if fit is Fit.pad:
        colour = background if image.mode == "RGB" else luma(background)
        return ImageOps.pad(image, size, smooth, color=colour)
    return image.resize(size, smooth)
