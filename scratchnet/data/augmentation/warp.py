"""Rotation, scaling and elastic deformation in one displacement of pixels, sampled once."""

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.data.augmentation.elastic import modes
from scratchnet.data.augmentation.part import Part
from scratchnet.data.augmentation.settings import Augmentation
from scratchnet.kernels.bilinear import sample

_F32 = np.dtype(np.float32)
_CONSTANT, _LINEAR, _ELASTIC = 0, 1, 2  # columns of R and C: 1, the position, the first mode


class Warp:
    """The pixel at p gets the value at c + M (p - c) + d(p), where c is the centre of the image.

    M rotates by up to `rotation` degrees either way and scales by a factor between 1 - `scaling`
    and 1 + `scaling`. The displacement field d is noise between -1 and 1 in each pixel, smoothed
    by a Gaussian of `elastic_sigma` pixels and multiplied by `elastic_alpha`: Simard et al. 2003,
    "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", sec. 2
    (there alpha = 34, sigma = 4). Here the noise is normal with the same variance, 1/3; smoothed
    over many pixels, the two are hardly distinguishable.

    Each term is a function of the row times a function of the column, so the source rows of an
    image are R Z C^T, and its source columns likewise. R (H, 2 + m) and C (W, 2 + m') hold 1, the
    position relative to the centre, and the modes of the smoothed noise.
    """

    def __init__(self, settings: Augmentation, shape: tuple[int, int, int]):
        self.settings = settings
        self._rows = _functions(shape[0], settings)
        self._columns = _functions(shape[1], settings)
        self._centre = [(length - 1) / 2 for length in shape[:2]]

    def __call__(self, x: np.ndarray, part: Part) -> None:
        """Warp images, float32 (n, H, W, C), in place."""
        rows, columns = self.sources(self.draw(len(x), part.rng))
        sample(x, rows, columns)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """The matrices Z of `count` images, float32 (2, 2 + m, n, 2 + m'), rows first."""
        settings = self.settings
        z = np.zeros((2, self._rows.shape[1], count, self._columns.shape[1]), np.float32)
        angle = np.deg2rad(settings.rotation) * rng.uniform(-1, 1, count)
        scale = 1 + settings.scaling * rng.uniform(-1, 1, count)
        cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
        for axis, (along_rows, along_columns) in enumerate([(cosine, -sine), (sine, cosine)]):
            z[axis, _CONSTANT, :, _CONSTANT] = self._centre[axis]
            z[axis, _LINEAR, :, _CONSTANT] = along_rows
            z[axis, _CONSTANT, :, _LINEAR] = along_columns
        if settings.elastic_alpha:
            noise = z[:, _ELASTIC:, :, _ELASTIC:]
            strength = np.float32(settings.elastic_alpha / np.sqrt(3))
            noise[...] = strength * rng.standard_normal(noise.shape, np.float32)
        return z

    def sources(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The row and the column that each pixel comes from, float32 (H, n, W) each."""
        return self._product(z[0], "source rows"), self._product(z[1], "source columns")

    def _product(self, z: np.ndarray, name: str) -> np.ndarray:
        """R Z C^T for all images at once, as two matrix products."""
        _, count, inner = z.shape
        height, width = len(self._rows), len(self._columns)
        half = z.reshape(-1, inner) @ self._columns.T
        out = scratch(name, height * count * width, _F32).reshape(height, count * width)
        np.matmul(self._rows, half.reshape(-1, count * width), out=out)
        return out.reshape(height, count, width)


def _functions(length: int, settings: Augmentation) -> np.ndarray:
    """R or C: 1, the position relative to the centre, and the modes: float32 (length, 2 + m)."""
    position = np.arange(length) - (length - 1) / 2
    columns = [np.ones(length), position]
    if settings.elastic_alpha:
        columns += list(modes(length, settings.elastic_sigma).T)
    return np.stack(columns, axis=1).astype(np.float32)
