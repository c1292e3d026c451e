"""The description of the images in run.json is checked before it is used."""

import json

import numpy as np
import pytest

from scratchnet.data.fit import Fit
from scratchnet.data.image_format import ImageFormat
from scratchnet.data.images import Images, Splits
from scratchnet.errors import RunError
from scratchnet.runs.inputs import Inputs


def splits(height=4, width=5, channels=3) -> Splits:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 17, (20, height, width, channels), dtype=np.uint8)
    images = Images(images, np.arange(20) % 2)
    return Splits(
        train=images,
        val=images,
        test=images,
        classes=["cat", "dog"],
        mean=np.linspace(0.1, 9.7, channels, dtype=np.float32),
        std=np.full(channels, 1 / 3, np.float32),
        pixel_max=16,
        fingerprint="f" * 64,
        official=True,
        protocol="holdout",
    )


def test_they_survive_json_to_the_bit():
    inputs = Inputs.of(splits())
    again = Inputs.from_plain(json.loads(json.dumps(inputs.to_plain())))
    assert again == inputs
    assert again.pixel_max == 16
    np.testing.assert_array_equal(np.float32(again.mean), splits().mean)
    np.testing.assert_array_equal(np.float32(again.std), splits().std)


def test_how_image_files_were_read_is_known_later():
    made = splits()
    assert Inputs.of(made).image_format is None
    made.image_format = ImageFormat(4, 5, 3, Fit.pad, "#0080ff")
    again = Inputs.from_plain(json.loads(json.dumps(Inputs.of(made).to_plain())))
    assert again.image_format == made.image_format


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [4, 5]},
        {"shape": [4, 5, 0]},
        {"shape": [4, 5, 2]},
        {"shape": [4, 10**9, 3]},
        {"shape": "453"},
        {"shape": [4.0, 5, 3]},
        {"classes": []},
        {"classes": [1]},
        {"mean": [0.0]},
        {"mean": [0.0, 1.0, 1e300]},
        {"std": [1.0, 1.0, 0.0]},
        {"pixel_max": 0},
        {"pixel_max": True},
        {"pixel_max": 256},
        {"another": 1},
        {"white": 1},
        {"white": 0.0},
        {"fit": "crop"},
        {"background": "white"},
        {"fit": "cut", "background": "white"},
        {"fit": ["crop"], "background": "white"},
        {"fit": "crop", "background": 7},
        {"fit": "crop", "background": "blau"},
    ],
)
def test_invalid_values_are_refused(changes):
    plain = Inputs.of(splits()).to_plain() | changes
    with pytest.raises(RunError, match="`inputs` must hold shape"):
        Inputs.from_plain(plain)


@pytest.mark.parametrize("plain", [None, [], "x", {}, {"shape": [1, 1, 1]}])
def test_missing_values_are_refused(plain):
    with pytest.raises(RunError, match="`inputs` must hold shape"):
        Inputs.from_plain(plain)
