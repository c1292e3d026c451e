"""An image file takes the form that the network was trained on."""

import numpy as np
import pytest
from PIL import Image

from scratchnet.cli.commands.image import Reader
from scratchnet.data.framing import DIGIT
from scratchnet.errors import UserError
from scratchnet.runs.inputs import Inputs

GREY = Inputs([8, 8, 1], ["a"], [0.0], [1.0], pixel_max=255)
DIGITS = Inputs([8, 8, 1], ["a"], [0.0], [1.0], pixel_max=16)
COLOUR = Inputs([8, 6, 3], ["a"], [0.0] * 3, [1.0] * 3, pixel_max=255)

VALUES = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)


def load_image(path, inputs):
    return Reader(inputs).read(path).pixels


def saved(folder, image, name="a.png", **options):
    path = folder / name
    image.save(path, **options)
    return path


def test_a_grey_image_of_the_right_size_is_taken_as_it_is(tmp_path):
    path = saved(tmp_path, Image.fromarray(VALUES))
    np.testing.assert_array_equal(load_image(path, GREY)[..., 0], VALUES)


def test_pixels_are_scaled_to_the_range_of_the_dataset(tmp_path):
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8) % 17
    shown = np.round(pixels * (255 / 16)).astype(np.uint8)  # as a viewer would save it
    image = load_image(saved(tmp_path, Image.fromarray(shown)), DIGITS)
    np.testing.assert_array_equal(image[..., 0], pixels)
    assert image.dtype == np.uint8


def test_colours_keep_their_channels_and_height_comes_first(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(pixels))
    np.testing.assert_array_equal(load_image(path, COLOUR), pixels)


def test_what_is_transparent_is_white(tmp_path):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4, 3] = 255  # the left half is black, the right half shows the paper
    image = load_image(saved(tmp_path, Image.fromarray(pixels)), GREY)
    assert (image[:, :4] == 0).all()
    assert (image[:, 4:] == 255).all()


def test_other_sizes_are_resized_smoothly(tmp_path):
    large = Image.fromarray(VALUES).resize((80, 80), Image.Resampling.NEAREST)
    image = load_image(saved(tmp_path, large), GREY)
    np.testing.assert_allclose(image[..., 0].astype(int), VALUES.astype(int), atol=12)
    small = Image.fromarray(np.array([[7]], np.uint8))
    np.testing.assert_array_equal(load_image(saved(tmp_path, small), GREY), 7)


def test_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(UserError, match="is not a file"):
        load_image(tmp_path, GREY)
    with pytest.raises(UserError, match="there is no such file"):
        load_image(tmp_path / "a.png", GREY)


def test_light_and_dark_are_swapped_on_request(tmp_path):
    seen = Reader(GREY, invert=True).read(saved(tmp_path, Image.fromarray(VALUES)))
    np.testing.assert_array_equal(seen.pixels[..., 0], 255 - VALUES)
    assert seen.done == ["inverted as asked"]


@pytest.mark.parametrize(
    ("border", "drawn", "doubt"),
    [
        ([0.0, 9.0], np.where(np.eye(8), 0, 255), "has a lighter border than any training image"),
        ([200.0, 255.0], np.eye(8) * 255, "has a darker border than any training image"),
        ([0.0, 9.0], np.full((8, 8), 7), "is blank or nearly so"),
        (None, VALUES, None),
        ([0.0, 255.0], VALUES, None),
        (None, VALUES.repeat(2, axis=0), "is flattened by a factor of 2.0"),
        (None, VALUES.repeat(3, axis=1), "is narrowed by a factor of 3.0"),
    ],
)
def test_what_makes_an_answer_doubtful(tmp_path, border, drawn, doubt):
    inputs = Inputs([8, 8, 1], ["a"], [0.0], [1.0], pixel_max=255, border=border)
    seen = Reader(inputs).read(saved(tmp_path, Image.fromarray(drawn.astype(np.uint8))))
    assert seen.doubts == ([doubt] if doubt else [])


def test_a_prepared_thing_is_as_light_as_those_of_the_training(tmp_path):
    """Prepared for a network trained on dark things, it is dark; in all channels."""
    drawn = np.full((60, 90), 255, np.uint8)
    drawn[5:25, 10:14] = 0
    path = saved(tmp_path, Image.fromarray(drawn))
    for border, corner in (([0.0, 9.0], 0), ([240.0, 255.0], 255)):
        inputs = Inputs([28, 28, 3], ["a"], [0.0] * 3, [1.0] * 3, pixel_max=255, border=border)
        seen = Reader(inputs, DIGIT).read(path)
        assert seen.pixels.shape == (28, 28, 3)
        assert seen.pixels[0, 0].tolist() == [corner] * 3
        assert seen.pixels[14, 14].tolist() == [255 - corner] * 3
        assert seen.doubts == []


def test_vectors_unlike_those_of_the_training_are_doubtful():
    inputs = Inputs([1, 1, 3], ["a"], [0.0, 5.0, 1e3], [1.0, 2.0, 10.0], 255, features=[*"xyz"])
    reader = Reader(inputs)
    near = np.array([[[3, -4, 1010]]], np.float32)
    assert reader.of_numbers(near).doubts == []
    far = np.array([[[3, 5e9, 1010]]], np.float32)
    assert reader.of_numbers(far).doubts == ["has y far from the training data (mean 5)"]
    far[..., 0] = -31
    assert reader.of_numbers(far).doubts == ["has y and 1 more far from the training data (mean 5)"]
