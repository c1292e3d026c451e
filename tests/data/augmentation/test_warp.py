"""Rotation, scaling and elastic deformation against SciPy."""

import numpy as np
import pytest
from augmentation_inputs import part, some_images
from scipy import ndimage

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Augmentation
from scratchnet.data.augmentation.warp import Warp

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize("shape", [(9, 9, 1), (8, 11, 3)])
@pytest.mark.parametrize("count", [1, 5])
def test_rotation_and_scaling_equal_scipy(shape, count):
    warp = Warp(Augmentation(rotation=40, scaling=0.3), shape)
    images, (height, width, channels) = some_images(shape, count), shape
    rng = stream(7, "augment")
    angles, scales = np.deg2rad(40) * rng.uniform(-1, 1, count), 1 + 0.3 * rng.uniform(-1, 1, count)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    result = images.astype(np.float32)
    warp(result, part(7, count))
    for i, (angle, scale) in enumerate(zip(angles, scales, strict=True)):
        c, s = np.cos(angle), np.sin(angle)
        matrix = np.array([[c, -s], [s, c]]) / scale
        for channel in range(channels):
            expected = ndimage.affine_transform(
                images[i, ..., channel].astype(float),
                matrix,
                centre - matrix @ centre,
                order=1,
                mode="nearest",
            )
            np.testing.assert_allclose(result[i, ..., channel], expected, atol=0.02)


def test_elastic_displacements_are_smoothed_noise():
    """Mean, spread and correlation of many fields, against noise in each pixel and SciPy's filter.

    With 8,000 fields the error of a standard deviation is about 0.8 %.
    """
    shape, count = (12, 10, 1), 8_000
    warp = Warp(Augmentation(elastic_alpha=8, elastic_sigma=2), shape)
    rows, columns = warp.sources(warp.draw(count, stream(0, "augment")))
    home = np.indices(shape[:2])
    fields = [a.transpose(1, 0, 2) - start for a, start in zip((rows, columns), home, strict=True)]
    noise = np.random.default_rng(0).uniform(-1, 1, (count, *shape[:2]))
    plain = 8 * ndimage.gaussian_filter(noise, (0, 2, 2), mode="constant")
    for field in fields:
        np.testing.assert_allclose(field.mean(axis=0), 0, atol=0.05)
        np.testing.assert_allclose(field.std(axis=0), plain.std(axis=0), rtol=0.06)
        moments = [(f[:, 5, 5] * f[:, 7, 3]).mean() for f in (field, plain)]
        assert moments[0] == pytest.approx(moments[1], rel=0.1)
    assert np.corrcoef(fields[0][:, 5, 5], fields[1][:, 5, 5])[0, 1] == pytest.approx(0, abs=0.05)


def test_rotation_and_deformation_are_one_displacement_sampled_once():
    settings = Augmentation(rotation=30, elastic_alpha=20, elastic_sigma=3)
    shape, images = (10, 12, 1), some_images((10, 12, 1), 3)
    warp = Warp(settings, shape)
    rows, columns = warp.sources(warp.draw(3, stream(4, "augment")))
    expected = [
        ndimage.map_coordinates(
            images[i, ..., 0].astype(float), [rows[:, i], columns[:, i]], order=1, mode="nearest"
        )
        for i in range(3)
    ]
    result = images.astype(np.float32)
    warp(result, part(4, 3))
    np.testing.assert_allclose(result[..., 0], expected, atol=0.01)
    assert np.abs(result[..., 0] - images[..., 0]).max() > 10
