"""Images changed once they are normalised: squares blanked out, and images mixed in pairs."""

import numpy as np

from scratchnet.compute.blocks import for_each, slices_of
from scratchnet.kernels.kernel import kernel


@kernel()
def blank(x, tops, lefts, size):
    """0 in a square of `size` x `size` pixels of each image of x (n, H, W, C).

    Image n's begins at row tops_n and column lefts_n, int64 (n,); what lies outside of the image is
    left out, but not all of it does.
    """
    images, height, width, channels = x.shape
    for n in range(images):
        for i in range(max(tops[n], 0), min(tops[n] + size, height)):
            for j in range(max(lefts[n], 0), min(lefts[n] + size, width)):
                for c in range(channels):
                    x[n, i, j, c] = 0.0


@blank.in_numpy
def blank_in_numpy(x, tops, lefts, size):
    images, height, width, channels = x.shape
    rows, columns = (
        np.clip(first[:, None] + np.arange(size), 0, length - 1)
        for first, length in ((tops, height), (lefts, width))
    )
    pixels = x.view(f"V{x.itemsize * channels}")[..., 0]  # faster: a pixel is set as one item
    image = np.arange(images)[:, None, None]
    pixels[image, rows[:, :, None], columns[:, None, :]] = np.zeros((), pixels.dtype)


@kernel()
def mix(x, share):
    """x_i <- s x_i + (1 - s) x_j for each image of x (n, H, W, C) and its partner j = n - 1 - i."""
    s, rest = share, x.dtype.type(1.0) - share
    for i in range((len(x) + 1) // 2):
        a, b = x[i].reshape(-1), x[len(x) - 1 - i].reshape(-1)
        for k in range(a.size):
            ours, theirs = a[k], b[k]
            a[k] = s * ours + rest * theirs
            b[k] = s * theirs + rest * ours


@mix.in_numpy
def mix_in_numpy(x, share):
    rest = x.dtype.type(1) - x.dtype.type(share)
    partners = rest * x[::-1]

    def mix_slice(part):
        x[part] *= x.dtype.type(share)
        x[part] += partners[part]

    for_each(mix_slice, slices_of(x))
