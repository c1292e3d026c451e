"""From images in bytes to the numbers that a network sees, as they are or moved.

`pixels` is uint8 (N, H, W, C), all images of a training set. The n at `positions`, int64 (n,), go
to `x` (n, H, W, C). `mean` and `scale` have a number for each of the H W C values of an image: long
rows are what both NumPy and compilers are fast on.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.compute.threads import scratch
from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel


@kernel()
def load(pixels, positions, mean, scale, x):
    """x = (pixel - mean) scale."""
    for n in range(len(positions)):
        image, values = pixels[positions[n]].reshape(-1), x[n].reshape(-1)
        for k in range(values.size):
            values[k] = (x.dtype.type(image[k]) - mean[k]) * scale[k]


@load.in_numpy
def load_in_numpy(pixels, positions, mean, scale, x):
    _normalise(_take(pixels, positions), mean, scale, x)


@kernel()
def place(pixels, positions, down, right, flipped, mean, scale, x):
    """x = (pixel - mean) scale, with each image cut out of a mirrored border, perhaps flipped.

    Row i of image n comes from row i + down_n, column j from column j + right_n, where the border
    mirrors the image around its outermost pixels. Then images with `flipped`, bool (n,), are
    mirrored left to right. The int64 offsets are smaller than the image.
    """
    _, height, width, channels = x.shape
    moved = np.empty((height, width * channels), pixels.dtype)
    sources = np.empty(width * channels, np.uint32)  # of the numbers of a row
    for n in range(len(positions)):
        image = pixels[positions[n]].reshape(height, width * channels)
        for j in range(width):
            column = mirrored((width - 1 - j if flipped[n] else j) + right[n], width)
            for c in range(channels):
                sources[j * channels + c] = column * channels + c
        for i in range(height):
            row = np.uint32(mirrored(i + down[n], height))
            for k in range(width * channels):
                moved[i, k] = image[row, sources[k]]
        line, values = moved.reshape(-1), x[n].reshape(-1)
        for k in range(values.size):
            values[k] = (x.dtype.type(line[k]) - mean[k]) * scale[k]


@place.in_numpy
def place_in_numpy(pixels, positions, down, right, flipped, mean, scale, x):
    images = _take(pixels, positions)
    pad = np.abs((down, right)).max()
    if pad:
        images = _crop(images, pad, down, right)
    _flip(images, np.flatnonzero(flipped))
    _normalise(images, mean, scale, x)


@inner()
def mirrored(i, length):
    """Where line i of an image with a mirrored border comes from, -length < i < 2 length - 1."""
    i = abs(i)
    return min(i, 2 * (length - 1) - i)


def _take(pixels: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The images at these positions, in scratch memory."""
    shape = (len(positions), *pixels.shape[1:])
    images = scratch("images", math.prod(shape), pixels.dtype).reshape(shape)
    # All positions are valid; mode="clip" saves the second buffer that the default needs.
    return np.take(pixels, positions, axis=0, out=images, mode="clip")


def _normalise(images: np.ndarray, mean: np.ndarray, scale: np.ndarray, out: np.ndarray) -> None:
    if images.shape[3] == 1:  # all numbers are the same, and a single one is faster
        mean, scale = mean[:1], scale[:1]
    x = out.reshape(len(out), -1)
    np.copyto(x, images.reshape(x.shape))
    x -= mean
    x *= scale


def _crop(images: np.ndarray, pad: int, down: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The images, moved by up to `pad` pixels; the border is mirrored."""
    count, height, width, channels = images.shape
    shape = (count, height + 2 * pad, width + 2 * pad, channels)
    padded = scratch("padded", math.prod(shape), images.dtype).reshape(shape)
    padded[:, pad : pad + height, pad : pad + width] = images
    _mirror_border(padded, pad)
    # All crops as one view (image, start row, start column, row, column and channel).
    image, row, column, value = padded.strides
    crops = as_strided(
        padded,
        (count, 2 * pad + 1, 2 * pad + 1, height, width * channels),
        (image, row, column, row, value),
    )
    return crops[np.arange(count), pad + down, pad + right].reshape(images.shape)


def _mirror_border(padded: np.ndarray, pad: int) -> None:
    """Fill a border of `pad` pixels with the mirror image of the pixels inside it, in place."""
    pixels = padded.view(f"V{padded.shape[3]}")[..., 0]  # faster: a pixel is copied as one item
    pixels[:, :pad] = pixels[:, 2 * pad : pad : -1]
    pixels[:, -pad:] = pixels[:, -pad - 2 : -2 * pad - 2 : -1]
    pixels[:, :, :pad] = pixels[:, :, 2 * pad : pad : -1]
    pixels[:, :, -pad:] = pixels[:, :, -pad - 2 : -2 * pad - 2 : -1]


def _flip(images: np.ndarray, chosen: np.ndarray) -> None:
    """Mirror the images at these positions left to right, in place."""
    originals = images[chosen]
    mirrored_images = np.empty_like(originals)
    for channel in range(images.shape[3]):  # far faster than copying 3-byte pixels one by one
        mirrored_images[..., channel] = originals[:, :, ::-1, channel]
    images[chosen] = mirrored_images
