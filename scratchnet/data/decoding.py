"""One image file, decoded by Pillow: upright, 8 bits per channel, of a size that fits in memory."""

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from scratchnet.errors import DataError
from scratchnet.system import files
from scratchnet.system.text import printable

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM", "AVIF")  # no other program runs
LARGEST_FILE = 100 << 20  # bytes
LARGEST = 1 << 27  # pixels: 512 MiB in colour; photographs have up to 108 million
LONGEST = 0xFFFF  # pixels of a side
ENOUGH = 1024  # pixels: the shorter side of a large image is halved, ... as long as it keeps these
FRAMES = 100  # of an animation, looked at for one that is not blank
ORIENTATION = 0x0112  # the EXIF tag
UPRIGHT = {  # what undoes each orientation, as in PIL.ImageOps.exif_transpose
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
DEPTHS = (8, 10, 12, 14, 16)  # bits of the sensors whose values are stored in 16
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class BadImage(DataError):
    """A file that is no image or cannot be decoded. `problem` says why, without naming the file."""

    def __init__(self, path: Path, problem: str):
        super().__init__(f"{path}: {problem}")
        self.problem = problem


class NotAnImage(BadImage):
    """A file whose content is of no known image format."""


@dataclass(frozen=True)
class Decoded:
    """An image in memory."""

    image: Image.Image  # upright; mode L, LA, RGB or RGBA
    remarks: list[str]  # what had to be assumed, e.g. "first 2 frames left out as blank"


def decode(path: Path, shortest: int = ENOUGH) -> Decoded:
    """Read an image file, whatever its name ends in. Raises BadImage, or RunError (no such file).

    A large image is reduced by a whole number, as far as no side gets shorter than `shortest`
    pixels. EXIF orientation is applied. Values of 16 bits are scaled to 8 by the depth they take
    up (10, 12, ... bits). If the first frame of an animation is blank, the first that shows
    something is taken. Call it inside `quiet()`; threads may share one.
    """
    content = files.read(path, LARGEST_FILE)
    try:
        with Image.open(io.BytesIO(content), formats=_formats()) as opened:
            return _first_shown(opened, shortest)
    except UnidentifiedImageError:
        raise NotAnImage(path, _no_image(content)) from None
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise all kinds of errors
        reason = printable(str(error)) or type(error).__name__
        raise BadImage(path, f"the image cannot be read: {reason}") from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Ignore Pillow's warnings of minor faults. For the main thread: filters are the process's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def opaque(image: Image.Image, background: str | tuple[int, int, int] = "white") -> Image.Image:
    """The image, mode L or RGB, with what is transparent showing the background."""
    if not image.mode.endswith("A"):
        return image
    canvas = Image.new("RGBA", image.size, background)
    composed = Image.alpha_composite(canvas, image.convert("RGBA"))
    red, green, blue, _ = np.asarray(canvas)[0, 0]
    return composed.convert("L" if image.mode == "LA" and red == green == blue else "RGB")


def _formats() -> list[str]:
    """The FORMATS that this Pillow knows."""
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def _first_shown(opened: Image.Image, shortest: int) -> Decoded:
    """The first frame of an open file that is not blank, or the first if all are."""
    first = _decode_frame(opened, shortest)
    if not _is_blank(first.image):
        return first
    for skipped in range(1, FRAMES):
        try:
            opened.seek(skipped)
        except EOFError:  # there are no more
            break
        frame = _decode_frame(opened, shortest)
        if not _is_blank(frame.image):
            blank = "frame" if skipped == 1 else f"{skipped} frames"
            return Decoded(frame.image, [*frame.remarks, f"first {blank} left out as blank"])
    return first


def _decode_frame(opened: Image.Image, shortest: int) -> Decoded:
    """The current frame of an open file, whose size is checked before its pixels are decoded."""
    width, height = opened.size
    if width * height > LARGEST or max(width, height) > LONGEST:
        raise ValueError(
            f"it has {width:,} x {height:,} pixels, must have <= {LARGEST >> 20} million, "
            f"<= {LONGEST:,} in a row or column"
        )
    factor = max(1, min(width, height) // shortest)
    opened.draft(None, (width // factor, height // factor))  # JPEG: decodes fewer pixels
    opened.load()
    factor = max(1, min(opened.size) // shortest)
    if opened.mode.startswith("I"):
        image, remarks = _from_16_bits(np.asarray(opened), factor)
    else:
        image, remarks = _eight_bits(opened), []
        if factor > 1:
            image = image.reduce(factor)
    orientation = _orientation(opened)
    return Decoded(image.transpose(UPRIGHT[orientation]) if orientation else image, remarks)


def _eight_bits(image: Image.Image) -> Image.Image:
    """The image in mode L, LA, RGB or RGBA."""
    if image.mode == "F":
        raise ValueError("its pixels are fractions")
    is_grey = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        return image.convert("LA" if is_grey and image.mode != "La" else "RGBA")
    return image.convert("L" if is_grey else "RGB")


def _from_16_bits(values: np.ndarray, factor: int) -> tuple[Image.Image, list[str]]:
    """A grey image from values of up to 16 bits, reduced, and a remark if they take up fewer."""
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 0xFFFF:
        raise ValueError("it has more than 16 bits per pixel")
    depth = next(bits for bits in DEPTHS if high < 1 << bits)
    height, width = (length // factor for length in values.shape)
    blocks = values[: height * factor, : width * factor]
    means = blocks.reshape(height, factor, width, factor).mean(axis=(1, 3), dtype=np.float32)
    image = Image.fromarray(np.rint(means * (255 / ((1 << depth) - 1))).astype(np.uint8))
    if depth == DEPTHS[-1]:
        return image, []
    return image, [f"16-bit values scaled from 0-{(1 << depth) - 1}"]


def _orientation(image: Image.Image) -> int | None:
    """The EXIF orientation, if it asks for a turn."""
    try:
        orientation = image.getexif().get(ORIENTATION)
    except Exception:  # a broken EXIF block raises all kinds of errors, and the pixels are fine
        return None
    return orientation if orientation in UPRIGHT else None


def _is_blank(image: Image.Image) -> bool:
    """Whether all pixels are the same, or none is visible."""
    values = np.asarray(image)
    invisible = image.mode.endswith("A") and not values[..., -1].any()
    return bool(invisible or (values == values[0, 0]).all())


def _no_image(content: bytes) -> str:
    """Why Pillow does not know the content of a file."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if brand in HEIF_BRANDS or brand in (b"avif", b"avis"):
        kind = "AVIF" if brand.startswith(b"avi") else "HEIC"
        return f"is a {kind} image, which cannot be read here; convert it to JPEG or PNG"
    if not content:
        return "is an empty file"
    return f"is not an image; it must be one of {', '.join(FORMATS)}"
