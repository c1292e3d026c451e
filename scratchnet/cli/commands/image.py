"""An image file as a network expects it: in the size, channels and range of its dataset."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from scratchnet.data import decoding
from scratchnet.data.framing import Framing
from scratchnet.data.likeness import doubts, far_features
from scratchnet.data.preparation import on_contrast, prepare
from scratchnet.errors import UserError
from scratchnet.runs.inputs import Inputs


@dataclass(frozen=True)
class Seen:
    """A sample as the network sees it."""

    pixels: np.ndarray  # (H, W, C): uint8 in the range of the dataset; a vector: float32
    done: list[str]  # what was changed, e.g. "inverted"
    doubts: list[str]  # what makes an answer doubtful, e.g. "is blank or nearly so"


@dataclass(frozen=True)
class Reader:
    """How samples are read for one network. With a framing, images are prepared accordingly."""

    inputs: Inputs
    framing: Framing | None = None  # of image files
    invert: bool = False
    of_arrays: Framing | None = None  # of images in files of numbers

    def read(self, path: Path) -> Seen:
        """An image file as the network sees it. Raises UserError for a file that is not an image.

        Where the dataset was made of image files, the image is treated as they were. Otherwise it
        is put on white if it is transparent, and resized (its proportions may change). Call it
        inside `decoding.quiet()`.
        """
        if self.inputs.shape[:2] == [1, 1]:
            raise UserError(f"{path}: this network takes numbers, from .npy, .npz or .csv files")
        form = self.inputs.image_format
        decoded = decoding.decode(path) if form is None or self.framing else form.decode(path)
        done = [*decoded.remarks, *(["inverted as asked"] if self.invert else [])]
        prepared = self._prepared(decoded.image, self.framing)
        if prepared is not None:
            pixels, changes = prepared
            return self._seen(pixels, [*done, *changes], squeezed=1.0)
        if form is not None:
            pixels = form.convert(decoded.image)
            return self._seen(255 - pixels if self.invert else pixels, done, squeezed=1.0)
        height, width, channels = self.inputs.shape
        image = decoding.opaque(decoded.image).convert("L" if channels == 1 else "RGB")
        squeezed = image.height * width / (image.width * height)
        if image.size != (width, height):
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        if self.invert:
            image = ImageOps.invert(image)
        pixels = np.asarray(image).reshape(height, width, channels)
        return self._seen(self._in_range(pixels), done, squeezed)

    def of_numbers(self, sample: np.ndarray) -> Seen:
        """A sample (H, W, C) from a file of numbers: a vector is left as it is."""
        done = ["inverted as asked"] if self.invert else []
        if sample.dtype != np.uint8:
            if self.invert or self.of_arrays:
                raise UserError("--invert and --prepare are for images, and these are vectors")
            mean, std = np.array(self.inputs.mean), np.array(self.inputs.std)
            return Seen(sample, [], far_features(sample.ravel(), mean, std, self.inputs.features))
        grey = Image.fromarray(sample[..., 0] if sample.shape[2] == 1 else sample)
        prepared = self._prepared(grey, self.of_arrays)
        if prepared is not None:
            return self._seen(prepared[0], [*done, *prepared[1]], squeezed=1.0)
        pixels = self.inputs.pixel_max - sample if self.invert else sample
        return self._seen(pixels, done, squeezed=1.0)

    def _prepared(
        self, image: Image.Image, framing: Framing | None
    ) -> tuple[np.ndarray, list[str]] | None:
        """The pixels and what was changed; None if nothing is to be prepared, or to be seen."""
        if framing is None:
            return None
        height, width, channels = self.inputs.shape
        grey = on_contrast(image)
        found = prepare(ImageOps.invert(grey) if self.invert else grey, framing, (height, width))
        if found is None:
            return None
        light = found.pixels
        if self.inputs.border is not None and sum(self.inputs.border) > self.inputs.pixel_max:
            light = 1 - light  # this network was trained on dark things
        pixels = np.repeat(255 * light[..., None], channels, axis=2)
        return self._in_range(pixels), found.done

    def _in_range(self, pixels: np.ndarray) -> np.ndarray:
        """Pixels of 0 to 255 in the range of the dataset."""
        return np.round(pixels * (self.inputs.pixel_max / 255)).astype(np.uint8)

    def _seen(self, pixels: np.ndarray, done: list[str], squeezed: float) -> Seen:
        inputs = self.inputs
        return Seen(pixels, done, doubts(pixels, inputs.pixel_max, inputs.border, squeezed))
