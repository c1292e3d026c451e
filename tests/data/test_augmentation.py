import numpy as np
import pytest

from scratchnet.data.augmentation import Augmentation, Augmenter
from scratchnet.errors import SettingError
from scratchnet.randomness import stream

SHAPES = [(8, 8, 1), (5, 7, 3)]


def vary(image, crop, row, column, flip):
    """One picture, by the book: pad, crop, mirror."""
    height, width, _ = image.shape
    padded = np.pad(image, [(crop, crop), (crop, crop), (0, 0)], mode="reflect")
    image = padded[row : row + height, column : column + width]
    return image[:, ::-1] if flip else image


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 6, 11])
@pytest.mark.parametrize(("crop", "flip"), [(0, False), (0, True), (2, False), (3, True)])
def test_a_batch_equals_its_pictures_one_by_one(shape, count, crop, flip):
    images = np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)
    settings = Augmentation(crop=crop, flip=flip)
    augment = Augmenter(settings, 11, shape)
    for seed in range(3):  # again with the same workspace
        starts, flips = settings.draw(stream(seed, "augment"), count)
        expected = [
            vary(image, crop, *start, mirrored)
            for image, start, mirrored in zip(images, starts.T, flips, strict=True)
        ]
        np.testing.assert_array_equal(augment(images.copy(), starts, flips), expected, strict=True)


def test_draws_cover_all_positions_evenly():
    starts, flips = Augmentation(crop=2, flip=True).draw(stream(0, "augment"), 20_000)
    assert starts.shape == (2, 20_000)
    assert flips.dtype == bool
    for axis in starts:
        assert np.bincount(axis) == pytest.approx(np.full(5, 4000), rel=0.1)
    assert flips.mean() == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(*starts)[0, 1] == pytest.approx(0, abs=0.03)


def test_nothing_is_drawn_that_is_off():
    starts, flips = Augmentation().draw(stream(0, "augment"), 100)
    assert not starts.any()
    assert not flips.any()


def test_negative_crop_is_refused():
    with pytest.raises(SettingError, match="crop=-1"):
        Augmentation(crop=-1)
