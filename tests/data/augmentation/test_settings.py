"""Ranges of the augmentation settings, and sizes that must fit the images."""

import pytest

from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.errors import SettingError


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
