"""An image is brought to the size, the channels and the background of a format."""

import numpy as np
import pytest
from PIL import Image

from scratchnet.data.decoding import BadImage
from scratchnet.data.fit import Fit
from scratchnet.data.image_format import ImageFormat, rgb

LEFT, RIGHT = (250, 0, 0), (0, 0, 250)


def wide():
    """20 x 40 pixels: red on the left, blue on the right, green in the middle half."""
    pixels = np.empty((20, 40, 3), np.uint8)
    pixels[:, :10], pixels[:, 10:30], pixels[:, 30:] = LEFT, (0, 250, 0), RIGHT
    return Image.fromarray(pixels)


def convert(image, height, width, fit=Fit.crop, *, channels=3, background="white"):
    return ImageFormat(height, width, channels, fit, background).convert(image)


def test_an_image_of_the_right_size_is_taken_as_it_is():
    np.testing.assert_array_equal(convert(wide(), 20, 40), np.asarray(wide()))


def test_crop_keeps_the_middle():
    pixels = convert(wide(), 10, 10)
    assert pixels.shape == (10, 10, 3)
    assert (pixels[:, 3:-3] == (0, 250, 0)).all()  # nearer to the edges, they are blended
    np.testing.assert_array_equal(
        convert(wide().transpose(Image.Transpose.ROTATE_90), 10, 10), np.rot90(pixels)
    )


def test_pad_keeps_everything_and_adds_background():
    pixels = convert(wide(), 20, 20, Fit.pad, background="#102030")
    assert (pixels[:5] == (16, 32, 48)).all()
    assert (pixels[15:] == (16, 32, 48)).all()
    assert (pixels[5:15, :2] == LEFT).all()
    assert (pixels[5:15, 18:] == RIGHT).all()


def test_stretch_changes_the_proportions():
    pixels = convert(wide(), 20, 20, Fit.stretch)
    assert (pixels[:, :2] == LEFT).all()
    assert (pixels[:, 18:] == RIGHT).all()


@pytest.mark.parametrize("fit", Fit)
def test_grey_is_a_single_channel_with_a_grey_background(fit):
    pixels = convert(wide(), 20, 20, fit, channels=1, background="red")
    assert pixels.shape == (20, 20, 1)
    if fit is Fit.pad:
        assert pixels[0, 0, 0] == np.asarray(Image.new("RGB", (1, 1), "red").convert("L"))[0, 0]


@pytest.mark.parametrize(("background", "seen"), [("white", 255), ("black", 0), ("#646464", 100)])
def test_transparent_pixels_show_the_background(background, seen):
    image = Image.new("RGBA", (4, 4), (9, 9, 9, 0))
    image.putpixel((0, 0), (9, 9, 9, 255))
    pixels = convert(image, 4, 4, background=background)
    assert pixels[0, 0].tolist() == [9] * 3
    assert pixels[1, 1].tolist() == [seen] * 3


def test_fine_patterns_do_not_alias():
    stripes = np.zeros((99, 99), np.uint8)
    stripes[:, ::2] = 255
    pixels = convert(Image.fromarray(stripes), 30, 30, channels=1)
    assert np.ptp(pixels[2:-2, 2:-2]) < 60
    assert abs(float(pixels.mean()) - 128) < 5


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (3, 2)])
def test_extreme_sizes_are_no_obstacle(fit, size):
    assert convert(Image.new("L", size, 7), 5, 4, fit, channels=1).shape == (5, 4, 1)


def test_a_file_is_read_the_same_whatever_its_name(tmp_path):
    wide().save(tmp_path / "a.jpg", format="png")
    form = ImageFormat(8, 8, 3, Fit.crop, "white")
    np.testing.assert_array_equal(form.read(tmp_path / "a.jpg"), form.convert(wide()))
    (tmp_path / "b.png").write_text("none")
    with pytest.raises(BadImage, match="is not an image"):
        form.read(tmp_path / "b.png")


def test_colours_are_named_or_given_in_numbers():
    assert rgb("black") == rgb("#000") == rgb("rgb(0,0,0)") == (0, 0, 0)
    assert rgb("#0080ff80") == (0, 128, 255)
    with pytest.raises(ValueError, match="unknown color"):
        rgb("blau")
