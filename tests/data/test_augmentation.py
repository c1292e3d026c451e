"""Each augmentation against a plain version, image by image, or against SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Augmentation, Augmenter, Flip, Mixup, Part
from scratchnet.data.augmentation.bilinear import sample
from scratchnet.data.augmentation.crop import Crop
from scratchnet.data.augmentation.cutout import Cutout
from scratchnet.data.augmentation.elastic import gaussian, modes
from scratchnet.data.augmentation.flip import AlternatingFlip, RandomFlip
from scratchnet.data.augmentation.warp import Warp
from scratchnet.errors import SettingError

SHAPES = [(8, 8, 1), (5, 7, 3)]
COUNTS = [1, 6, 11]


def some_images(shape, count):
    return np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)


def part(seed, count, epoch=0):
    return Part(np.arange(count), epoch, stream(seed, "augment"))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("pad", [1, 3])
def test_crop_pads_with_the_mirror_image_and_cuts_out(shape, count, pad):
    images, (height, width, _) = some_images(shape, count), shape
    starts = stream(3, "augment").integers(0, 2 * pad + 1, size=(2, count))
    expected = [
        np.pad(image, [(pad, pad), (pad, pad), (0, 0)], mode="reflect")[
            row : row + height, column : column + width
        ]
        for image, row, column in zip(images, *starts, strict=True)
    ]
    np.testing.assert_array_equal(Crop(pad)(images, part(3, count)), expected, strict=True)


def test_all_crop_positions_are_equally_likely():
    images = np.zeros((10_000, 9, 9, 1), np.uint8)
    images[:, 4, 4] = 1
    moved = Crop(2)(images, part(0, 10_000))[..., 0]
    rows, columns = moved.any(axis=2).argmax(axis=1), moved.any(axis=1).argmax(axis=1)
    for axis in (rows, columns):
        assert np.bincount(axis, minlength=9)[2:7] == pytest.approx(np.full(5, 2000), rel=0.1)
    assert np.corrcoef(rows, columns)[0, 1] == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", COUNTS)
def test_random_flip_mirrors_the_images_drawn(shape, count):
    images = some_images(shape, count)
    flips = stream(1, "augment").integers(0, 2, size=count, dtype=bool)
    expected = [
        image[:, ::-1] if flip else image for image, flip in zip(images, flips, strict=True)
    ]
    np.testing.assert_array_equal(RandomFlip()(images.copy(), part(1, count)), expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_alternating_flip_shows_each_image_both_ways_in_two_epochs(shape):
    images = some_images(shape, 300)
    flip = AlternatingFlip(seed=5, count=300)
    seen = [flip(images.copy(), part(0, 300, epoch)) for epoch in (4, 5, 6)]
    as_they_are = (seen[0] == images).all(axis=(1, 2, 3))
    assert as_they_are.mean() == pytest.approx(0.5, abs=0.1)
    expected = np.where(as_they_are[:, None, None, None], images[:, :, ::-1], images)
    np.testing.assert_array_equal(seen[1], expected)
    np.testing.assert_array_equal(seen[2], seen[0])
    assert (AlternatingFlip(seed=6, count=300).first != flip.first).any()


def test_alternating_flip_depends_on_the_image_not_on_its_place_in_the_batch():
    images = some_images((4, 4, 1), 50)
    flip, order = AlternatingFlip(0, 50), np.random.default_rng(1).permutation(50)
    in_order = flip(images.copy(), part(0, 50, epoch=1))
    shuffled = flip(images[order], Part(order, 1, stream(0, "augment")))
    np.testing.assert_array_equal(shuffled, in_order[order])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_cutout_blanks_a_square_around_any_pixel(shape, size):
    height, width, _ = shape
    x = np.random.default_rng(0).standard_normal((9, *shape), np.float32)
    rng = stream(2, "augment")
    tops = rng.integers(0, height, size=(9, 1))[:, 0] - size // 2
    lefts = rng.integers(0, width, size=(9, 1))[:, 0] - size // 2
    expected = x.copy()
    for image, top, left in zip(expected, tops, lefts, strict=True):
        for row in range(height):
            for column in range(width):
                if top <= row < top + size and left <= column < left + size:
                    image[row, column] = 0
    Cutout(size)(x, part(2, 9))
    np.testing.assert_array_equal(x, expected)
    assert (x == 0).any()


@pytest.mark.parametrize("count", [1, 2, 7])
def test_mixup_mixes_images_and_labels_with_the_same_weight(count):
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((count, 3, 2, 1), np.float32), rng.integers(0, 4, count)
    mix = Mixup(0.4, 7, (3, 2, 1), classes=4)
    s = stream(1, "mixup").beta(0.4, 0.4)
    s = max(s, 1 - s)
    one_hot = np.eye(4)[labels]
    expected_x = [s * x[i] + (1 - s) * x[count - 1 - i] for i in range(count)]
    expected_t = [s * one_hot[i] + (1 - s) * one_hot[count - 1 - i] for i in range(count)]
    mixed, targets = mix(x, labels, stream(1, "mixup"))
    np.testing.assert_allclose(mixed, expected_x, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(targets, expected_t, rtol=1e-6)
    assert targets.dtype == mixed.dtype == np.float32
    np.testing.assert_array_equal(targets.argmax(axis=1), labels)


@pytest.mark.parametrize("shape", [(2, 2, 1), (5, 7, 3), (9, 4, 1)])
def test_sampling_equals_scipy(shape):
    images, (height, width, channels) = some_images(shape, 4), shape
    rng = np.random.default_rng(1)  # positions reach far outside the image
    rows = rng.uniform(-3, height + 2, (6, 4, 5)).astype(np.float32)
    columns = rng.uniform(-3, width + 2, (6, 4, 5)).astype(np.float32)
    expected = np.empty((4, 6, 5, channels))
    for i in range(4):
        for channel in range(channels):
            expected[i, ..., channel] = ndimage.map_coordinates(
                images[i, ..., channel].astype(float),
                [rows[:, i], columns[:, i]],
                order=1,
                mode="nearest",
            )
    out = np.empty((4, 6, 5, channels), np.float32)
    sample(images, rows, columns, out)
    np.testing.assert_allclose(out, expected, atol=2e-3)


def test_sampling_at_whole_positions_returns_the_pixels():
    images = some_images((5, 6, 2), 3)
    rows, columns = np.indices((5, 6)).astype(np.float32)
    rows, columns = (np.repeat(a[:, None], 3, axis=1) for a in (rows, columns))
    out = np.empty(images.shape, np.float32)
    sample(images, rows, columns, out)
    np.testing.assert_allclose(out, images, atol=2e-4)


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0, 20.0])
@pytest.mark.parametrize("length", [1, 5, 28])
def test_smoothing_equals_scipy_and_its_modes_keep_the_covariance(length, sigma):
    matrix = ndimage.gaussian_filter1d(np.eye(length), sigma, mode="constant", truncate=8, axis=0)
    np.testing.assert_allclose(gaussian(length, sigma), matrix, atol=1e-6)
    kept = modes(length, sigma)
    covariance = matrix @ matrix.T
    np.testing.assert_allclose(kept @ kept.T, covariance, atol=2e-6 * np.trace(covariance))
    assert kept.shape[1] <= length


def test_a_smooth_field_needs_few_modes():
    assert modes(28, 4.0).shape == (28, 9)


@pytest.mark.parametrize("shape", [(9, 9, 1), (8, 11, 3)])
@pytest.mark.parametrize("count", [1, 5])
def test_rotation_and_scaling_equal_scipy(shape, count):
    warp = Warp(Augmentation(rotation=40, scaling=0.3), shape)
    images, (height, width, channels) = some_images(shape, count), shape
    rng = stream(7, "augment")
    angles, scales = np.deg2rad(40) * rng.uniform(-1, 1, count), 1 + 0.3 * rng.uniform(-1, 1, count)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    result = warp(images, part(7, count))
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
    result = warp(images, part(4, 3))
    np.testing.assert_allclose(result[..., 0], expected, atol=0.01)
    assert np.abs(result[..., 0] - images[..., 0]).max() > 10


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_changes_when_everything_is_off(shape):
    images = some_images(shape, 5)
    augmenter = Augmenter(Augmentation(), shape, seed=0, count=5)
    result = augmenter.augment_pixels(images.copy(), part(0, 5))
    np.testing.assert_array_equal(result, images, strict=True)
    x = images.astype(np.float32)
    augmenter.augment_normalised(x, part(0, 5))
    np.testing.assert_array_equal(x, images)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"crop": -1}, "crop=-1: must be >= 0"),
        ({"rotation": 181}, r"rotation=181: must be >= 0 and <= 180 \(degrees: "),
        ({"scaling": 1.0}, "scaling=1.0: must be >= 0 and < 1"),
        ({"elastic_sigma": 0}, r"elastic_sigma=0: must be >= 0.1 and <= 100 \(pixels: "),
        ({"elastic_alpha": -1}, "elastic_alpha=-1: must be >= 0"),
        ({"cutout": -2}, "cutout=-2: must be >= 0"),
        ({"mixup_alpha": float("nan")}, "mixup_alpha=nan"),
    ],
)
def test_values_out_of_range_are_refused(settings, message):
    with pytest.raises(SettingError, match=message):
        Augmentation(**settings)


def test_sizes_must_fit_the_images():
    Augmentation(crop=4, cutout=5, rotation=90).check("stripes", (5, 7, 3))
    for settings, message in [
        (
            Augmentation(crop=5),
            r"augmentation.crop=5: must be <= 4 \(pixels\) for the 5 x 7 images",
        ),
        (Augmentation(cutout=6), r"augmentation.cutout=6: must be <= 5 \(pixels\)"),
    ]:
        with pytest.raises(SettingError, match=message):
            settings.check("stripes", (5, 7, 3))


def test_flip_is_off_by_default():
    assert Augmentation().flip is Flip.none
