"""Patches of images as rows of a matrix ("im2col"): a convolution becomes a matrix product.

Images are (n, H, W, C), with zeros around them. Patches are (n, rows, W', k, k C): those of a few
rows of the output, from row `first` on. A patch's k rows hold k pixels each, side by side.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratchnet.compute.threads import scratch
from scratchnet.kernels.kernel import kernel
from scratchnet.kernels.windows import add_window, read_window


@kernel()
def take_patches(x, first, stride, padding, patches):
    """The patch of the output's pixel (i, j) begins at pixel (i s - p, j s - p) of image x."""
    images, rows, columns, k, numbers = patches.shape
    channels = x.shape[3]
    frame = np.empty(((rows - 1) * stride + k, (columns - 1) * stride + k, channels), x.dtype)
    lines = frame.reshape(len(frame), -1)
    for n in range(images):
        read_window(x[n], first * stride - padding, -padding, frame)
        for i in range(rows):
            for j in range(columns):
                for a in range(k):
                    line = lines[i * stride + a, j * stride * channels :]
                    for c in range(numbers):
                        patches[n, i, j, a, c] = line[c]


@take_patches.in_numpy
def take_patches_in_numpy(x, first, stride, padding, patches):
    frame, view = _frame(patches, x, stride)
    pixels, framed = _overlap(x, frame, first * stride - padding, padding)
    framed[...] = pixels
    np.copyto(patches, view)


@kernel()
def add_patches(patches, first, stride, padding, x):
    """Add each patch to the pixels of x that `take_patches` took it from."""
    images, rows, columns, k, numbers = patches.shape
    channels = x.shape[3]
    frame = np.empty(((rows - 1) * stride + k, (columns - 1) * stride + k, channels), x.dtype)
    lines = frame.reshape(len(frame), -1)
    for n in range(images):
        lines[:] = 0.0
        for i in range(rows):
            for j in range(columns):
                for a in range(k):
                    line = lines[i * stride + a, j * stride * channels :]
                    for c in range(numbers):
                        line[c] += patches[n, i, j, a, c]
        add_window(frame, first * stride - padding, -padding, x[n])


@add_patches.in_numpy
def add_patches_in_numpy(patches, first, stride, padding, x):
    frame, view = _frame(patches, x, stride)
    apart = -(-patches.shape[3] // stride)  # patches this far from each other do not overlap
    for i in range(apart):
        for j in range(apart):
            view[:, i::apart, j::apart] += patches[:, i::apart, j::apart]
    pixels, framed = _overlap(x, frame, first * stride - padding, padding)
    pixels += framed


def _frame(patches: np.ndarray, x: np.ndarray, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Zeros for the pixels under all patches, (n, ..., ..., C), and a view like `patches` on them.

    The k C numbers of a patch's row are neighbours in memory, so they are copied in one piece.
    """
    images, rows, columns, k, _ = patches.shape
    shape = (images, (rows - 1) * stride + k, (columns - 1) * stride + k, x.shape[3])
    frame = scratch("frame", math.prod(shape), x.dtype).reshape(shape)
    frame.fill(0)
    image, row, column, value = frame.strides
    strides = (image, row * stride, column * stride, row, value)
    return frame, as_strided(frame, patches.shape, strides)


def _overlap(
    x: np.ndarray, frame: np.ndarray, top: int, padding: int
) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of x that lie in a frame which begins at row `top`, and those of the frame."""
    above, height, width = max(-top, 0), frame.shape[1], frame.shape[2]
    pixels = x[:, max(top, 0) : top + height, : width - padding]
    _, down, across, _ = pixels.shape
    return pixels, frame[:, above : above + down, padding : padding + across]
